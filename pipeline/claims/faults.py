"""What keeps a claim from being one: everything that is missing, malformed or contradicts itself, never only the first.

Sources: the NUCC's instruction manual of the CMS-1500 (02/12) and the implementation guide 005010X222A1 for limits.
"""

import re
from collections.abc import Iterator

from pipeline.claims.circumstances import circumstances
from pipeline.claims.fields import address, amount, has_digits, is_npi, missing, name, person
from pipeline.records import (
    DIAGNOSES,
    ICD10_FROM,
    MOST_DIAGNOSES,
    MOST_LINES,
    MOST_POINTERS,
    SYSTEM_NAMES,
    Claim,
    CodeSystem,
    Fault,
    Frequency,
    Relationship,
    ServiceLine,
)

_MODIFIER = re.compile(r"[A-Z0-9]{2}")
_PLACE = re.compile(r"[0-9]{2}")
MOST_MODIFIERS = 4
MOST_UNITS = 999


def faults(claim: Claim) -> tuple[Fault, ...]:
    """Every fault of a claim, by its field; none for a claim that may be written."""
    return (*_head(claim), *_people(claim), *_diagnoses(claim), *_lines(claim), *circumstances(claim))


def _head(claim: Claim) -> Iterator[Fault]:
    if not claim.number.strip():
        yield Fault(field="number", sentence="The claim's number is missing.")
    elif len(claim.number) > 20:
        yield Fault(field="number", sentence="The claim's number is longer than 20 characters.")
    if claim.frequency is Frequency.ORIGINAL and claim.original_number is not None:
        yield Fault(field="original_number", sentence="An original claim names the payer's number of an earlier one.")
    if claim.frequency is not Frequency.ORIGINAL and not claim.original_number:
        sentence = "A claim that replaces or voids another lacks the payer's number of that one."
        yield Fault(field="original_number", sentence=sentence)
    practice = claim.practice
    yield from missing(
        "The practice", "practice", name=practice.name, contact=practice.contact, submitter_id=practice.submitter_id
    )
    if not is_npi(practice.npi):
        yield Fault(field="practice.npi", sentence="The practice's NPI is not one.")
    if not has_digits(practice.tax_id, 9):
        yield Fault(field="practice.tax_id", sentence="The practice's tax id is not nine digits.")
    if not has_digits(practice.phone, 10):
        yield Fault(field="practice.phone", sentence="The practice's phone number is not ten digits.")
    yield from address("The practice", "practice.address", practice.address)
    if not is_npi(claim.provider.npi):
        yield Fault(field="provider.npi", sentence="The provider's NPI is not one.")
    yield from name("The provider", "provider.name", claim.provider.name)


def _people(claim: Claim) -> Iterator[Fault]:
    coverage = claim.coverage
    yield from missing("The payer", "coverage.payer", name=coverage.payer.name, id=coverage.payer.id)
    if coverage.payer.address is not None:
        yield from address("The payer", "coverage.payer.address", coverage.payer.address)
    yield from missing("The coverage", "coverage", member_id=coverage.member_id)
    yield from person("The patient", "patient", claim.patient, claim)
    if coverage.relationship is not Relationship.SELF:
        yield from person("The insured person", "coverage.insured", coverage.insured, claim)
    elif coverage.insured != claim.patient:
        yield Fault(field="coverage.insured", sentence="The patient is the insured, and the two differ.")


def _diagnoses(claim: Claim) -> Iterator[Fault]:
    if not claim.diagnoses:
        yield Fault(field="diagnoses", sentence="There is no diagnosis.")
    if len(claim.diagnoses) > MOST_DIAGNOSES:
        sentence = f"There are {len(claim.diagnoses)} diagnoses; a claim takes {MOST_DIAGNOSES}."
        yield Fault(field="diagnoses", sentence=sentence)
    before: set[tuple[CodeSystem, str]] = set()
    for number, each in enumerate(claim.diagnoses, start=1):
        if (each.system, each.code) in before:
            yield Fault(field=f"diagnoses.{number}", sentence=f"Diagnosis {each.code} stands twice.")
        before.add((each.system, each.code))
        if each.system not in DIAGNOSES:
            yield Fault(field=f"diagnoses.{number}", sentence=f"{each.system} is no edition of diagnoses.")
    if {each.system for each in claim.diagnoses} >= DIAGNOSES:
        yield Fault(field="diagnoses", sentence="Diagnoses of both ICD editions stand on one claim.")
    yield from _editions(claim)


def _editions(claim: Claim) -> Iterator[Fault]:
    """Where the dates of service ask for another edition than the diagnoses are of, or for two."""
    days = {line.day for line in claim.lines}
    if any(day >= ICD10_FROM for day in days) and any(day < ICD10_FROM for day in days):
        sentence = "Services of before and after October 1, 2015, stand on one claim; they take different ICD editions."
        yield Fault(field="lines", sentence=sentence)
    elif days:
        wanted = CodeSystem.ICD10CM if min(days) >= ICD10_FROM else CodeSystem.ICD9CM
        wrong = [each.code for each in claim.diagnoses if each.system in DIAGNOSES and each.system is not wanted]
        if wrong:
            sentence = f"The dates of service ask for {SYSTEM_NAMES[wanted]}, and {', '.join(wrong)} is not of it."
            yield Fault(field="diagnoses", sentence=sentence)


def _lines(claim: Claim) -> Iterator[Fault]:
    if not claim.lines:
        yield Fault(field="lines", sentence="There is no service.")
    if len(claim.lines) > MOST_LINES:
        sentence = f"There are {len(claim.lines)} services; a claim takes {MOST_LINES}."
        yield Fault(field="lines", sentence=sentence)
    for number, line in enumerate(claim.lines, start=1):
        for field, what in _of_line(line, len(claim.diagnoses)):
            yield Fault(field=f"lines.{number}.{field}", sentence=f"Service {number} ({line.code}) {what}")


def _of_line(line: ServiceLine, diagnoses: int) -> Iterator[tuple[str, str]]:
    """The field of a line, and the rest of a sentence that begins with the line."""
    if line.system not in {CodeSystem.CPT, CodeSystem.HCPCS}:
        yield "system", "is neither CPT nor HCPCS."
    if not _PLACE.fullmatch(line.place):
        yield "place", "has no place of service of two digits."
    if len(line.modifiers) > MOST_MODIFIERS:
        yield "modifiers", f"has {len(line.modifiers)} modifiers; there is room for {MOST_MODIFIERS}."
    for each in line.modifiers:
        if not _MODIFIER.fullmatch(each):
            yield "modifiers", f"has {each}, which is no modifier."
    if len(set(line.modifiers)) < len(line.modifiers):
        yield "modifiers", "has a modifier twice."
    if not 1 <= line.units <= MOST_UNITS:
        yield "units", f"has {line.units} units; they are 1 to {MOST_UNITS}."
    yield from (("charge", f"has a charge that {what}") for what in amount(line.charge))
    if not line.points_to:
        yield "points_to", "points to no diagnosis."
    if len(line.points_to) > MOST_POINTERS:
        yield "points_to", f"points to {len(line.points_to)} diagnoses; there is room for {MOST_POINTERS}."
    if len(set(line.points_to)) < len(line.points_to):
        yield "points_to", "points to a diagnosis twice."
    for pointer in line.points_to:
        if not 1 <= pointer <= diagnoses:
            yield "points_to", f"points to diagnosis {pointer}, which there is not."
