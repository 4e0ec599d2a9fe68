"""The CPT file that a practice holds a licence for: a code and its description a line.

Read are tab, `|` and fixed columns (the code, blanks, the description), with or without a line of column
names, and after the licence text that the AMA's files begin with. The year is told by a line
`#year 2015` or by the file's name. The descriptions stay in the practice's own data folder.
"""

import hashlib
import re
from datetime import date

from pipeline.codebooks.entries import Book, Entry, Source, Volume, Wording
from pipeline.codebooks.importing.imported import Imported, packed
from pipeline.errors import UsageError
from pipeline.records import CodeSystem

_ROW = re.compile(r"\s*\"?(\d{4}[0-9A-Z])\"?(?:\s*[|\t]\s*|\s{1,})\"?(\S.*?)\"?\s*")
_YEAR = re.compile(r"(?:19|20)\d\d")
LICENCE = (
    "this is a CPT file, and CPT is copyright of the American Medical Association. Its descriptions may be loaded "
    "only where the practice holds the AMA's licence; if it does, say so with --i-hold-a-licence."
)
_LONGEST_PREAMBLE = 200
_FEWEST = 2


def read_cpt(name: str, content: bytes) -> Imported | None:
    """The book in a CPT file; None where this is no such file.

    Raises:
        UsageError: it is one, but a line does not fit or its year is not told.
    """
    if b"\0" in content[:4096] or content.startswith(b"PK"):
        return None
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        lines = content.decode("cp1252", errors="replace").splitlines()
    begin = next((n for n, line in enumerate(lines[:_LONGEST_PREAMBLE]) if _ROW.fullmatch(line)), None)
    if begin is None:
        return None
    entries: dict[str, Entry] = {}
    for number, line in enumerate(lines[begin:], start=begin + 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _ROW.fullmatch(line)
        if match is None:
            raise UsageError(f"{name} line {number} is not a CPT code with its description; nothing was imported.")
        code, text = match[1], " ".join(match[2].replace("\t", " ").split())
        if code in entries:
            raise UsageError(f"{name} line {number} holds {code} a second time; nothing was imported.")
        entries[code] = Entry(code=code, display=text, billable=True, kind=_kind(code))
    if len(entries) < _FEWEST:
        return None
    told = [line for line in lines[:begin] if line.lower().startswith("#year")]
    year = _YEAR.search(told[0]) if told else _YEAR.search(name)
    if year is None:
        raise UsageError(f"{name} does not tell its year; put a line such as #year 2015 before its first code.")
    first = date(int(year[0]), 1, 1)
    book = Book(
        system=CodeSystem.CPT,
        name="CPT (the practice's licensed file)",
        edition=year[0],
        valid_from=first,
        valid_to=date(first.year, 12, 31),
        sha256=hashlib.sha256(content).hexdigest(),
        count=len(entries),
    )
    wordings = [
        Wording(text=entry.display, system=book.system, code=entry.code, source=Source.DESCRIPTION)
        for entry in entries.values()
    ]
    return Imported(
        book=book,
        part="codes",
        tables=packed(Volume(book=book, entries=list(entries.values()), wordings=wordings)),
        licence=LICENCE,
    )


def _kind(code: str) -> str:
    """Vaccine products (90476 to 90756) are supplies, everything else is a service."""
    return "supply" if code.isdigit() and 90476 <= int(code) <= 90756 else "procedure"
