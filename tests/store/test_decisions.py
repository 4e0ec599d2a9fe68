from dataclasses import replace
from datetime import date

import pytest

from pipeline.errors import DecisionRefusedError, OvertakenError
from pipeline.records import Anchor, Box, CodeSystem, Patient
from pipeline.store import Store
from pipeline.store.confirmed import confirmed
from pipeline.store.decided import SECOND_ROUND, Action, Decision, HoldKind
from pipeline.store.matching import unmatched
from pipeline.store.review_state import Verdict
from pipeline.store.rows import EncounterState
from tests.charts import candidate, entity, reading
from tests.conftest import NOON
from tests.store.test_readings import document

NINE = CodeSystem.ICD9CM
PATIENT = Patient(name="Lopez, Maria", birth_date=date(1957, 4, 12), record_number="448213", sex="F")
INK = (Anchor(page=1, boxes=(Box(200, 200, 320, 230),)),)


@pytest.fixture
def encounter(store: Store) -> str:
    store.readings.add(reading(document(store)))
    return store.readings.encounters()[0].id


def decide(store: Store, encounter: str, action: Action, code: str | None = None, **more: object) -> Decision:
    system = more.pop("system", None if code is None else NINE)
    return store.decisions.append(
        who="kim",
        encounter=encounter,
        reading=1,
        action=action,
        system=system,  # type: ignore[arg-type]
        code=code,
        **more,  # type: ignore[arg-type]
    )


def decision_of(encounter: str, action: Action, **more: object) -> Decision:
    return Decision(id=0, at=NOON, who="kim", encounter=encounter, reading=1, action=action, **more)  # type: ignore[arg-type]


def sign(store: Store, encounter: str) -> None:
    decide(store, encounter, Action.CONFIRM_PATIENT, patient=PATIENT)
    decide(store, encounter, Action.CONFIRM_DATE, date_of_service=date(2012, 3, 14))
    decide(store, encounter, Action.CONFIRM_ENCOUNTER)


def test_a_decision_comes_back_with_who_and_when(store: Store, encounter: str) -> None:
    made = decide(store, encounter, Action.ACCEPT, "401.9", display="Hypertension", anchors=INK)
    assert store.decisions.of(encounter) == (made,)
    assert (made.who, made.anchors, made.at.tzinfo is not None) == ("kim", INK, True)


def test_the_last_decision_on_a_code_stands(store: Store, encounter: str) -> None:
    decide(store, encounter, Action.ACCEPT, "401.9")
    decide(store, encounter, Action.REJECT, "401.9")
    assert store.decisions.reviews()[encounter].codes[CodeSystem.ICD9CM, "401.9"].verdict is Verdict.REJECTED
    decide(store, encounter, Action.CLEAR, "401.9")
    assert store.decisions.reviews()[encounter].codes == {}
    assert len(store.decisions.of(encounter)) == 3


def test_a_replaced_code_is_rejected_and_the_other_accepted(store: Store, encounter: str) -> None:
    decide(store, encounter, Action.REPLACE, "401.1", replaces="401.9")
    review = store.decisions.reviews()[encounter]
    assert [code.code for code in review.accepted()] == ["401.1"]
    assert review.codes[CodeSystem.ICD9CM, "401.9"].verdict is Verdict.REJECTED


def test_no_encounter_is_confirmed_before_its_patient_and_its_date_are(store: Store, encounter: str) -> None:
    with pytest.raises(DecisionRefusedError, match="patient"):
        decide(store, encounter, Action.CONFIRM_ENCOUNTER)
    decide(store, encounter, Action.CONFIRM_PATIENT, patient=PATIENT)
    with pytest.raises(DecisionRefusedError, match="date of service"):
        decide(store, encounter, Action.CONFIRM_ENCOUNTER)
    assert len(store.decisions.of(encounter)) == 1


def test_a_confirmed_encounter_changes_only_after_it_was_reopened(store: Store, encounter: str) -> None:
    sign(store, encounter)
    with pytest.raises(DecisionRefusedError, match="reopen"):
        decide(store, encounter, Action.ACCEPT, "401.9")
    decide(store, encounter, Action.REOPEN)
    decide(store, encounter, Action.ACCEPT, "401.9")
    assert store.decisions.reviews()[encounter].state is EncounterState.STARTED


@pytest.mark.parametrize(
    "action", [Action.ACCEPT, Action.REPLACE, Action.CONFIRM_PATIENT, Action.CONFIRM_DATE, Action.REOPEN]
)
def test_a_decision_that_lacks_its_object_is_refused(store: Store, encounter: str, action: Action) -> None:
    with pytest.raises(DecisionRefusedError):
        decide(store, encounter, action)


def test_a_decision_on_an_unknown_encounter_is_refused(store: Store) -> None:
    with pytest.raises(DecisionRefusedError, match="no such"):
        decide(store, "nothing-1", Action.ACCEPT, "401.9")


def test_only_a_confirmed_encounter_can_be_billed(store: Store, encounter: str) -> None:
    decide(store, encounter, Action.ACCEPT, "401.9", display="Hypertension", anchors=INK)
    decide(store, encounter, Action.REJECT, "250.00")
    proposed = store.readings.encounters()[0]
    assert confirmed(proposed, store.decisions.reviews()[encounter]) is None
    sign(store, encounter)
    signed = confirmed(proposed, store.decisions.reviews()[encounter])
    assert signed is not None
    assert [(code.code, code.anchors) for code in signed.codes] == [("401.9", INK)]
    assert (signed.patient, signed.date_of_service, signed.confirmed_by) == (PATIENT, date(2012, 3, 14), "kim")


def test_a_decision_that_a_new_reading_does_not_bear_out_is_listed(store: Store, encounter: str) -> None:
    decide(store, encounter, Action.ACCEPT, "401.9", anchors=INK)
    decide(store, encounter, Action.ADD, "V70.0")
    review = store.decisions.reviews()[encounter]
    here, moved = entity(left=250), entity(left=900)
    assert unmatched(review, (candidate(),), {"n1": here.spans}) == ()
    assert [code.code for code in unmatched(review, (candidate(),), {"n1": moved.spans})] == ["401.9"]
    assert [code.code for code in unmatched(review, (candidate("250.00"),), {"n1": here.spans})] == ["401.9"]


def test_an_undone_decision_does_not_count_and_undoing_can_be_undone(store: Store, encounter: str) -> None:
    made = decide(store, encounter, Action.ACCEPT, "401.9")
    undone = decide(store, encounter, Action.UNDO, about=made.id)
    assert store.decisions.reviews()[encounter].codes == {}
    with pytest.raises(DecisionRefusedError, match="already"):
        decide(store, encounter, Action.UNDO, about=made.id)
    decide(store, encounter, Action.UNDO, about=undone.id)
    assert [code.code for code in store.decisions.reviews()[encounter].accepted()] == ["401.9"]


def test_undoing_a_decision_brings_back_what_stood_before(store: Store, encounter: str) -> None:
    decide(store, encounter, Action.CONFIRM_PATIENT, patient=PATIENT)
    wrong = decide(store, encounter, Action.CONFIRM_PATIENT, patient=replace(PATIENT, name="Lopes, Mario"))
    decide(store, encounter, Action.UNDO, about=wrong.id)
    assert store.decisions.reviews()[encounter].patient == PATIENT


def test_a_signature_is_not_undone_but_reopened(store: Store, encounter: str) -> None:
    sign(store, encounter)
    last = store.decisions.of(encounter)[-1]
    decide(store, encounter, Action.REOPEN, text="a lab result came in")
    with pytest.raises(DecisionRefusedError, match="not undone"):
        decide(store, encounter, Action.UNDO, about=last.id)
    assert store.decisions.reviews()[encounter].reopened == "a lab result came in"


def test_who_did_not_see_the_latest_decision_of_another_is_refused(store: Store, encounter: str) -> None:
    seen = decide(store, encounter, Action.ACCEPT, "401.9").id
    decide(store, encounter, Action.ACCEPT, "250.00", seen=seen)
    with pytest.raises(OvertakenError, match="kim"):
        store.decisions.append(
            who="lee", encounter=encounter, reading=1, action=Action.REJECT, system=NINE, code="401.9", seen=seen
        )
    assert len(store.decisions.of(encounter)) == 2


def test_a_service_says_how_it_is_billed_and_what_for(store: Store, encounter: str) -> None:
    with pytest.raises(DecisionRefusedError, match="Accept the code"):
        decide(store, encounter, Action.BILL, "99213", system=CodeSystem.CPT, units=1)
    decide(store, encounter, Action.ACCEPT, "99213", system=CodeSystem.CPT)
    decide(store, encounter, Action.ACCEPT, "401.9")
    decide(
        store, encounter, Action.BILL, "99213", system=CodeSystem.CPT, units=2, modifiers=("25",), points_to=("401.9",)
    )
    (service,) = store.decisions.reviews()[encounter].services()
    assert (service.units, service.modifiers, service.points_to) == (2, ("25",), ("401.9",))
    with pytest.raises(DecisionRefusedError, match="accepted"):
        decide(store, encounter, Action.BILL, "99213", system=CodeSystem.CPT, points_to=("250.00",))


def test_diagnoses_stand_in_the_order_that_was_set_and_later_ones_behind(store: Store, encounter: str) -> None:
    for code in ("401.9", "250.00", "786.2"):
        decide(store, encounter, Action.ACCEPT, code)
    decide(store, encounter, Action.ORDER, system=NINE, order=("786.2", "401.9"))
    assert [code.code for code in store.decisions.reviews()[encounter].diagnoses()] == ["786.2", "401.9", "250.00"]


def test_a_held_encounter_is_not_signed_until_it_is_released(store: Store, encounter: str) -> None:
    decide(store, encounter, Action.HOLD, hold=HoldKind.QUERY, text="which knee?", owner="lee")
    review = store.decisions.reviews()[encounter]
    assert review.state is EncounterState.HELD and review.hold is not None and review.hold.owner == "lee"
    with pytest.raises(DecisionRefusedError, match="on hold"):
        sign(store, encounter)
    decide(store, encounter, Action.RELEASE)
    decide(store, encounter, Action.CONFIRM_ENCOUNTER)
    assert store.decisions.reviews()[encounter].state is EncounterState.CONFIRMED


def test_a_question_is_answered_later_also_after_the_encounter_was_signed(store: Store, encounter: str) -> None:
    asked = decide(store, encounter, Action.ASK, text="Which knee was injected?", anchors=INK)
    sign(store, encounter)
    decide(store, encounter, Action.ANSWER, about=asked.id, text="The left one.")
    (query,) = store.decisions.reviews()[encounter].queries
    assert (query.question, query.answer) == ("Which knee was injected?", "The left one.")
    with pytest.raises(DecisionRefusedError, match="no such question"):
        decide(store, encounter, Action.ANSWER, about=asked.id + 100, text="Yes.")


def test_decisions_on_several_encounters_are_written_all_or_none(store: Store, encounter: str) -> None:
    first = decision_of(encounter, Action.ACCEPT, system=NINE, code="401.9")
    with pytest.raises(DecisionRefusedError):
        store.decisions.append_all((first, replace(first, encounter="nothing-1")))
    assert store.decisions.of(encounter) == ()
    made = store.decisions.append_all((first, decision_of(encounter, Action.ACCEPT, system=NINE, code="250.00")))
    assert store.decisions.of(encounter) == made


def test_a_second_coders_round_is_a_journal_of_its_own(store: Store, encounter: str) -> None:
    decide(store, encounter, Action.ACCEPT, "401.9")
    decide(store, encounter, Action.REJECT, "401.9", round=SECOND_ROUND)
    assert [d.action for d in store.decisions.of(encounter)] == [Action.ACCEPT]
    assert [d.action for d in store.decisions.of(encounter, SECOND_ROUND)] == [Action.REJECT]
