"""Excludes notes between two diagnoses of a visit: ICD-10-CM's Excludes1 stops the less sure one, ICD-9-CM's warns.

Excludes2 allows both. Excludes1 allows both too where they are unrelated, which is the coder's to say.
"""

import re
from dataclasses import replace
from itertools import combinations

from pipeline.codebooks import CodeBooks
from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.coding.rules.instructions import Instruction, Instructions
from pipeline.records import CodeSystem

_ALIKE = 0.2
"""Scores that differ by less do not tell which code is the surer one."""
_VAGUE = re.compile(r"\bNOS\b|\bunspecified\b")
_SYMPTOMS = "R"
"""Chapter of ICD-10-CM whose codes give way to those of a disease."""


class Excludes:
    """Keeps apart what a tabular list keeps apart."""

    def __init__(self, books: CodeBooks) -> None:
        self._instructions = Instructions(books, frozenset(("excludes", "excludes1")))
        self._together = Instructions(books, frozenset(("code_first", "use_additional")))
        """What a list asks for at a code outweighs what it excludes from the whole block."""

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Withhold the less sure of two codes that Excludes1 parts; warn on both where an ICD-9 list excludes one."""
        return self._warned(visit, self._stopped(visit, coded))

    def _stopped(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        system = CodeSystem.ICD10CM
        sentence = visit.rules.reason("excludes1", system)
        stopped: dict[str, str] = {}
        proposed = sorted((c for each in coded for c in each.proposed((system,))), key=lambda c: -c.score)
        for one, other in combinations(proposed if sentence is not None else (), 2):
            told = self._parts(visit, one, other)
            if told is None or one.code.code in stopped or other.code.code in stopped:
                continue
            less = _less_sure(told, one, other)
            kept = other if less is one else one
            place = f"Excludes1 at {told.place}, “{told.text}”"
            stopped[less.code.code] = f"{less.code.code} beside {kept.code.code}: {place}. {sentence}"
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
        both = ((one.code, other.code), (other.code, one.code))
        if any(t.code in told.codes for h, t in both for told in self._together.over(h.system, h.code, visit.on)):
            return None
        for here, there in both:
            for told in self._instructions.over(here.system, here.code, visit.on):
                if there.code in told.codes:
                    return told
        return None


def _less_sure(told: Instruction, one: Choice, other: Choice) -> Choice:
    """Of two codes the one that gives way: the less likely; else the symptom, the vaguer, the one with the note."""
    if abs(one.score - other.score) > _ALIKE:
        return min(one, other, key=lambda c: c.score)
    symptoms = [c for c in (one, other) if c.code.code.startswith(_SYMPTOMS)]
    if len(symptoms) == 1:
        return symptoms[0]
    named, noted = (one, other) if one.code.code in told.codes else (other, one)
    return named if _VAGUE.search(told.text) else noted
