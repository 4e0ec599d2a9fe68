"""Books that a practice brings along: the CMS HCPCS file, its licensed CPT file.

A file is read whole and checked before anything is written; then the edition stands in
`DATA/codebooks/SYSTEM-EDITION.tsv`, with its validity and the SHA-256 of the file that was brought.
Importing the same edition again replaces it.
"""

import csv
import io
import json
import os
import re
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path

from pipeline.codebooks.cpt_file import read_cpt
from pipeline.codebooks.entries import Book, Entry, Source, Volume, Wording
from pipeline.codebooks.hcpcs_file import read_hcpcs
from pipeline.errors import SetupError, UsageError
from pipeline.records import CodeSystem

_HEAD = "#inkchart-codebook "
_LARGEST = 200_000_000


def import_file(path: Path, data_dir: Path) -> Book:
    """Take a file of codes into the data folder; which format it is shows in the file itself.

    Raises:
        UsageError: the file cannot be read or is none of the formats that are read here.
        SetupError: the data folder cannot be written.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise UsageError(f"{path.name} is far larger than a code book; nothing was imported.")
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from error
    volume = read_hcpcs(path.name, content) or read_cpt(path.name, content)
    if volume is None:
        raise UsageError(
            f"{path.name} is neither a CMS HCPCS annual file (zip or ANWEB text) nor a CPT file "
            "(code and description a line); nothing was imported."
        )
    _store(volume, data_dir / "codebooks")
    return volume.book


def stored(data_dir: Path) -> tuple[Path, ...]:
    """The files of all imported books."""
    return tuple(sorted((data_dir / "codebooks").glob("*.tsv")))


def read_stored(path: Path) -> Volume:
    """An imported book.

    Raises:
        SetupError: the file was changed into something else.
    """
    try:
        head, _, body = path.read_text(encoding="utf-8").partition("\n")
        record = json.loads(head.removeprefix(_HEAD))
        book = Book(
            **{
                **record,
                "system": CodeSystem(record["system"]),
                "valid_from": _day(record["valid_from"]),
                "valid_to": _day(record["valid_to"]),
            }
        )
        entries = [
            Entry(
                code=code,
                display=display,
                billable=True,
                kind=kind,
                valid_from=_day(begins),
                valid_to=_day(ends),
            )
            for code, kind, begins, ends, display in csv.reader(io.StringIO(body), delimiter="\t")
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetupError(f"The imported code book {path} is damaged; import its file again.") from error
    if len(entries) != book.count:
        raise SetupError(f"The imported code book {path} lacks rows; import its file again.")
    return with_descriptions(book, entries)


def with_descriptions(book: Book, entries: list[Entry]) -> Volume:
    """A volume whose wordings are its descriptions."""
    wordings = [
        Wording(text=entry.display, system=book.system, code=entry.code, source=Source.DESCRIPTION) for entry in entries
    ]
    return Volume(book=book, entries=entries, wordings=wordings)


def _store(volume: Volume, folder: Path) -> None:
    body = io.StringIO()
    body.write(_HEAD + json.dumps(asdict(volume.book), default=str) + "\n")
    writer = csv.writer(body, delimiter="\t", lineterminator="\n")
    for entry in volume.entries:
        writer.writerow([entry.code, entry.kind, entry.valid_from or "", entry.valid_to or "", entry.display])
    name = re.sub(r"[^A-Za-z0-9]+", "-", f"{volume.book.system}-{volume.book.edition}").strip("-") + ".tsv"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(body.getvalue())
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(folder / name)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        raise SetupError(f"The code book cannot be written to {folder}: {error.strerror or error}.") from error


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
