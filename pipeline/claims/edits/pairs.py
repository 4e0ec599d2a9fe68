"""Pairs of services that NCCI does not pay together, by line: what tells two apart is recognised, never offered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path

from pipeline.claims.edits.edit import ClaimKind, Matter
from pipeline.codebooks.edits import Edits, PairEdit
from pipeline.codebooks.starter import day as day_of
from pipeline.codebooks.starter import rows
from pipeline.coding.rules.ranges import Ranges
from pipeline.errors import SetupError
from pipeline.records import Claim, CodeSystem, ServiceLine

TABLE = Path(__file__).parent / "ncci_modifiers.tsv"
_NEVER, _UNLESS_SEPARATE = 0, 1
_VISITS = {
    CodeSystem.CPT: Ranges((("92002", "92014"), ("99201", "99499"))),
    CodeSystem.HCPCS: Ranges((("G0402", "G0402"), ("G0438", "G0439"), ("G0463", "G0463"))),
}
_OF = ("visit", "service")


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """What a modifier is put to, and since when it counts on the first code of a pair."""

    visit: bool
    column1_from: date | None


class Pairs:
    """Finds the pairs of a claim."""

    def __init__(self, edits: Edits | None) -> None:
        self._edits = edits
        self._apart = load_apart()

    def __call__(self, claim: Claim, alongside: Sequence[ServiceLine]) -> Iterator[Matter]:
        """What is the matter with two services of one day.

        Args:
            claim: whose lines these are.
            alongside: services of the same provider for the same patient on other claims.
        """
        edits = self._edits
        if edits is None:
            return
        own = [(f"lines.{n}", line) for n, line in enumerate(claim.lines, start=1)]
        both = [(field, one, other, other_field) for (field, one), (other_field, other) in combinations(own, 2)]
        both += [(field, one, other, field) for field, one in own for other in alongside]
        known: dict[tuple[str, str, date], PairEdit | None] = {}
        for field, one, other, other_field in both:
            asked = (one.code, other.code, one.day)
            if one.day != other.day or one.code == other.code:
                continue
            if asked not in known:
                known[asked] = edits.pair(*asked)
            pair = known[asked]
            if pair is None:
                continue
            first, second = (one, other) if pair.column1 == one.code else (other, one)
            yield from self._judged(pair, first, second, field if second is one else other_field)

    def _judged(self, pair: PairEdit, first: ServiceLine, second: ServiceLine, field: str) -> Iterator[Matter]:
        both = f"{pair.column2} beside {pair.column1}"
        about = (pair.column1, *sorted(first.modifiers), pair.column2, *sorted(second.modifiers))
        if pair.modifier == _NEVER:
            kind, sentence = ClaimKind.PAIR_NEVER, f"{both}: of the two only {pair.column1} is paid for one day."
        elif pair.modifier != _UNLESS_SEPARATE:
            return
        elif self._told_apart(first, second):
            kind = ClaimKind.PAIR_APART
            sentence = f"{both}: the claim tells them apart as separate services, which the note must bear out."
        else:
            kind = ClaimKind.PAIR
            sentence = f"{both}: the two do not stand together, being one service unless the note tells of two."
        source = f"NCCI pair edits {pair.edition}, from {pair.effective}"
        yield Matter(kind=kind, field=field, sentence=sentence, about=about, source=source)

    def _told_apart(self, first: ServiceLine, second: ServiceLine) -> bool:
        """Whether a modifier of the pair's kind stands where CMS heeds it: with a visit in the pair, on the visit."""
        visits = [line for line in (first, second) if line.code in _VISITS.get(line.system, Ranges(()))]
        return any(
            (apart := self._apart.get(modifier)) is not None
            and apart.visit is bool(visits)
            and (line is second or apart.column1_from is None or line.day >= apart.column1_from)
            for line in visits or (first, second)
            for modifier in line.modifiers
        )


def load_apart(path: Path = TABLE) -> dict[str, Apart]:
    """Read the table of modifiers that tell services apart.

    Raises:
        SetupError: a row does not fit.
    """
    found: dict[str, Apart] = {}
    for place, (modifier, of, begins, what) in rows(path, ("modifier", "of", "column1_from", "what")):
        if len(modifier) != 2 or modifier in found or of not in _OF or not what:
            raise SetupError(f"{place} is no modifier of a visit or service, or stands above already.")
        found[modifier] = Apart(visit=of == "visit", column1_from=day_of(begins, place, first=True))
    return found
