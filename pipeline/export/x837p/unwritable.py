"""What keeps claims without a fault from being written as 837P: every reason, by its field.

Lengths are those of the implementation guide 005010X222A1 where it is stricter than the element dictionary. A text
that is too long is never cut. Only what is written is looked at: a payer's address may hold anything.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.export.x837p.segments import REPORT_TYPES
from pipeline.export.x837p.text import Element, faults_of
from pipeline.records import (
    Address,
    Attachment,
    Claim,
    PayerKind,
    PersonName,
    Practice,
    Receiver,
    Relationship,
    Transmission,
)

MOST_ATTACHMENTS = 10
LARGEST_CONTROL_NUMBER = 999_999_999
_QUALIFIERS = frozenset(("01", "14", "20", "27", "28", "29", "30", "33", "ZZ"))
"""Of ISA07: what kind of number the receiver's id is."""
_BOX = re.compile(r"\b(?:p\W*o|post\s+office|lock)\W*box\b", re.IGNORECASE)


def unwritable(claim: Claim) -> tuple[str, ...]:
    """Why a claim cannot be written as 837P, every reason as a sentence; none where it can."""
    return (*_practice("The practice", claim.practice), *_claim(claim))


def file_problems(claims: Sequence[Claim], *, control_number: int, receiver: Receiver) -> Iterator[str]:
    """Why claims cannot be one file: what is the matter with the file itself, and with each practice and claim."""
    if not claims:
        yield "There is no claim to write."
    if not 1 <= control_number <= LARGEST_CONTROL_NUMBER:
        yield f"The control number {control_number} is not from 1 to {LARGEST_CONTROL_NUMBER}."
    yield from _receiver(receiver)
    practices = list(dict.fromkeys(claim.practice for claim in claims))
    senders = dict.fromkeys(practice.submitter_id for practice in practices)
    if len(senders) > 1:
        yield f"The claims come from {len(senders)} submitters ({', '.join(senders)}); a file has one."
    for practice in practices:
        whose = "The practice" if len(practices) == 1 else f'The practice "{practice.name}"'
        yield from _practice(whose, practice)
    for (number, frequency), count in Counter((claim.number, claim.frequency) for claim in claims).items():
        if count > 1:
            yield f"Claim {number} with frequency {frequency} stands {count} times."
    for claim in claims:
        yield from (f"Claim {claim.number}: {fault}" for fault in _claim(claim))


def _receiver(receiver: Receiver) -> Iterator[str]:
    yield from faults_of(Element(name="The receiver's id", value=receiver.id, least=2, most=15))
    yield from faults_of(Element(name="The receiver's name", value=receiver.name, most=60, free=True))
    if receiver.qualifier not in _QUALIFIERS:
        yield f"The receiver's qualifier is not one of {', '.join(sorted(_QUALIFIERS))}."


def _practice(whose: str, practice: Practice) -> Iterator[str]:
    for element in (
        Element(name=f"{whose}'s name", value=practice.name, most=60, free=True),
        Element(name=f"{whose}'s contact", value=practice.contact, most=60, free=True),
        Element(name=f"{whose}'s phone number", value=practice.phone, least=10, most=10),
        Element(name=f"{whose}'s NPI", value=practice.npi, least=10, most=10),
        Element(name=f"{whose}'s tax id", value=practice.tax_id, least=9, most=9),
        Element(name=f"{whose}'s taxonomy", value=practice.taxonomy, least=10, most=10, required=False),
        Element(name=f"{whose}'s submitter id", value=practice.submitter_id, least=2, most=15),
        *_address(whose, practice.address, shortest_zip=9),
    ):
        yield from faults_of(element)
    if any(_BOX.search(line) for line in (practice.address.street, practice.address.second or "")):
        yield f"{whose}'s address is a post office box; 837P takes a street address."


def _claim(claim: Claim) -> Iterator[str]:
    for element in _elements(claim):
        yield from faults_of(element)
    if claim.other_coverage and claim.other_coverage.payer.kind is PayerKind.MEDICARE:
        yield "Medicare as the second payer asks for the reason why it is not the first, which a claim does not have."
    if len(claim.attachments) > MOST_ATTACHMENTS:
        yield f"There are {len(claim.attachments)} attachments; 837P takes {MOST_ATTACHMENTS}."
    for number, attachment in enumerate(claim.attachments, start=1):
        yield from _attachment(f"Attachment {number}", attachment)


def _elements(claim: Claim) -> Iterator[Element]:
    coverage = claim.coverage
    yield Element(name="The claim's number", value=claim.number, most=20)
    yield Element(name="The payer's number of the earlier claim", value=claim.original_number, most=50, required=False)
    yield Element(name="The prior authorization number", value=claim.authorization, most=50, required=False)
    yield Element(name="The payer's name", value=coverage.payer.name, most=60, free=True)
    yield Element(name="The payer's id", value=coverage.payer.id, least=2, most=80)
    yield Element(name="The member id", value=coverage.member_id, least=2, most=80)
    yield Element(name="The policy group", value=coverage.group, most=50, required=False)
    if not coverage.group:
        yield Element(name="The plan's name", value=coverage.plan, most=60, free=True, required=False)
    yield from _name("The patient", claim.patient.name)
    yield from _address("The patient", claim.patient.address)
    yield Element(name="The patient's sex", value=claim.patient.sex, most=1, required=False)
    if coverage.relationship is not Relationship.SELF:
        yield from _name("The insured person", coverage.insured.name)
    if claim.provider.npi != claim.practice.npi:
        provider = claim.provider
        yield from _name("The provider", provider.name)
        yield Element(name="The provider's NPI", value=provider.npi, least=10, most=10)
        yield Element(name="The provider's taxonomy", value=provider.taxonomy, least=10, most=10, required=False)
    if facility := claim.facility:
        yield Element(name="The facility's name", value=facility.name, most=60, free=True)
        yield Element(name="The facility's NPI", value=facility.npi, least=10, most=10)
        yield from _address("The facility", facility.address, shortest_zip=9)
    if other := claim.other_provider:
        yield from _name("The other provider", other.name)
        yield Element(name="The other provider's NPI", value=other.npi, least=10, most=10)
    if second := claim.other_coverage:
        yield Element(name="The second payer's name", value=second.payer.name, most=60, free=True)
        yield Element(name="The second payer's id", value=second.payer.id, least=2, most=80)
        yield Element(name="The second member id", value=second.member_id, least=2, most=80)
        yield Element(name="The second policy group", value=second.group, most=50, required=False)
        if not second.group:
            yield Element(name="The second plan's name", value=second.plan, most=60, free=True, required=False)
        yield from _name("The second insured person", second.insured)
    yield Element(name="The note", value=claim.note, most=80, free=True, required=False)
    yield Element(name="The CLIA number", value=claim.clia, most=50, required=False)
    if claim.accident:
        yield Element(name="The accident's state", value=claim.accident.state, least=2, most=2, required=False)
    for number, diagnosis in enumerate(claim.diagnoses, start=1):
        yield Element(name=f"The code of diagnosis {number}", value=diagnosis.code, most=30)
    for number, line in enumerate(claim.lines, start=1):
        yield Element(name=f"The code of service {number}", value=line.code, most=48)
        yield Element(name=f"The place of service {number}", value=line.place, least=2, most=2)
        for modifier in line.modifiers:
            yield Element(name=f"A modifier of service {number}", value=modifier, least=2, most=2)


def _attachment(which: str, attachment: Attachment) -> Iterator[str]:
    if attachment.report_type not in REPORT_TYPES:
        yield f"{which} is of a report type that 837P does not have."
    yield from faults_of(
        Element(
            name=f"The control number of {which.lower()}",
            value=attachment.control_number,
            least=2,
            most=50,
            required=attachment.transmission is not Transmission.ON_REQUEST,
        )
    )
    if attachment.transmission is Transmission.ON_REQUEST and attachment.control_number:
        yield f"{which} is only available on request, and 837P has no room for its control number."


def _name(whose: str, name: PersonName) -> Iterator[Element]:
    yield Element(name=f"{whose}'s last name", value=name.last, most=60, free=True)
    yield Element(name=f"{whose}'s first name", value=name.first, most=35, free=True)
    yield Element(name=f"{whose}'s middle name", value=name.middle, most=25, free=True, required=False)
    yield Element(name=f"{whose}'s suffix", value=name.suffix, most=10, free=True, required=False)


def _address(whose: str, address: Address, shortest_zip: int = 5) -> Iterator[Element]:
    yield Element(name=f"{whose}'s street", value=address.street, most=55, free=True)
    yield Element(name=f"{whose}'s second address line", value=address.second, most=55, free=True, required=False)
    yield Element(name=f"{whose}'s city", value=address.city, least=2, most=30, free=True)
    yield Element(name=f"{whose}'s state", value=address.state, least=2, most=2)
    yield Element(name=f"{whose}'s ZIP code", value=address.zip, least=shortest_zip, most=9)
