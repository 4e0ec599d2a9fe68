"""Left and right: a service of one side that names none, a diagnosis that leaves it open, and two that differ."""

import re
from collections.abc import Iterator

from pipeline.claims.edits.edit import ClaimKind, Matter
from pipeline.codebooks import CodeBooks
from pipeline.coding.rules.modifiers import load_sided
from pipeline.coding.search.sides import Side, side_of
from pipeline.records import Claim, ClaimDiagnosis, CodeSystem, ServiceLine

_LEFT = frozenset(("LT", "E1", "E2", "FA", "F1", "F2", "F3", "F4", "TA", "T1", "T2", "T3", "T4"))
_RIGHT = frozenset(("RT", "E3", "E4", "F5", "F6", "F7", "F8", "F9", "T5", "T6", "T7", "T8", "T9"))
_BOTH = "50"
_OPEN = re.compile(r"\bunspecified\b")
_AROUND = 4
"""Characters that the codes for left, right and an open side of one thing share at least."""


def side_of_line(line: ServiceLine) -> Side:
    """The side that the modifiers of a line name."""
    left, right = (not sides.isdisjoint(line.modifiers) for sides in (_LEFT, _RIGHT))
    if _BOTH in line.modifiers or (left and right):
        return Side.BOTH
    return Side.LEFT if left else Side.RIGHT if right else Side.NONE


class Sides:
    """Looks after the sides of a claim."""

    def __init__(self, books: CodeBooks) -> None:
        self._books = books
        self._sided = tuple(row for row in load_sided() if row.both is not None)

    def __call__(self, claim: Claim) -> Iterator[Matter]:
        """What is the matter with the sides of services and diagnoses."""
        for number, line in enumerate(claim.lines, start=1):
            field, side = f"lines.{number}", side_of_line(line)
            if side is Side.NONE and self._is_sided(line):
                sentence = f"{line.code} is of one side of the body, and its line names none. What does the note say?"
                yield Matter(kind=ClaimKind.SIDE_MISSING, field=field, sentence=sentence, about=(line.code,))
            pointed = [claim.diagnoses[n - 1] for n in line.points_to if 1 <= n <= len(claim.diagnoses)]
            named = {each.code: told for each in pointed if (told := side_of(self._display(each))) is not Side.NONE}
            if side in (Side.LEFT, Side.RIGHT) and named and {side, Side.BOTH}.isdisjoint(named.values()):
                codes = ", ".join(named)
                sentence = f"{line.code} is billed for the {side.name.lower()} side; {codes} names the other one."
                about = (line.code, side.name, *named)
                yield Matter(kind=ClaimKind.SIDE_CONFLICT, field=field, sentence=sentence, about=about)
        for number, each in enumerate(claim.diagnoses, start=1):
            if self._is_open(each):
                sentence = (
                    f"{each.code} leaves the side open, and the book has a code for each. What does the note say?"
                )
                yield Matter(
                    kind=ClaimKind.SIDE_OPEN, field=f"diagnoses.{number}", sentence=sentence, about=(each.code,)
                )

    def _is_sided(self, line: ServiceLine) -> bool:
        code = line.code
        return line.system is CodeSystem.CPT and any(
            code in row.codes and code not in row.silent for row in self._sided
        )

    def _is_open(self, diagnosis: ClaimDiagnosis) -> bool:
        """Whether the same words with a side are those of another code."""
        display = self._display(diagnosis)
        if diagnosis.system is not CodeSystem.ICD10CM or not _OPEN.search(display):
            return False
        sided = frozenset(_each_sided(display))
        rows = self._books.beginning_with(diagnosis.system, diagnosis.code.replace(".", "")[:_AROUND])
        return any(self._books.tables.row_display[row] in sided for row in rows)

    def _display(self, diagnosis: ClaimDiagnosis) -> str:
        code = self._books.get(diagnosis.system, diagnosis.code)
        return diagnosis.display if code is None else code.display


def _each_sided(display: str) -> Iterator[str]:
    """The text with each `unspecified` in turn a side."""
    for found in _OPEN.finditer(display):
        yield f"{display[: found.start()]}left{display[found.end() :]}"
