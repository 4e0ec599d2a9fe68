import pytest
from fastapi import FastAPI

from pipeline.records import CodeSystem
from pipeline.review.second.comparing import agreement, compare
from pipeline.store import Store
from pipeline.store.decided import SECOND_ROUND, Action
from pipeline.store.review_state import fold
from pipeline.store.rows import Role
from pipeline.store.seconds import drawn
from tests.review.conftest import Client, signed_in
from tests.review.drawn_chart import ENCOUNTERS, put_in, reading_of
from tests.review.signing import decide, sign

LEAD = frozenset({Role.LEAD})


@pytest.fixture
def twice(sqlite_store: Store, first: str) -> str:
    """A chart that kim signed and lee was drawn to code again."""
    decide(sqlite_store, first, Action.ACCEPT, "466.0")
    decide(sqlite_store, first, Action.ACCEPT, "401.9")
    sign(sqlite_store, first)
    assert sqlite_store.seconds.choose(first, "kim", 1.0)
    return first


def code_again(store: Store, encounter: str) -> None:
    decide(store, encounter, Action.ACCEPT, "466.0", who="lee", round=SECOND_ROUND)
    decide(store, encounter, Action.ACCEPT, "786.2", who="lee", round=SECOND_ROUND)
    sign(store, encounter, who="lee", round=SECOND_ROUND)
    store.seconds.finish(encounter)


def test_a_share_of_charts_is_drawn_and_nobody_can_steer_which() -> None:
    ids = [f"chart-{n}" for n in range(400)]
    quarter = {id for id in ids if drawn(id, 0.25)}
    assert 60 < len(quarter) < 140
    assert {id for id in ids if drawn(id, 0.1)} <= quarter
    assert not any(drawn(id, 0.0) for id in ids) and all(drawn(id, 1.0) for id in ids)


def test_one_coder_takes_it_and_never_the_one_who_signed(store: Store) -> None:
    put_in(store)
    id = store.readings.encounters()[0].id
    store.seconds.choose(id, "kim", 1.0)
    assert not store.seconds.take(id, "kim")
    assert store.seconds.take(id, "lee")
    assert not store.seconds.take(id, "max")
    store.seconds.finish(id)
    review = store.seconds.of(id)
    assert review is not None and (review.first, review.second) == ("kim", "lee") and review.done_at is not None


def test_codes_are_compared_and_what_differs_comes_first(sqlite_store: Store, twice: str) -> None:
    code_again(sqlite_store, twice)
    first, second = (fold(sqlite_store.decisions.of(twice, round)) for round in (1, SECOND_ROUND))
    codes = compare(ENCOUNTERS[0], reading_of("d"), first, second)
    assert [(c.code, c.first, c.second) for c in codes[:2]] == [("401.9", True, False), ("786.2", False, True)]
    assert {c.system for c in codes} == {CodeSystem.ICD9CM, CodeSystem.CPT, CodeSystem.HCPCS}
    told = agreement([codes])
    assert told["All codes"].both == 1 and told["Circulation"].first_only == 1 and told["Respiration"].both == 1
    assert told["All codes"].count == sum(t.count for name, t in told.items() if name != "All codes")


def test_the_second_coder_learns_of_the_first_only_when_done(app: FastAPI, sqlite_store: Store, twice: str) -> None:
    lee = signed_in(app, sqlite_store, "lee")
    assert f"/second/{twice}" in lee.get("/second").text
    assert lee.get(f"/second/{twice}").status_code == 404
    assert lee.post(f"/second/{twice}").status_code == 303
    assert "kim" not in lee.get("/second").text
    code_again(sqlite_store, twice)
    page = lee.get(f"/second/{twice}").text
    assert "401.9" in page and "kim" in page and "did not" in page


def test_agreement_is_for_leads(app: FastAPI, client: Client, sqlite_store: Store, twice: str) -> None:
    code_again(sqlite_store, twice)
    assert "Kappa" not in client.get("/second").text and client.get("/second.csv").status_code == 403
    lead = signed_in(app, sqlite_store, "pat", roles=LEAD)
    assert "Kappa" in lead.get("/second").text and "Circulation" in lead.get("/second.csv").text


def test_who_signed_it_cannot_take_it(client: Client, twice: str) -> None:
    answer = client.post(f"/second/{twice}")
    assert answer.status_code == 409 and "signed it yourself" in answer.text
