"""Drawn claims that the CMS-1500 can hold."""

from dataclasses import replace

from pipeline.records import Claim, PersonName
from tests.claims.drawn_claims import claims


def shortened(claim: Claim) -> Claim:
    """A claim whose names, streets and number fit their boxes, with one day for box 14 and one number for box 23."""

    def short(name: PersonName) -> PersonName:
        return replace(name, last=name.last[:10].strip(), first=name.first[:8].strip())

    patient = replace(claim.patient, name=short(claim.patient.name))
    insured = replace(claim.coverage.insured, name=short(claim.coverage.insured.name))
    other, second = claim.other_provider, claim.other_coverage
    began = claim.accident or claim.course.onset
    facility = claim.facility
    if facility is not None:
        facility = replace(facility, address=replace(facility.address, second=None))
    return replace(
        claim,
        number=claim.number.replace("-", "")[:14],
        patient=patient,
        coverage=replace(claim.coverage, insured=insured),
        other_provider=None if other is None else replace(other, name=short(other.name)),
        other_coverage=None if second is None else replace(second, insured=short(second.insured)),
        course=replace(
            claim.course,
            onset=None if claim.accident else claim.course.onset,
            last_menstruation=None if began else claim.course.last_menstruation,
        ),
        clia=None if claim.authorization else claim.clia,
        # Box 32 with the practice's own NPI would be taken for the practice's own place.
        facility=None if facility and facility.npi == claim.practice.npi else facility,
    )


fitting = claims().map(shortened)
