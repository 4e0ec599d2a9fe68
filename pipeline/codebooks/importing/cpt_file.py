"""The CPT file that a practice holds a licence for: a code and its description a line.

Read are tab, `|` and fixed columns (the code, blanks, the description; in the long file the number of the line
after the code), with or without a line of column names, and after the licence text that the AMA's files begin
with. The long, medium and short file of a year are parts of one edition. The year is told by a line
`#year 2015` or by the file's name. The descriptions stay in the practice's own data folder.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
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
_NUMBERED = re.compile(r"(\d{4}[0-9A-Z])(\d\d)\s*([^\s\d|].*)")
"""The long file in fixed columns: a code, the number of the line, a part of the description."""
_NAMED = {"LONG": "long", "MED": "medium", "SHORT": "short"}
_MOST = {"short": 28, "medium": 48}
"""Letters that the AMA keeps its short and medium descriptions to."""
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
    begin = next(
        (n for n, line in enumerate(lines[:_LONGEST_PREAMBLE]) if _ROW.fullmatch(line) or _NUMBERED.fullmatch(line)),
        None,
    )
    if begin is None:
        return None
    texts = _texts(name, lines, begin)
    if len(texts) < _FEWEST:
        return None
    told = [line for line in lines[:begin] if line.lower().startswith("#year")]
    year = _YEAR.search(told[0]) if told else _YEAR.search(name)
    if year is None:
        raise UsageError(f"{name} does not tell its year; put a line such as #year 2015 before its first code.")
    part = _length(name, texts.values())
    book = Book(
        system=CodeSystem.CPT,
        name="CPT (the practice's licensed file)",
        edition=year[0],
        valid_from=date(int(year[0]), 1, 1),
        valid_to=date(int(year[0]), 12, 31),
        sha256=hashlib.sha256(content).hexdigest(),
        count=len(texts),
    )
    source = Source.DESCRIPTION if part == "long" else Source.SHORT
    volume = Volume(
        book=book,
        entries=[Entry(code=code, display=text, billable=True, kind=_kind(code)) for code, text in texts.items()],
        wordings=[Wording(text=text, system=book.system, code=code, source=source) for code, text in texts.items()],
    )
    return Imported(book=book, part=part, tables=packed(volume), licence=LICENCE)


def _texts(name: str, lines: Sequence[str], begin: int) -> dict[str, str]:
    """The description of each code; in a file with sequence numbers it goes on in the lines that count up."""
    texts: dict[str, str] = {}
    for number, line in enumerate(lines[begin:], start=begin + 1):
        if not line.strip() or line.startswith("#"):
            continue
        numbered = _NUMBERED.fullmatch(line)
        match = numbered or _ROW.fullmatch(line)
        if match is None:
            raise UsageError(f"{name} line {number} is not a CPT code with its description; nothing was imported.")
        code, text = match[1], " ".join(match[match.re.groups].replace("\t", " ").split())
        if numbered and code in texts and int(numbered[2]) > 0:
            texts[code] += f" {text}"
        elif code in texts:
            raise UsageError(f"{name} line {number} holds {code} a second time; nothing was imported.")
        else:
            texts[code] = text
    return texts


def _length(name: str, texts: Iterable[str]) -> str:
    """Which of the AMA's three files it is: by its name, else by its longest text."""
    named = next((length for word, length in _NAMED.items() if word in name.upper()), None)
    longest = max(map(len, texts))
    return named or next((length for length, most in _MOST.items() if longest <= most), "long")


def _kind(code: str) -> str:
    """Vaccine products (90476 to 90756) are supplies, everything else is a service."""
    return "supply" if code.isdigit() and 90476 <= int(code) <= 90756 else "procedure"
