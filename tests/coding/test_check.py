"""What is told of codes that a coder accepted."""

from datetime import date

import pytest

from pipeline.codebooks import CodeBooks
from pipeline.coding.check import CodeCheck, Standing
from pipeline.records import CodeSystem, CodeWarning, WarningKind
from pipeline.settings import CodingSettings

NINE, TEN, CPT, HCPCS = CodeSystem.ICD9CM, CodeSystem.ICD10CM, CodeSystem.CPT, CodeSystem.HCPCS
IN_2014, IN_2018 = date(2014, 3, 14), date(2018, 3, 14)


@pytest.fixture(scope="module")
def check(books: CodeBooks) -> CodeCheck:
    return CodeCheck(books, CodingSettings())


def told(
    check: CodeCheck, on: date, *codes: tuple[CodeSystem, str], age: int | None = 50, sex: str | None = "F"
) -> dict[str, list[CodeWarning]]:
    found: dict[str, list[CodeWarning]] = {}
    for warning in check(tuple(Standing(system=s, code=c) for s, c in codes), on=on, age=age, sex=sex):
        found.setdefault(warning.code, []).append(warning)
    return found


def test_codes_that_fit_are_left_alone(check: CodeCheck) -> None:
    assert told(check, IN_2014, (NINE, "401.9"), (NINE, "250.00"), (CPT, "99213")) == {}
    assert told(check, IN_2018, (TEN, "I10"), (TEN, "E11.9"), (CPT, "99213")) == {}


def test_a_category_asks_for_the_digit_that_is_missing(check: CodeCheck) -> None:
    (warning, *_) = told(check, IN_2014, (NINE, "250.0"))["250.0"]
    assert "not billable" in warning.sentence


def test_a_code_of_the_other_edition_is_told(check: CodeCheck) -> None:
    assert "asks for ICD-10-CM" in told(check, IN_2018, (NINE, "401.9"))["401.9"][0].sentence
    assert "asks for ICD-9-CM" in told(check, IN_2014, (TEN, "I10"))["I10"][0].sentence


def test_a_code_of_no_book_is_told(check: CodeCheck) -> None:
    assert "No loaded code book" in told(check, IN_2018, (TEN, "Q99.Z9"))["Q99.Z9"][0].sentence


def test_a_symptom_beside_its_disease_is_told_with_the_source(check: CodeCheck) -> None:
    (warning,) = told(check, IN_2014, (NINE, "486"), (NINE, "786.2"))["786.2"]
    assert "belongs to a disease" in warning.sentence and warning.source == "ICD-9-CM guidelines I.B.7"
    assert warning.kind is WarningKind.INTEGRAL and warning.other == "486"


def test_two_codes_that_exclude_each_other_are_told_with_the_notes_place(check: CodeCheck) -> None:
    found = told(check, IN_2018, (TEN, "J20.9"), (TEN, "J40"))
    (warning,) = [w for warnings in found.values() for w in warnings]
    assert "Excludes1" in warning.sentence and {warning.code, warning.other} == {"J20.9", "J40"}


def test_a_manifestation_without_its_disease_is_told(check: CodeCheck) -> None:
    assert "never coded alone" in told(check, IN_2014, (NINE, "357.2"))["357.2"][0].sentence
    assert "before it" in told(check, IN_2014, (NINE, "357.2"), (NINE, "250.60"))["357.2"][0].sentence
    assert told(check, IN_2014, (NINE, "250.60"), (NINE, "357.2")) == {}
    assert told(check, IN_2014, (NINE, "331.0"), (NINE, "294.10")) == {}
    assert "before it" in told(check, IN_2014, (NINE, "294.10"), (NINE, "331.0"))["294.10"][0].sentence


def test_a_code_of_the_other_sex_is_told(check: CodeCheck) -> None:
    assert "other sex" in told(check, IN_2018, (TEN, "N40.0"))["N40.0"][0].sentence
    assert told(check, IN_2018, (TEN, "N40.0"), sex="M") == {}


def test_a_vaccine_asks_for_its_administration_and_the_reverse(check: CodeCheck) -> None:
    assert "administration is not" in told(check, IN_2018, (CPT, "90686"))["90686"][0].sentence
    assert "which one was given" in told(check, IN_2018, (CPT, "90471"))["90471"][0].sentence
    assert told(check, IN_2018, (CPT, "90471"), (CPT, "90686"), (TEN, "Z23")) == {}


def test_a_visit_beside_a_procedure_asks_for_its_modifier(check: CodeCheck) -> None:
    visit, procedure = Standing(system=CPT, code="99213"), Standing(system=CPT, code="20610")
    (warning,) = check((visit, procedure), on=IN_2018, age=50, sex="F")
    assert warning.code == "99213" and "a service of its own" in warning.sentence
    assert warning.kind is WarningKind.VISIT and warning.other == "20610"
    apart = Standing(system=CPT, code="99213", modifiers=("25",))
    assert check((apart, procedure), on=IN_2018, age=50, sex="F") == ()


def test_an_injury_asks_for_its_cause(check: CodeCheck) -> None:
    assert "caused the injury" in told(check, IN_2014, (NINE, "882.0"))["882.0"][0].sentence
    assert told(check, IN_2014, (NINE, "882.0"), (NINE, "E920.3")) == {}
