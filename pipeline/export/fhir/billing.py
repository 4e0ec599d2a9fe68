"""What is billed, and to whose insurance: the resources Claim and Coverage."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from fhir.resources.R4B.address import Address
from fhir.resources.R4B.claim import Claim as FhirClaim
from fhir.resources.R4B.claim import (
    ClaimAccident,
    ClaimCareTeam,
    ClaimInsurance,
    ClaimItem,
    ClaimPayee,
    ClaimProcedure,
    ClaimRelated,
)
from fhir.resources.R4B.claim import ClaimDiagnosis as FhirClaimDiagnosis
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coverage import Coverage as FhirCoverage
from fhir.resources.R4B.coverage import CoverageClass
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.quantity import Quantity

from pipeline.export.fhir import systems
from pipeline.export.fhir.supporting import supporting
from pipeline.export.fhir.systems import SYSTEMS
from pipeline.export.fhir.terms import Role, concept, money, period, refer
from pipeline.records import Accident, Claim, ClaimDiagnosis, Coverage, OtherCoverage, Relationship, ServiceLine


def claim(claim: Claim, at: datetime, *, draft: bool = False) -> FhirClaim:
    """The claim; diagnoses and services keep their numbers as `sequence`. A draft says so in its status."""
    number = Identifier(use="official", value=claim.number, assigner=refer(claim, Role.PRACTICE))
    return FhirClaim(
        identifier=[number],
        status="draft" if draft else "active",
        type=concept(systems.CLAIM_TYPE, "professional"),
        use="claim",
        patient=refer(claim, Role.PATIENT),
        billablePeriod=period(claim),
        created=at,
        insurer=refer(claim, Role.PAYER),
        provider=refer(claim, Role.PRACTICE),
        priority=concept(systems.PRIORITY, "normal"),
        related=_related(claim),
        payee=_payee(claim),
        facility=refer(claim, Role.FACILITY) if claim.facility else None,
        careTeam=list(_care_team(claim)),
        supportingInfo=[*supporting(claim)],
        diagnosis=[_diagnosis(each, sequence) for sequence, each in enumerate(claim.diagnoses, start=1)],
        procedure=[
            ClaimProcedure(sequence=sequence, date=line.day, procedureReference=refer(claim, Role.PROCEDURE, sequence))
            for sequence, line in enumerate(claim.lines, start=1)
        ],
        insurance=list(_insurance(claim)),
        accident=_accident(claim.accident) if claim.accident else None,
        item=[_item(claim, line, sequence) for sequence, line in enumerate(claim.lines, start=1)],
        total=money(claim.total),
    )


def coverage(claim: Claim) -> FhirCoverage:
    """The insurance that is asked."""
    return _coverage(claim, claim.coverage, Role.PAYER, Role.INSURED)


def other_coverage(claim: Claim, other: OtherCoverage) -> FhirCoverage:
    """The second insurance."""
    return _coverage(claim, other, Role.OTHER_PAYER, Role.OTHER_INSURED)


def _coverage(claim: Claim, policy: Coverage | OtherCoverage, payer: Role, insured: Role) -> FhirCoverage:
    own = policy.relationship is Relationship.SELF
    classes = [
        CoverageClass(type=concept(systems.COVERAGE_CLASS, kind), value=value)
        for kind, value in (("group", policy.group), ("plan", policy.plan))
        if value
    ]
    member = Identifier(value=policy.member_id, type=concept(systems.IDENTIFIER_TYPE, "MB"))
    member.assigner = refer(claim, payer)
    kind = policy.payer.kind
    return FhirCoverage(
        identifier=[member],
        status="active",
        type=concept(systems.X12_FILING, kind.value, systems.PAYER_KINDS[kind]),
        subscriber=refer(claim, Role.PATIENT if own else insured),
        subscriberId=policy.member_id,
        beneficiary=refer(claim, Role.PATIENT),
        relationship=concept(systems.SUBSCRIBER_RELATIONSHIP, policy.relationship.value),
        payor=[refer(claim, payer)],
        class_fhir=classes or None,
    )


def _insurance(claim: Claim) -> Iterator[ClaimInsurance]:
    yield ClaimInsurance(
        sequence=1,
        focal=True,
        coverage=refer(claim, Role.COVERAGE),
        preAuthRef=[claim.authorization] if claim.authorization else None,
    )
    if claim.other_coverage:
        yield ClaimInsurance(sequence=2, focal=False, coverage=refer(claim, Role.OTHER_COVERAGE))


def _payee(claim: Claim) -> ClaimPayee:
    """The practice, if that was assigned to it; else whose insurance it is."""
    if claim.agreements.assigns:
        return ClaimPayee(type=concept(systems.PAYEE_TYPE, "provider"), party=refer(claim, Role.PRACTICE))
    own = claim.coverage.relationship is Relationship.SELF
    party = refer(claim, Role.PATIENT if own else Role.INSURED)
    return ClaimPayee(type=concept(systems.PAYEE_TYPE, "subscriber"), party=party)


def _care_team(claim: Claim) -> Iterator[ClaimCareTeam]:
    taxonomy = claim.provider.taxonomy
    yield ClaimCareTeam(
        sequence=1,
        provider=refer(claim, Role.PROVIDER),
        role=concept(systems.CARE_TEAM_ROLE, "primary"),
        qualification=concept(systems.TAXONOMY, taxonomy) if taxonomy else None,
    )
    if other := claim.other_provider:
        yield ClaimCareTeam(
            sequence=2,
            provider=refer(claim, Role.OTHER_PROVIDER),
            role=concept(systems.X12_ENTITY, other.role.value, systems.OTHER_PROVIDERS[other.role]),
        )


def _diagnosis(diagnosis: ClaimDiagnosis, sequence: int) -> FhirClaimDiagnosis:
    return FhirClaimDiagnosis(
        sequence=sequence,
        diagnosisCodeableConcept=concept(SYSTEMS[diagnosis.system], diagnosis.code, diagnosis.display),
        type=[concept(systems.DIAGNOSIS_TYPE, "principal")] if sequence == 1 else None,
    )


def _item(claim: Claim, line: ServiceLine, sequence: int) -> ClaimItem:
    # A price is only told where the units share the charge to the cent: a rounded one would contradict `net`.
    price = line.charge / line.units
    even = round(price, 2) * line.units == line.charge
    return ClaimItem(
        sequence=sequence,
        careTeamSequence=[1],
        diagnosisSequence=list(line.points_to),
        procedureSequence=[sequence],
        productOrService=concept(SYSTEMS[line.system], line.code, line.display),
        modifier=[concept(systems.modifier_system(each), each) for each in line.modifiers] or None,
        servicedDate=line.day,
        locationCodeableConcept=concept(systems.PLACE_OF_SERVICE, line.place),
        quantity=Quantity(value=Decimal(line.units)),
        unitPrice=money(round(price, 2)) if even else None,
        net=money(line.charge),
        encounter=[refer(claim, Role.ENCOUNTER)],
    )


def _accident(accident: Accident) -> ClaimAccident:
    code = systems.ACCIDENTS[accident.related_to]
    words = accident.related_to.value
    return ClaimAccident(
        date=accident.day,
        type=concept(systems.ACCIDENT, code, words) if code else CodeableConcept(text=words),
        locationAddress=Address(state=accident.state, country="US") if accident.state else None,
    )


def _related(claim: Claim) -> list[ClaimRelated] | None:
    """The claim that this one replaces or voids; which of the two, the frequency says."""
    if claim.original_number is None:
        return None
    original = Identifier(value=claim.original_number, assigner=refer(claim, Role.PAYER))
    return [ClaimRelated(reference=original, relationship=concept(systems.RELATED_CLAIM, "prior"))]
