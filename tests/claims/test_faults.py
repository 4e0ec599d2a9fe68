from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from pipeline.claims.faults import faults
from pipeline.claims.fields import is_npi
from pipeline.records import (
    Accident,
    Attachment,
    Claim,
    CodeSystem,
    Course,
    Frequency,
    PersonName,
    RelatedTo,
    Relationship,
    Span,
    Transmission,
)
from tests.claims.broken_claims import at, broken_claims
from tests.claims.drawn_claims import CLAIM, HOME, ICD9, PATIENT, claims, diagnosis, service
from tests.export.drawn_837p import AMES, FULL

LINE = CLAIM.lines[0]
assert FULL.facility is not None
assert FULL.other_coverage is not None
HOSPITAL, SECOND = FULL.facility, FULL.other_coverage


def test_a_claim_that_says_everything_has_no_fault() -> None:
    assert faults(CLAIM) == ()


@settings(deadline=None, max_examples=30)
@given(claims())
def test_the_claims_that_formats_are_tested_with_have_no_fault(claim: Claim) -> None:
    assert faults(claim) == ()


def with_line(**changes: object) -> Claim:
    return replace(CLAIM, lines=(replace(LINE, **changes),))  # type: ignore[arg-type]


def with_course(**days: Any) -> Claim:
    return replace(CLAIM, course=Course(**days))


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        (replace(CLAIM, number=" "), "number is missing"),
        (replace(CLAIM, number="1" * 21), "longer than 20"),
        (replace(CLAIM, original_number="7"), "original claim names"),
        (replace(CLAIM, frequency=Frequency.REPLACEMENT), "lacks the payer's number"),
        (replace(CLAIM, practice=replace(CLAIM.practice, npi="1234567890")), "practice's NPI"),
        (replace(CLAIM, practice=replace(CLAIM.practice, tax_id="12-345678")), "tax id"),
        (replace(CLAIM, practice=replace(CLAIM.practice, phone="555")), "practice's phone"),
        (replace(CLAIM, provider=replace(CLAIM.provider, npi="1")), "provider's NPI"),
        (replace(CLAIM, patient=replace(PATIENT, sex="X")), "neither F nor M"),
        (replace(CLAIM, patient=replace(PATIENT, birth_date=date(2020, 1, 1))), "born after"),
        (replace(CLAIM, patient=replace(PATIENT, address=replace(HOME, state="ZZ"))), "patient's state"),
        (replace(CLAIM, patient=replace(PATIENT, address=replace(HOME, zip="9730"))), "ZIP code"),
        (replace(CLAIM, patient=replace(PATIENT, phone="1")), "the insured, and the two differ"),
        (replace(CLAIM, diagnoses=()), "no diagnosis"),
        (replace(CLAIM, diagnoses=tuple(diagnosis(code) for code in ICD9[:13])), "13 diagnoses"),
        (replace(CLAIM, diagnoses=(diagnosis(), diagnosis())), "401.9 stands twice"),
        (replace(CLAIM, diagnoses=(diagnosis(), diagnosis("I10", CodeSystem.ICD10CM))), "both ICD editions"),
        (replace(CLAIM, diagnoses=(diagnosis("I10", CodeSystem.ICD10CM),)), "ask for ICD-9-CM, and I10"),
        (replace(CLAIM, lines=(LINE, replace(LINE, day=date(2015, 10, 1)))), "before and after October 1, 2015"),
        (replace(CLAIM, lines=()), "no service"),
        (replace(CLAIM, lines=(LINE,) * 51), "51 services"),
        (with_line(system=CodeSystem.ICD9CM), "neither CPT nor HCPCS"),
        (with_line(place="1"), "place of service"),
        (with_line(modifiers=("25", "59", "LT", "RT", "QW")), "5 modifiers"),
        (with_line(modifiers=("2",)), "no modifier"),
        (with_line(modifiers=("25", "25")), "modifier twice"),
        (with_line(units=0), "0 units"),
        (with_line(units=1000), "1000 units"),
        (with_line(charge=Decimal("1.005")), "more than two decimals"),
        (with_line(charge=Decimal(0)), "not more than nothing"),
        (with_line(charge=Decimal("1000000")), "is more than 999999.99"),
        (with_line(charge=Decimal("NaN")), "is no amount"),
        (with_line(points_to=()), "points to no diagnosis"),
        (with_line(points_to=(1, 2, 3, 4, 5)), "points to 5 diagnoses"),
        (with_line(points_to=(1, 1)), "a diagnosis twice"),
        (with_line(points_to=(3,)), "diagnosis 3, which there is not"),
        (replace(CLAIM, accident=Accident(related_to=RelatedTo.AUTO, day=LINE.day, state=None)), "asks for the state"),
        (replace(CLAIM, accident=Accident(related_to=RelatedTo.OTHER, day=LINE.day, state="OR")), "Only an auto"),
        (
            replace(CLAIM, accident=Accident(related_to=RelatedTo.OTHER, day=date(2014, 3, 15), state=None)),
            "after a service",
        ),
        (
            replace(
                CLAIM,
                attachments=(Attachment(report_type="OZ", transmission=Transmission.BY_FAX, control_number=None),),
            ),
            "control number",
        ),
        (replace(FULL, facility=replace(HOSPITAL, name=" ")), "facility has no name"),
        (replace(FULL, facility=replace(HOSPITAL, npi="1")), "facility's NPI is not one"),
        (replace(FULL, facility=replace(HOSPITAL, address=replace(HOME, state="ZZ"))), "facility's state"),
        (replace(CLAIM, facility=HOSPITAL, lines=(replace(LINE, place="12"),)), "at the patient's home"),
        (replace(CLAIM, other_provider=replace(AMES, npi="1")), "other provider's NPI"),
        (replace(CLAIM, other_provider=replace(AMES, name=PersonName(last="", first="Lin"))), "no last name"),
        (replace(CLAIM, paid=Decimal("0")), "not more than nothing"),
        (replace(CLAIM, paid=Decimal("1.005")), "more than two decimals"),
        (replace(CLAIM, paid=CLAIM.total + 1), "paid more than is charged"),
        (with_course(onset=date(2014, 3, 15)), "illness began after a service"),
        (with_course(onset=date(1961, 7, 18)), "before the patient was born"),
        (with_course(last_menstruation=date(2014, 3, 15)), "period began after a service"),
        (
            replace(with_course(last_menstruation=LINE.day), patient=replace(PATIENT, sex="M")),
            "whose sex is M has no menstrual period",
        ),
        (with_course(unable_to_work=Span(first=LINE.day, last=date(2014, 3, 13))), "ends before it begins"),
        (with_course(in_hospital=Span(first=date(1961, 7, 18), last=None)), "begins before the patient was born"),
        (replace(FULL, other_coverage=replace(SECOND, member_id="")), "second insurance has no member id"),
        (replace(FULL, other_coverage=replace(SECOND, payer=replace(SECOND.payer, name=""))), "payer has no name"),
        (replace(FULL, other_coverage=replace(SECOND, relationship=Relationship.SELF)), "two names differ"),
        (
            replace(FULL, other_coverage=replace(SECOND, payer=FULL.coverage.payer, member_id="NM1234567")),
            "is the first one again",
        ),
        (replace(CLAIM, note=" "), "note is empty"),
        (replace(CLAIM, clia="38X0123456"), "CLIA number is not"),
    ],
)
def test_a_fault_is_told(claim: Claim, sentence: str) -> None:
    found = faults(claim)
    assert any(sentence in each.sentence for each in found), found


def test_every_fault_is_told_and_not_the_first() -> None:
    bad = replace(
        CLAIM,
        number="",
        lines=(service(charge="-1", units=0, points_to=()),),
        coverage=replace(CLAIM.coverage, member_id="", relationship=Relationship.CHILD),
    )
    assert len(faults(bad)) == 5


@settings(deadline=None, max_examples=70)
@given(broken_claims())
def test_the_field_of_a_fault_is_a_path_of_the_record(claim: Claim) -> None:
    for fault in faults(claim):
        at(claim, fault.field)
        assert fault.sentence.endswith(".")


@pytest.mark.parametrize(
    ("claim", "field"),
    [
        (replace(CLAIM, number=""), "number"),
        (replace(CLAIM, frequency=Frequency.REPLACEMENT), "original_number"),
        (replace(CLAIM, practice=replace(CLAIM.practice, npi="1")), "practice.npi"),
        (replace(CLAIM, practice=replace(CLAIM.practice, submitter_id="")), "practice.submitter_id"),
        (
            replace(CLAIM, provider=replace(CLAIM.provider, name=replace(CLAIM.provider.name, first=""))),
            "provider.name.first",
        ),
        (replace(CLAIM, patient=replace(PATIENT, address=replace(HOME, zip=""))), "patient.address.zip"),
        (replace(CLAIM, coverage=replace(CLAIM.coverage, member_id=" ")), "coverage.member_id"),
        (
            replace(CLAIM, coverage=replace(CLAIM.coverage, payer=replace(CLAIM.coverage.payer, id=""))),
            "coverage.payer.id",
        ),
        (replace(CLAIM, diagnoses=()), "diagnoses"),
        (replace(CLAIM, diagnoses=(diagnosis(), diagnosis())), "diagnoses.2"),
        (replace(CLAIM, lines=(LINE, replace(LINE, units=0))), "lines.2.units"),
        (replace(CLAIM, lines=(LINE, replace(LINE, points_to=(7,)))), "lines.2.points_to"),
        (replace(CLAIM, accident=Accident(related_to=RelatedTo.AUTO, day=LINE.day, state=None)), "accident.state"),
        (
            replace(
                CLAIM,
                attachments=(Attachment(report_type="OZ", transmission=Transmission.BY_FAX, control_number=None),),
            ),
            "attachments.1.control_number",
        ),
        (replace(FULL, facility=replace(HOSPITAL, address=replace(HOME, zip="1"))), "facility.address.zip"),
        (replace(CLAIM, other_provider=replace(AMES, npi="1")), "other_provider.npi"),
        (replace(CLAIM, paid=CLAIM.total + 1), "paid"),
        (with_course(onset=date(2014, 3, 15)), "course.onset"),
        (with_course(in_hospital=Span(first=LINE.day, last=date(2014, 3, 13))), "course.in_hospital.last"),
        (replace(FULL, other_coverage=replace(SECOND, member_id="")), "other_coverage.member_id"),
        (replace(CLAIM, clia="1"), "clia"),
    ],
)
def test_a_fault_names_what_is_to_be_put_right(claim: Claim, field: str) -> None:
    assert field in {fault.field for fault in faults(claim)}


def test_the_check_digit_of_an_npi_is_proven() -> None:
    assert is_npi("1234567893")  # the example of the rule itself
    assert not is_npi("1234567894")
    assert not is_npi("123456789")
    assert not is_npi("12345678٣3")
