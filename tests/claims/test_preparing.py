from dataclasses import replace

import pytest

from pipeline.claims.preparing import ClaimDesk
from pipeline.codebooks import CodeBooks
from pipeline.errors import DecisionRefusedError
from pipeline.records import Frequency
from pipeline.store import Store
from pipeline.store.claim_steps import ClaimState, Step
from pipeline.store.decided import Action
from tests.review.claiming.small_office import ERROR, PATIENT, WARNING, sign_with_codes, small_desk
from tests.review.drawn_chart import put_in
from tests.review.signing import decide


@pytest.fixture
def encounter(sqlite_store: Store) -> str:
    put_in(sqlite_store)
    id = sqlite_store.readings.encounters()[0].id
    sign_with_codes(sqlite_store, id)
    return id


def release(desk: ClaimDesk, encounter: str, who: str = "kim") -> None:
    now = desk.prepared(encounter)
    assert now is not None
    desk.release(encounter, who=who, seen=now.fingerprint)


def send(store: Store, encounter: str) -> None:
    store.claims.append(Step.SEND, who="kim", encounter=encounter)


def test_a_signed_encounter_is_prepared_and_an_open_one_is_not(
    sqlite_store: Store, books: CodeBooks, encounter: str
) -> None:
    desk = small_desk(sqlite_store, books)
    now = desk.prepared(encounter)
    assert now is not None and now.claim is not None and now.is_releasable
    assert [line.code for line in now.claim.lines] == ["99213", "J3301"]
    other = sqlite_store.readings.encounters()[1].id
    assert desk.prepared(other) is None and desk.prepared("nobody") is None


def test_what_is_missing_keeps_a_claim_from_its_release(sqlite_store: Store, books: CodeBooks, encounter: str) -> None:
    desk = small_desk(sqlite_store, books, patient=None)
    now = desk.prepared(encounter)
    assert now is not None and now.claim is None and now.draft is not None and not now.is_releasable
    assert [fault.field for fault in now.draft.faults] == ["patient"]
    with pytest.raises(DecisionRefusedError, match="beside its field"):
        release(desk, encounter)


def test_what_was_entered_by_hand_completes_it(sqlite_store: Store, books: CodeBooks, encounter: str) -> None:
    desk = small_desk(sqlite_store, books, patient=None)
    sqlite_store.office.enter("patients", PATIENT, who="kim")
    now = desk.prepared(encounter)
    assert now is not None and now.claim is not None and now.claim.coverage.member_id == "NM1234567"


def test_an_error_stops_the_release(sqlite_store: Store, books: CodeBooks, encounter: str) -> None:
    desk = small_desk(sqlite_store, books, ERROR)
    with pytest.raises(DecisionRefusedError, match="An error stops this claim"):
        release(desk, encounter)
    assert sqlite_store.claims.of(encounter).state is ClaimState.DRAFT


def test_a_warning_stops_it_until_it_has_a_reason(sqlite_store: Store, books: CodeBooks, encounter: str) -> None:
    desk = small_desk(sqlite_store, books, WARNING)
    with pytest.raises(DecisionRefusedError, match="has no reason yet"):
        release(desk, encounter)
    sqlite_store.claims.append(Step.REASON, who="kim", encounter=encounter, key=WARNING.key, text="another knee")
    release(desk, encounter)
    assert sqlite_store.claims.of(encounter).state is ClaimState.RELEASED


def test_two_people_release_where_the_practice_says_so(sqlite_store: Store, books: CodeBooks, encounter: str) -> None:
    desk = small_desk(sqlite_store, books, people=2)
    release(desk, encounter)
    assert sqlite_store.claims.of(encounter).state is ClaimState.CHECKED
    with pytest.raises(DecisionRefusedError, match="another person"):
        release(desk, encounter)
    release(desk, encounter, "lee")
    assert sqlite_store.claims.of(encounter).state is ClaimState.RELEASED


def test_nobody_releases_another_claim_than_they_saw(sqlite_store: Store, books: CodeBooks, encounter: str) -> None:
    desk = small_desk(sqlite_store, books)
    seen = desk.prepared(encounter)
    assert seen is not None
    sqlite_store.office.enter("patients", {**PATIENT, "member_id": "NM999"}, who="lee")
    with pytest.raises(DecisionRefusedError, match="changed while you looked"):
        desk.release(encounter, who="kim", seen=seen.fingerprint)


def test_a_released_claim_stays_what_it_was_whatever_changes_in_the_office(
    sqlite_store: Store, books: CodeBooks, encounter: str
) -> None:
    desk = small_desk(sqlite_store, books)
    release(desk, encounter)
    sqlite_store.office.enter("patients", {**PATIENT, "member_id": "NM999"}, who="lee")
    now = desk.prepared(encounter)
    assert now is not None and now.claim is not None and now.claim.coverage.member_id == "NM1234567"
    with pytest.raises(DecisionRefusedError, match="waits for its release"):
        release(desk, encounter, "lee")


@pytest.mark.parametrize(
    ("payer_number", "frequency", "original"),
    [("2014-77", Frequency.REPLACEMENT, "2014-77"), (None, Frequency.ORIGINAL, None)],
)
def test_the_claim_after_a_denial_replaces_the_denied_one_where_the_payer_gave_it_a_number(
    sqlite_store: Store,
    books: CodeBooks,
    encounter: str,
    payer_number: str | None,
    frequency: Frequency,
    original: str | None,
) -> None:
    desk = small_desk(sqlite_store, books)
    release(desk, encounter)
    send(sqlite_store, encounter)
    sqlite_store.claims.append(
        Step.DENY, who="kim", encounter=encounter, reason_code="CO-16", payer_number=payer_number
    )
    denied = desk.prepared(encounter)
    assert denied is not None and denied.encounter is None and denied.claim is not None
    decide(sqlite_store, encounter, Action.CONFIRM_ENCOUNTER)
    now = desk.prepared(encounter)
    assert now is not None and now.claim is not None
    assert (now.claim.frequency, now.claim.original_number) == (frequency, original)


def test_a_claim_after_one_that_was_sent_and_not_denied_asks_for_the_payers_number(
    sqlite_store: Store, books: CodeBooks, encounter: str
) -> None:
    desk = small_desk(sqlite_store, books)
    release(desk, encounter)
    send(sqlite_store, encounter)
    decide(sqlite_store, encounter, Action.REOPEN, text="an addendum came")
    decide(sqlite_store, encounter, Action.CONFIRM_ENCOUNTER)
    now = desk.prepared(encounter)
    assert now is not None and now.draft is not None and now.claim is None
    assert [fault.field for fault in now.draft.faults] == ["original_number"]
    visit = {"record_number": "7741029", "date_of_service": "2014-03-14", "original_number": "2014-77"}
    sqlite_store.office.enter("visits", visit, who="kim")
    now = desk.prepared(encounter)
    assert now is not None and now.claim is not None
    assert now.claim == replace(now.claim, frequency=Frequency.REPLACEMENT, original_number="2014-77")
