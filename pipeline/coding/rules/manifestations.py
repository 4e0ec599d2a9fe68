"""A manifestation is never coded first and never alone: its "code first" note names what it is a manifestation of.

The books at hand mark those of ICD-10-CM by their names; those of ICD-9-CM stand in `manifestations.tsv`, as the
tabular list that marks them comes only with an import.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.codebooks import CodeBooks
from pipeline.codebooks.starter import rows
from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.coding.rules.instructions import Instructions
from pipeline.coding.rules.ranges import Ranges, ranges_of
from pipeline.errors import SetupError
from pipeline.records import DIAGNOSES, Code, CodeSystem

TABLE = Path(__file__).parent / "manifestations.tsv"
_OF_ANOTHER = re.compile(r"\bin (?:[\w ]+ )?classified elsewhere\b", re.IGNORECASE)
_NO_DISEASE = {CodeSystem.ICD9CM: re.compile(r"7[89]\d|[VE]"), CodeSystem.ICD10CM: re.compile(r"[RZV-Y]")}
"""Symptoms, causes and reasons for a visit: nothing is a manifestation of those."""


@dataclass(frozen=True, slots=True)
class Manifestation:
    """What must stand before a code."""

    named: Ranges
    """The diseases that the note names."""
    any_disease: bool
    """Others will do too: the note says `such as`, or names none."""


class Manifestations:
    """Withholds a manifestation without its disease, and tells what goes before one."""

    def __init__(self, books: CodeBooks) -> None:
        self._instructions = Instructions(books, frozenset(("code_first",)))
        self._icd9 = load_manifestations()

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Judge every manifestation that is proposed by the other diagnoses that are."""
        for system in DIAGNOSES:
            proposed = {c.code.code: c for each in coded for c in each.proposed((system,))}
            asks = {code: asked for code, c in proposed.items() if (asked := self._asks(visit, c.code)) is not None}
            diseases = [code for code in proposed if code not in asks and not _NO_DISEASE[system].match(code)]
            coded = tuple(
                each.change(
                    lambda c, asks=asks, diseases=diseases: (  # type: ignore[misc]
                        _judged(visit, c, asks[c.code.code], diseases) if c.proposed and c.code.code in asks else c
                    )
                )
                for each in coded
            )
        return coded

    def _asks(self, visit: Visit, code: Code) -> Manifestation | None:
        if code.system is CodeSystem.ICD9CM:
            return next((asked for codes, asked in self._icd9 if code.code in codes), None)
        if not _OF_ANOTHER.search(code.display):
            return None
        told = self._instructions.over(code.system, code.code, visit.on)
        bounds = tuple(bound for each in told for bound in each.codes.bounds)
        open_list = not bounds or any("such as" in each.text or not each.codes.bounds for each in told)
        return Manifestation(Ranges(bounds), open_list)


def _judged(visit: Visit, choice: Choice, asked: Manifestation, diseases: list[str]) -> Choice:
    before = next((code for code in diseases if code in asked.named), None)
    if before is None and not (asked.any_disease and diseases):
        return choice.withhold(visit.rules.reason("manifestation", choice.code.system))
    first = before or "the disease that it comes of"
    return replace(choice, warnings=(*choice.warnings, f"A manifestation, never first: code {first} before it."))


def load_manifestations(path: Path = TABLE) -> tuple[tuple[Ranges, Manifestation], ...]:
    """Read the table of ICD-9-CM.

    Raises:
        SetupError: a row does not fit.
    """
    found = []
    for place, (what, codes, diseases) in rows(path, ("what", "codes", "diseases")):
        manifestation = ranges_of(codes, CodeSystem.ICD9CM, place)
        if not what or not manifestation.bounds:
            raise SetupError(f"{place} names no manifestation.")
        named = ranges_of(diseases.removesuffix("..."), CodeSystem.ICD9CM, place)
        found.append((manifestation, Manifestation(named, diseases.endswith("...") or not diseases)))
    return tuple(found)
