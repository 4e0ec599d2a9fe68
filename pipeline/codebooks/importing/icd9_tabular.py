"""The tabular lists of ICD-9-CM as NCHS gives them in rich text: diagnoses (`Dtab12`), procedures (`Ptab12`).

A code stands at the beginning of a paragraph, before a tab; what follows until the next code belongs to it.
Fourth and fifth digits that are given once for many categories are written out for each code.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.codebooks.entries import Entry, Note, Source, Volume, Wording
from pipeline.codebooks.importing.icd9_digits import DigitTable, written_out
from pipeline.codebooks.importing.icd9_years import book_of
from pipeline.codebooks.importing.imported import Imported, packed
from pipeline.codebooks.importing.rtf import Paragraph, paragraphs, rich_text
from pipeline.errors import UsageError
from pipeline.records import CodeSystem

_TITLES = {
    "CLASSIFICATION OF DISEASES": ("tabular list of diseases", "diagnosis"),
    "CLASSIFICATION OF PROCEDURES": ("tabular list of procedures", "procedure"),
}
_CODES = {
    "diagnosis": re.compile(
        r"(E\d{3}(?:\.\d)?|V\d\d(?:\.\d{1,2})?|\d{3}(?:\.\d{1,2})?)(?:\s*\t\s*|(?=[A-Z][a-z]))(\S.*)"
    ),
    "procedure": re.compile(r"(\d\d(?:\.\d{1,2})?)(?:\s*\t\s*|(?=[A-Z][a-z]))(\S.*)"),
}
_BLOCK = re.compile(r"(?:\d+\.\s+|SUPPLEMENTARY\s+)?(\S.*?)\s*\(([EV]?\d{2,3}(?:\.\d+)?(?:-[EV]?\d{2,3}(?:\.\d+)?)?)\)")
_OPENINGS = (
    ("includes", re.compile(r"Includes\s*[:\t]\s*(.*)")),
    ("excludes", re.compile(r"Excludes\s*[:\t]\s*(.*)")),
    ("note", re.compile(r"Notes?:\s*(.*)")),
    ("code_first", re.compile(r"(Code first .*)")),
    (
        "use_additional",
        re.compile(r"((?:Use|Code also|Also use|Use also) (?:additional |any |.*?code).*|Code also .*)"),
    ),
    ("note", re.compile(r"((?:Requires|Fifth-digit|Use \d as|See definition).*)")),
)
"""How a paragraph opens that is no term, and what it gives; its items follow until something else opens."""
_DIGITS = re.compile(
    r"The following (?:two )?(?:fifths?|fourth)[- ]digits? .*"
    r"|Requires (?:the use of one of the following |following )?(?:fifth|fourth)[- ]digit .*:"
)
_DIGIT = re.compile(r"(\d)\s*\t\s*(\S.*)")
_VALID = re.compile(r"\[([\d,\s-]+)\]")
_NEEDS_PARENT = re.compile(r"[a-z(]|(?:Other|Unspecified|Due|With|Without|Not|Site|Type|In|By|From|Of)\b")
_FEWEST = 5


@dataclass(slots=True)
class _Reading:
    """What was read so far, and where the reader is."""

    name: str
    kind: str
    """`diagnosis` or `procedure`."""
    titles: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    digits: list[DigitTable] = field(default_factory=list)
    valid: dict[str, str] = field(default_factory=dict)
    code: str = ""
    margin: int = 0
    """Where the other lines of the present code's paragraph begin."""
    giving: str = ""
    digits_open: bool = False
    """Whether a table of digits may go on."""
    heads: list[tuple[int, str]] = field(default_factory=list)
    """Beginnings that end in a colon, each with its indentation: what is deeper goes on from them."""


def read_icd9_tabular(name: str, content: bytes) -> Imported | None:
    """The list in a file: codes, headings, notes; None where this is no tabular list of ICD-9-CM.

    Raises:
        UsageError: it is one, but damaged or in disorder, or its year is not told.
    """
    held = rich_text(name, content)
    if held is None:
        return None
    member, text = held
    lines = list(paragraphs(name, text))
    title = lines[0].text.upper().strip() if lines else ""
    found = next((found for words, found in _TITLES.items() if title.startswith(words)), None)
    if found is None:
        return None
    part, kind = found
    reading = _Reading(name=name, kind=kind)
    for line in lines[1:]:
        _take(reading, line)
    if len(reading.titles) < _FEWEST:
        raise UsageError(f"{name} has the title of a tabular list, but hardly a code; nothing was imported.")
    entries = list(_entries(reading))
    wordings = [_wording(entry.display, entry.code, Source.DESCRIPTION) for entry in entries]
    wordings += [
        _wording(note.text, note.code, Source.INCLUSION)
        for note in reading.notes
        if note.kind == "inclusion" and "classifiable to" not in note.text
    ]
    book = book_of(name, member, content, len(entries))
    return Imported(
        book=book,
        part=part,
        tables=packed(Volume(book=book, entries=entries, wordings=wordings, notes=reading.notes)),
    )


def _take(reading: _Reading, line: Paragraph) -> None:
    text = line.text.strip()
    match = _CODES[reading.kind].fullmatch(text)
    if match:
        _begin(reading, line, match[1], " ".join(match[2].split()))
    elif _DIGITS.fullmatch(text):
        reading.digits.append(DigitTable(scope=text, after=reading.code))
        reading.giving, reading.digits_open = "digits", True
    elif reading.digits_open and (digit := _DIGIT.fullmatch(text)):
        reading.giving = "digits"
        reading.digits[-1].meanings.setdefault(digit[1], " ".join(digit[2].split()))
    elif valid := _VALID.fullmatch(text):
        reading.valid.setdefault(reading.code, valid[1])
    elif not line.left and (block := _BLOCK.fullmatch(text)):
        reading.code, reading.giving, reading.heads, reading.margin = block[2], "", [], 0
        if re.fullmatch(r"E\d{3}|V\d\d|\d{3}", block[2]) and reading.kind == "diagnosis":
            reading.titles.setdefault(block[2], block[1].capitalize())  # a block of one category
    else:
        _give(reading, line, text)


def _begin(reading: _Reading, line: Paragraph, code: str, title: str) -> None:
    if "." in code and code in reading.titles:  # a category also stands in the overview of its chapter
        raise UsageError(f"{reading.name} paragraph {line.number} holds {code} a second time; nothing was imported.")
    if "." in code and code[:-1].rstrip(".") not in reading.titles:
        raise UsageError(
            f"{reading.name} paragraph {line.number} holds {code} before its category; nothing was imported."
        )
    reading.titles[code] = title
    reading.digits_open = False
    reading.code, reading.giving, reading.heads, reading.margin = code, "inclusion", [], line.left


def _give(reading: _Reading, line: Paragraph, text: str) -> None:
    """A paragraph that says something about the present code."""
    begins = line.begins
    opening = next(((kind, match[1]) for kind, pattern in _OPENINGS if (match := pattern.fullmatch(text))), None)
    if opening:
        reading.giving, text = opening
        reading.heads = []
        if reading.giving in ("includes", "excludes"):  # its own first item stands where the items below it do
            begins = 1080 if line.left in (1440, 1800) else line.left - 540
    elif (
        line.left == reading.margin + (540 if reading.margin == 2520 else 180)
        and begins == line.left - 720
        and reading.giving not in ("digits", "includes", "inclusion")
    ):  # a term stands where the terms of this code do, whatever came before it
        reading.giving, reading.heads = "inclusion", []
    if not reading.code or reading.giving in ("", "digits") or not text:
        return
    text = " ".join(text.split())
    while reading.heads and reading.heads[-1][0] >= begins:
        reading.heads.pop()
    if text.endswith(":"):
        reading.heads.append((begins, text[:-1]))
        return
    whole = " ".join([head for _, head in reading.heads] + [text])
    reading.notes.append(Note(system=CodeSystem.ICD9CM, code=reading.code, kind=reading.giving, text=whole))


def _entries(reading: _Reading) -> Iterable[Entry]:
    titles = {}
    for code, title in reading.titles.items():
        parent = reading.titles.get(code[:-1].rstrip("."), "")
        titles[code] = f"{parent}: {title}" if parent and _NEEDS_PARENT.match(title) else title
    titles = written_out(titles, reading.digits, reading.valid)
    longer = {code[:end].rstrip(".") for code in titles for end in range(2, len(code))}
    for code, title in titles.items():
        yield Entry(code=code, display=title, billable=code not in longer, kind=reading.kind)


def _wording(text: str, code: str, source: Source) -> Wording:
    return Wording(text=text, system=CodeSystem.ICD9CM, code=code, source=source)
