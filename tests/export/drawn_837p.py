"""Batches of claims for 837P: claims that fill every segment, and drawn ones."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from pipeline.export.x837p import x837p
from pipeline.records import (
    Accident,
    Address,
    Agreements,
    Attachment,
    Claim,
    CodeSystem,
    Course,
    Facility,
    Frequency,
    OtherCoverage,
    OtherProvider,
    Payer,
    PayerKind,
    PersonName,
    ProviderRole,
    Receiver,
    RelatedTo,
    Relationship,
    Span,
    Transmission,
)
from tests.claims.drawn_claims import CLAIM, ICD9, ICD10, PATIENT, claims, diagnosis, service
from tests.export.check_837p import deviations

AT = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)
RECEIVER = Receiver(id="CLEARHOUSE01", qualifier="ZZ", name="Clear House")
CONTROL = 652

AMES = OtherProvider(
    role=ProviderRole.REFERRING,
    name=PersonName(last="Ames", first="Lin", middle="Q", suffix="JR"),
    npi="1003000126",
)
FULL = replace(
    CLAIM,
    number="FH00700-2",
    frequency=Frequency.REPLACEMENT,
    original_number="EARLIER77",
    provider=replace(CLAIM.provider, taxonomy="207R00000X"),
    coverage=replace(
        CLAIM.coverage,
        group=None,
        plan="Gold Plan",
        relationship=Relationship.CHILD,
        insured=replace(PATIENT, name=PersonName(last="Okafor", first="Ada", middle="B", suffix="SR")),
    ),
    diagnoses=tuple(diagnosis(code, CodeSystem.ICD10CM) for code in ICD10),
    lines=(
        replace(
            service(charge="0.05", units=3, points_to=(1, 12, 7, 2)), modifiers=("25", "LT"), day=date(2019, 4, 30)
        ),
        replace(service("J3301", charge="1200.00", points_to=(5,)), place="22", day=date(2019, 5, 1)),
    ),
    accident=Accident(related_to=RelatedTo.AUTO, day=date(2019, 4, 29), state="OR"),
    authorization="AUTH9",
    attachments=(
        Attachment(report_type="OZ", transmission=Transmission.BY_FAX, control_number="DOC-1"),
        Attachment(report_type="M1", transmission=Transmission.ON_REQUEST, control_number=None),
    ),
    facility=Facility(
        name="Elm Street Hospital",
        npi="1245319599",
        address=Address(street="9 Elm Street", second="Wing B", city="Salem", state="OR", zip="973010009"),
    ),
    other_provider=AMES,
    paid=Decimal("20.50"),
    agreements=Agreements(releases=False, assigns=False, accepts=False),
    course=Course(
        onset=date(2019, 4, 28),
        last_menstruation=date(2019, 4, 2),
        unable_to_work=Span(first=date(2019, 4, 30), last=date(2019, 5, 9)),
        in_hospital=Span(first=date(2019, 4, 29), last=date(2019, 5, 2)),
    ),
    other_coverage=OtherCoverage(
        payer=Payer(name="Southern Mutual", id="70065", kind=PayerKind.BLUE_CROSS, address=None),
        member_id="SM7654321",
        group="G200",
        plan=None,
        relationship=Relationship.CHILD,
        insured=PersonName(last="Okafor", first="Ben", middle="C", suffix="SR"),
    ),
    note="Came by ambulance",
    clia="38D0123456",
)
"""Of a child, with twelve diagnoses of ICD-10-CM; every segment that there is but the plain ones of `CLAIM`."""
LONG = replace(
    CLAIM,
    other_provider=replace(AMES, role=ProviderRole.ORDERING),
    course=Course(
        unable_to_work=Span(first=date(2014, 3, 14), last=None), in_hospital=Span(first=date(2014, 3, 13), last=None)
    ),
    number="FH00701-1",
    diagnoses=tuple(diagnosis(code) for code in ICD9[:12]),
    lines=tuple(
        service(charge="999999.99", units=999, points_to=(1 + place % 12, 1 + (place + 5) % 12)) for place in range(50)
    ),
    accident=Accident(related_to=RelatedTo.EMPLOYMENT, day=date(2014, 3, 14), state=None),
)
"""As many lines as a claim can have, each at its dearest."""

SUPERVISED = replace(
    CLAIM,
    number="FH00702-1",
    other_provider=replace(AMES, role=ProviderRole.SUPERVISING),
    agreements=Agreements(assigns=False),
    other_coverage=OtherCoverage(
        payer=Payer(name="State Medicaid", id="MCAID", kind=PayerKind.MEDICAID, address=None),
        member_id="MC0001112",
        group=None,
        plan="Care Plan",
        relationship=Relationship.SELF,
        insured=PATIENT.name,
    ),
)
"""Of a provider whom another one supervises; the patient has a second insurance of their own."""


def file_of(batch: Sequence[Claim]) -> bytes:
    """The batch as it is written."""
    return x837p(batch, control_number=CONTROL, at=AT, receiver=RECEIVER)


def deviations_of(content: bytes, batch: Sequence[Claim]) -> list[str]:
    """Where a file is not that of the batch."""
    return deviations(content, batch, control_number=CONTROL, at=AT, receiver=RECEIVER)


@st.composite
def batches(draw: st.DrawFn, size: int, most_lines: int = 4) -> tuple[Claim, ...]:
    """Claims of one or two practices, each with a number of its own."""
    drawn = [draw(claims(most_lines)) for _ in range(size)]
    practices = [drawn[0].practice, drawn[-1].practice]
    return tuple(
        replace(claim, number=f"{number}-{claim.number}"[:20], practice=draw(st.sampled_from(practices)))
        for number, claim in enumerate(drawn)
    )
