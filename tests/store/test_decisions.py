from datetime import date

import pytest

from pipeline.errors import DecisionRefusedError
from pipeline.records import Anchor, Box, CodeSystem, Patient
from pipeline.store import Store
from pipeline.store.review_state import Verdict, confirmed, unmatched
from pipeline.store.rows import Action, Decision, EncounterState
from tests.charts import candidate, entity, reading
from tests.store.test_readings import document

PATIENT = Patient(name="Lopez, Maria", birth_date=date(1957, 4, 12), record_number="448213", sex="F")
INK = (Anchor(page=1, boxes=(Box(200, 200, 320, 230),)),)


@pytest.fixture
def encounter(store: Store) -> str:
    store.readings.add(reading(document(store)))
    return store.readings.encounters()[0].id


def decide(store: Store, encounter: str, action: Action, code: str | None = None, **more: object) -> Decision:
    system = None if code is None else CodeSystem.ICD9CM
    return store.decisions.append(
        who="kim",
        encounter=encounter,
        reading=1,
        action=action,
        system=system,
        code=code,
        **more,  # type: ignore[arg-type]
    )


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
