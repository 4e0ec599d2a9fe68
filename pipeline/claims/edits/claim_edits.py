"""All edits of a claim before it is released, in one call."""

from collections.abc import Iterator, Sequence

from pipeline.claims.edits.codes import cause_first, not_proven, of_rules
from pipeline.claims.edits.edit import CLAIM, ClaimKind, Edit, Matter, weighed
from pipeline.claims.edits.pairs import Pairs
from pipeline.claims.edits.repeated import lines_twice, other_claims, repeated, same_services
from pipeline.claims.edits.sides import Sides
from pipeline.claims.edits.units import Units
from pipeline.claims.edits.weights import load_weights
from pipeline.codebooks import CodeBooks
from pipeline.codebooks.edits import Edits
from pipeline.coding.check import CodeCheck
from pipeline.records import Claim, Frequency

_NECESSITY = "Medical necessity was not checked: no coverage table (LCD/NCD) is loaded."


class ClaimEdits:
    """Judges claims."""

    def __init__(self, books: CodeBooks, check: CodeCheck, edits: Edits | None = None) -> None:
        """Load the tables.

        Args:
            books: that prove codes for their days.
            check: what is said of codes that stand.
            edits: pairs and most units of CMS, where they were imported.

        Raises:
            SetupError: a table does not fit.
        """
        self._books = books
        self._check = check
        self._edits = edits
        self._pairs = Pairs(edits)
        self._units = Units(edits)
        self._sides = Sides(books)
        self._weights = load_weights()

    def __call__(self, claim: Claim, *, others: Sequence[Claim]) -> tuple[Edit, ...]:
        """Every edit of a claim: errors, which stop it, warnings, which need a reason, and notes.

        A claim that voids another repeats what was sent, right or wrong, and is not judged.

        Args:
            claim: without a fault in its form, though one is no harm.
            others: what was released before; those of other patients and of the same encounter do not matter.
        """
        return weighed(self._matters(claim, others), self._weights)

    def _matters(self, claim: Claim, others: Sequence[Claim]) -> Iterator[Matter]:
        if claim.frequency is not Frequency.VOID:
            standing = other_claims(claim, others)
            beside = [each for each in standing if each.provider.npi == claim.provider.npi]
            days = {line.day for line in claim.lines}
            more = (each for each in beside if not same_services(claim, each))
            alongside = [line for each in more for line in each.lines if line.day in days]
            yield from of_rules(claim, self._check, self._edits)
            yield from not_proven(claim, self._books)
            yield from cause_first(claim)
            yield from _pointers(claim)
            yield from self._pairs(claim, alongside)
            yield from self._units(claim, alongside)
            yield from self._sides(claim)
            yield from repeated(claim, standing)
            yield from lines_twice(claim)
        yield Matter(kind=ClaimKind.NECESSITY, field=CLAIM, sentence=_NECESSITY)


def _pointers(claim: Claim) -> Iterator[Matter]:
    """Services that no diagnosis of the claim justifies, or of which one was withdrawn."""
    for number, line in enumerate(claim.lines, start=1):
        lost = [each for each in line.points_to if not 1 <= each <= len(claim.diagnoses)]
        sentence = None
        if not line.points_to:
            sentence = f"{line.code} points to no diagnosis."
        elif lost:
            sentence = f"{line.code} points to diagnosis {', '.join(map(str, lost))}, which the claim has not any more."
        if sentence is not None:
            field = f"lines.{number}.points_to"
            yield Matter(kind=ClaimKind.POINTER, field=field, sentence=sentence, about=(line.system, line.code))
