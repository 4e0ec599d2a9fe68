"""Opening the store: SQLite by default, PostgreSQL by URL."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

from alembic.command import upgrade
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from pipeline.errors import DiskFullError, StoreError

BUSY_SECONDS = 30.0
ROW_LOG = "sqlalchemy.engine.Engine"
"""The logger that writes statements, and rows with their chart text, for whoever turns logging up."""


def sqlite_url(data_dir: Path) -> str:
    """Address of the SQLite store in a data folder."""
    return f"sqlite:///{data_dir / 'inkchart.sqlite3'}"


def open_engine(url: str) -> Engine:
    """Connect to a store, without touching its tables.

    Raises:
        StoreError: the address is not one of SQLite or PostgreSQL.
    """
    logging.getLogger(ROW_LOG).addFilter(_tells_trouble)
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, hide_parameters=True)
        if parsed.get_backend_name() != "sqlite":
            raise StoreError(f"A {parsed.get_backend_name()} store is not supported; use SQLite or PostgreSQL.")
        engine = create_engine(
            parsed, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None}, hide_parameters=True
        )
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise StoreError("The store's address (store.url) is not a database address.") from error
    except ModuleNotFoundError as error:
        raise StoreError("PostgreSQL needs its driver: pip install 'inkchart[postgres]'.") from error
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_immediately)
    return engine


def _tells_trouble(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


def _set_up_sqlite(connection: sqlite3.Connection, record: object) -> None:
    cursor = connection.cursor()
    # FULL: a commit is on the disk when it returns, also in WAL mode; a power cut loses nothing that was told.
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediately(connection: Connection) -> None:
    # The driver runs in autocommit; IMMEDIATE takes the write lock first, so two writers queue instead of failing.
    only_read = connection.get_execution_options().get("only_read", False)
    connection.exec_driver_sql("BEGIN" if only_read else "BEGIN IMMEDIATE")


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """One transaction; what goes wrong underneath is told as a set-up error.

    Raises:
        DiskFullError: no room left.
        StoreError: the store cannot be reached or is locked.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise _told(error, engine.dialect.name) from error


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """One consistent look that waits for no writer; errors are told as for `transaction`."""
    with transaction(engine.execution_options(only_read=True)) as connection:
        yield connection


def _told(error: DBAPIError, database: str) -> Exception:
    message = str(error.orig).lower()
    if "disk is full" in message or "no space left" in message or "disk i/o error" in message:
        return DiskFullError(
            "The disk with the store is full or fails; make room, then start again. Nothing was moved."
        )
    if "no such table" in message or ("relation" in message and "does not exist" in message):
        return StoreError("The store has no tables yet or is older than the program; run `inkchart migrate`.")
    if "locked" in message:
        return StoreError("Another program holds the store's lock; close it and start again.")
    if "append-only" in message or error.__class__.__name__ in {"IntegrityError", "ProgrammingError", "DataError"}:
        return error
    if database != "sqlite":
        return StoreError("The database server of the store cannot be reached; check store.url and the server.")
    return StoreError("The store cannot be opened; check that its folder is there and may be written to.")


def migrate(engine: Engine) -> str:
    """Bring the store's tables up to this program, and tell the revision.

    Raises:
        StoreError: the store was made by a newer program.
    """
    with as_file(files("pipeline.store") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        script = ScriptDirectory.from_config(config)
        head = script.get_current_head() or ""
        with transaction(engine) as connection:
            current = MigrationContext.configure(connection).get_current_revision()
            if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
                raise StoreError("The store was made by a newer Inkchart; install that version.")
            if current != head:
                config.attributes["connection"] = connection
                upgrade(config, "head")
    return head
