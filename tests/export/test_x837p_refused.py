from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ExportError
from pipeline.export.x837p import unwritable, x837p
from pipeline.export.x837p.text import Element, amount, faults_of, plain
from pipeline.records import Attachment, Claim, Frequency, PayerKind, PersonName, Receiver, Transmission
from tests.claims.drawn_claims import CLAIM
from tests.export.drawn_837p import AT, FULL, RECEIVER, deviations_of, file_of
from tests.export.read_837p import read_file

STRANGER = replace(CLAIM.patient, name=PersonName(last="Peña", first="R" * 36))

assert FULL.facility is not None
HOSPITAL = FULL.facility


def of_patient(**changes: Any) -> Claim:
    """The claim of another patient, who is the insured."""
    patient = replace(CLAIM.patient, **changes)
    return replace(CLAIM, patient=patient, coverage=replace(CLAIM.coverage, insured=patient))


def of_practice(**changes: Any) -> Claim:
    """The claim of another practice."""
    return replace(CLAIM, practice=replace(CLAIM.practice, **changes))


def problems_of(*batch: Claim, control_number: int = 1, receiver: Receiver = RECEIVER) -> tuple[str, ...]:
    """Why a batch is refused."""
    with pytest.raises(ExportError) as refused:
        x837p(batch, control_number=control_number, at=AT, receiver=receiver)
    return refused.value.problems


def test_every_problem_of_every_claim_is_told_at_once() -> None:
    first = of_patient(name=PersonName(last="Peña", first="R" * 36), address=replace(CLAIM.patient.address, city="X"))
    second = replace(CLAIM, number="B", authorization="A*1")
    assert problems_of(first, second, control_number=0) == (
        "The control number 0 is not from 1 to 999999999.",
        'Claim FH00652-1: The patient\'s last name has the character "ñ", which X12 does not have.',
        "Claim FH00652-1: The patient's first name has 36 characters; 837P takes 1 to 35.",
        "Claim FH00652-1: The patient's city has 1 characters; 837P takes 2 to 30.",
        'Claim B: The prior authorization number has the character "*", which is a delimiter of X12.',
    )


@pytest.mark.parametrize(
    ("claim", "problem"),
    [
        (of_practice(name="N" * 61), "The practice's name has 61 characters; 837P takes 1 to 60."),
        (of_practice(contact="*"), "The practice's contact is empty."),
        (
            of_practice(address=replace(CLAIM.practice.address, zip="97301")),
            "The practice's ZIP code has 5 characters; 837P takes 9.",
        ),
        (
            of_practice(address=replace(CLAIM.practice.address, second="P.O. Box 12")),
            "The practice's address is a post office box; 837P takes a street address.",
        ),
        (of_practice(submitter_id="S" * 16), "The practice's submitter id has 16 characters; 837P takes 2 to 15."),
        (of_practice(taxonomy="207Q"), "The practice's taxonomy has 4 characters; 837P takes 10."),
        (
            of_patient(address=replace(CLAIM.patient.address, street="S" * 56)),
            "Claim FH00652-1: The patient's street has 56 characters; 837P takes 1 to 55.",
        ),
        (
            of_patient(name=PersonName(last="A\nB", first="C")),
            "Claim FH00652-1: The patient's last name has the character U+000A, which X12 does not have.",
        ),
        (
            replace(CLAIM, coverage=replace(CLAIM.coverage, member_id="M")),
            "Claim FH00652-1: The member id has 1 characters; 837P takes 2 to 80.",
        ),
        (
            replace(CLAIM, coverage=replace(CLAIM.coverage, group=" G1")),
            "Claim FH00652-1: The policy group begins or ends with a blank.",
        ),
        (
            replace(FULL, coverage=replace(FULL.coverage, insured=STRANGER)),
            'Claim FH00700-2: The insured person\'s last name has the character "ñ", which X12 does not have.',
        ),
        (
            replace(CLAIM, provider=replace(CLAIM.provider, name=PersonName(last="Moss", first="É"))),
            'Claim FH00652-1: The provider\'s first name has the character "É", which X12 does not have.',
        ),
        (
            replace(CLAIM, facility=replace(HOSPITAL, address=replace(HOSPITAL.address, zip="97301"))),
            "Claim FH00652-1: The facility's ZIP code has 5 characters; 837P takes 9.",
        ),
        (replace(CLAIM, note="N" * 81), "Claim FH00652-1: The note has 81 characters; 837P takes 1 to 80."),
        (
            replace(CLAIM, frequency=Frequency.VOID, original_number="9:9"),
            'Claim FH00652-1: The payer\'s number of the earlier claim has the character ":", '
            "which is a delimiter of X12.",
        ),
    ],
)
def test_what_does_not_fit_is_refused_by_its_field(claim: Claim, problem: str) -> None:
    assert problem in problems_of(claim)


def test_what_is_refused_is_told_of_one_claim_alone() -> None:
    assert unwritable(CLAIM) == unwritable(FULL) == ()
    wrong = replace(of_practice(contact="*"), authorization="A*1")
    assert unwritable(wrong) == (
        "The practice's contact is empty.",
        'The prior authorization number has the character "*", which is a delimiter of X12.',
    )
    assert [problem.removeprefix(f"Claim {wrong.number}: ") for problem in problems_of(wrong)] == [*unwritable(wrong)]


def attached(*attachments: Attachment) -> Claim:
    """The claim with attachments."""
    return replace(CLAIM, attachments=attachments)


FAX = Attachment(report_type="OZ", transmission=Transmission.BY_FAX, control_number="DOC1")


def test_attachments_that_837p_does_not_take_are_refused() -> None:
    wrong = attached(
        replace(FAX, report_type="QQ"),
        replace(FAX, control_number=None),
        replace(FAX, transmission=Transmission.ON_REQUEST),
        *[FAX] * 8,
    )
    assert problems_of(wrong) == (
        "Claim FH00652-1: There are 11 attachments; 837P takes 10.",
        "Claim FH00652-1: Attachment 1 is of a report type that 837P does not have.",
        "Claim FH00652-1: The control number of attachment 2 is empty.",
        "Claim FH00652-1: Attachment 3 is only available on request, and 837P has no room for its control number.",
    )
    ten = attached(*[FAX] * 10)
    assert deviations_of(file_of([ten]), [ten]) == []


def test_no_claims_are_no_file() -> None:
    assert problems_of() == ("There is no claim to write.",)


def test_a_claim_twice_in_a_file_is_refused_and_its_replacement_is_not() -> None:
    assert problems_of(CLAIM, CLAIM) == ("Claim FH00652-1 with frequency 1 stands 2 times.",)
    void = replace(CLAIM, frequency=Frequency.VOID, original_number="77")
    assert deviations_of(file_of([CLAIM, void]), [CLAIM, void]) == []


def test_medicare_as_the_second_payer_is_refused() -> None:
    second = FULL.other_coverage
    assert second is not None
    medicare = replace(FULL, other_coverage=replace(second, payer=replace(second.payer, kind=PayerKind.MEDICARE)))
    (problem,) = problems_of(medicare)
    assert "Medicare as the second payer" in problem


def test_claims_of_two_submitters_are_not_one_file() -> None:
    other = replace(of_practice(submitter_id="ELSEWHERE"), number="B")
    assert problems_of(CLAIM, other) == ("The claims come from 2 submitters (FERNHOLLOW, ELSEWHERE); a file has one.",)


@pytest.mark.parametrize("number", [0, -1, 1_000_000_000])
def test_a_control_number_has_one_to_nine_digits(number: int) -> None:
    assert problems_of(CLAIM, control_number=number) == (f"The control number {number} is not from 1 to 999999999.",)


def test_a_receiver_that_cannot_be_written_is_refused() -> None:
    receiver = Receiver(id="R" * 16, qualifier="XX", name="~")
    assert problems_of(CLAIM, receiver=receiver) == (
        "The receiver's id has 16 characters; 837P takes 2 to 15.",
        "The receiver's name is empty.",
        "The receiver's qualifier is not one of 01, 14, 20, 27, 28, 29, 30, 33, ZZ.",
    )


def test_a_delimiter_in_free_text_becomes_a_blank() -> None:
    claim = of_practice(name="Fern*Hollow ~ Clinic:", address=replace(CLAIM.practice.address, second="Suite^4"))
    practice = read_file(file_of([claim])).sets[0].practice
    assert practice.name[0] == "Fern Hollow Clinic"
    assert practice.address[1] == "Suite 4"


def test_lower_case_and_the_rest_of_the_extended_set_are_written_as_they_are() -> None:
    name = 'O\'Neil-de [la] {Cruz} (x) & "y" #1 @2 $3 %4 <5> |\\_=?!;+,./'
    assert read_file(file_of([of_practice(name=name)])).sets[0].submitter.name[0] == name


def texts(part: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path to every text of a record."""
    if is_dataclass(part):
        for field in fields(part):
            yield from texts(getattr(part, field.name), (*path, field.name))
    elif isinstance(part, tuple):
        for place, each in enumerate(part):
            yield from texts(each, (*path, place))
    elif type(part) is str:
        yield path


def with_text(part: Any, path: tuple[str | int, ...], text: str) -> Any:
    """The record with another text at a path."""
    if not path:
        return text
    first, *rest = path
    if isinstance(first, int):
        return (*part[:first], with_text(part[first], tuple(rest), text), *part[first + 1 :])
    return replace(part, **{first: with_text(getattr(part, first), tuple(rest), text)})


UNWRITTEN = {"encounter", "signed_by", "display", "who"}
UNWRITTEN_OF_PEOPLE = [
    ("patient", "phone"),
    *[("coverage", "insured", field) for field in ("address", "phone", "sex")],
    ("coverage", "payer", "address"),
]


@pytest.mark.parametrize("path", list(texts(FULL)), ids=lambda path: ".".join(map(str, path)))
@pytest.mark.parametrize("text", ["é", "X" * 100, "*", " "])
def test_no_text_gets_into_the_file_unseen(path: tuple[str | int, ...], text: str) -> None:
    claim = with_text(FULL, path, text)
    written = path[-1] not in UNWRITTEN and not any(path[: len(each)] == each for each in UNWRITTEN_OF_PEOPLE)
    if written:
        assert problems_of(claim)
    else:
        assert file_of([claim]) == file_of([FULL])


@settings(deadline=None)
@given(text=st.text(max_size=70))
def test_a_free_text_is_refused_or_written_whole_in_x12s_characters(text: str) -> None:
    refused = list(faults_of(Element(name="It", value=text, most=60, free=True)))
    written = plain(text)
    assert refused or (written.isascii() and written.isprintable() and not set(written) & set("*:^~"))
    assert [char for char in written if char != " "] == [char for char in text if char not in " *:^~"]


@settings(deadline=None)
@given(cents=st.integers(1, 10**10))
def test_an_amount_is_the_shortest_text_of_its_value(cents: int) -> None:
    value = Decimal(cents) / 100
    text = amount(value)
    assert Decimal(text) == value
    assert not text.startswith("0")
    assert "." not in text or text[-1] not in "0."
