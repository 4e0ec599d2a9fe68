"""What is wrong with what surrounds the services: accident, illness, facility, other parties, payment and papers."""

import re
from collections.abc import Iterator
from datetime import date

from pipeline.claims.fields import STATES, address, amount, is_npi, missing, name
from pipeline.records import Claim, Fault, RelatedTo, Relationship, Span, Transmission

HOME = "12"
"""Place of service: where the patient lives."""
_CLIA = re.compile(r"[0-9]{2}D[0-9]{7}")


def circumstances(claim: Claim) -> Iterator[Fault]:
    """Every fault of them."""
    yield from _accident(claim)
    yield from _course(claim)
    yield from _facility(claim)
    yield from _other_provider(claim)
    yield from _other_coverage(claim)
    yield from _payment(claim)
    yield from _papers(claim)


def _accident(claim: Claim) -> Iterator[Fault]:
    accident = claim.accident
    if accident is not None:
        if accident.related_to is RelatedTo.AUTO and accident.state not in STATES:
            sentence = "An auto accident asks for the state in which it happened."
            yield Fault(field="accident.state", sentence=sentence)
        if accident.related_to is not RelatedTo.AUTO and accident.state is not None:
            yield Fault(field="accident.state", sentence="Only an auto accident has a state.")
        if any(accident.day > line.day for line in claim.lines):
            yield Fault(field="accident.day", sentence="The accident is after a service.")


def _course(claim: Claim) -> Iterator[Fault]:
    """Days of the illness, that lie before the services, and spans that do not end before they begin."""
    course = claim.course
    for field, what, day in (
        ("onset", "The illness began", course.onset),
        ("last_menstruation", "The last menstrual period began", course.last_menstruation),
    ):
        if day is not None and any(day > line.day for line in claim.lines):
            yield Fault(field=f"course.{field}", sentence=f"{what} after a service.")
        if day is not None and day < claim.patient.birth_date:
            yield Fault(field=f"course.{field}", sentence=f"{what} before the patient was born.")
    if course.last_menstruation is not None and claim.patient.sex == "M":
        sentence = "A patient whose sex is M has no menstrual period."
        yield Fault(field="course.last_menstruation", sentence=sentence)
    yield from _span(
        "unable_to_work", "The time of being unable to work", course.unable_to_work, claim.patient.birth_date
    )
    yield from _span("in_hospital", "The stay in hospital", course.in_hospital, claim.patient.birth_date)


def _span(field: str, what: str, span: Span | None, born: date) -> Iterator[Fault]:
    if span is None:
        return
    if span.first < born:
        yield Fault(field=f"course.{field}.first", sentence=f"{what} begins before the patient was born.")
    if span.last is not None and span.last < span.first:
        yield Fault(field=f"course.{field}.last", sentence=f"{what} ends before it begins.")


def _facility(claim: Claim) -> Iterator[Fault]:
    facility = claim.facility
    if facility is None:
        return
    yield from missing("The facility", "facility", name=facility.name)
    if not is_npi(facility.npi):
        yield Fault(field="facility.npi", sentence="The facility's NPI is not one.")
    yield from address("The facility", "facility.address", facility.address)
    if any(line.place == HOME for line in claim.lines):
        yield Fault(field="facility", sentence="A service at the patient's home names a facility.")


def _other_provider(claim: Claim) -> Iterator[Fault]:
    other = claim.other_provider
    if other is None:
        return
    yield from name("The other provider", "other_provider.name", other.name)
    if not is_npi(other.npi):
        yield Fault(field="other_provider.npi", sentence="The other provider's NPI is not one.")


def _other_coverage(claim: Claim) -> Iterator[Fault]:
    other = claim.other_coverage
    if other is None:
        return
    payer = other.payer
    yield from missing("The second insurance's payer", "other_coverage.payer", name=payer.name, id=payer.id)
    yield from missing("The second insurance", "other_coverage", member_id=other.member_id)
    yield from name("The second insurance's insured person", "other_coverage.insured", other.insured)
    if other.relationship is Relationship.SELF and other.insured != claim.patient.name:
        sentence = "The patient is the insured of the second insurance, and the two names differ."
        yield Fault(field="other_coverage.insured", sentence=sentence)
    if (payer.id, other.member_id) == (claim.coverage.payer.id, claim.coverage.member_id):
        yield Fault(field="other_coverage", sentence="The second insurance is the first one again.")


def _payment(claim: Claim) -> Iterator[Fault]:
    if claim.paid is None:
        return
    wrong = [*amount(claim.paid)]
    yield from (Fault(field="paid", sentence=f"The amount that the patient paid {what}") for what in wrong)
    if not wrong and claim.total.is_finite() and claim.paid > claim.total:
        yield Fault(field="paid", sentence="The patient paid more than is charged.")


def _papers(claim: Claim) -> Iterator[Fault]:
    for number, attachment in enumerate(claim.attachments, start=1):
        on_request = attachment.transmission is Transmission.ON_REQUEST
        if not on_request and not attachment.control_number:
            sentence = "An attachment that is sent lacks its control number."
            yield Fault(field=f"attachments.{number}.control_number", sentence=sentence)
    if claim.note is not None and not claim.note.strip():
        yield Fault(field="note", sentence="The note is empty.")
    if claim.clia is not None and not _CLIA.fullmatch(claim.clia):
        yield Fault(field="clia", sentence="The CLIA number is not two digits, a D and seven digits.")
