from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pipeline.errors import ExportError
from pipeline.export.cms1500 import cms1500, unprintable
from pipeline.records import Claim, CodeSystem, Course, Facility, Frequency, Person, PersonName
from tests.claims.drawn_claims import CLAIM, HOME, ICD9, PATIENT, diagnosis, service
from tests.export.drawn_837p import AMES

LONG_NAME = PersonName(last="Featherstonehaugh", first="Alexander")


def problems(claim: Claim) -> tuple[str, ...]:
    with pytest.raises(ExportError) as caught:
        cms1500(claim)
    return caught.value.problems


def of_patient(person: Person) -> Claim:
    return replace(CLAIM, patient=person, coverage=replace(CLAIM.coverage, insured=person))


def test_what_is_refused_is_told_without_a_pdf() -> None:
    assert unprintable(CLAIM) == ()
    wrong = replace(CLAIM, number="1" * 15, lines=(service(charge="1.005"), service(points_to=())) * 4)
    assert unprintable(wrong) == problems(wrong) != ()


def test_a_name_that_is_too_long_is_refused_with_its_box_and_room() -> None:
    long = replace(PATIENT, name=PersonName(last="Featherstonehaugh-Montgomery", first="Ruth"))
    assert problems(of_patient(long)) == (
        "Box 4 (insured's name) takes 29 characters; there are 34.",
        "Box 2 (patient's name) takes 28 characters; there are 34.",
    )


@pytest.mark.parametrize("letter", ["ł", "语", "\x07", "\u200b", "α"])
def test_a_letter_that_the_forms_type_lacks_is_refused(letter: str) -> None:
    name = PersonName(last=f"Mo{letter}s", first="Ruth")
    claim = replace(CLAIM, provider=replace(CLAIM.provider, name=name))
    assert problems(claim) == (
        "Box 31 last (provider's last name) cannot be printed: the form has no type for character 3.",
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda c: replace(c, diagnoses=tuple(diagnosis(code) for code in ICD9)), "1 to 12 diagnoses; there are 13"),
        (lambda c: replace(c, diagnoses=()), "1 to 12 diagnoses; there are 0"),
        (lambda c: replace(c, diagnoses=(diagnosis(), diagnosis("I10", CodeSystem.ICD10CM))), "one ICD edition"),
        (lambda c: replace(c, diagnoses=(diagnosis("99.04", CodeSystem.ICD9PCS),)), "ICD-9-CM or ICD-10-CM only"),
        (lambda c: replace(c, lines=()), "1 to 50 services; there are 0"),
        (lambda c: replace(c, lines=CLAIM.lines[:1] * 51), "1 to 50 services; there are 51"),
        (lambda c: replace(c, lines=(service(points_to=()),)), "24E of service 1 points to no diagnosis"),
        (lambda c: replace(c, lines=(service(points_to=(3,)),)), "24E of service 1 points to no diagnosis"),
        (lambda c: replace(c, lines=(service(charge="1.005"),)), "24F of service 1 takes dollars and whole cents"),
        (lambda c: replace(c, lines=(service(charge="-1"),)), "24F of service 1 takes dollars and whole cents"),
        (lambda c: replace(c, lines=(service(charge="NaN"),)), "24F of service 1 takes dollars and whole cents"),
        (
            lambda c: replace(c, lines=(service(charge="1000000"),)),
            "24F dollars of service 1 (dollars charged) takes 6",
        ),
        (lambda c: replace(c, lines=(service(units=1000),)), "24G of service 1 (units) takes 3"),
        (lambda c: replace(c, frequency=Frequency.VOID), "Box 22 lacks"),
        (
            lambda c: replace(c, course=Course(onset=date(2014, 3, 1), last_menstruation=date(2014, 2, 1))),
            "Box 14 takes one day; there are 2",
        ),
        (lambda c: replace(c, authorization="A77", clia="38D0123456"), "Box 23 takes one number"),
        (lambda c: replace(c, paid=Decimal("1.005")), "Box 29 takes dollars and whole cents"),
        (lambda c: replace(c, paid=Decimal("1000000")), "Box 29 dollars (dollars paid) takes 6"),
        (lambda c: replace(c, note="N" * 49), "Box 19 (note and attachments) takes 48 characters; there are 49"),
        (lambda c: replace(c, other_provider=replace(AMES, name=LONG_NAME)), "Box 17 (other provider's name) takes 24"),
        (
            lambda c: replace(c, facility=Facility(name="F" * 27, npi="1245319599", address=HOME)),
            "Box 32 name (name of where the service was) takes 26",
        ),
    ],
)
def test_what_the_form_cannot_hold_is_refused(change: Callable[[Claim], Claim], sentence: str) -> None:
    assert any(sentence in problem for problem in problems(change(CLAIM)))


def test_five_pointers_and_five_modifiers_are_refused() -> None:
    line = replace(service(points_to=(1, 2, 3, 4, 5)), modifiers=("25", "59", "LT", "RT", "QW"))
    claim = replace(CLAIM, diagnoses=tuple(diagnosis(code) for code in ICD9[:5]), lines=(line,))
    assert problems(claim) == (
        "Box 24D modifiers of service 1 (modifiers) takes 11 characters; there are 14.",
        "Box 24E of service 1 (diagnosis pointers) takes 4 characters; there are 5.",
    )


def test_all_problems_are_told_at_once_and_each_once() -> None:
    diagnoses = (*(diagnosis(code) for code in ICD9), diagnosis("I10", CodeSystem.ICD10CM))
    claim = replace(
        CLAIM,
        number="1" * 15,
        diagnoses=diagnoses,
        lines=(*(service() for _ in range(7)), service(charge="0.001"), service(units=12345)),
        practice=replace(CLAIM.practice, name="Fern Hollow Family Clinic of Salem"),
    )
    assert problems(claim) == (
        "Box 21 takes 1 to 12 diagnoses; there are 14.",
        "Box 21 takes diagnoses of one ICD edition; these are of both.",
        "Box 24F of service 8 takes dollars and whole cents.",
        "Box 26 (the claim's own number) takes 14 characters; there are 15.",
        "Box 32 name (name of where the service was) takes 26 characters; there are 34.",
        "Box 33 name (practice's name) takes 29 characters; there are 34.",
        "Box 24G of service 9 (units) takes 3 characters; there are 5.",
    )
