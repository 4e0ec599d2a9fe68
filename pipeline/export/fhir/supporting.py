"""What R4's Claim has no element for, as its supporting information: each with a code that says what it is.

Categories are FHIR's own where it has one, and codes are those of the X12 element that says the same in 837P.
"""

from collections.abc import Iterator
from datetime import date

from fhir.resources.R4B.claim import ClaimSupportingInfo
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.period import Period
from fhir.resources.R4B.quantity import Quantity
from fhir.resources.R4B.reference import Reference

from pipeline.export.fhir import systems
from pipeline.export.fhir.terms import concept
from pipeline.records import Attachment, Claim, Frequency, Span

_FREQUENCIES = {Frequency.ORIGINAL: "original", Frequency.REPLACEMENT: "replacement", Frequency.VOID: "void"}


def supporting(claim: Claim) -> Iterator[ClaimSupportingInfo]:
    """All of it, numbered from 1: the claim's frequency first, then what is sent besides the claim, then the rest."""
    found = (_frequency(claim), *map(_attachment, claim.attachments), *_course(claim), *_account(claim))
    for sequence, each in enumerate(found, start=1):
        yield each.model_copy(update={"sequence": sequence})


def _frequency(claim: Claim) -> ClaimSupportingInfo:
    code = concept(systems.X12_FREQUENCY, claim.frequency.value, _FREQUENCIES[claim.frequency])
    return _info("info", code)


def _attachment(attachment: Attachment) -> ClaimSupportingInfo:
    """What is sent besides: its control number, and in words how it gets there."""
    control = attachment.control_number
    return _info(
        "attachment",
        concept(systems.X12_ATTACHMENT, attachment.report_type),
        valueReference=Reference(
            type="DocumentReference",
            identifier=Identifier(value=control) if control else None,
            display=systems.TRANSMISSIONS[attachment.transmission],
        ),
    )


def _course(claim: Claim) -> Iterator[ClaimSupportingInfo]:
    course = claim.course
    if course.onset:
        yield _info("onset", concept(systems.X12_DATE, "431", "onset of the illness"), timingDate=course.onset)
    if course.last_menstruation:
        what = concept(systems.X12_DATE, "484", "last menstrual period")
        yield _info("info", what, timingDate=course.last_menstruation)
    if course.unable_to_work:
        what = concept(systems.X12_DATE, "314", "unable to work")
        yield _info("employmentimpacted", what, timingPeriod=_period(course.unable_to_work))
    if course.in_hospital:
        what = concept(systems.X12_DATE, "435", "in hospital")
        yield _info("hospitalized", what, timingPeriod=_period(course.in_hospital))


def _account(claim: Claim) -> Iterator[ClaimSupportingInfo]:
    """Payment, consents that were not given, for one that was needs no saying, note and CLIA number."""
    if claim.paid is not None:
        paid = Quantity(value=claim.paid, unit="USD", system=systems.CURRENCY, code="USD")
        yield _info("info", concept(systems.X12_AMOUNT, "F5", "paid by the patient"), valueQuantity=paid)
    if not claim.agreements.accepts:
        yield _info("info", concept(systems.X12_ACCEPTANCE, "C", "assignment not accepted"))
    if not claim.agreements.releases:
        yield _info("info", concept(systems.X12_RELEASE, "I", "no signature for the release of records on file"))
    if claim.note:
        yield _info("info", concept(systems.X12_NOTE, "ADD", "note"), valueString=claim.note)
    if claim.clia:
        yield _info("info", concept(systems.X12_REFERENCE, "X4", "CLIA number"), valueString=claim.clia)


def _info(
    category: str,
    code: CodeableConcept,
    *,
    timingDate: date | None = None,
    timingPeriod: Period | None = None,
    valueReference: Reference | None = None,
    valueQuantity: Quantity | None = None,
    valueString: str | None = None,
) -> ClaimSupportingInfo:
    return ClaimSupportingInfo(
        sequence=1,
        category=concept(systems.INFORMATION, category),
        code=code,
        timingDate=timingDate,
        timingPeriod=timingPeriod,
        valueReference=valueReference,
        valueQuantity=valueQuantity,
        valueString=valueString,
    )


def _period(span: Span) -> Period:
    return Period(start=span.first, end=span.last)
