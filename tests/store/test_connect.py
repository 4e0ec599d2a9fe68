from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from pipeline.errors import StoreError
from pipeline.store.connect import migrate, open_engine, sqlite_url, transaction
from pipeline.store.tables import APPEND_ONLY, metadata


def test_the_migrations_make_exactly_the_tables_of_the_code(engine: Engine) -> None:
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_twice_is_migrating_once(engine: Engine) -> None:
    assert migrate(engine) == migrate(engine)


def test_sqlite_writes_ahead_and_syncs_every_commit(sqlite: Engine) -> None:
    with sqlite.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET kind = 'other'",
        "DELETE FROM event",
        "INSERT OR REPLACE INTO event (id, at, kind) VALUES (1, '2026-01-01', 'other')",
        "TRUNCATE event",
    ],
)
def test_the_database_itself_refuses_to_edit_what_is_appended(engine: Engine, statement: str) -> None:
    only_sqlite, only_postgresql = "REPLACE" in statement, "TRUNCATE" in statement
    if (engine.dialect.name == "sqlite" and only_postgresql) or (engine.dialect.name != "sqlite" and only_sqlite):
        pytest.skip("not a statement of this database")
    migrate(engine)
    with transaction(engine) as connection:
        connection.execute(text("INSERT INTO event (id, at, kind) VALUES (1, '2026-01-01', 'purge')"))
    with pytest.raises(Exception, match="event is append-only"), transaction(engine) as connection:
        connection.execute(text(statement))
    with transaction(engine) as connection:
        assert connection.execute(text("SELECT kind FROM event")).scalars().all() == ["purge"]


def test_every_append_only_table_has_its_triggers(sqlite: Engine) -> None:
    migrate(sqlite)
    with sqlite.connect() as connection:
        triggers = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars())
    assert triggers == {f"{table}_no_{what}" for table in APPEND_ONLY for what in ("update", "delete", "replace")}


def test_a_store_of_a_newer_program_is_refused(sqlite: Engine) -> None:
    migrate(sqlite)
    with transaction(sqlite) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer"):
        migrate(sqlite)


def test_a_folder_that_is_missing_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="folder"):
        migrate(open_engine(sqlite_url(tmp_path / "missing")))


@pytest.mark.parametrize("url", ["mysql://x/y", "not an address", "sqlite+nonsense://"])
def test_an_address_of_another_database_is_refused(url: str) -> None:
    with pytest.raises(StoreError):
        open_engine(url)
