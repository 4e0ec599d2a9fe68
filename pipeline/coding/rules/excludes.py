"""Excludes notes between two diagnoses of a visit: ICD-10-CM's Excludes1 stops the less sure one, ICD-9-CM's warns.

Excludes2 allows both. Excludes1 allows both too where they are unrelated, which is the coder's to say.
"""

from dataclasses import replace

from pipeline.codebooks import CodeBooks
from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.coding.rules.instructions import Instruction, Instructions
from pipeline.records import CodeSystem

_SYMPTOMS = "R"
"""Chapter of ICD-10-CM whose codes give way to those of a disease."""


class Excludes:
    """Keeps apart what a tabular list keeps apart."""

    def __init__(self, books: CodeBooks) -> None:
        self._instructions = Instructions(books, frozenset(("excludes", "excludes1")))

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Withhold the less sure of two codes that Excludes1 parts; warn on both where an ICD-9 list excludes one."""
        return self._warned(visit, self._stopped(visit, coded))

    def _stopped(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        system = CodeSystem.ICD10CM
        kept: list[Choice] = []
        stopped: dict[str, str] = {}
        proposed = (choice for each in coded for choice in each.proposed((system,)))
        for choice in sorted(proposed, key=lambda c: (c.code.code.startswith(_SYMPTOMS), -c.score)):
            against = next(((told, k) for k in kept if (told := self._parts(visit, choice, k)) is not None), None)
            sentence = visit.rules.reason("excludes1", system)
            if against is None or sentence is None:
                kept.append(choice)
                continue
            told, other = against
            place = f"Excludes1 at {told.place}, “{told.text}”"
            stopped[choice.code.code] = f"{choice.code.code} beside {other.code.code}: {place}. {sentence}"
        return tuple(
            each.change(lambda c: c.withhold(stopped.get(c.code.code)) if c.proposed and c.code.system is system else c)
            for each in coded
        )

    def _warned(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        system = CodeSystem.ICD9CM
        sentence = visit.rules.reason("excludes", system)
        proposed = {choice.code.code: choice for each in coded for choice in each.proposed((system,))}
        warnings: dict[str, list[str]] = {}
        codes = list(proposed)
        for n, one in enumerate(codes):
            for other in codes[n + 1 :]:
                told = self._parts(visit, proposed[one], proposed[other])
                if told is not None and sentence is not None:
                    place = f"Excludes at {told.place}, “{told.text}”"
                    warnings.setdefault(one, []).append(f"{one} beside {other}: {place}. {sentence}")
                    warnings.setdefault(other, []).append(f"{other} beside {one}: {place}. {sentence}")
        return tuple(
            each.change(
                lambda c: (
                    replace(c, warnings=(*c.warnings, *warnings.get(c.code.code, ())))
                    if c.proposed and c.code.system is system
                    else c
                )
            )
            for each in coded
        )

    def _parts(self, visit: Visit, one: Choice, other: Choice) -> Instruction | None:
        """The note that parts two codes, whichever it stands at."""
        if one.code.code == other.code.code:
            return None
        for here, there in ((one.code, other.code), (other.code, one.code)):
            for told in self._instructions.over(here.system, here.code, visit.on):
                if there.code in told.codes:
                    return told
        return None
