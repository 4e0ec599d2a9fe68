"""ICD-10-CM as NCHS gives it in XML: tabular list, index, index to external causes, table of neoplasms.

They come one by one or in one zip, whose files are then one part of the edition. The table of drugs is left
alone: it is for poisonings by name of the substance.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree as ET

from pipeline.codebooks.entries import Book, Entry, Note, Volume, Wording
from pipeline.codebooks.icd10 import content_of as content_of_tabular
from pipeline.codebooks.importing.imported import Imported, Row, packed
from pipeline.codebooks.importing.index_paths import REFERENCES, Step, content_of
from pipeline.codebooks.importing.xml_text import root_of
from pipeline.codebooks.importing.zipped import is_zip, members
from pipeline.errors import UsageError
from pipeline.records import CodeSystem

_MARKS = (b"<ICD10CM.tabular", b"<ICD10CM.index")
_MARK_WITHIN = 2000
_CODE = re.compile(r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?")
_COLUMNS = {
    "2": "malignant", "3": "secondary malignant", "4": "in situ", "5": "benign", "6": "uncertain behavior", "7": ""
}  # fmt: skip
_NEOPLASMS = "Neoplasm"
_FIRST, _LAST = 2010, 2100
_FEWEST = 3


def read_icd10_files(name: str, content: bytes) -> Imported | None:
    """The book or index in a file, or in all files of a zip; None where there is none of ICD-10-CM.

    Raises:
        UsageError: there is one, but damaged, or its year is not told.
    """
    files = [(name, content)]
    if is_zip(content):
        files = members(name, content, lambda member: member.lower().endswith(".xml"))
    files = [(member, text) for member, text in files if any(mark in text[:_MARK_WITHIN] for mark in _MARKS)]
    if not files:
        return None
    entries: list[Entry] = []
    wordings: list[Wording] = []
    notes: list[Note] = []
    references: list[Row] = []
    years, parts = set(), []
    for member, text in files:
        root = root_of(member, text)
        if root.findtext("indexHeading/head", _NEOPLASMS) != _NEOPLASMS:  # the table of drugs
            continue
        years.add(root.findtext("version", "").strip())
        if root.tag.endswith("tabular"):
            parts.append("tabular list")
            found = content_of_tabular(root, None)
            _check(member, found[0])
            for all_of_them, new in zip((entries, wordings, notes), found, strict=True):
                all_of_them += new  # type: ignore[operator]  # each list gets its own kind
        else:
            parts.append(_part(member, root))
            index = content_of(CodeSystem.ICD10CM, _steps(root))
            wordings += index.wordings
            references += index.references
    if not parts:
        return None
    if len(wordings) < _FEWEST:
        raise UsageError(f"{name} has the form of a code book, but hardly a code; nothing was imported.")
    book = _book(name, years, content, len(entries))
    tables = packed(Volume(book=book, entries=entries, wordings=wordings, notes=notes))
    if references:
        tables[REFERENCES] = references
    return Imported(book=book, part="all files" if len(parts) > 1 else parts[0], tables=tables)


def _part(member: str, root: ET.Element) -> str:
    title = root.findtext("title", "").lower()
    if root.find("indexHeading") is not None:
        return "table of neoplasms"
    return "index to external causes" if "external" in title or "eindex" in member.lower() else "index to diseases"


def _check(member: str, entries: list[Entry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        if not _CODE.fullmatch(entry.code) or not entry.display:
            raise UsageError(f"{member} has {entry.code!r} where a code with its name should be; nothing was imported.")
        if entry.code in seen:
            raise UsageError(f"{member} holds {entry.code} a second time; nothing was imported.")
        seen.add(entry.code)


def _steps(root: ET.Element) -> Iterator[Step]:
    for term in root.iterfind("letter/mainTerm"):
        yield from _below(term, ())


def _below(term: ET.Element, above: tuple[str, ...]) -> Iterator[Step]:
    title = term.find("title")
    words = " ".join(" ".join(title.itertext()).split()) if title is not None else ""
    path = (*above, words)
    told = [_code(term.findtext(tag, "")) for tag in ("code", "manif")]
    codes = tuple(code for code in told if code) if told[0] else ()
    see, also = (" ".join(term.findtext(tag, "").split()) for tag in ("see", "seeAlso"))
    yield Step(path=path, codes=codes, see=see, also=also)
    for cell in term.iterfind("cell"):
        column, code = _COLUMNS.get(cell.get("col", "")), _code(cell.text or "")
        if column is not None and code:
            yield Step(path=path, codes=(code,), qualifier=column)
    for child in term.iterfind("term"):
        yield from _below(child, path)


def _code(text: str) -> str:
    """A code with its dot; `M25.5-`, which leaves characters open, is the category `M25.5`."""
    code = text.strip().rstrip("-").rstrip(".")
    return code if _CODE.fullmatch(code) else ""


def _book(name: str, years: set[str], content: bytes, count: int) -> Book:
    told = years.pop() if len(years) == 1 else ""
    if not told.isdecimal() or not _FIRST <= int(told) <= _LAST:
        raise UsageError(f"{name} does not tell one fiscal year as its version; nothing was imported.")
    year = int(told)
    return Book(
        system=CodeSystem.ICD10CM,
        name="ICD-10-CM",
        edition=f"fiscal year {year}",
        valid_from=date(year - 1, 10, 1),
        valid_to=date(year, 9, 30),
        sha256=hashlib.sha256(content).hexdigest(),
        count=count,
    )
