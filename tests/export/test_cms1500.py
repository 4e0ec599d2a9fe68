from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ExportError
from pipeline.export.cms1500 import Form, cms1500, forms
from pipeline.records import Claim, ServiceLine
from tests.claims.drawn_claims import CLAIM, ICD9, PATIENT, claims, diagnosis, service
from tests.export.fitting import fitting, shortened
from tests.export.read_cms1500 import Beside, ReadForm, Service, pages, read_back


def paid_on(form: Form) -> int:
    """Box 29 in cents."""
    return int(form.boxes.get("29 dollars", "0") + form.boxes.get("29 cents", "00"))


def undotted(code: str) -> str:
    return code.replace(".", "")


def as_read(claim: Claim, line: ServiceLine) -> Service:
    return Service(
        day=line.day.strftime("%m %d %y"),
        place=line.place,
        code=line.code,
        modifiers=line.modifiers,
        points_to=tuple(undotted(claim.diagnoses[number - 1].code) for number in line.points_to),
        cents=int(line.charge * 100),
        units=line.units,
        npi=claim.provider.npi,
    )


@settings(deadline=None, max_examples=30)
@given(fitting, st.booleans())
def test_what_is_read_from_the_pdf_is_the_claim(claim: Claim, preprinted: bool) -> None:
    read = read_back(cms1500(claim, preprinted=preprinted))
    assert [service for form in read for service in form.services] == [as_read(claim, line) for line in claim.lines]
    assert {code for form in read for code in form.diagnoses} == {undotted(each.code) for each in claim.diagnoses}
    assert {form.indicator for form in read} == {"0" if claim.is_icd10 else "9"}
    assert sum(form.total for form in read) == claim.total * 100


@settings(deadline=None, max_examples=30)
@given(claims(most_lines=50).map(shortened))
def test_every_form_stands_alone(claim: Claim) -> None:
    pointed = {number for line in claim.lines for number in line.points_to}
    made = forms(claim)
    assert len(made) == -(-len(claim.lines) // 6)
    for index, form in enumerate(made):
        lines = claim.lines[6 * index : 6 * index + 6]
        own = {number for line in lines for number in line.points_to}
        shown = [
            undotted(each.code)
            for number, each in enumerate(claim.diagnoses, start=1)
            if len(made) == 1 or number in own or number not in pointed
        ]
        assert [
            text for box, text in form.boxes.items() if box in {f"21{letter}" for letter in "ABCDEFGHIJKL"}
        ] == shown
        total = int(form.boxes["28 dollars"] + form.boxes["28 cents"])
        assert total == sum(line.charge for line in lines) * 100
        assert paid_on(form) <= total
    assert sum(map(paid_on, made)) == (claim.paid or 0) * 100


@settings(deadline=None, max_examples=15)
@given(fitting)
def test_both_styles_type_the_same_characters_in_the_same_places(claim: Claim) -> None:
    assert pages(cms1500(claim, preprinted=True)) == pages(cms1500(claim))


@settings(deadline=None, max_examples=40)
@given(claims())
def test_a_claim_is_refused_only_for_what_does_not_fit_its_box(claim: Claim) -> None:
    try:
        forms(claim)
    except ExportError as error:
        assert error.problems
        for problem in error.problems:
            if problem.startswith(("Box 2 (", "Box 4 (", "Box 9 (", "Box 17 (", "Box 26 (")):
                assert " characters; there are " in problem
            else:
                assert problem.startswith(("Box 14 takes one day; ", "Box 23 takes one number; "))


def test_the_same_claim_gives_the_same_bytes() -> None:
    assert cms1500(CLAIM) == cms1500(CLAIM)


@pytest.mark.parametrize("preprinted", [False, True])
def test_a_draft_says_so_on_every_page_and_reads_like_the_claim(preprinted: bool) -> None:
    claim = replace(CLAIM, lines=CLAIM.lines[:1] * 7)
    draft, released = (cms1500(claim, preprinted=preprinted, draft=draft) for draft in (True, False))
    with pypdfium2.PdfDocument(draft) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    assert len(texts) == 2 and all("DRAFT" in text for text in texts)
    with pypdfium2.PdfDocument(released) as document:
        assert not any("DRAFT" in page.get_textpage().get_text_range() for page in document)
    assert pages(draft) == pages(released)


def test_a_claim_of_two_services_is_one_page() -> None:
    (form,) = read_back(cms1500(CLAIM, preprinted=True))
    first = Service(
        day="03 14 14",
        place="11",
        code="99213",
        modifiers=(),
        points_to=("4019",),
        cents=8500,
        units=1,
        npi="1987654328",
    )
    second = replace(first, code="J3301", points_to=("25000", "4019"), cents=2450, units=2)
    assert form == ReadForm(
        indicator="9",
        diagnoses=("4019", "25000"),
        services=(first, second),
        total=10950,
        paid=0,
        practice_npi="1234567893",
        beside=Beside(
            other_insured=("", "", ""),
            another_plan=("", "X"),
            began=("", ""),
            unable_to_work=("", ""),
            other_provider=("", "", ""),
            in_hospital=("", ""),
            more="",
            number="",
            signatures=("SIGNATURE ON FILE", "SIGNATURE ON FILE"),
            assignment=("X", ""),
            place=("FERN HOLLOW CLINIC", "1 CLINIC WAY SUITE 4", "SALEM OR 97301-0001", "1234567893"),
        ),
    )


@pytest.mark.parametrize(("services", "count"), [(6, 1), (7, 2), (14, 3), (50, 9)])
def test_a_form_takes_six_services(services: int, count: int) -> None:
    read = read_back(cms1500(replace(CLAIM, lines=tuple(service(charge=f"{n + 1}.01") for n in range(services)))))
    assert len(read) == count
    assert [len(form.services) for form in read[:-1]] == [6] * (count - 1)
    assert sum(form.total for form in read) == sum(100 * (n + 1) + 1 for n in range(services))


def test_pointers_are_lettered_by_the_form_they_stand_on() -> None:
    diagnoses = tuple(diagnosis(code) for code in ICD9[:4])
    lines = (*(service() for _ in range(6)), service(points_to=(3, 2)))
    first, second = forms(replace(CLAIM, diagnoses=diagnoses, lines=lines))
    assert {line["24E"] for line in first.lines} == {"A"}
    # Nothing points to the fourth, and no form may lose it.
    assert [first.boxes[box] for box in ("21A", "21B")] == ["4019", "V0481"]
    assert [second.boxes[box] for box in ("21A", "21B", "21C")] == ["25000", "25060", "V0481"]
    assert second.lines[0]["24E"] == "BA"
    assert "21D" not in second.boxes


def test_twelve_diagnoses_fill_box_21_in_their_order() -> None:
    claim = replace(CLAIM, diagnoses=tuple(diagnosis(code) for code in ICD9[:12]), lines=(service(points_to=(12, 1)),))
    (form,) = read_back(cms1500(claim))
    assert form.diagnoses == tuple(undotted(code) for code in ICD9[:12])
    assert form.services[0].points_to == (undotted(ICD9[11]), "4019")


def test_charges_are_summed_to_the_cent() -> None:
    claim = replace(CLAIM, lines=tuple(service(charge="0.10") for _ in range(3)))
    assert read_back(cms1500(claim))[0].total == 30


@pytest.mark.parametrize(
    ("paid", "shares"), [("1.50", (150, 0)), ("6.00", (600, 0)), ("7.25", (600, 125)), ("8.00", (600, 200))]
)
def test_what_was_paid_pays_one_form_after_the_other(paid: str, shares: tuple[int, int]) -> None:
    claim = replace(CLAIM, paid=Decimal(paid), lines=tuple(service(charge="1.00") for _ in range(8)))
    assert tuple(form.paid for form in read_back(cms1500(claim))) == shares


def test_the_largest_charges_fit() -> None:
    claim = replace(CLAIM, lines=tuple(service(charge="999999.99", units=999) for _ in range(6)))
    (form,) = read_back(cms1500(claim))
    assert form.total == 599999994
    assert {line.cents for line in form.services} == {99999999}


@settings(deadline=None, max_examples=10)
@given(fitting, st.integers(0, 5))
def test_changing_one_service_changes_what_is_read(claim: Claim, place: int) -> None:
    place %= len(claim.lines)
    line = claim.lines[place]
    other = replace(line, units=line.units % 999 + 1)
    changed = replace(claim, lines=(*claim.lines[:place], other, *claim.lines[place + 1 :]))
    before, after = (
        Counter(s for form in read_back(cms1500(each)) for s in form.services) for each in (claim, changed)
    )
    assert before != after


def test_the_signature_is_not_dated() -> None:
    (page,) = pages(cms1500(replace(CLAIM, lines=(replace(service(), day=date(2014, 3, 15)),))))
    assert page.text(59, 1, 21) == "RUTH"
    assert page.text(60, 1, 21) == "MOSS"
    assert page.text(61, 1, 21) == ""


def test_a_place_that_is_not_the_practices_own_leaves_box_32_empty() -> None:
    own, hospital = (
        pages(cms1500(replace(CLAIM, lines=(service(), replace(service(), place=place)))))[0] for place in ("11", "22")
    )
    assert [own.text(row, 23, 48) for row in range(58, 62)] == [
        "FERN HOLLOW CLINIC",
        "1 CLINIC WAY SUITE 4",
        "SALEM OR 97301-0001",
        "1234567893",
    ]
    assert [hospital.text(row, 23, 48) for row in range(58, 62)] == [""] * 4
    assert hospital.text(58, 50, 78) == "FERN HOLLOW CLINIC"


def test_a_sex_that_nobody_said_is_not_ticked() -> None:
    patient = replace(PATIENT, sex=None)
    (page,) = pages(cms1500(replace(CLAIM, patient=patient, coverage=replace(CLAIM.coverage, insured=patient))))
    assert [page.text(10, 42, 42), page.text(10, 47, 47), page.text(20, 68, 68), page.text(20, 75, 75)] == [""] * 4
