from dataclasses import replace
from datetime import date

import pytest

from pipeline.export.cms1500 import cms1500, forms
from pipeline.export.cms1500.boxes import places
from pipeline.records import (
    Accident,
    Agreements,
    Attachment,
    Claim,
    CodeSystem,
    Course,
    Frequency,
    PayerKind,
    Person,
    PersonName,
    ProviderRole,
    RelatedTo,
    Relationship,
    Span,
    Transmission,
)
from tests.claims.drawn_claims import CLAIM, HOME, ICD9, PATIENT, diagnosis, service
from tests.export.drawn_837p import AMES, FULL, SUPERVISED
from tests.export.read_cms1500 import Page, pages


def page(claim: Claim) -> Page:
    (only,) = pages(cms1500(claim))
    return only


def with_payer(claim: Claim = CLAIM, *, kind: PayerKind, group: str | None) -> Claim:
    coverage = claim.coverage
    return replace(claim, coverage=replace(coverage, group=group, payer=replace(coverage.payer, kind=kind)))


def of_patient(person: Person) -> Claim:
    return replace(CLAIM, patient=person, coverage=replace(CLAIM.coverage, insured=person))


def test_every_box_that_the_data_fill_is_filled() -> None:
    (form,) = forms(CLAIM)
    assert form.boxes == {
        "carrier name": "NORTHERN MUTUAL",
        "carrier street": "12 ELM STREET",
        "carrier city": "SALEM OR 97301-1234",
        "1 group": "X",
        "1a": "NM1234567",
        "2": "OKAFOR, RUTH, A",
        "3": "07 19 1961",
        "3 female": "X",
        "4": "OKAFOR, RUTH, A",
        "5 street": "12 ELM STREET",
        "5 city": "SALEM",
        "5 state": "OR",
        "5 zip": "97301-1234",
        "5 phone": "503 5550100",
        "6 self": "X",
        "7 street": "12 ELM STREET",
        "7 city": "SALEM",
        "7 state": "OR",
        "7 zip": "97301-1234",
        "7 phone": "503 5550100",
        "10a no": "X",
        "10b no": "X",
        "10c no": "X",
        "11": "G100",
        "11a": "07 19 1961",
        "11a female": "X",
        "11d no": "X",
        "12": "SIGNATURE ON FILE",
        "13": "SIGNATURE ON FILE",
        "21 indicator": "9",
        "21A": "4019",
        "21B": "25000",
        "25": "123456789",
        "25 ein": "X",
        "26": "FH006521",
        "27 yes": "X",
        "28 dollars": "109",
        "28 cents": "50",
        "31 first": "RUTH",
        "31 last": "MOSS",
        "32 name": "FERN HOLLOW CLINIC",
        "32 street": "1 CLINIC WAY SUITE 4",
        "32 city": "SALEM OR 97301-0001",
        "32a": "1234567893",
        "33 name": "FERN HOLLOW CLINIC",
        "33 street": "1 CLINIC WAY SUITE 4",
        "33 city": "SALEM OR 97301-0001",
        "33 phone": "503 5550199",
        "33a": "1234567893",
        "33b": "ZZ207Q00000X",
    }
    assert form.lines[1] == {
        "24A from": "03 14 14",
        "24A to": "03 14 14",
        "24B": "11",
        "24D": "J3301",
        "24E": "BA",
        "24F dollars": "24",
        "24F cents": "50",
        "24G": "2",
        "24J": "1987654328",
    }


@pytest.mark.parametrize(
    ("kind", "group", "column"),
    [
        (PayerKind.MEDICARE, None, 1),
        (PayerKind.MEDICAID, None, 8),
        (PayerKind.TRICARE, None, 15),
        (PayerKind.CHAMPVA, None, 24),
        (PayerKind.BLUE_CROSS, "G1", 31),
        (PayerKind.COMMERCIAL, "G1", 31),
        (PayerKind.BLUE_CROSS, None, 45),
        (PayerKind.COMMERCIAL, None, 45),
    ],
)
def test_box_1_has_one_tick(kind: PayerKind, group: str | None, column: int) -> None:
    read = page(with_payer(kind=kind, group=group))
    assert [n for n in range(1, 49) if read.text(8, n, n)] == [column]


def test_medicare_is_told_that_no_other_payer_comes_first() -> None:
    assert page(with_payer(kind=PayerKind.MEDICARE, group=None)).text(18, 50, 78) == "NONE"
    assert page(with_payer(kind=PayerKind.MEDICAID, group=None)).text(18, 50, 78) == ""


@pytest.mark.parametrize(
    ("related", "state", "yes", "others"),
    [
        (RelatedTo.EMPLOYMENT, None, 20, (22, 24)),
        (RelatedTo.AUTO, "OR", 22, (20, 24)),
        (RelatedTo.OTHER, None, 24, (20, 22)),
    ],
)
def test_an_injury_fills_boxes_10_and_14(
    related: RelatedTo, state: str | None, yes: int, others: tuple[int, int]
) -> None:
    read = page(replace(CLAIM, accident=Accident(related_to=related, day=date(2014, 2, 9), state=state)))
    assert (read.text(yes, 35, 35), read.text(yes, 41, 41)) == ("X", "")
    assert {(read.text(row, 35, 35), read.text(row, 41, 41)) for row in others} == {("", "X")}
    assert read.text(22, 45, 46) == (state or "")
    assert read.text(32, 2, 11) == "02 09 2014"
    assert read.text(32, 16, 18) == "431"


def test_without_an_injury_box_14_is_empty() -> None:
    assert page(CLAIM).text(32, 1, 29) == ""


def test_an_accident_and_an_illness_of_the_same_day_fill_box_14_once() -> None:
    accident = Accident(related_to=RelatedTo.OTHER, day=date(2014, 2, 9), state=None)
    read = page(replace(CLAIM, accident=accident, course=Course(onset=accident.day)))
    assert (read.text(32, 2, 11), read.text(32, 16, 18)) == ("02 09 2014", "431")
    pregnant = page(replace(CLAIM, course=Course(last_menstruation=date(2014, 2, 1))))
    assert (pregnant.text(32, 2, 11), pregnant.text(32, 16, 18)) == ("02 01 2014", "484")


def test_spans_without_an_end_leave_it_empty() -> None:
    span = Span(first=date(2014, 3, 13), last=None)
    read = page(replace(CLAIM, course=Course(unable_to_work=span, in_hospital=span)))
    for row in (32, 34):
        assert (read.text(row, 54, 63), read.text(row, 68, 77)) == ("03 13 2014", "")


@pytest.mark.parametrize(("role", "letters"), [(role, role.value) for role in ProviderRole])
def test_another_provider_stands_in_box_17_without_commas(role: ProviderRole, letters: str) -> None:
    read = page(replace(CLAIM, other_provider=replace(AMES, role=role)))
    assert (read.text(34, 1, 2), read.text(34, 4, 27), read.text(34, 33, 42)) == (
        letters,
        "LIN Q AMES JR",
        "1003000126",
    )


def test_a_second_insurance_fills_box_9_and_is_ticked() -> None:
    read = page(replace(CLAIM, other_coverage=FULL.other_coverage))
    assert [read.text(row, 1, 28) for row in (18, 20, 26)] == ["OKAFOR SR, BEN, C", "G200", "SOUTHERN MUTUAL"]
    assert (read.text(26, 52, 52), read.text(26, 57, 57)) == ("X", "")
    assert page(replace(CLAIM, other_coverage=SUPERVISED.other_coverage)).text(26, 1, 28) == "CARE PLAN"


def test_what_was_not_agreed_to_leaves_no_signature_and_is_ticked_as_no() -> None:
    read = page(replace(CLAIM, agreements=Agreements(releases=False, assigns=False, accepts=False)))
    assert (read.text(30, 1, 48), read.text(30, 50, 78)) == ("", "")
    assert (read.text(56, 38, 38), read.text(56, 43, 43)) == ("", "X")


def test_a_note_stands_before_the_attachments() -> None:
    faxed = Attachment(report_type="OZ", transmission=Transmission.BY_FAX, control_number="AC77")
    assert (
        page(replace(CLAIM, attachments=(faxed,), note="Came by  bus")).text(36, 1, 48) == "CAME BY BUS   PWKOZFXAC77"
    )


@pytest.mark.parametrize("frequency", [Frequency.REPLACEMENT, Frequency.VOID])
def test_a_corrected_claim_fills_box_22(frequency: Frequency) -> None:
    read = page(replace(CLAIM, frequency=frequency, original_number="20140987"))
    assert (read.text(38, 50, 60), read.text(38, 62, 79)) == (frequency.value, "20140987")
    assert page(CLAIM).text(38, 50, 79) == ""


def test_every_form_of_a_corrected_claim_names_the_earlier_one() -> None:
    claim = replace(CLAIM, frequency=Frequency.VOID, original_number="20140987", lines=CLAIM.lines * 4)
    assert [form.boxes["22 original"] for form in forms(claim)] == ["20140987"] * 2


def test_the_indicator_is_of_the_edition_and_codes_lose_their_point() -> None:
    line = replace(service(), day=date(2015, 10, 1))
    read = page(replace(CLAIM, diagnoses=(diagnosis("S61.401A", CodeSystem.ICD10CM),), lines=(line,)))
    assert (read.text(37, 42, 42), read.text(38, 3, 9)) == ("0", "S61401A")
    assert page(CLAIM).text(37, 42, 42) == "9"


def test_the_insured_may_be_another_person() -> None:
    other = Person(
        name=PersonName(last="O'Neil-Ray", first="Ann Lee", middle="Q.", suffix="Jr."),
        birth_date=date(1959, 1, 2),
        sex="M",
        address=replace(HOME, street="9 N. Oak Rd.", second="#4", zip="97301"),
        phone=None,
    )
    coverage = replace(CLAIM.coverage, relationship=Relationship.SPOUSE, insured=other, plan="Gold, Plus")
    read = page(replace(CLAIM, coverage=coverage))
    assert read.text(10, 50, 78) == "O'NEIL-RAY JR, ANN LEE, Q"
    assert read.text(12, 50, 78) == "9 N OAK RD 4"
    assert (read.text(16, 50, 61), read.text(16, 65, 75)) == ("97301", "")
    assert [read.text(12, column, column) for column in (33, 38, 42, 47)] == ["", "X", "", ""]
    assert (read.text(20, 53, 62), read.text(20, 68, 68), read.text(20, 75, 75)) == ("01 02 1959", "X", "")
    assert read.text(24, 50, 78) == "GOLD PLUS"
    assert read.text(10, 1, 28) == "OKAFOR, RUTH, A"


def test_a_social_security_number_is_ticked_as_one() -> None:
    read = page(replace(CLAIM, practice=replace(CLAIM.practice, tax_id_is_ssn=True)))
    assert (read.text(56, 17, 17), read.text(56, 19, 19)) == ("X", "")
    assert (page(CLAIM).text(56, 17, 17), page(CLAIM).text(56, 19, 19)) == ("", "X")


def test_numbers_lose_hyphens_where_their_box_takes_none() -> None:
    read = page(replace(with_payer(kind=PayerKind.COMMERCIAL, group="G-10 0"), authorization="A-77 8"))
    assert (read.text(18, 50, 78), read.text(40, 50, 78), read.text(56, 23, 36)) == ("G100", "A778", "FH006521")


def test_attachments_stand_in_box_19() -> None:
    faxed = Attachment(report_type="OZ", transmission=Transmission.BY_FAX, control_number="AC77")
    asked = Attachment(report_type="M1", transmission=Transmission.ON_REQUEST, control_number=None)
    assert page(replace(CLAIM, attachments=(faxed, asked))).text(36, 1, 48) == "PWKOZFXAC77   PWKM1AA"


def test_the_taxonomy_of_the_provider_stands_above_the_npi() -> None:
    read = page(replace(CLAIM, provider=replace(CLAIM.provider, taxonomy="207Q00000X")))
    assert [(read.text(row, 65, 66), read.text(row, 68, 78)) for row in (43, 45)] == [("ZZ", "207Q00000X")] * 2


@pytest.mark.parametrize(("letter", "printed"), [("é", "É"), ("ß", "SS"), ("’", "’")])
def test_letters_of_the_forms_type_are_printed(letter: str, printed: str) -> None:
    name = PersonName(last=f"Mo{letter}", first="Ruth")
    assert page(of_patient(replace(PATIENT, name=name))).text(10, 1, 28) == f"MO{printed}, RUTH"


def test_no_two_boxes_share_a_place_and_all_are_on_the_form() -> None:
    taken: dict[tuple[int, int], str] = {}
    for box, place in places().items():
        rows = [place.row + 2 * n for n in range(6)] if box.startswith("24") else [place.row]
        for row in rows:
            for column in range(place.column, place.column + place.width):
                assert (row, column) not in taken, f"{box} lies on {taken[row, column]}"
                taken[row, column] = box
    assert max(column for _, column in taken) <= 79
    assert max(row for row, _ in taken) == 61


def test_texts_begin_in_the_columns_of_the_form() -> None:
    read = page(replace(CLAIM, diagnoses=tuple(diagnosis(code) for code in ICD9[:12])))
    begins = {
        **{(38 + n // 4, 3 + 13 * (n % 4)): ICD9[n].replace(".", "") for n in range(12)},
        (8, 50): "NM1234567",
        (10, 1): "OKAFOR, RUTH, A",
        (10, 31): "07 19 1961",
        (12, 50): "12 ELM STREET",
        (44, 1): "03 14 14 03 14 14 11",
        (44, 25): "99213",
        (46, 45): "BA",
        (44, 54): "8500 1",
        (46, 54): "2450 2",
        (44, 68): "1987654328",
        (56, 55): "10950",
        (61, 50): "1234567893",
    }
    assert {place: read.text(place[0], place[1], place[1] + len(text) - 1) for place, text in begins.items()} == begins
    assert not [place for place in begins if (place[0], place[1] - 1) in read.characters]
