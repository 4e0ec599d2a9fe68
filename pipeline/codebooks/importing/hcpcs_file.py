"""The annual HCPCS file of CMS: fixed columns, as `HCPCyyyy..._ANWEB.txt` or in the zip that holds it.

A code's long description runs over as many lines as it needs (record 3, then 4); modifiers (records 7 and
8) are not codes. Columns as CMS's own record layout gives them.
"""

import hashlib
import io
import re
import zipfile
from datetime import date

from pipeline.codebooks.entries import Book, Entry, Source, Volume, Wording
from pipeline.codebooks.importing.imported import Imported, packed
from pipeline.errors import UsageError
from pipeline.records import CodeSystem

_CODE, _RECORD, _LONG, _SHORT = slice(0, 5), slice(10, 11), slice(11, 91), slice(91, 119)
_ADDED, _ENDED = slice(268, 276), slice(284, 292)
_ROW = re.compile(r"[A-V]\d{4}\d{5}[34]")
_LARGEST = 50_000_000
_SERVICES = frozenset("DGHMPRST")
"""First letters of the ranges that are services; the others are items and drugs."""


def read_hcpcs(name: str, content: bytes) -> Imported | None:
    """The book in an annual file; None where this is no such file.

    Raises:
        UsageError: it is one, but damaged, or its year is not told.
    """
    member, raw = _text_of(name, content)
    if raw is None:
        return None
    lines = raw.decode("latin-1").splitlines()
    begin = next((n for n, line in enumerate(lines) if _ROW.match(line)), None)
    if begin is None:
        return None
    year = re.search(r"(?:19|20)\d\d", member) or re.search(r"(?:19|20)\d\d", name)
    if year is None:
        raise UsageError(f"{name} does not tell its year; name it as CMS does, such as HCPC2019_CONTR_ANWEB.txt.")
    entries, shorts = _entries(name, lines)
    first = date(int(year[0]), 1, 1)
    book = Book(
        system=CodeSystem.HCPCS,
        name="HCPCS Level II",
        edition=year[0],
        valid_from=first,
        valid_to=date(first.year, 12, 31),
        sha256=hashlib.sha256(content).hexdigest(),
        count=len(entries),
    )
    wordings = [
        Wording(text=text, system=book.system, code=code, source=source)
        for source, texts in ((Source.DESCRIPTION, {e.code: e.display for e in entries}), (Source.SHORT, shorts))
        for code, text in texts.items()
    ]
    return Imported(book=book, part="codes", tables=packed(Volume(book=book, entries=entries, wordings=wordings)))


def _text_of(name: str, content: bytes) -> tuple[str, bytes | None]:
    """Name and content of the fixed-width file: the file itself or a member of the zip."""
    if not content.startswith(b"PK"):
        return name, content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                if "ANWEB" in member.filename.upper() and member.filename.lower().endswith(".txt"):
                    if member.file_size > _LARGEST:
                        raise UsageError(f"{name} holds a file far larger than a code book; nothing was imported.")
                    return member.filename, archive.read(member)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise UsageError(f"{name} is a damaged zip file; download it again.") from error
    return name, None


def _entries(name: str, lines: list[str]) -> tuple[list[Entry], dict[str, str]]:
    entries: dict[str, Entry] = {}
    shorts: dict[str, str] = {}
    texts: dict[str, list[str]] = {}
    for number, line in enumerate(lines, start=1):
        if not _ROW.match(line):
            continue
        code = line[_CODE]
        if line[_RECORD] == "4":
            if code not in texts:
                raise UsageError(f"{name} line {number} continues a code that does not come before it.")
            texts[code].append(line[_LONG].strip())
            continue
        if code in entries:
            raise UsageError(f"{name} line {number} holds {code} a second time; nothing was imported.")
        texts[code] = [line[_LONG].strip()]
        shorts[code] = line[_SHORT].strip()
        entries[code] = Entry(
            code=code,
            display="",
            billable=True,
            kind="procedure" if code[0] in _SERVICES else "supply",
            valid_from=_day(line[_ADDED], name, number),
            valid_to=_day(line[_ENDED], name, number),
        )
    return [
        Entry(
            code=entry.code,
            display=" ".join(" ".join(texts[entry.code]).split()) or shorts[entry.code],
            billable=True,
            kind=entry.kind,
            valid_from=entry.valid_from,
            valid_to=entry.valid_to,
        )
        for entry in entries.values()
    ], {code: text for code, text in shorts.items() if text}


def _day(cell: str, name: str, number: int) -> date | None:
    if not cell.strip():
        return None
    try:
        return date(int(cell[:4]), int(cell[4:6]), int(cell[6:8]))
    except ValueError as error:
        raise UsageError(f"{name} line {number} has {cell.strip()!r} where a date should be.") from error
