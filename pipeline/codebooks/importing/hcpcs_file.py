"""The HCPCS file of CMS, annual or quarterly: `HCPCyyyy..._ANWEB` in fixed columns or Excel, or the zip of both.

A code's long description runs over as many lines as it needs (record 3, then 4); modifiers (records 7 and
8) are not codes and stand in a table of their own. Columns as CMS's own record layout gives them.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from pipeline.codebooks.entries import Book, Entry, Source, Volume, Wording
from pipeline.codebooks.importing.imported import Imported, Row, packed
from pipeline.codebooks.importing.xlsx import rows
from pipeline.codebooks.importing.zipped import is_zip, members
from pipeline.errors import UsageError
from pipeline.records import CodeSystem

MODIFIERS, ACTIONS = "modifiers", "actions"
"""Rows of modifier, first and last day, name; rows of code, CMS's letter for what was done to it, and the day."""
_CODE, _RECORD, _LONG, _SHORT = slice(0, 5), slice(10, 11), slice(11, 91), slice(91, 119)
_ADDED, _ACTED, _ENDED, _ACTION = slice(268, 276), slice(276, 284), slice(284, 292), slice(292, 293)
_HEADINGS = ("HCPC", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION", "ADD DT", "ACT EFF DT", "TERM DT", "ACTION CD")
_ROW = re.compile(r"(?:[A-V]\d{4}\d{5}[34]|   [A-Z0-9]{2}\d{5}[78])")
_FORM = re.compile(r"[A-V]\d{4}|[A-Z0-9]{2}")
_NO_ACTION = "N"
_SERVICES = frozenset("DGHMPRST")
"""First letters of the ranges that are services; the others are items and drugs."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_QUARTERS = {"JAN": 1, "APR": 4, "JUL": 7, "OCT": 10}
_QUARTER = re.compile(r"(?<![A-Z])(JAN|APR|JUL|OCT)(?:UARY|IL|Y|OBER)?(?![A-Z])")


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    code: str
    record: str
    long: str
    short: str
    added: str
    acted: str
    ended: str
    action: str


@dataclass(slots=True)
class _Item:
    """A code or modifier with all its lines."""

    first: _Line
    longs: list[str] = field(default_factory=list)

    def name(self) -> str:
        return " ".join(" ".join(self.longs).split()) or self.first.short


def read_hcpcs(name: str, content: bytes) -> Imported | None:
    """The book in a file of CMS; None where this is no such file.

    Raises:
        UsageError: it is one, but damaged, or its year is not told.
    """
    member, lines = _lines(name, content)
    if not lines:
        return None
    items = _items(name, lines)
    codes = [item for item in items.values() if item.first.record in "34"]
    entries = [
        Entry(
            code=item.first.code,
            display=item.name(),
            billable=True,
            kind="procedure" if item.first.code[0] in _SERVICES else "supply",
            valid_from=_day(item.first.added, name, item.first.number),
            valid_to=_day(item.first.ended, name, item.first.number),
        )
        for item in codes
    ]
    if not entries:
        return None
    wordings = [_wording(entry.code, entry.display, Source.DESCRIPTION) for entry in entries]
    wordings += [_wording(item.first.code, item.first.short, Source.SHORT) for item in codes if item.first.short]
    book = _book(name, member, content, len(entries))
    modifiers: list[Row] = [
        (
            item.first.code,
            str(_day(item.first.added, name, item.first.number) or ""),
            str(_day(item.first.ended, name, item.first.number) or ""),
            item.name(),
        )
        for item in items.values()
        if item.first.record in "78"
    ]
    actions: list[Row] = [
        (item.first.code, item.first.action, str(_day(item.first.acted, name, item.first.number) or ""))
        for item in codes
        if item.first.action not in ("", _NO_ACTION)
    ]
    tables = packed(Volume(book=book, entries=entries, wordings=wordings))
    return Imported(book=book, part="codes", tables={**tables, MODIFIERS: modifiers, ACTIONS: actions})


def _book(name: str, member: str, content: bytes, count: int) -> Book:
    year = _YEAR.search(member) or _YEAR.search(name)
    if year is None:
        raise UsageError(f"{name} does not tell its year; name it as CMS does, such as HCPC2019_CONTR_ANWEB.txt.")
    quarter = _QUARTER.search(member.upper()) or _QUARTER.search(name.upper())
    first, last = date(int(year[0]), 1, 1), date(int(year[0]), 12, 31)
    if quarter:
        month = _QUARTERS[quarter[1]]
        first = date(first.year, month, 1)
        last = (first + timedelta(days=92)).replace(day=1) - timedelta(days=1)
    return Book(
        system=CodeSystem.HCPCS,
        name="HCPCS Level II",
        edition=f"{year[0]} {first:%B}" if quarter else year[0],
        valid_from=first,
        valid_to=last,
        sha256=hashlib.sha256(content).hexdigest(),
        count=count,
    )


def _lines(name: str, content: bytes) -> tuple[str, list[_Line]]:
    """The name of the file that tells the year, and its lines: the fixed-width file before the Excel file."""
    if not is_zip(content):
        return name, list(_fixed(content))
    inside = members(name, content, lambda member: "ANWEB" in member.upper() or member == "xl/workbook.xml")
    for member, raw in inside:
        if member.lower().endswith(".txt") and (lines := list(_fixed(raw))):
            return member, lines
    for member, raw in inside:
        if member.lower().endswith(".xlsx"):
            return member, list(_sheet(name, raw))
    return name, list(_sheet(name, content)) if inside else []


def _fixed(raw: bytes) -> Iterator[_Line]:
    for number, line in enumerate(raw.decode("latin-1").split("\n"), start=1):
        if _ROW.match(line):
            cells = (line[part].strip() for part in (_CODE, _RECORD, _LONG, _SHORT, _ADDED, _ACTED, _ENDED, _ACTION))
            yield _Line(number, *cells)


def _sheet(name: str, content: bytes) -> Iterator[_Line]:
    places: list[int] = []
    for number, cells in rows(name, content):
        if not places:
            told = [" ".join(cell.upper().split()) for cell in cells]
            if told[:1] == ["HCPC"]:
                missing = [heading for heading in _HEADINGS if heading not in told]
                if missing:
                    raise UsageError(f"{name} row {number} lacks the column {missing[0]}; nothing was imported.")
                places = [told.index(heading) for heading in _HEADINGS]
            continue
        line = [cells[place].strip() if place < len(cells) else "" for place in places]
        if not any(line):
            continue
        if not _FORM.fullmatch(line[0]) or line[1] not in ("3", "4", "7", "8"):
            raise UsageError(
                f"{name} row {number} is neither a code nor a modifier with its record; nothing was imported."
            )
        yield _Line(number, *line)


def _items(name: str, lines: Iterable[_Line]) -> dict[str, _Item]:
    items: dict[str, _Item] = {}
    for line in lines:
        if line.record in "48":
            if line.code not in items:
                raise UsageError(f"{name} line {line.number} continues a code that does not come before it.")
            items[line.code].longs.append(line.long)
            continue
        if line.code in items:
            raise UsageError(f"{name} line {line.number} holds {line.code} a second time; nothing was imported.")
        items[line.code] = _Item(line, [line.long])
    return items


def _wording(code: str, text: str, source: Source) -> Wording:
    return Wording(text=text, system=CodeSystem.HCPCS, code=code, source=source)


def _day(cell: str, name: str, number: int) -> date | None:
    if not cell:
        return None
    try:
        return date(int(cell[:4]), int(cell[4:6]), int(cell[6:8]))
    except ValueError as error:
        raise UsageError(f"{name} line {number} has {cell!r} where a date should be.") from error
