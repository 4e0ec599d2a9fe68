"""Each kind of edit, by a claim that has it and one that has not."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from pipeline.claims.edits import ClaimEdits, Severity
from pipeline.codebooks import CodeBooks
from pipeline.codebooks.entries import NOTE_KINDS
from pipeline.coding.check import CodeCheck
from pipeline.records import Claim, CodeSystem, Frequency, ServiceLine
from pipeline.settings import CodingSettings
from tests.claims.drawn_claims import diagnosis
from tests.claims.edits.conftest import IN_2014, IN_2015, IN_2018, IN_2020, claim, kind_of, kinds, line


def test_a_claim_of_proven_codes_is_only_told_that_necessity_was_not_checked(judge: ClaimEdits) -> None:
    (edit,) = judge(claim(line("77057", on=IN_2015), diagnoses=("V76.12",)), others=())
    assert (edit.severity, edit.field) == (Severity.NOTE, "claim")
    assert edit.sentence == "Medical necessity was not checked: no coverage table (LCD/NCD) is loaded."


@pytest.mark.parametrize(
    ("code", "diagnosis", "on", "field", "told"),
    [
        ("99213", "401.9", IN_2014, "lines.1", "practice's licensed CPT file of 2014"),
        ("J3301", "401.9", IN_2014, "lines.1", "HCPCS Level II annual file of CMS of 2014"),
        ("77057", "V76.12", date(2007, 11, 2), "diagnoses.1", "ICD-9-CM tabular list of NCHS of fiscal year 2008"),
    ],
)
def test_a_code_that_no_book_proves_stops_and_says_what_to_import(
    judge: ClaimEdits, code: str, diagnosis: str, on: date, field: str, told: str
) -> None:
    found = judge(claim(line(code, on=on), diagnoses=(diagnosis,)), others=())
    (edit,) = (each for each in found if kind_of(each) == "not_proven" and each.field == field)
    assert edit.severity is Severity.ERROR and edit.sentence.endswith(f"Import the {told}.")


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (claim(line("99213"), diagnoses=("250.0",)), ("category", "error", "diagnoses.1")),
        (claim(line("99213"), diagnoses=("V99.9",)), ("unknown", "error", "diagnoses.1")),
        (claim(line("00000")), ("unknown", "error", "lines.1")),
        (claim(line("90772")), ("not_in_force", "error", "lines.1")),
        (
            replace(claim(line("99213")), diagnoses=(diagnosis("I10", CodeSystem.ICD10CM),)),
            ("edition", "error", "diagnoses.1"),
        ),
        (claim(line("99213", points_to=())), ("pointer", "error", "lines.1.points_to")),
        (claim(line("99213", points_to=(1, 2))), ("pointer", "error", "lines.1.points_to")),
        (claim(line("99213"), diagnoses=("E885.9", "845.00")), ("cause_first", "error", "diagnoses.1")),
        (claim(line("99213"), diagnoses=("357.2", "250.60")), ("manifestation", "error", "diagnoses.1")),
        (claim(line("99213"), diagnoses=("401.9", "357.2")), ("manifestation", "error", "diagnoses.2")),
        (claim(line("99213"), diagnoses=("486", "786.2")), ("integral", "warning", "diagnoses.2")),
        (
            claim(line("99213", on=IN_2018), diagnoses=("J20.9", "J40")),
            ("excludes", "warning", "diagnoses.2"),
        ),
        (claim(line("99213"), diagnoses=("600.00",)), ("sex", "error", "diagnoses.1")),
        (claim(line("57454"), sex="M"), ("sex", "error", "lines.1")),
        (claim(line("57454", "KX"), sex="M"), ("sex_stated", "warning", "lines.1")),
        (claim(line("99391")), ("age", "error", "lines.1")),
        (claim(line("99213"), diagnoses=("V30.00",)), ("age", "error", "diagnoses.1")),
        (claim(line("99213"), diagnoses=("779.34",)), ("unusual", "warning", "diagnoses.1")),
        (claim(line("77057"), diagnoses=("V76.12",), sex="M"), ("unusual", "warning", "diagnoses.1")),
        (claim(line("45380"), line("45378")), ("included", "warning", "lines.2")),
        (claim(line("90471")), ("companion", "warning", "lines.1")),
        (claim(line("99213"), line("20610", "RT")), ("visit", "warning", "lines.1")),
        (claim(line("99213"), diagnoses=("882.0",)), ("cause", "note", "diagnoses.1")),
        (claim(line("99213", units=2)), ("units_usual", "warning", "lines.1.units")),
        (claim(line("20610")), ("side_missing", "warning", "lines.1")),
        (claim(line("99213", on=IN_2018), diagnoses=("M25.569",)), ("side_open", "warning", "diagnoses.1")),
        (claim(line("99213", on=IN_2018), diagnoses=("H66.90",)), ("side_open", "warning", "diagnoses.1")),
        (
            claim(line("20610", "LT", on=IN_2018), diagnoses=("M17.11",)),
            ("side_conflict", "warning", "lines.1"),
        ),
        (claim(line("20610", "RT"), line("20610", "RT")), ("line_twice", "warning", "lines.2")),
    ],
)
def test_a_claim_with_one_thing_wrong_has_that_edit(
    judge: ClaimEdits, made: Claim, expected: tuple[str, str, str]
) -> None:
    found = kinds(judge(made, others=()))
    assert expected in found
    assert {kind for kind, _, _ in found} == {expected[0]}


@pytest.mark.parametrize(
    "made",
    [
        claim(line("99213"), diagnoses=("250.60", "357.2")),
        claim(line("99213"), diagnoses=("331.0", "294.10")),
        claim(line("99213", "25"), line("20610", "RT")),
        claim(line("20610", "50")),
        claim(line("20553")),
        claim(line("20610", "LT", on=IN_2018), diagnoses=("M17.12",)),
        claim(line("20610", "LT", on=IN_2018), diagnoses=("M17.0",)),
        claim(line("20610", "LT"), line("20610", "RT")),
        claim(line("99213"), diagnoses=("600.00",), sex=None),
        claim(line("99213"), diagnoses=("600.00",), sex="M"),
        claim(line("99391"), born=IN_2014 - timedelta(days=200), diagnoses=("V20.2",)),
        claim(line("99396")),
        claim(line("99213", on=IN_2018), diagnoses=("M25.561",)),
        claim(line("99213", on=IN_2018), diagnoses=("J06.9",)),
        claim(line("93000"), diagnoses=("786.50", "412")),
        claim(line("G0105"), diagnoses=("V76.51",)),
    ],
)
def test_a_claim_with_nothing_wrong_has_none(judge: ClaimEdits, made: Claim) -> None:
    assert kinds(judge(made, others=())) == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((line("93000"), line("93005")), ("pair_never", "error", "lines.2")),
        ((line("93005", "59"), line("93000")), ("pair_never", "error", "lines.1")),
        ((line("45385"), line("45380")), ("pair", "error", "lines.2")),
        ((line("45385"), line("45380", "GC")), ("pair", "error", "lines.2")),
        ((line("45385"), line("45380", "25")), ("pair", "error", "lines.2")),
        ((line("45385", "59"), line("45380")), ("pair", "error", "lines.2")),
        ((line("45385", "59", on=IN_2020), line("45380", on=IN_2020)), ("pair_apart", "warning", "lines.2")),
        ((line("45385"), line("45380", "59")), ("pair_apart", "warning", "lines.2")),
        ((line("20610", "RT"), line("99213")), ("pair", "error", "lines.2")),
        ((line("20610", "RT"), line("99213", "59")), ("pair", "error", "lines.2")),
        ((line("20610", "25"), line("99213")), ("pair", "error", "lines.2")),
        ((line("20610", "RT"), line("99213", "25")), ("pair_apart", "warning", "lines.2")),
        ((line("11042", "RT"), line("97597")), ("pair_apart", "warning", "lines.2")),
        ((line("99213", units=2),), ("units_policy", "error", "lines.1.units")),
        ((line("99213", "25"), line("99213")), ("units_policy", "error", "lines.1.units")),
        ((line("J3301", units=17),), ("units_benchmark", "warning", "lines.1.units")),
        ((line("73610", "RT", units=3),), ("units_line", "warning", "lines.1.units")),
    ],
)
def test_the_edits_of_cms_weigh_as_their_indicators_say(
    judge_cms: ClaimEdits, lines: tuple[ServiceLine, ...], expected: tuple[str, str, str]
) -> None:
    on = lines[0].day
    made = claim(*lines, diagnoses=("401.9",) if on == IN_2014 else ("I10",))
    assert expected in kinds(judge_cms(made, others=()))


def test_where_cms_has_an_edit_on_two_services_the_projects_lists_are_silent(
    judge: ClaimEdits, judge_cms: ClaimEdits
) -> None:
    made = claim(line("20610", "RT"), line("99213"))
    assert [kind for kind, _, _ in kinds(judge(made, others=()))] == ["visit"]
    assert [kind for kind, _, _ in kinds(judge_cms(made, others=()))] == ["pair"]


@pytest.mark.parametrize(
    "lines",
    [
        (line("99396"), line("99213", "25")),
        (line("45385"), line("45380", on=IN_2014 + timedelta(days=1))),
        (line("J3301", units=16),),
        (line("99213"), line("99213", on=IN_2014 + timedelta(days=1))),
        (line("73610", "LT", units=2), line("73610", "RT", units=2)),
    ],
)
def test_what_cms_allows_has_no_edit(judge_cms: ClaimEdits, lines: tuple[ServiceLine, ...]) -> None:
    found = kinds(judge_cms(claim(*lines), others=()))
    assert not [each for each in found if each[0].startswith(("pair", "units"))]


OTHER = replace(claim(line("99213"), line("36415")), encounter="other", number="OTHER-1")


def test_the_same_claim_of_another_encounter_stops(judge: ClaimEdits) -> None:
    again = replace(OTHER, encounter="8c1", number="AGAIN")
    assert kinds(judge(again, others=(OTHER,))) == [("duplicate", "error", "claim")]
    turned = replace(again, lines=again.lines[::-1])
    assert ("duplicate", "error", "claim") in kinds(judge(turned, others=(OTHER,)))


@pytest.mark.parametrize(
    "other",
    [
        replace(OTHER, encounter="8c1"),
        replace(OTHER, patient=replace(OTHER.patient, birth_date=date(1961, 7, 18))),
        replace(OTHER, lines=tuple(replace(each, day=IN_2018) for each in OTHER.lines)),
        replace(OTHER, frequency=Frequency.VOID, original_number="1"),
    ],
)
def test_other_claims_that_do_not_bill_the_same_are_passed_over(judge: ClaimEdits, other: Claim) -> None:
    assert kinds(judge(replace(OTHER, encounter="8c1"), others=(other,))) == []


def test_one_service_that_stands_on_another_claim_needs_a_reason(judge: ClaimEdits) -> None:
    more = claim(line("80053"), line("36415"))
    assert ("repeated", "warning", "lines.2") in kinds(judge(more, others=(OTHER,)))
    somebody = replace(OTHER, provider=replace(OTHER.provider, npi="1234567893"), lines=more.lines)
    assert {kind for kind, _, _ in kinds(judge(more, others=(somebody,)))} == {"repeated"}
    sides = replace(OTHER, lines=(line("20610", "LT"),))
    assert kinds(judge(claim(line("20610", "RT")), others=(sides,))) == []


def test_what_was_voided_or_replaced_does_not_stand_any_more(judge: ClaimEdits) -> None:
    again = replace(OTHER, encounter="8c1", number="AGAIN")
    void = replace(OTHER, frequency=Frequency.VOID, original_number="1")
    assert kinds(judge(again, others=(OTHER, void))) == []
    replaced = replace(OTHER, frequency=Frequency.REPLACEMENT, original_number="1", lines=(line("80053"),))
    assert kinds(judge(again, others=(OTHER, replaced))) == []


def test_a_claim_that_replaces_or_voids_is_no_duplicate(judge: ClaimEdits, judge_cms: ClaimEdits) -> None:
    for frequency in (Frequency.REPLACEMENT, Frequency.VOID):
        made = replace(OTHER, encounter="8c1", frequency=frequency, original_number="1")
        assert kinds(judge(made, others=(OTHER,))) == kinds(judge_cms(made, others=(OTHER,))) == []


def test_a_void_repeats_what_was_wrong(judge: ClaimEdits) -> None:
    wrong = replace(claim(line("00000"), sex="M"), frequency=Frequency.VOID, original_number="1")
    assert [kind_of(each) for each in judge(wrong, others=())] == ["necessity"]


def test_a_limit_of_the_day_counts_the_other_claims_of_the_provider(judge_cms: ClaimEdits) -> None:
    other = replace(OTHER, lines=(line("J3301", units=10),))
    made = claim(line("J3301", units=10))
    # equal services of one provider are a duplicate; ten and ten units on claims that differ are twenty
    assert ("units_benchmark", "warning", "lines.1.units") not in kinds(judge_cms(made, others=(other,)))
    more = replace(made, lines=(*made.lines, line("80053")))
    assert ("units_benchmark", "warning", "lines.1.units") in kinds(judge_cms(more, others=(other,)))


def test_a_pair_is_found_across_the_claims_of_the_provider(judge_cms: ClaimEdits) -> None:
    other = replace(OTHER, lines=(line("93000"),))
    assert ("pair_never", "error", "lines.1") in kinds(judge_cms(claim(line("93005")), others=(other,)))
    somebody = replace(other, provider=replace(other.provider, npi="1234567893"))
    assert kinds(judge_cms(claim(line("93005")), others=(somebody,))) == []


def test_two_codes_that_exclude_each_other_ask_for_one_reason(books: CodeBooks) -> None:
    number = next(n for n, book in enumerate(books.books()) if book.system is CodeSystem.ICD9CM)
    tables = replace(
        books.tables,
        note_place=["ICD9CM 465"],
        note_book=np.array([number], dtype=np.uint8),
        note_kind=np.array([NOTE_KINDS.index("excludes")], dtype=np.uint8),
        note_text=["with influenza (487.1)"],
    )
    listed = replace(books, tables=tables)
    judging = ClaimEdits(listed, CodeCheck(listed, CodingSettings()))
    made = claim(line("99213"), diagnoses=("487.1", "465.9"))
    turned = replace(made, diagnoses=made.diagnoses[::-1])
    (edit,), (same,) = ([e for e in judging(m, others=()) if kind_of(e) == "excludes"] for m in (made, turned))
    assert (edit.field, same.field, edit.key) == ("diagnoses.2", "diagnoses.1", same.key)
