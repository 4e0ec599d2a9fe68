from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pipeline.errors import DecisionRefusedError
from pipeline.records import Claim
from pipeline.store import Store
from pipeline.store.audit_rows import Wanted
from pipeline.store.claim_steps import ClaimState, Step
from pipeline.store.decided import Action
from pipeline.store.rows import EncounterState
from pipeline.store.worklist import Narrowing, Order
from tests.charts import reading
from tests.claims.drawn_claims import CLAIM
from tests.store.test_decisions import decide, sign
from tests.store.test_readings import document


@pytest.fixture
def encounter(store: Store) -> str:
    store.readings.add(reading(document(store)))
    id = store.readings.encounters()[0].id
    sign(store, id)
    return id


@pytest.fixture
def claim(encounter: str) -> Claim:
    return replace(CLAIM, encounter=encounter)


def states(store: Store) -> dict[ClaimState, int]:
    return {state: count for state, count in store.worklist.claims(Narrowing()).items() if count}


def release(store: Store, claim: Claim, who: str = "kim", *, complete: bool = True) -> None:
    store.claims.append(Step.RELEASE, who=who, encounter=claim.encounter, claim=claim, complete=complete)


def test_a_signed_encounter_has_a_draft_of_a_claim_and_an_open_one_has_none(store: Store, encounter: str) -> None:
    assert store.claims.of(encounter).state is ClaimState.DRAFT
    assert states(store) == {ClaimState.DRAFT: 1}
    decide(store, encounter, Action.REOPEN, text="a code was wrong")
    assert store.claims.of(encounter).state is None
    assert states(store) == {}


def test_a_claim_is_released_sent_and_paid(store: Store, claim: Claim) -> None:
    release(store, claim)
    assert store.claims.of(claim.encounter).claim == claim
    assert states(store) == {ClaimState.RELEASED: 1}
    store.claims.append(Step.SEND, who="kim", encounter=claim.encounter)
    store.claims.append(Step.PAY, who="kim", encounter=claim.encounter, amount=Decimal("61.20"), payer_number="2014-77")
    stands = store.claims.of(claim.encounter)
    assert stands.state is ClaimState.PAID and stands.sent[-1].claim == claim
    answer = stands.sent[-1].answer
    assert answer is not None and (answer.amount, answer.payer_number) == (Decimal("61.20"), "2014-77")
    assert [step.step for step in store.claims.history(claim.encounter)] == [Step.RELEASE, Step.SEND, Step.PAY]


def test_a_denied_claim_reopens_its_encounter_and_the_next_one_is_a_draft_beside_it(store: Store, claim: Claim) -> None:
    release(store, claim)
    store.claims.append(Step.SEND, who="kim", encounter=claim.encounter)
    store.claims.append(
        Step.DENY, who="lee", encounter=claim.encounter, reason_code="CO-16", text="no referring provider"
    )
    review = store.decisions.reviews()[claim.encounter]
    assert review.state is EncounterState.STARTED
    assert review.reopened == "The payer denied the claim (CO-16): no referring provider"
    assert states(store) == {ClaimState.DENIED: 1}
    decide(store, claim.encounter, Action.CONFIRM_ENCOUNTER)
    stands = store.claims.of(claim.encounter)
    assert stands.state is ClaimState.DRAFT and stands.claim is None and stands.released_by == ()
    assert [sent.answer is not None and sent.answer.reason_code for sent in stands.sent] == ["CO-16"]
    assert states(store) == {ClaimState.DRAFT: 1}


def test_what_was_released_and_not_sent_lapses_where_the_encounter_is_reopened(store: Store, claim: Claim) -> None:
    release(store, claim)
    decide(store, claim.encounter, Action.REOPEN, text="a code was wrong")
    assert store.claims.of(claim.encounter).state is None
    decide(store, claim.encounter, Action.CONFIRM_ENCOUNTER)
    assert store.claims.of(claim.encounter).state is ClaimState.DRAFT
    with pytest.raises(DecisionRefusedError, match="Only a released claim is sent"):
        store.claims.append(Step.SEND, who="kim", encounter=claim.encounter)


def test_what_was_sent_stays_sent_while_its_encounter_is_reopened_and_may_be_answered(
    store: Store, claim: Claim
) -> None:
    release(store, claim)
    store.claims.append(Step.SEND, who="kim", encounter=claim.encounter)
    decide(store, claim.encounter, Action.REOPEN, text="an addendum came")
    assert store.claims.of(claim.encounter).state is ClaimState.SENT
    decide(store, claim.encounter, Action.CONFIRM_ENCOUNTER)
    assert store.claims.of(claim.encounter).state is ClaimState.DRAFT
    store.claims.append(Step.DENY, who="kim", encounter=claim.encounter, reason_code="CO-18")
    stands = store.claims.of(claim.encounter)
    assert stands.state is ClaimState.DRAFT and stands.sent[-1].answer is not None
    assert store.decisions.reviews()[claim.encounter].state is EncounterState.CONFIRMED


def test_two_people_release_the_same_claim_and_one_of_them_does_not_count_twice(store: Store, claim: Claim) -> None:
    release(store, claim, complete=False)
    assert store.claims.of(claim.encounter).state is ClaimState.CHECKED
    with pytest.raises(DecisionRefusedError, match="another person"):
        release(store, claim)
    release(store, claim, "lee")
    assert store.claims.of(claim.encounter).released_by == ("kim", "lee")


def test_a_claim_that_changed_since_the_first_release_is_released_by_the_second_person_alone(
    store: Store, claim: Claim
) -> None:
    release(store, claim, complete=False)
    release(store, replace(claim, authorization="A-1"), "lee", complete=False)
    assert store.claims.of(claim.encounter).released_by == ("lee",)


def test_a_release_is_taken_back_with_a_reason_until_the_claim_is_sent(store: Store, claim: Claim) -> None:
    release(store, claim)
    with pytest.raises(DecisionRefusedError, match="Say why"):
        store.claims.append(Step.WITHDRAW, who="kim", encounter=claim.encounter, text=" ")
    store.claims.append(Step.WITHDRAW, who="kim", encounter=claim.encounter, text="wrong payer")
    assert store.claims.of(claim.encounter).state is ClaimState.DRAFT
    release(store, claim)
    store.claims.append(Step.SEND, who="kim", encounter=claim.encounter)
    with pytest.raises(DecisionRefusedError, match="sent already"):
        store.claims.append(Step.WITHDRAW, who="kim", encounter=claim.encounter, text="wrong payer")


@pytest.mark.parametrize(
    ("step", "what", "told"),
    [
        (Step.REASON, {"key": "pair 1", "text": ""}, "Say why the warning"),
        (Step.PAY, {"amount": Decimal("1.00")}, "only to what was sent"),
        (Step.DENY, {"reason_code": "CO-16"}, "only to what was sent"),
        (Step.PACKET, {}, "Say why the note"),
    ],
)
def test_a_step_that_does_not_fit_is_refused(
    store: Store, encounter: str, step: Step, what: dict[str, object], told: str
) -> None:
    with pytest.raises(DecisionRefusedError, match=told):
        store.claims.append(step, who="kim", encounter=encounter, **what)  # type: ignore[arg-type]
    assert store.claims.history(encounter) == ()


@pytest.mark.parametrize("amount", [None, Decimal("-1"), Decimal("1.005"), Decimal("99999999")])
def test_an_amount_that_is_none_is_refused(store: Store, claim: Claim, amount: Decimal | None) -> None:
    release(store, claim)
    store.claims.append(Step.SEND, who="kim", encounter=claim.encounter)
    with pytest.raises(DecisionRefusedError, match=r"paid|decimals"):
        store.claims.append(Step.PAY, who="kim", encounter=claim.encounter, amount=amount)


@pytest.mark.parametrize("code", [None, "", "16", "CO16", "XX-16", "CO-1616"])
def test_a_denial_says_its_reason_as_the_payer_does(store: Store, claim: Claim, code: str | None) -> None:
    release(store, claim)
    store.claims.append(Step.SEND, who="kim", encounter=claim.encounter)
    with pytest.raises(DecisionRefusedError, match="CO-16"):
        store.claims.append(Step.DENY, who="kim", encounter=claim.encounter, reason_code=code)


def test_a_reason_stays_with_its_warning(store: Store, encounter: str) -> None:
    store.claims.append(Step.REASON, who="kim", encounter=encounter, key="pair 1", text="another site")
    store.claims.append(Step.REASON, who="lee", encounter=encounter, key="pair 1", text="left and right")
    assert {key: step.text for key, step in store.claims.of(encounter).reasons.items()} == {"pair 1": "left and right"}


def test_a_claim_of_the_same_visit_is_found_beside_another(store: Store, claim: Claim) -> None:
    release(store, claim)
    assert store.claims.beside(claim) == ()
    other = replace(claim, encounter="another")
    assert store.claims.beside(other) == (claim,)
    line = replace(claim.lines[0], day=date(2001, 1, 1))
    assert store.claims.beside(replace(other, lines=(line,))) == ()
    decide(store, claim.encounter, Action.REOPEN, text="not billed after all")
    assert store.claims.beside(other) == ()


def test_the_list_of_claims_is_narrowed_by_their_state_and_can_be_made_again(store: Store, claim: Claim) -> None:
    release(store, claim)
    for wanted, count in ((ClaimState.RELEASED, 1), (ClaimState.DRAFT, 0)):
        page = store.worklist.page(Narrowing(claim=wanted), Order.AGE, overdue_before=None, start=0, limit=9)
        assert len(page) == count
    assert store.worklist.differences() == ()
    store.worklist.rebuild()
    assert states(store) == {ClaimState.RELEASED: 1}


def test_the_database_refuses_to_change_a_step(store: Store, encounter: str) -> None:
    store.claims.append(Step.REASON, who="kim", encounter=encounter, key="pair 1", text="another site")
    for statement in ("UPDATE claim_step SET who = 'x'", "DELETE FROM claim_step"):
        with pytest.raises(DBAPIError), store.claims._engine.begin() as connection:
            connection.execute(text(statement))


def test_every_step_is_in_the_audit_log_without_its_words(store: Store, claim: Claim) -> None:
    release(store, claim)
    store.claims.append(Step.WITHDRAW, who="kim", encounter=claim.encounter, text="Okafor moved")
    store.office.enter("visits", {"record_number": "7741029"}, who="kim")
    told = [(entry.action, entry.detail) for entry in store.audit.newest(Wanted(), limit=3)]
    assert told == [("office", "visits 1"), ("claim", "withdraw 2"), ("claim", "release 1")]
    assert store.audit.verify().fault is None


def test_rows_of_the_office_are_kept_in_their_order(store: Store) -> None:
    store.office.enter("visits", {"record_number": "1", "place": "22"}, who="kim")
    store.office.enter("visits", {"record_number": "1", "place": "11"}, who="lee")
    assert [(row.who, dict(row.cells)["place"]) for row in store.office.all()] == [("kim", "22"), ("lee", "11")]
