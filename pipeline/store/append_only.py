"""Triggers that make a table append-only in the database itself, whoever writes to it."""

from sqlalchemy import Connection, inspect, text


def refuse_edits(connection: Connection, table: str) -> None:
    """Let the database refuse UPDATE, DELETE, REPLACE and TRUNCATE of a table.

    Args:
        connection: within the migration that makes the table.
        table: name of the table; a constant of the code, never a user's word.
    """
    statements = _sqlite(connection, table) if connection.dialect.name == "sqlite" else _postgresql(table)
    for statement in statements:
        connection.execute(text(statement))


def _sqlite(connection: Connection, table: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    # SQLite's REPLACE deletes without firing DELETE triggers, so a taken key is refused before the insert.
    keys = inspect(connection).get_pk_constraint(table)["constrained_columns"]
    same = " AND ".join(f'"{key}" = NEW."{key}"' for key in keys)
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refuse}",
    ]


def _postgresql(table: str) -> list[str]:
    function = f"{table}_is_append_only"
    return [
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$",
        f"CREATE TRIGGER {table}_no_edit BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
    ]
