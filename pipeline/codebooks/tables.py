"""All loaded books as plain columns: what is compiled once and loaded in a moment.

A *row* is a code as one book has it. An *identity* is a system and a code, whatever the book: wordings and
priors belong to it, so that the project's synonyms also serve an imported edition.
"""

import io
import json
import os
import tempfile
import zipfile
import zlib
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.codebooks.entries import Book
from pipeline.records import CodeSystem, Label

SYSTEMS = tuple(CodeSystem)
_OF_BOOKS = ("books", "supplements")
KINDS = ("diagnosis", "procedure", "supply")
LABELS = tuple(Label)

Small: TypeAlias = NDArray[np.uint8]
Whole: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The columns; those whose names begin alike have one length."""

    key: str
    """SHA-256 of all that they were made of."""
    books: tuple[Book, ...]
    supplements: tuple[Book, ...]
    """Editions of which only an index was imported: they lend wordings and answer for no day."""
    row_book: Small
    """Index into `books`."""
    row_identity: Whole
    row_billable: Small
    row_kind: Small
    """Index into `KINDS`."""
    row_from: Whole
    """Day (proleptic ordinal) from which the code itself is valid; 0 where not said."""
    row_to: Whole
    row_proven_from: Whole
    """First day on which the code certainly was in force; 0 where there is none."""
    row_proven_to: Whole
    row_display: list[str]
    row_search: list[str]
    """Plain description and synonyms, for search by words."""
    sorted_code: list[str]
    """Every row's code without its dot, ascending."""
    sorted_row: Whole
    identity_system: Small
    """Index into `SYSTEMS`."""
    identity_code: list[str]
    identity_prior: NDArray[np.float32]
    """How often offices use it, in factors of two; 0 where not known."""
    wording_text: list[str]
    wording_identity: Whole
    wording_source: Small
    """A `Source`."""
    wording_from: Whole
    """First day on which the wording means the code; 0 where not said."""
    wording_to: Whole
    wording_path: list[str]
    """The path of the alphabetic index that a wording is from; empty for others."""
    note_place: list[str]
    """`SYSTEM CODE`, ascending."""
    note_book: Small
    """Index into `books`."""
    note_kind: Small
    """Index into `NOTE_KINDS`."""
    note_text: list[str]
    term_text: list[str]
    """Plain wordings that an entity finder may look for."""
    term_label: Small
    """Index into `LABELS`."""
    term_normalized: list[str]
    """What the term is short for, plain."""


def save(tables: Tables, path: Path) -> None:
    """Write the columns to one file, whole or not at all."""
    columns: dict[str, NDArray[np.generic]] = {}
    for field in fields(Tables):
        value = getattr(tables, field.name)
        if field.name in _OF_BOOKS:
            columns[field.name] = _blob(json.dumps([asdict(book) for book in value], default=str))
        elif isinstance(value, str):
            columns[field.name] = _blob(value)
        elif isinstance(value, list):
            columns[field.name] = _blob("\n".join(value))
        else:
            columns[field.name] = value
    write_arrays(path, columns)


def load(path: Path, key: str) -> Tables | None:
    """Read the columns back; None where the file is missing, damaged or made of something else."""
    columns = read_arrays(path)
    if columns is None or {field.name for field in fields(Tables)} != columns.keys():
        return None
    try:
        if _text(columns["key"]) != key:
            return None
        values: dict[str, object] = {}
        for field in fields(Tables):
            column = columns[field.name]
            if field.name in _OF_BOOKS:
                values[field.name] = tuple(_book(record) for record in json.loads(_text(column)))
            elif field.type is str:
                values[field.name] = _text(column)
            elif field.type == list[str]:
                values[field.name] = _text(column).split("\n") if column.size else []
            else:
                values[field.name] = column
    except (ValueError, KeyError, TypeError):
        return None
    tables = Tables(**values)  # type: ignore[arg-type]
    lengths = {len(tables.row_book), len(tables.row_identity), len(tables.row_display), len(tables.row_search)}
    worded = {len(tables.wording_text), len(tables.wording_identity), len(tables.wording_path)}
    noted = {len(tables.note_place), len(tables.note_book), len(tables.note_kind), len(tables.note_text)}
    return tables if len(lengths) == len(worded) == len(noted) == 1 else None


def write_arrays(path: Path, columns: dict[str, NDArray[np.generic]]) -> None:
    """Write arrays to one file by way of a temporary one beside it.

    Raises:
        OSError: there is no room or no permission.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **columns)  # type: ignore[arg-type]  # the stubs take any name for `allow_pickle`
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def read_arrays(path: Path) -> dict[str, NDArray[np.generic]] | None:
    """Read arrays back; None where the file is missing or damaged.

    Every member's checksum is compared before its content is looked at, and nothing is unpickled.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return {
                name.removesuffix(".npy"): np.lib.format.read_array(io.BytesIO(archive.read(name)), allow_pickle=False)
                for name in archive.namelist()
            }
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        return None


def _blob(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _text(column: NDArray[np.generic]) -> str:
    return column.tobytes().decode()


def _book(record: dict[str, object]) -> Book:
    days = {
        name: None if record[name] is None else date.fromisoformat(str(record[name]))
        for name in ("valid_from", "valid_to")
    }
    return Book(**{**record, **days, "system": CodeSystem(str(record["system"]))})  # type: ignore[arg-type]
