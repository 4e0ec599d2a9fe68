"""The project's own tables: starter sets of CPT and HCPCS II, synonyms of diagnoses, office priors.

They are TSV files in this folder, written in the project's own words, that a coder can edit: `#` starts a
comment line, the first line names the columns, several synonyms are parted by `;`, `knee (2|two) views` stands
for a text with each of the choices, a date is `2015` or `2015-07-01`. What does not fit is refused with file and line.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path

from pipeline.codebooks.entries import Book, Entry, Source, Volume, Wording
from pipeline.codebooks.sources import TABLES, fingerprint
from pipeline.codebooks.validity import may_overlap
from pipeline.errors import SetupError
from pipeline.records import CodeSystem

SERVICES = {CodeSystem.CPT: TABLES / "cpt"}
SYNONYMS = TABLES / "synonyms"
"""A table for each chapter of the diagnoses."""
PRIORS = TABLES / "priors.tsv"
LATER = TABLES / "priors_later.tsv"
"""Bands of codes that came after the survey."""
ORDINARY = TABLES / "ordinary.tsv"
_LONGEST_ABBREVIATION = 5
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
FORMS = {
    CodeSystem.CPT: re.compile(r"\d{4}[0-9A-Z]"),
    CodeSystem.HCPCS: re.compile(r"[A-V]\d{4}"),
    CodeSystem.ICD9CM: re.compile(r"(?:\d{3}|V\d\d)(?:\.\d{1,2})?|E\d{3}(?:\.\d)?"),
    CodeSystem.ICD10CM: re.compile(r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?"),
}
"""How a code of each system is written, with its dot."""


def files() -> tuple[Path, ...]:
    """The files that are read here."""
    services = (table for system in SERVICES for table in _services(system))
    return (*services, *_synonyms(), PRIORS, LATER, ORDINARY)


def read_services(system: CodeSystem) -> Volume:
    """A starter set: codes with their own names and synonyms.

    Raises:
        SetupError: a row does not fit.
    """
    tables = _services(system)
    entries: list[Entry] = []
    wordings: list[Wording] = []
    spans: dict[str, list[Entry]] = {}
    columns = ("code", "kind", "name", "synonyms", "from", "to")
    for place, row in (numbered for table in tables for numbered in rows(table, columns)):
        code, kind, name, synonyms, begins, ends = row
        if not FORMS[system].fullmatch(code) or kind not in ("procedure", "supply") or not name:
            raise SetupError(f"{place} is not a {system} code with its kind (procedure or supply) and a name.")
        entry = Entry(
            code=code,
            display=name,
            billable=True,
            kind=kind,
            valid_from=day(begins, place, first=True),
            valid_to=day(ends, place, first=False),
        )
        entries.append(entry)
        names = [text for pattern in parted(synonyms) for text in each_way(pattern)]
        texts: list[tuple[str, Source, str | None]] = [(name, Source.DESCRIPTION, None)]
        texts += [(text, Source.SYNONYM, _written_out(text, names, name)) for text in names]
        wordings += [
            Wording(
                text=text,
                system=system,
                code=code,
                source=source,
                canonical=canonical,
                valid_from=entry.valid_from,
                valid_to=entry.valid_to,
            )
            for text, source, canonical in texts
        ]
        if any(may_overlap(entry, other) for other in spans.get(code, ())):
            raise SetupError(f"{place} has {code} a second time on the same days.")
        spans.setdefault(code, []).append(entry)
    book = Book(
        system=system,
        name=f"{system} starter set",
        edition="of this program, in its own words",
        valid_from=None,
        valid_to=None,
        sha256=fingerprint(tables),
        count=len(spans),
    )
    return Volume(book=book, entries=entries, wordings=wordings)


def _services(system: CodeSystem) -> tuple[Path, ...]:
    """The tables of a starter set: one file, or those of a folder with one for each section of the book."""
    place = SERVICES[system]
    return tuple(sorted(place.glob("*.tsv"))) if place.is_dir() else (place,)


def read_synonyms() -> Iterator[Wording]:
    """Names, abbreviations and shorthand of diagnoses; the first of a row is what the others are short for.

    Raises:
        SetupError: a row does not fit.
    """
    tables = (row for path in _synonyms() for row in rows(path, ("names", "icd9", "icd10")))
    for place, (names, icd9, icd10) in tables:
        texts = parted(names)
        pairs = ((CodeSystem.ICD9CM, icd9), (CodeSystem.ICD10CM, icd10))
        if not texts or not (icd9 or icd10):
            raise SetupError(f"{place} has no name or no code.")
        for system, code in pairs:
            if code and not FORMS[system].fullmatch(code):
                raise SetupError(f"{place} has {code}, which is not written as an {system} code.")
            if code:
                for text in texts:
                    yield Wording(text=text, system=system, code=code, source=Source.SYNONYM, canonical=texts[0])


def _synonyms() -> tuple[Path, ...]:
    return tuple(sorted(SYNONYMS.glob("*.tsv")))


def read_priors() -> dict[str, float]:
    """How often offices use an ICD-9-CM code: band 0 (hardly) to 16 (every day), a step being a factor of two.

    Raises:
        SetupError: a row does not fit.
    """
    counted = [(place, code, band) for place, (code, band) in rows(PRIORS, ("code", "band"))]
    estimated = [(place, code, band) for place, (code, band, _) in rows(LATER, ("code", "band", "source"))]
    bands: dict[str, float] = {}
    for place, code, band in (*counted, *estimated):
        if not band.isdigit():
            raise SetupError(f"{place} has no whole number as its band.")
        if code in bands:
            raise SetupError(f"{place} has {code}, which another row has too.")
        bands[code] = float(band)
    return bands


def read_ordinary() -> frozenset[str]:
    """Wordings that are never looked for in a note by themselves."""
    return frozenset(words for _, (words,) in rows(ORDINARY, ("words",)))


def rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each row of a table with its place, as many cells as there are columns.

    Raises:
        SetupError: the file cannot be read, its columns are others, or a row has too many or too few.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"The table {path.name} cannot be read: {error}") from error
    numbered = ((n, line) for n, line in enumerate(lines, start=1) if line.strip() and not line.startswith("#"))
    _, head = next(numbered, (0, ""))
    if tuple(head.split("\t")) != columns:
        raise SetupError(f"The table {path.name} must begin with the columns {', '.join(columns)}.")
    for number, line in numbered:
        cells = [cell.strip() for cell in line.split("\t")]
        cells += [""] * (len(columns) - len(cells))
        place = f"{path.name} line {number}"
        if len(cells) != len(columns):
            raise SetupError(f"{place} has {len(cells)} columns, not {len(columns)}.")
        yield place, tuple(cells)


def parted(cell: str) -> list[str]:
    """The texts of a cell that holds several."""
    return [text.strip() for text in cell.split(";") if text.strip()]


def each_way(pattern: str) -> list[str]:
    """The texts that a pattern stands for: `knee (2|two) views` for one with each of the choices."""
    parts = [part.split("|") for part in _CHOICE.split(pattern)]
    return [" ".join("".join(way).split()) for way in product(*parts)]


def _written_out(text: str, texts: list[str], name: str) -> str | None:
    """What an abbreviation of a service is short for: its first longer synonym, else its name."""
    if len(text) > _LONGEST_ABBREVIATION:
        return None
    return next((other for other in texts if len(other) > _LONGEST_ABBREVIATION), name)


def day(cell: str, place: str, *, first: bool) -> date | None:
    """A date from `2015` (its first or last day) or `2015-07-01`; None from an empty cell.

    Raises:
        SetupError: it is neither.
    """
    if not cell:
        return None
    try:
        return date.fromisoformat(cell) if "-" in cell else date(int(cell), *((1, 1) if first else (12, 31)))
    except ValueError as error:
        raise SetupError(f"{place} has {cell}, which is neither a year nor a date such as 2015-07-01.") from error
