"""What keeps a claim from being one: everything that is missing, malformed or contradicts itself, never only the first.

Sources: the NUCC's instruction manual of the CMS-1500 (02/12) and the implementation guide 005010X222A1 for limits,
45 CFR 162.406 for the check digit of a National Provider Identifier.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from pipeline.records import (
    DIAGNOSES,
    ICD10_FROM,
    MOST_DIAGNOSES,
    MOST_LINES,
    MOST_POINTERS,
    SYSTEM_NAMES,
    Address,
    Claim,
    CodeSystem,
    Frequency,
    Person,
    PersonName,
    RelatedTo,
    Relationship,
    ServiceLine,
    Transmission,
)

# fmt: off
STATES = frozenset((
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY",
    "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH",
    "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "AS", "GU", "MP",
    "PR", "VI", "AA", "AE", "AP",
))
"""With the territories and the military."""
# fmt: on
_DIGITS = re.compile(r"[0-9]+")
_MODIFIER = re.compile(r"[A-Z0-9]{2}")
_PLACE = re.compile(r"[0-9]{2}")
MOST_MODIFIERS = 4
LARGEST_CHARGE = Decimal("999999.99")
"""What box 24F has room for."""
MOST_UNITS = 999


def faults(claim: Claim) -> tuple[str, ...]:
    """Every fault of a claim as a sentence that names the field; none for a claim that may be written."""
    return (*_head(claim), *_people(claim), *_diagnoses(claim), *_lines(claim), *_circumstances(claim))


def is_npi(number: str) -> bool:
    """Whether ten digits are a National Provider Identifier: the last is Luhn's check digit behind the prefix 80840."""
    if len(number) != 10 or not _DIGITS.fullmatch(number):
        return False
    total = 0
    for place, digit in enumerate(int(char) for char in reversed(f"80840{number}")):
        total += digit if place % 2 == 0 else sum(divmod(2 * digit, 10))
    return total % 10 == 0


def _head(claim: Claim) -> Iterator[str]:
    if not claim.number.strip():
        yield "The claim's number is missing."
    elif len(claim.number) > 20:
        yield "The claim's number is longer than 20 characters."
    if claim.frequency is Frequency.ORIGINAL and claim.original_number is not None:
        yield "An original claim names the payer's number of an earlier one."
    if claim.frequency is not Frequency.ORIGINAL and not claim.original_number:
        yield "A claim that replaces or voids another lacks the payer's number of that one."
    practice = claim.practice
    yield from _missing(
        "The practice", name=practice.name, contact=practice.contact, submitter_id=practice.submitter_id
    )
    if not is_npi(practice.npi):
        yield "The practice's NPI is not one."
    if not _has_digits(practice.tax_id, 9):
        yield "The practice's tax id is not nine digits."
    if not _has_digits(practice.phone, 10):
        yield "The practice's phone number is not ten digits."
    yield from _address("The practice", practice.address)
    if not is_npi(claim.provider.npi):
        yield "The provider's NPI is not one."
    yield from _name("The provider", claim.provider.name)


def _people(claim: Claim) -> Iterator[str]:
    coverage = claim.coverage
    yield from _missing("The payer", name=coverage.payer.name, id=coverage.payer.id)
    if coverage.payer.address is not None:
        yield from _address("The payer", coverage.payer.address)
    yield from _missing("The coverage", member_id=coverage.member_id)
    yield from _person("The patient", claim.patient, claim)
    if coverage.relationship is not Relationship.SELF:
        yield from _person("The insured person", coverage.insured, claim)
    elif coverage.insured != claim.patient:
        yield "The patient is the insured, and the two differ."


def _person(who: str, person: Person, claim: Claim) -> Iterator[str]:
    yield from _name(who, person.name)
    yield from _address(who, person.address)
    if any(person.birth_date > line.day for line in claim.lines):
        yield f"{who} was born after the date of service."
    if person.phone is not None and not _has_digits(person.phone, 10):
        yield f"{who}'s phone number is not ten digits."
    if person.sex not in {"F", "M", None}:
        yield f"{who}'s sex is neither F nor M."


def _name(who: str, name: PersonName) -> Iterator[str]:
    yield from _missing(who, last_name=name.last, first_name=name.first)


def _address(whose: str, address: Address) -> Iterator[str]:
    yield from _missing(f"{whose}'s address", street=address.street, city=address.city)
    if address.state not in STATES:
        yield f"{whose}'s state is not one of the United States."
    if not (_has_digits(address.zip, 5) or _has_digits(address.zip, 9)):
        yield f"{whose}'s ZIP code is not five or nine digits."


def _diagnoses(claim: Claim) -> Iterator[str]:
    if not claim.diagnoses:
        yield "There is no diagnosis."
    if len(claim.diagnoses) > MOST_DIAGNOSES:
        yield f"There are {len(claim.diagnoses)} diagnoses; a claim takes {MOST_DIAGNOSES}."
    codes = [(each.system, each.code) for each in claim.diagnoses]
    yield from (
        f"Diagnosis {code} stands twice." for system, code in dict.fromkeys(codes) if codes.count((system, code)) > 1
    )
    systems = {each.system for each in claim.diagnoses}
    yield from (f"{system} is no edition of diagnoses." for system in sorted(systems - DIAGNOSES))
    if systems >= DIAGNOSES:
        yield "Diagnoses of both ICD editions stand on one claim."
    days = {line.day for line in claim.lines}
    if any(day >= ICD10_FROM for day in days) and any(day < ICD10_FROM for day in days):
        yield "Services of before and after October 1, 2015, stand on one claim; they take different ICD editions."
    elif days:
        wanted = CodeSystem.ICD10CM if min(days) >= ICD10_FROM else CodeSystem.ICD9CM
        wrong = [each.code for each in claim.diagnoses if each.system in DIAGNOSES and each.system is not wanted]
        if wrong:
            yield f"The dates of service ask for {SYSTEM_NAMES[wanted]}, and {', '.join(wrong)} is not of it."


def _lines(claim: Claim) -> Iterator[str]:
    if not claim.lines:
        yield "There is no service."
    if len(claim.lines) > MOST_LINES:
        yield f"There are {len(claim.lines)} services; a claim takes {MOST_LINES}."
    for number, line in enumerate(claim.lines, start=1):
        yield from (f"Service {number} ({line.code}) {fault}" for fault in _of_line(line, len(claim.diagnoses)))


def _of_line(line: ServiceLine, diagnoses: int) -> Iterator[str]:
    if line.system not in {CodeSystem.CPT, CodeSystem.HCPCS}:
        yield "is neither CPT nor HCPCS."
    if not _PLACE.fullmatch(line.place):
        yield "has no place of service of two digits."
    if len(line.modifiers) > MOST_MODIFIERS:
        yield f"has {len(line.modifiers)} modifiers; there is room for {MOST_MODIFIERS}."
    yield from (f"has {each}, which is no modifier." for each in line.modifiers if not _MODIFIER.fullmatch(each))
    if len(set(line.modifiers)) < len(line.modifiers):
        yield "has a modifier twice."
    if not 1 <= line.units <= MOST_UNITS:
        yield f"has {line.units} units; they are 1 to {MOST_UNITS}."
    yield from (f"has a charge that {fault}" for fault in _amount(line.charge))
    if not line.points_to:
        yield "points to no diagnosis."
    if len(line.points_to) > MOST_POINTERS:
        yield f"points to {len(line.points_to)} diagnoses; there is room for {MOST_POINTERS}."
    if len(set(line.points_to)) < len(line.points_to):
        yield "points to a diagnosis twice."
    yield from (
        f"points to diagnosis {each}, which there is not." for each in line.points_to if not 1 <= each <= diagnoses
    )


def _amount(charge: Decimal) -> Iterator[str]:
    if not charge.is_finite():
        yield "is no amount."
        return
    if charge != charge.quantize(Decimal("0.01")):
        yield "has more than two decimals."
    if charge <= 0:
        yield "is not more than nothing."
    if charge > LARGEST_CHARGE:
        yield f"is more than {LARGEST_CHARGE}."


def _circumstances(claim: Claim) -> Iterator[str]:
    accident = claim.accident
    if accident is not None:
        if accident.related_to is RelatedTo.AUTO and accident.state not in STATES:
            yield "An auto accident asks for the state in which it happened."
        if accident.related_to is not RelatedTo.AUTO and accident.state is not None:
            yield "Only an auto accident has a state."
        if any(accident.day > line.day for line in claim.lines):
            yield "The accident is after a service."
    for attachment in claim.attachments:
        on_request = attachment.transmission is Transmission.ON_REQUEST
        if not on_request and not attachment.control_number:
            yield "An attachment that is sent lacks its control number."


def _missing(whose: str, **fields: str) -> Iterator[str]:
    yield from (f"{whose} has no {name.replace('_', ' ')}." for name, value in fields.items() if not value.strip())


def _has_digits(text: str, count: int) -> bool:
    return len(text) == count and _DIGITS.fullmatch(text) is not None
