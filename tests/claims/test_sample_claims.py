"""Each sample chart that bills a service, coded as its truth says, signed, and written in every format."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pipeline.claims.build import claim_of
from pipeline.claims.office import Office, OfficePatient, OfficeProvider, Visit
from pipeline.codebooks import CodeBooks
from pipeline.codebooks.practice import Service
from pipeline.evaluation.truth import TruthEncounter, find
from pipeline.export.cms1500 import cms1500
from pipeline.export.fhir import fhir_bundle
from pipeline.records import (
    Claim,
    CodeSystem,
    ConfirmedCode,
    ConfirmedEncounter,
    Coverage,
    Frequency,
    Patient,
    Person,
    PersonName,
    Provider,
    Relationship,
)
from tests.claims.drawn_claims import HOME, PAYER, PRACTICE
from tests.export.crosscheck import billed, from_cms1500, from_fhir, from_x837p
from tests.review.deciding.sample_readings import SAMPLES

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
DIAGNOSES = {CodeSystem.ICD9CM, CodeSystem.ICD10CM}
DAY = date(2014, 3, 14)
"""Where a chart says none."""


def encounters() -> Iterator[tuple[str, TruthEncounter]]:
    for _, truth in find(SAMPLES):
        for number, each in enumerate(truth.encounters, start=1):
            systems = {code.system for code in each.codes}
            if systems & DIAGNOSES and systems - DIAGNOSES:
                yield f"{truth.file} {number}", each


def signed(each: TruthEncounter, number: str) -> ConfirmedEncounter:
    """As a coder would sign it: every service points to the first diagnoses."""
    diagnoses = [code.code for code in each.codes if code.system in DIAGNOSES]
    codes = [
        ConfirmedCode(
            system=code.system,
            code=code.code,
            display=code.text,
            who="kim",
            at=AT,
            anchors=(),
            units=None if code.system in DIAGNOSES else 1 + place % 3,
            points_to=() if code.system in DIAGNOSES else tuple(reversed(diagnoses[: 1 + place % 4])),
        )
        for place, code in enumerate(each.codes)
    ]
    codes.sort(key=lambda code: code.system not in DIAGNOSES)
    return ConfirmedEncounter(
        id=number,
        document="d",
        document_name="chart",
        batch="",
        reading=1,
        pages=each.pages,
        patient=Patient(
            name=each.patient_name or "Okafor, Ruth",
            birth_date=None,
            record_number=each.record_number or "X1",
            sex=None,
        ),
        date_of_service=date.fromisoformat(each.date_of_service) if each.date_of_service else DAY,
        provider=None,
        confirmed_by="kim",
        confirmed_at=AT,
        codes=tuple(codes),
    )


def office_of(encounter: ConfirmedEncounter) -> Office:
    last, _, first = encounter.patient.name.partition(", ")
    person = Person(
        name=PersonName(last=last, first=first), birth_date=date(1990, 1, 2), sex=None, address=HOME, phone=None
    )
    coverage = Coverage(
        payer=PAYER, member_id="M123", group=None, plan=None, relationship=Relationship.SELF, insured=person
    )
    number = encounter.patient.record_number or ""
    visit = Visit(
        record_number=number,
        day=encounter.date_of_service,
        place=None,
        said_of_cause=True,
        accident=None,
        authorization=None,
        frequency=Frequency.ORIGINAL,
        original_number=None,
    )
    moss = Provider(name=PersonName(last="Moss", first="Ruth"), npi="1987654328", taxonomy=None)
    return Office(
        practice=PRACTICE,
        providers=(OfficeProvider(provider=moss, also=()),),
        patients=(OfficePatient(record_number=number, person=person, coverage=coverage),),
        visits=(visit,),
    )


def fees(encounter: ConfirmedEncounter) -> Sequence[Service]:
    return tuple(
        Service(line=1, name="A service", code=c.code, system=c.system, modifiers=(), fee=Decimal(f"{20 + n}.{n:02}"))
        for n, c in enumerate(encounter.codes)
        if c.system not in DIAGNOSES
    )


@pytest.fixture(scope="module")
def claims(books: CodeBooks) -> dict[str, tuple[TruthEncounter, Claim]]:
    made = {}
    for number, (name, each) in enumerate(encounters()):
        encounter = signed(each, f"sample{number}")
        made[name] = each, claim_of(encounter, office_of(encounter), fees(encounter), books)
    return made


def test_every_sample_that_bills_a_service_makes_a_claim(claims: dict[str, tuple[TruthEncounter, Claim]]) -> None:
    assert len(claims) >= 15
    for name, (truth, claim) in claims.items():
        true = {(code.system, code.code) for code in truth.codes}
        diagnoses = {(each.system, each.code) for each in claim.diagnoses}
        assert diagnoses | {(line.system, line.code) for line in claim.lines} == true, name


def test_its_formats_say_what_the_claim_says(claims: dict[str, tuple[TruthEncounter, Claim]]) -> None:
    for name, (_, claim) in claims.items():
        wanted = billed(claim)
        assert from_cms1500(cms1500(claim)) == wanted, name
        assert from_cms1500(cms1500(claim, preprinted=True)) == wanted, name
        assert from_x837p(claim) == wanted, name
        assert from_fhir(fhir_bundle(claim, at=AT)) == wanted, name
