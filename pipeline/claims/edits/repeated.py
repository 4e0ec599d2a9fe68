"""Whether a claim, or a service of it, was billed already.

Claims are told apart by their encounters: one that replaces or voids another is made of the same encounter, and what
was voided or replaced does not stand any more.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.claims.edits.edit import CLAIM, ClaimKind, Matter
from pipeline.claims.edits.sides import side_of_line
from pipeline.coding.search.sides import Side
from pipeline.records import Claim, Frequency, Person, ServiceLine


def other_claims(claim: Claim, others: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims of the same patient's other encounters, as far as they stand."""
    voided = {each.encounter for each in others if each.frequency is Frequency.VOID}
    replaced = {each.encounter for each in others if each.frequency is Frequency.REPLACEMENT}
    return tuple(
        each
        for each in others
        if each.encounter not in {claim.encounter, *voided}
        and not (each.frequency is Frequency.ORIGINAL and each.encounter in replaced)
        and _who(each.patient) == _who(claim.patient)
    )


def same_services(claim: Claim, other: Claim) -> bool:
    """Whether two claims of a patient bill the same provider's services of the same days, all of them."""
    one, two = (Counter(_what(line) for line in each.lines) for each in (claim, other))
    return claim.provider.npi == other.provider.npi and one == two


def repeated(claim: Claim, standing: Sequence[Claim]) -> Iterator[Matter]:
    """The same claim, or the same service of a day, among others of the patient.

    Args:
        claim: to be released.
        standing: as `other_claims` gives them.
    """
    for other in standing:
        if same_services(claim, other):
            # a replacement that is equal to another claim replaces that one
            if claim.frequency is Frequency.ORIGINAL:
                sentence = f"Claim {other.number} bills the same services of the same provider and day."
                yield Matter(kind=ClaimKind.DUPLICATE, field=CLAIM, sentence=sentence)
            continue
        for number, line in enumerate(claim.lines, start=1):
            if any(_same_service(line, each) for each in other.lines):
                sentence = f"{line.code} of {line.day} stands on claim {other.number}, too."
                about = (line.system, line.code, *sorted(line.modifiers))
                yield Matter(kind=ClaimKind.REPEATED, field=f"lines.{number}", sentence=sentence, about=about)


def lines_twice(claim: Claim) -> Iterator[Matter]:
    """Lines that are, but for their units, charge and pointers, the same as an earlier one."""
    seen = set()
    for number, line in enumerate(claim.lines, start=1):
        what = (line.day, line.place, line.system, line.code, tuple(sorted(line.modifiers)))
        if what in seen:
            sentence = f"{line.code} of {line.day} stands on the claim a second time, with nothing that differs."
            about = (line.system, line.code, *sorted(line.modifiers))
            yield Matter(kind=ClaimKind.LINE_TWICE, field=f"lines.{number}", sentence=sentence, about=about)
        seen.add(what)


def _what(line: ServiceLine) -> tuple[str, ...]:
    return (line.day.isoformat(), line.system, line.code, str(line.units), *sorted(line.modifiers))


def _same_service(one: ServiceLine, other: ServiceLine) -> bool:
    """The same number on one day, but for different sides."""
    if (one.code, one.day, one.system) != (other.code, other.day, other.system):
        return False
    return {side_of_line(one), side_of_line(other)} != {Side.LEFT, Side.RIGHT}


def _who(person: Person) -> tuple[str, ...]:
    """A patient by name and birth date, however the name is written."""
    names = ("".join(c for c in name.casefold() if c.isalnum()) for name in (person.name.last, person.name.first))
    return (*names, person.birth_date.isoformat())
