"""Stretches of a code book as tables write them: `460-466;490;J00-J06`, each with everything below it."""

from dataclasses import dataclass

from pipeline.codebooks.starter import FORMS, parted
from pipeline.errors import SetupError
from pipeline.records import CodeSystem


@dataclass(frozen=True, slots=True)
class Ranges:
    """Codes of one system."""

    bounds: tuple[tuple[str, str], ...]
    """First and last of each stretch, without dots."""

    def __contains__(self, code: str) -> bool:
        bare = code.replace(".", "")
        return any(first <= bare[: len(first)] and bare[: len(last)] <= last for first, last in self.bounds)


def ranges_of(cell: str, system: CodeSystem, place: str) -> Ranges:
    """The stretches that a cell names; none from an empty one.

    Raises:
        SetupError: something in it is not written as a code of the system, or ends before it begins.
    """
    bounds = []
    for text in parted(cell):
        first, _, last = text.partition("-")
        last = last or first
        if not all(FORMS[system].fullmatch(code) for code in (first, last)) or first > last:
            raise SetupError(f"{place} has {text}, which is no {system} code and no stretch of them.")
        bounds.append((first.replace(".", ""), last.replace(".", "")))
    return Ranges(tuple(bounds))
