"""Where imported parts of code books stand: a text file each, written whole or not at all."""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path

from pipeline.codebooks.entries import Book
from pipeline.codebooks.importing.imported import Imported, Row
from pipeline.errors import SetupError
from pipeline.records import CodeSystem

_HEAD = "#inkchart-codebook "
_BLANKS = str.maketrans("\t\n\r", "   ")


def store(imported: Imported, data_dir: Path) -> None:
    """Write a part to its file; the same part of the same edition is replaced.

    Raises:
        SetupError: the folder cannot be written.
    """
    folder = data_dir / "codebooks"
    book = imported.book
    name = re.sub(r"[^A-Za-z0-9]+", "-", f"{book.system}-{book.edition}-{imported.part}").strip("-") + ".tsv"
    body = "".join(
        "\t".join(cell.translate(_BLANKS) for cell in row) + "\n" for rows in imported.tables.values() for row in rows
    ).encode()
    head = {
        "part": imported.part,
        "licence": imported.licence,
        "tables": {table: len(rows) for table, rows in imported.tables.items()},
        "sha256": hashlib.sha256(body).hexdigest(),
        "book": asdict(book),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write((_HEAD + json.dumps(head, default=str) + "\n").encode() + body)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(folder / name)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        raise SetupError(f"The code book cannot be written to {folder}: {error.strerror or error}.") from error


def stored(data_dir: Path, tables: Iterable[str] = ()) -> tuple[Path, ...]:
    """The files of all imported parts; with names of tables, of those that hold one of them.

    Raises:
        SetupError: a file was changed into something else.
    """
    paths = tuple(sorted((data_dir / "codebooks").glob("*.tsv")))
    wanted = set(tables)
    return (
        tuple(path for path in paths if wanted & read_stored(path, heads_only=True).tables.keys()) if wanted else paths
    )


def read_stored(path: Path, *, heads_only: bool = False) -> Imported:
    """An imported part; with `heads_only` its tables have their names and no rows.

    Raises:
        SetupError: the file was changed into something else.
    """
    try:
        with path.open("rb") as file:
            head = json.loads(file.readline().decode().removeprefix(_HEAD))
            body = b"" if heads_only else file.read()
        if not heads_only and hashlib.sha256(body).hexdigest() != head["sha256"]:
            raise ValueError(path.name)
        rows: list[Row] = [tuple(line.split("\t")) for line in body.decode().split("\n")[:-1]]
        record, counts = head["book"], head["tables"]
        days = {name: _day(record[name]) for name in ("valid_from", "valid_to")}
        book = Book(**{**record, **days, "system": CodeSystem(record["system"])})
        tables, begin = {}, 0
        for name, count in counts.items():
            tables[name] = rows[begin : begin + count]
            begin += count
        return Imported(book=book, part=head["part"], tables=tables, licence=head["licence"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SetupError(f"The imported code book {path} is damaged; remove it and import its file again.") from error


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
