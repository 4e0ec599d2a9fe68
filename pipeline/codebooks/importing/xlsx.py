"""The first sheet of an Excel file as rows of text."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from pipeline.codebooks.importing.xml_text import root_of
from pipeline.codebooks.importing.zipped import members
from pipeline.errors import UsageError

_SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHEET, _SHARED = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_WIDEST = 400


def rows(name: str, content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The number of each row and its cells, as far as the last filled one; an empty cell is an empty text.

    Raises:
        UsageError: it is no Excel file, or damaged.
    """
    found = dict(members(name, content, lambda member: member in (_SHEET, _SHARED)))
    if _SHEET not in found:
        raise UsageError(f"{name} has no first sheet; nothing was imported.")
    shared: list[str] = []
    if _SHARED in found:
        shared = [
            "".join(text.text or "" for text in item.iter(f"{_SPACE}t")) for item in root_of(name, found[_SHARED])
        ]
    for number, row in enumerate(root_of(name, found[_SHEET]).iter(f"{_SPACE}row"), start=1):
        cells: list[str] = []
        for cell in row.iter(f"{_SPACE}c"):
            column = _column(cell.get("r", ""), len(cells))
            if column >= _WIDEST:
                break
            cells += [""] * (column + 1 - len(cells))
            cells[column] = _text(cell, shared, name, number)
        yield int(row.get("r", "") or number) if row.get("r", "0").isdigit() else number, cells


def _column(place: str, following: int) -> int:
    """The column of a place such as `AB12`, from 0."""
    letters = re.match(r"[A-Z]{1,3}", place)
    if letters is None:
        return following
    column = 0
    for letter in letters[0]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _text(cell: ET.Element, shared: list[str], name: str, number: int) -> str:
    value = cell.findtext(f"{_SPACE}v", "")
    if cell.get("t") == "s":
        if not value.isdecimal() or int(value) >= len(shared):
            raise UsageError(f"{name} row {number} points to a text that is not there; download it again.")
        return shared[int(value)]
    if cell.get("t") == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{_SPACE}t"))
    return value
