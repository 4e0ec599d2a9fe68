"""The alphabetic indexes of ICD-9-CM as NCHS gives them: rich text, nested by indentation, a code at the end.

Diseases (`Dindex12`), external causes (`Eindex12`) and procedures (`Pindex12`). The tables of hypertension and
neoplasms inside the first have a column a kind; `see` and `see also` point to other terms.
"""

import re
from collections.abc import Iterable, Iterator

from pipeline.codebooks.entries import Volume
from pipeline.codebooks.importing.icd9_years import book_of
from pipeline.codebooks.importing.imported import Imported, packed
from pipeline.codebooks.importing.index_paths import REFERENCES, Step, content_of
from pipeline.codebooks.importing.rtf import Paragraph, paragraphs, rich_text
from pipeline.errors import UsageError
from pipeline.records import CodeSystem

_TITLES = {
    "INDEX TO DISEASES AND INJURIES": "index to diseases",
    "INDEX TO EXTERNAL CAUSES": "index to external causes",
    "INDEX TO PROCEDURES": "index to procedures",
}
_STEP = 360
"""Indentation of a level, in twentieths of a point."""
_WIDEST_JUMP = 4
"""Levels that an entry may be deeper than the one before it: the official files are not free of slips."""
_CODE = r"(?:E\d{3}(?:\.\d)?|V\d\d(?:\.\d{1,2})?|\d{3}(?:\.\d{1,2})?)"
_PROCEDURE = r"\d\d(?:\.\d{1,2})?"
_ALSO = re.compile(r"\s*[(-]+\s*see also\s+([^()]*?(?:\([^()]*\)[^()]*?)*)(?:\)|$)", re.IGNORECASE)
_SEE = re.compile(r"\s*(?:\s-+|-+|,)\s*see\s+(?!also)(.*)$", re.IGNORECASE)
_FEW_JUMPS, _SHARE_OF_JUMPS = 20, 0.02
"""So many entries, or so large a share, may be deeper than one level below the one before (2 in 1,000 are)."""
_COLUMNS = {
    "Hypertension": ("malignant", "benign", ""),
    "Neoplasm": ("malignant", "secondary malignant", "in situ", "benign", "uncertain behavior", "unspecified"),
}
_FEWEST = 5


def read_icd9_index(name: str, content: bytes) -> Imported | None:
    """The index in a file; None where this is no index of ICD-9-CM.

    Raises:
        UsageError: it is one, but damaged, its year is not told, or a line is deeper than the line above allows.
    """
    held = rich_text(name, content)
    if held is None:
        return None
    member, text = held
    lines = list(paragraphs(name, text))
    title = lines[0].text.upper() if lines else ""
    part = next((part for words, part in _TITLES.items() if title.strip().startswith(words)), None)
    if part is None:
        return None
    procedures = part == "index to procedures"
    found = content_of(CodeSystem.ICD9CM, _steps(name, _whole(lines[1:]), procedures=procedures))
    if len(found.wordings) < _FEWEST:
        raise UsageError(f"{name} has the title of an index, but hardly a term with a code; nothing was imported.")
    book = book_of(name, member, content)
    tables = packed(Volume(book=book, entries=(), wordings=found.wordings))
    return Imported(book=book, part=part, tables={**tables, REFERENCES: found.references})


def _steps(name: str, lines: Iterable[Paragraph], *, procedures: bool) -> Iterator[Step]:
    code = _PROCEDURE if procedures else _CODE
    at_end = re.compile(rf"(?<![\w.])({code})(?:\s*\[({code})\])?\s*(?:\[\d[\d,-]*\])?\s*[*#]?$")
    above: list[tuple[int, str]] = []
    jumps = [0, 0]
    for line in lines:
        level = max(line.begins, 0) // _STEP
        words, *cells = [cell.strip() for cell in line.text.strip().split("\t")]
        if not line.left:  # letters of the alphabet, and notes that stand between a term and its subterms
            continue
        deeper = level - (above[-1][0] if above else 0)
        jumps[deeper > 1] += 1
        if deeper > _WIDEST_JUMP or jumps[1] > max(_FEW_JUMPS, _SHARE_OF_JUMPS * sum(jumps)):
            raise UsageError(f"{name} paragraph {line.number} is indented deeper than the term above it allows.")
        words, also = _reference(_ALSO, words)
        words, see = _reference(_SEE, words)
        match = at_end.search(words)
        codes = tuple(one for one in match.groups() if one) if match else ()
        words = words[: match.start()].strip() if match else words
        while above and above[-1][0] >= level:
            above.pop()
        if not words:
            continue
        above.append((level, words))
        path = tuple(words for _, words in above)
        columns = next((kinds for start, kinds in _COLUMNS.items() if path[0].startswith(start)), ())
        told = [(column, cell) for column, cell in zip(columns, cells, strict=False) if re.fullmatch(code, cell)]
        if cells and told:
            for column, cell in told:
                yield Step(path=path, codes=(cell,), also=also, qualifier=column)
        else:
            yield Step(path=path, codes=codes, see=see, also=also)


def _whole(lines: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Entries that were broken into several paragraphs of one indentation, as the tables have them, made whole."""
    held: Paragraph | None = None
    for line in lines:
        if (
            held is not None
            and (_open(held.text) or line.text.lstrip().startswith("("))
            and line.begins == held.begins
            and line.left
        ):
            text = f"{held.text.rstrip()} {line.text.strip()}"
            held = Paragraph(number=held.number, begins=held.begins, left=held.left, text=text)
            continue
        if held is not None:
            yield held
        held = line
    if held is not None:
        yield held


def _open(text: str) -> bool:
    """Whether a text goes on in the next paragraph."""
    return text.count("(") > text.count(")") or text.endswith(",")


def _reference(pattern: re.Pattern[str], words: str) -> tuple[str, str]:
    """The words without a reference, and the term that it points to."""
    match = pattern.search(words)
    if match is None:
        return words, ""
    return (words[: match.start()] + " " + words[match.end() :]).strip(), " ".join(match[1].split())
