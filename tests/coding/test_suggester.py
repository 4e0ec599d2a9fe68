import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.codebooks import CodeBooks
from pipeline.coding import Suggester
from pipeline.records import Attribute, Candidate, CodeSystem, Context, Label
from pipeline.settings import CodingSettings
from tests.coding.findings import encounter, entity

ICD9, ICD10, CPT, HCPCS = CodeSystem.ICD9CM, CodeSystem.ICD10CM, CodeSystem.CPT, CodeSystem.HCPCS
BEFORE, AFTER = "2012-05-01", "2026-05-01"


def proposed(candidates: tuple[Candidate, ...]) -> list[str]:
    return [candidate.code for candidate in candidates if candidate.proposed]


def best(candidates: tuple[Candidate, ...], system: CodeSystem) -> Candidate:
    return next(candidate for candidate in candidates if candidate.system is system)


@pytest.mark.parametrize(
    ("text", "icd9", "icd10"),
    [
        ("type 2 diabetes", "250.00", "E11.9"),
        ("DM2", "250.00", "E11.9"),
        ("hypertension", "401.9", "I10"),
        ("HTN", "401.9", "I10"),
        ("URI", "465.9", "J06.9"),
        ("chronic LBP", "724.2", "M54.50"),
        ("CHF", "428.0", "I50.9"),
        ("asthma w/ acute exacerbation", "493.92", "J45.901"),
        ("hypertensoin", "401.9", "I10"),
        ("pneurnonia", "486", "J18.9"),
        ("fx of distal radius, left", "813.42", "S52.502A"),
        ("L ankle sprain", "845.00", "S93.402A"),
        ("osteoarthritis, knee", "715.96", "M17.9"),
    ],
)
def test_shorthand_and_misreadings_find_their_code(suggester: Suggester, text: str, icd9: str, icd10: str) -> None:
    candidates = suggester.for_text(text, Label.DIAGNOSIS)
    assert best(candidates, ICD9).code == icd9
    assert best(candidates, ICD10).code == icd10


@pytest.mark.parametrize(
    ("text", "label", "system", "code"),
    [
        ("EKG", Label.PROCEDURE, CPT, "93000"),
        ("I&D abscess", Label.PROCEDURE, CPT, "10060"),
        ("cerumen removal", Label.PROCEDURE, CPT, "69210"),
        ("Hgb A1c", Label.PROCEDURE, CPT, "83036"),
        ("rocephin 1 g IM", Label.SUPPLY, HCPCS, "J0696"),
        ("crutches", Label.SUPPLY, HCPCS, "E0114"),
        ("kenalog 40 mg", Label.SUPPLY, HCPCS, "J3301"),
    ],
)
def test_services_and_supplies_find_their_code(
    suggester: Suggester, text: str, label: Label, system: CodeSystem, code: str
) -> None:
    candidates = suggester.for_text(text, label)
    assert best(candidates, system).code == code
    assert best(candidates, system).proposed


@pytest.mark.parametrize(
    ("text", "on", "code"),
    [
        ("low back pain", date(2018, 3, 1), "M54.5"),
        ("LBP", date(2018, 3, 1), "M54.5"),
        ("LBP", date(2022, 3, 1), "M54.50"),
        ("cough", date(2018, 3, 1), "R05"),
        ("cough", date(2022, 3, 1), "R05.9"),
        ("dehydration", date(2004, 3, 1), "276.5"),
        ("dehydration", date(2012, 3, 1), "276.51"),
        ("CKD", date(2004, 3, 1), "585"),
        ("CKD", date(2012, 3, 1), "585.9"),
    ],
)
def test_the_day_decides_whether_a_heading_was_the_code(suggester: Suggester, text: str, on: date, code: str) -> None:
    candidates = suggester.for_text(text, Label.DIAGNOSIS, on)
    assert candidates[0].code == code
    assert candidates[0].billable


def test_a_code_is_not_offered_before_its_birth(suggester: Suggester) -> None:
    for text, code, born in (
        ("obstructive sleep apnea", "327.23", date(2005, 10, 1)),
        ("chronic kidney disease stage 3", "585.3", date(2005, 10, 1)),
        ("COVID-19", "U07.1", date(2020, 4, 1)),
    ):
        before = suggester.for_text(text, Label.DIAGNOSIS, born - timedelta(days=1))
        assert code not in [candidate.code for candidate in before]
        assert suggester.for_text(text, Label.DIAGNOSIS, born)[0].code == code


def test_a_number_that_was_used_again_is_offered_for_what_it_meant_that_day(suggester: Suggester) -> None:
    def offered(text: str, on: date) -> list[str]:
        return [c.code for c in suggester.for_text(text, Label.SUPPLY, on) if c.system is HCPCS and c.score > 0.3]

    assert "J0570" in offered("bicillin la", date(2009, 3, 1))
    assert offered("bicillin la", date(2018, 3, 1)) == ["J0561"]
    assert offered("buprenorphine implant", date(2018, 3, 1)) == ["J0570"]
    assert "J0570" not in offered("buprenorphine implant", date(2009, 3, 1))


def test_a_procedure_of_volume_3_is_never_offered(suggester: Suggester) -> None:
    for text in ("laparoscopic appendectomy", "colonoscopy", "closed reduction of fracture"):
        assert {c.system for c in suggester.for_text(text, Label.PROCEDURE)} <= {CPT, HCPCS}


def test_the_date_of_service_decides_the_edition(suggester: Suggester) -> None:
    def systems(on: date | None) -> set[CodeSystem]:
        return {candidate.system for candidate in suggester.for_text("asthma", Label.DIAGNOSIS, on)}

    assert systems(date(2015, 9, 30)) == {ICD9}
    assert systems(date(2015, 10, 1)) == {ICD10}
    assert systems(None) == {ICD9, ICD10}


def test_a_number_that_was_not_in_force_is_not_shown(suggester: Suggester) -> None:
    early = suggester.for_text("chest xray", Label.PROCEDURE, date(2012, 5, 1))
    late = suggester.for_text("chest xray", Label.PROCEDURE, date(2020, 5, 1))
    assert best(early, CPT).code == "71020"
    assert best(late, CPT).code == "71046"
    assert "71020" not in {candidate.code for candidate in late}


def test_a_date_that_no_edition_covers_is_told(suggester: Suggester) -> None:
    def told(text: str, label: Label, on: date) -> bool:
        return any(
            evidence.source == "edition"
            for candidate in suggester.for_text(text, label, on, 1)
            for evidence in candidate.evidence
        )

    assert told("asthma", Label.DIAGNOSIS, date(2001, 5, 1))
    assert not told("asthma", Label.DIAGNOSIS, date(2015, 5, 1))
    assert told("ekg", Label.PROCEDURE, date(2015, 5, 1))


def test_a_negated_diagnosis_gets_no_candidate(suggester: Suggester) -> None:
    assert suggester(encounter(BEFORE), (entity("pneumonia", context=Context(negated=True)),)) == ()


def test_an_uncertain_diagnosis_is_withheld(suggester: Suggester) -> None:
    candidates = suggester(encounter(BEFORE), (entity("pneumonia", context=Context(uncertain=True)),))
    assert candidates[0].code == "486"
    assert candidates[0].withheld is not None
    assert "sign or symptom" in candidates[0].withheld
    assert proposed(candidates) == []


@pytest.mark.parametrize(("day", "code"), [(BEFORE, "V10.3"), (AFTER, "Z85.3")])
def test_a_past_cancer_becomes_a_personal_history(suggester: Suggester, day: str, code: str) -> None:
    candidates = suggester(encounter(day), (entity("breast cancer", context=Context(historical=True)),))
    assert proposed(candidates) == [code]
    assert all(c.withheld for c in candidates if c.code.startswith(("174", "C50")))


@pytest.mark.parametrize(("day", "code"), [(BEFORE, "V16.3"), (AFTER, "Z80.3")])
def test_a_relatives_cancer_becomes_a_family_history(suggester: Suggester, day: str, code: str) -> None:
    candidates = suggester(encounter(day), (entity("breast cancer", context=Context(family=True)),))
    assert proposed(candidates) == [code]


def test_a_past_or_hypothetical_disease_without_a_code_for_it_is_withheld(suggester: Suggester) -> None:
    for context in (Context(historical=True), Context(hypothetical=True), Context(family=True)):
        candidates = suggester(encounter(BEFORE), (entity("hypertension", context=context),))
        assert proposed(candidates) == []
        assert next(c for c in candidates if c.code == "401.9").withheld


def test_what_was_planned_or_done_before_is_not_proposed(suggester: Suggester) -> None:
    for context in (Context(hypothetical=True), Context(historical=True), Context(uncertain=True)):
        candidates = suggester(encounter(BEFORE), (entity("ekg", label=Label.PROCEDURE, context=context),))
        assert candidates
        assert all(candidate.withheld for candidate in candidates)


def test_an_unreadable_entity_is_never_proposed_and_says_so(suggester: Suggester) -> None:
    for context in (Context(), Context(family=True), Context(historical=True)):
        found = entity("breast cancer", context=context, confidence=0.3, unreadable=True)
        candidates = suggester(encounter(BEFORE), (found,))
        assert candidates
        assert proposed(candidates) == []
        assert all(candidate.withheld for candidate in candidates)


def test_a_doubtful_reading_lowers_the_chance(suggester: Suggester) -> None:
    sure, doubtful = (suggester(encounter(BEFORE), (entity("asthma", confidence=c),))[0] for c in (1.0, 0.6))
    assert doubtful.score < sure.score


def test_a_category_is_withheld_and_its_code_for_no_more_proposed(suggester: Suggester) -> None:
    candidates = suggester.for_text("asthma", Label.DIAGNOSIS, date(2026, 5, 1))
    assert proposed(candidates) == ["J45.909"]
    for candidate in suggester.for_text("Essential hypertension category", Label.DIAGNOSIS, None, 30):
        assert candidate.billable or (candidate.withheld or "").startswith("A category")


def test_a_code_is_proposed_once_an_encounter(suggester: Suggester) -> None:
    candidates = suggester(encounter(BEFORE), (entity("asthma"), entity("asthma", number=2)))
    assert proposed(candidates) == ["493.90"]
    again = next(c for c in candidates if c.entity == "n2" and c.code == "493.90")
    assert again.withheld is not None
    assert "another mention" in again.withheld


def test_a_vaccine_is_proposed_with_giving_it(suggester: Suggester) -> None:
    candidates = suggester(
        encounter(BEFORE),
        tuple(
            entity(text, number=number, label=Label.SUPPLY, attributes=(Attribute(name="supplied", value="given"),))
            for number, text in enumerate(("flu vaccine", "Tdap"), start=1)
        ),
    )
    assert proposed(candidates) == ["V04.81", "90658", "90471", "V06.1", "90715", "90472"]


def test_what_only_medicare_pays_for_is_withheld_until_the_note_says_medicare(suggester: Suggester) -> None:
    silent = suggester.for_text("flu vaccine administration", Label.PROCEDURE)
    named = suggester.for_text("flu shot administration medicare", Label.PROCEDURE)
    assert next(c for c in silent if c.code == "G0008").withheld
    assert next(c for c in named if c.code == "G0008").proposed


def test_the_side_comes_from_an_attribute_or_the_words(suggester: Suggester) -> None:
    attribute = Attribute(name="laterality", value="left")
    by_attribute = suggester(encounter(AFTER), (entity("knee pain", attributes=(attribute,)),))
    by_words = suggester(encounter(AFTER), (entity("knee pain, right"),))
    unsaid = suggester(encounter(AFTER), (entity("knee pain"),))
    assert [c[0].code for c in (by_attribute, by_words, unsaid)] == ["M25.562", "M25.561", "M25.569"]


def test_a_raised_threshold_proposes_less(books: CodeBooks) -> None:
    strict = Suggester(books, CodingSettings(propose_from=1.0))
    assert proposed(strict.for_text("asthma", Label.DIAGNOSIS)) == []


def test_limit_counts_by_system(suggester: Suggester) -> None:
    candidates = suggester.for_text("pain in the knee", Label.DIAGNOSIS, None, 3)
    assert [(c.system, c.rank) for c in candidates] == [(s, r) for s in (ICD9, ICD10) for r in (1, 2, 3)]


def test_a_date_that_is_none_is_taken_for_unknown(suggester: Suggester) -> None:
    candidates = suggester(encounter("spring"), (entity("asthma"),))
    assert {c.system for c in candidates} == {ICD9, ICD10}


def test_without_a_day_an_ended_code_stands_behind_its_successor(suggester: Suggester) -> None:
    codes = [c.code for c in suggester.for_text("reclast infusion", Label.SUPPLY) if c.system is HCPCS]
    assert "J3488" in codes
    assert codes.index("J3489") < codes.index("J3488")


def test_nothing_readable_gives_no_proposal(suggester: Suggester) -> None:
    for text in ("", "...", "asdf qwer", "1234567", "the of and"):
        for label in Label:
            assert proposed(suggester.for_text(text, label)) == []


def test_parts_name_every_book_and_the_ranking(suggester: Suggester, books: CodeBooks) -> None:
    assert [part.name for part in suggester.parts()] == [*(b.name for b in books.books()), "code ranking"]


def test_a_suggestion_is_quick(suggester: Suggester) -> None:
    texts = ["hypertenson", "L knee OA", "chronic obstructive lung disease with exacerbation", "lac rt hand"]
    began = time.process_time()
    for text in texts:
        suggester.for_text(text, Label.DIAGNOSIS)
    assert (time.process_time() - began) / len(texts) < 0.1


CONTEXTS = st.builds(
    Context,
    negated=st.booleans(),
    uncertain=st.booleans(),
    historical=st.booleans(),
    hypothetical=st.booleans(),
    family=st.booleans(),
)
WORDS = st.sampled_from(
    [
        "acute",
        "chronic",
        "left",
        "right",
        "pain",
        "knee",
        "asthma",
        "diabetes",
        "flu",
        "vaccine",
        "ekg",
        "pnuemonia",
        "fx",
        "2",
        "of",
        "x-ray",
        "HTN",
        "mg",
        "IM",
        "cancer",
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(WORDS, max_size=5),
    context=CONTEXTS,
    label=st.sampled_from(Label),
    day=st.sampled_from([BEFORE, AFTER, None]),
    unreadable=st.booleans(),
)
def test_whatever_is_asked_the_rules_hold(
    suggester: Suggester,
    books: CodeBooks,
    words: list[str],
    context: Context,
    label: Label,
    day: str | None,
    unreadable: bool,
) -> None:
    one = replace(entity(" ".join(words), label=label, context=context), unreadable=unreadable)
    candidates = suggester(encounter(day), (one,))
    allowed = {ICD9, ICD10} if label is Label.DIAGNOSIS else {CPT, HCPCS}
    assert {c.system for c in candidates} <= allowed
    for system in allowed:
        own = [c for c in candidates if c.system is system]
        assert [c.rank for c in own] == list(range(1, len(own) + 1))
        assert len({c.code for c in own}) == len(own)
        assert sum(c.proposed for c in own) <= (2 if system is CPT else 1)
    for candidate in candidates:
        assert 0 <= candidate.score <= 1
        assert books.get(candidate.system, candidate.code) is not None
        assert candidate.evidence
        if candidate.proposed:
            assert candidate.billable
            assert candidate.withheld is None
            assert not context.negated
            assert not unreadable


def test_what_the_ink_supports_only_second_best_is_offered_as_unsure_with_both_readings(suggester: Suggester) -> None:
    also = Attribute(name="also_read", value="hypertension")
    found = suggester(encounter(BEFORE), (entity("hypotension", attributes=(also,)),))
    assert proposed(found) == ["458.9"]
    (unsure,) = (one for one in found if one.code == "401.9")
    assert unsure.score < 0.5
    assert any("“hypotension”" in each.detail and "“hypertension”" in each.detail for each in unsure.evidence)


def test_another_reading_that_no_book_knows_adds_nothing(suggester: Suggester) -> None:
    also = Attribute(name="also_read", value="hypoxension")
    unsure, sure = (
        suggester(encounter(BEFORE), (entity("hypotension", attributes=attributes),)) for attributes in ((also,), ())
    )
    assert [one.code for one in unsure] == [one.code for one in sure]
