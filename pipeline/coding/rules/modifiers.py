"""Modifiers that the ink supports: those written behind a code, and the side of what has sides."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.codebooks.starter import rows
from pipeline.coding.choices import SERVICES, Choice, Coded, Visit
from pipeline.coding.rules.ranges import Ranges
from pipeline.coding.rules.rendered import attribute, service_ranges
from pipeline.errors import SetupError
from pipeline.records import CodeSystem, Entity

TABLE = Path(__file__).parent / "sided.tsv"
_WRITTEN = re.compile(r"[-/.]\s?(\d\d|[A-Z][A-Z\d])\b")
_APPENDED = re.compile(r"(?:mod(?:ifier)?\.?\s?|[,/-]\s?)-?(25|24|57|59|26|TC|50|76|77)\b", re.IGNORECASE)
_SIDES = {"left": "LT", "right": "RT"}
_BOTH = "bilateral"


@dataclass(frozen=True, slots=True)
class Sided:
    """A row of the table."""

    codes: Ranges
    both: str | None
    silent: Ranges
    """Those of them that may stand without a side."""


class Modifiers:
    """Adds modifiers to what is proposed."""

    def __init__(self) -> None:
        self._rows = load_sided()

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """The modifiers of every service that is proposed."""
        return tuple(self._modified(each) for each in coded)

    def _modified(self, coded: Coded) -> Coded:
        def modified(choice: Choice) -> Choice:
            if not choice.proposed or choice.code.system not in SERVICES:
                return choice
            found = (*_written(coded.entity, choice), *self._side(coded.entity, choice))
            return replace(choice, modifiers=tuple(dict.fromkeys((*choice.modifiers, *found))))

        return coded.change(modified)

    def _side(self, entity: Entity, choice: Choice) -> tuple[str, ...]:
        row = next((row for row in self._rows if choice.code.code in row.codes), None)
        side = attribute(entity, "laterality")
        if row is None or side is None or choice.code.system is not CodeSystem.CPT:
            return ()
        if side == _BOTH:
            return (row.both,) if row.both else ()
        return (_SIDES[side],) if side in _SIDES else ()


def load_sided(path: Path = TABLE) -> tuple[Sided, ...]:
    """Read the table.

    Raises:
        SetupError: a row does not fit.
    """
    found = []
    for place, (codes, both, silent, what) in rows(path, ("codes", "both", "silent", "what")):
        if both not in ("", "50") or not what:
            raise SetupError(f"{place} bills both sides neither with 50 nor in one number.")
        cpt, without = (service_ranges(cell, place)[CodeSystem.CPT] for cell in (codes, silent))
        found.append(Sided(cpt, both or None, without))
    return tuple(found)


def _written(entity: Entity, choice: Choice) -> tuple[str, ...]:
    """The modifiers that stand in the ink of a written code or level."""
    if attribute(entity, "written_code") == choice.code.code:
        return tuple(_WRITTEN.findall(entity.text))
    if attribute(entity, "level") is not None and choice.code.code.startswith("99"):
        return tuple(found.upper() for found in _APPENDED.findall(entity.text))
    return ()
