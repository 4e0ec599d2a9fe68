from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from pipeline.records import Addendum, Attribute, Box, CodeSystem, Encounter, Finding, Patient, Reading
from pipeline.review.chart.cards import Card, card, icd_for, percent, shown_first
from pipeline.review.chart.sentences import sentence_of
from pipeline.review.chart.sheets import sheets
from pipeline.review.chart.view import Chart, chart, day_of
from pipeline.store.decided import Action, Decision
from pipeline.store.matching import anchors_of
from pipeline.store.review_state import Review, Verdict, fold
from pipeline.store.rows import EncounterState, ProposedEncounter
from tests.review.drawn_chart import ENCOUNTERS, ENTITIES, reading_of

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NINE, TEN = CodeSystem.ICD9CM, CodeSystem.ICD10CM
PATIENT = Patient(name="Okafor, Ruth", birth_date=date(1961, 7, 19), record_number=None, sex="F")


def proposed(encounter: Encounter = ENCOUNTERS[0]) -> ProposedEncounter:
    return ProposedEncounter(
        id="doc-1",
        document="doc",
        document_name="chart.pdf",
        batch="monday",
        reading=1,
        latest_reading=1,
        proposal=encounter,
        read_at=AT,
        same_visit=(),
    )


def decision(
    action: Action, code: str | None = None, *, id: int = 1, system: CodeSystem = NINE, **more: object
) -> Decision:
    return Decision(
        id=id,
        at=AT,
        who="kim",
        encounter="doc-1",
        reading=1,
        action=action,
        system=system if code else None,
        code=code,
        display=code and f"Display of {code}",
        **more,  # type: ignore[arg-type]
    )


IDENTITY = (
    decision(Action.CONFIRM_PATIENT, patient=PATIENT),
    decision(Action.CONFIRM_DATE, date_of_service=date(2014, 3, 14)),
)


def seen(*decisions: Decision, reading: Reading | None = None, encounter: ProposedEncounter | None = None) -> Chart:
    return chart(encounter or proposed(), reading or reading_of("doc"), fold(decisions), decisions, {})


def the_card(view: Chart, id: str) -> Card:
    return next(card for card in view.cards if card.id == id)


@pytest.mark.parametrize(
    ("day", "icd"), [(date(2015, 9, 30), NINE), (date(2015, 10, 1), TEN), (date(2014, 1, 1), NINE), (None, TEN)]
)
def test_the_date_of_service_decides_the_icd_edition(day: date | None, icd: CodeSystem) -> None:
    assert icd_for(day) is icd
    assert shown_first(day) >= {icd, CodeSystem.CPT, CodeSystem.HCPCS}
    assert (NINE in shown_first(day) and TEN in shown_first(day)) is (day is None)


@pytest.mark.parametrize(
    ("probability", "shown"), [(None, None), (0.0, 0), (0.001, 1), (0.555, 56), (0.999, 99), (1.0, 100)]
)
def test_percent_is_never_rounded_to_certainty(probability: float | None, shown: int | None) -> None:
    assert percent(probability) == shown


def test_the_other_icd_edition_is_folded_and_comes_last() -> None:
    groups = the_card(seen(), "n5").groups
    assert [(g.system, g.folded) for g in groups] == [(NINE, False), (TEN, True)]
    later = decision(Action.CONFIRM_DATE, date_of_service=date(2016, 1, 1))
    assert [(g.system, g.folded) for g in the_card(seen(later), "n5").groups] == [(TEN, False), (NINE, True)]


def test_three_candidates_are_shown_and_a_decided_one_comes_up_from_the_fold() -> None:
    group = the_card(seen(), "n5").groups[0]
    assert [c.code for c in group.shown] == ["466.0", "490", "466.19"]
    assert [c.code for c in group.more] == ["491.22"]
    decided = the_card(seen(decision(Action.ACCEPT, "491.22")), "n5").groups[0]
    assert [(c.code, c.verdict) for c in decided.shown][-1] == ("491.22", Verdict.ACCEPTED)
    assert decided.more == ()


def test_a_negated_entity_is_quiet_and_says_why() -> None:
    found = the_card(seen(), "n3")
    assert (found.quiet, found.badges, found.note) == (True, ("negated",), "Not proposed: the note denies it.")


def test_a_withheld_candidate_says_its_own_reason() -> None:
    found = the_card(seen(), "n8")
    assert found.quiet and found.note is not None and found.note.startswith("A diagnosis that is only suspected")


def test_units_modifiers_and_warnings_stand_with_the_code_they_concern() -> None:
    entity = next(each for each in ENTITIES if each.id == "n5")
    (plain, *_) = [c for c in reading_of("doc").candidates if c.entity == "n5" and c.system is NINE]
    billed = replace(plain, units=3, modifiers=("RT",), warnings=("The note gives the other sex (M).",))
    shown = card(entity, [billed], fold(()), date(2014, 3, 14)).groups[0].shown[0]
    assert shown.billed == "3 units, RT"
    assert shown.warnings == ("The note gives the other sex (M).",)


def test_a_card_tells_section_details_and_what_the_books_were_asked() -> None:
    found = the_card(seen(), "n11")
    assert (found.section, found.details, found.reads_as, found.sure) == (
        "Plan",
        ("laterality left",),
        "influenza vaccine",
        83,
    )
    assert found.search_in is CodeSystem.CPT and found.pages == (3,)


def test_an_unreadable_entity_without_candidates_sends_the_coder_to_the_ink() -> None:
    entity = replace(ENTITIES[0], unreadable=True)
    assert card(entity, (), Review(), None).note == "One of its words is unreadable or crossed out; look at the ink."
    assert card(ENTITIES[0], (), Review(), None).note == "No code was found for these words."


def test_attributes_are_told_as_a_person_would_say_them() -> None:
    told = {
        "coded": "no",
        "written_code": "401.9",
        "repaired": "HJN",
        "lasting": "yes",
        "supplied": "given",
        "size": "3 cm",
    }
    entity = replace(ENTITIES[0], attributes=tuple(Attribute(name=name, value=value) for name, value in told.items()))
    shown = card(entity, (), Review(), None)
    assert shown.details == ("provider wrote 401.9", "read as “HJN”", "a lasting illness", "given", "size 3 cm")
    assert shown.note == "Part of the visit, or too general to have a code of its own."


def test_fields_come_from_the_page_until_a_person_confirmed_them() -> None:
    before = seen().fields
    assert (before["birth_date"].value, before["birth_date"].read, before["birth_date"].sure) == (
        "1961-07-19",
        "07/19/1961",
        97,
    )
    assert before["patient_name"].ink == "fact-patient_name"
    assert (before["sex"].value, before["sex"].read, before["sex"].ink) == ("", None, None)
    after = seen(*IDENTITY).fields
    assert (after["sex"].value, after["record_number"].value) == ("F", "")


def test_what_the_chart_says_of_the_visit_is_shown_with_its_ink_and_an_unsigned_note_stands_out() -> None:
    assert [(each.words, each.ink) for each in seen().said] == [("level 4", None), ("signed", "fact-signature")]
    added = Addendum(
        written=Finding(value="2014-03-16", text="3/16/14", confidence=None, spans=()),
        note=Finding(value="Addendum", text="Addendum", confidence=None, spans=()),
    )
    unsigned = Finding(value="unsigned", text="Signature", confidence=0.8, spans=())
    first = replace(ENCOUNTERS[0], visit_level=None, signature=unsigned, addenda=(added,))
    said = seen(encounter=proposed(first)).said
    assert [(each.words, each.doubtful) for each in said] == [("unsigned", True), ("addendum of 03/16/2014", False)]


def test_a_date_that_is_none_is_no_day() -> None:
    finding = ENCOUNTERS[0].date_of_service
    assert finding is not None
    assert day_of(replace(finding, value="2014-13-40")) is None
    assert day_of(None) is None


def test_confirming_is_blocked_until_patient_and_date_are_confirmed() -> None:
    assert (seen().blocked or "").startswith("Confirm the patient first")
    assert (seen(IDENTITY[0]).blocked or "").startswith("Confirm the date of service first")
    ready = seen(*IDENTITY)
    assert ready.blocked is None and ready.identity_confirmed and not ready.read_only


def test_a_confirmed_encounter_is_read_only_and_opens_again() -> None:
    signed = seen(*IDENTITY, decision(Action.CONFIRM_ENCOUNTER))
    assert signed.read_only and signed.blocked is None and signed.confirmed_by == "kim"
    again = seen(*IDENTITY, decision(Action.CONFIRM_ENCOUNTER), decision(Action.REOPEN, id=9))
    assert (again.read_only, again.state, again.latest_decision) == (False, EncounterState.STARTED, 9)


def test_undecided_counts_entities_with_a_proposed_code_and_no_decision() -> None:
    everything = seen().undecided
    assert seen(decision(Action.REJECT, "401.9")).undecided == everything - 1
    assert seen(decision(Action.ACCEPT, "401.1")).undecided == everything - 1


def test_an_accepted_code_leads_to_its_entity() -> None:
    ink = anchors_of(ENTITIES[6].spans)
    (line,) = seen(decision(Action.ACCEPT, "401.9", anchors=ink)).accepted
    assert (line.ink, line.code, line.system_name, line.added) == ("n7", "401.9", "ICD-9-CM", False)


def test_a_code_added_without_ink_leads_nowhere() -> None:
    (line,) = seen(decision(Action.ADD, "V04.81")).accepted
    assert line.ink is None and line.added


def test_a_decision_that_this_reading_does_not_bear_out_is_listed_and_keeps_its_ink() -> None:
    ink = (replace(anchors_of(ENTITIES[6].spans)[0], boxes=(Box(1, 1, 5, 5),)),)
    view = seen(decision(Action.ACCEPT, "401.9", anchors=ink))
    assert [(line.code, line.ink) for line in view.unmatched] == [("401.9", "code-ICD9CM-401.9")]
    drawn = [ink for ink in view.sheets.own[0].inks if ink.id == "code-ICD9CM-401.9"]
    assert [(r.x, r.y, r.width, r.height) for r in drawn[0].rects] == [(1, 1, 4, 4)]


def test_every_candidate_of_an_entity_leads_to_boxes_on_a_page() -> None:
    view = seen()
    drawn = {ink.id for sheet in view.sheets.own for ink in sheet.inks if ink.rects}
    assert {card.id for card in view.cards} <= drawn


def test_the_history_says_each_decision_newest_first() -> None:
    made = (
        *IDENTITY,
        decision(Action.ACCEPT, "401.9"),
        decision(Action.REPLACE, "401.1", replaces="401.9"),
        decision(Action.CLEAR, "401.1"),
    )
    assert [event.sentence for event in seen(*made).history] == [
        "took back the decision on ICD-9-CM 401.1",
        "replaced 401.9 by ICD-9-CM 401.1",
        "accepted ICD-9-CM 401.9",
        "confirmed the date of service: 2014-03-14",
        "confirmed the patient: Okafor, Ruth",
    ]


@pytest.mark.parametrize("action", Action)
def test_every_action_has_its_sentence(action: Action) -> None:
    assert sentence_of(decision(action, "401.9", replaces="401"))


def test_no_page_of_the_file_gets_out_of_sight() -> None:
    reading = reading_of("doc")
    for encounter in ENCOUNTERS:
        found = sheets(reading, encounter, {})
        numbers = [s.number for s in (*found.own, *found.empty, *found.others)]
        assert sorted(numbers) == [1, 2, 3, 4]
    first = sheets(reading, ENCOUNTERS[0], {})
    assert [[s.number for s in part] for part in (first.own, first.empty, first.others)] == [[1, 3], [2], [4]]


@pytest.mark.parametrize(
    ("turn", "size", "transform"),
    [
        (0, (1275, 1650), ""),
        (90, (1650, 1275), "translate(1650 0) rotate(90)"),
        (180, (1275, 1650), "translate(1275 1650) rotate(180)"),
        (270, (1650, 1275), "translate(0 1275) rotate(270)"),
    ],
)
def test_a_turned_page_is_shown_upright_with_its_boxes(turn: int, size: tuple[int, int], transform: str) -> None:
    reading = reading_of("doc")
    turned = replace(reading, pages=(replace(reading.pages[0], turn=turn),))
    (sheet,) = sheets(turned, ENCOUNTERS[0], {}).own
    assert ((sheet.width, sheet.height), sheet.transform) == (size, transform)
    assert (sheet.picture_width, sheet.picture_height) == (1275, 1650)


def test_unreadable_words_stand_out_with_their_alternatives() -> None:
    words = [r.title for r in seen().sheets.own[0].rects if r.kind == "unreadable"]
    assert "Unreadable or crossed out, 31 % sure: “runing”, or “running”" in words
    assert seen().sheets.own[0].unreadable == len(words)
