from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text

from pipeline.records import CodeSystem
from pipeline.store import Store
from pipeline.store.decided import Action, Decision
from pipeline.store.review_state import fold
from pipeline.store.rows import EncounterState
from tests.review.conftest import Client, signed_in
from tests.review.drawn_chart import ENTITIES, put_in, reading_of

HTMX = {"HX-Request": "true"}
IDENTITY = {
    "reading": "1",
    "patient_name": "Okafor,  Ruth ",
    "birth_date": "1961-07-19",
    "record_number": " 7741029 ",
    "sex": "F",
    "date_of_service": "2014-03-14",
}


def code(action: str, code: str, system: str = "ICD9CM", **more: str) -> dict[str, str]:
    return {"action": action, "system": system, "code": code, "reading": "1", **more}


def actions(store: Store, encounter: str) -> list[tuple[Action, str | None]]:
    return [(d.action, d.code) for d in store.decisions.of(encounter)]


def test_an_empty_store_says_where_the_inbox_is(empty_app: FastAPI, sqlite_store: Store) -> None:
    page = signed_in(empty_app, sqlite_store).get("/").text
    assert "Nothing was read yet" in page and "/charts/inbox" in page


def test_the_list_shows_each_encounter(client: Client, first: str) -> None:
    page = client.get("/").text
    assert f"/encounters/{first}" in page and "okafor march.pdf" in page and "Mar 14, 2014" in page
    assert client.get("/", params={"state": "confirmed"}).text.count("/encounters/") == 0
    assert client.get("/", params={"state": "nonsense"}).status_code == 422


def test_the_chart_shows_lines_entities_and_candidates(client: Client, first: str) -> None:
    page = client.get(f"/encounters/{first}").text
    for part in ("acute bronchitis", "466.0", "ICD-10-CM", "negated", 'data-ink="n5"', "not billable", "Page 3"):
        assert part in page, part
    assert page.count('class="sheet turn') == 4


def test_what_stands_on_a_page_is_escaped(app: FastAPI, sqlite_store: Store, client: Client) -> None:
    document = put_in(sqlite_store, "<script>x.pdf", "<b>", "d")
    reading = reading_of(document)
    nasty = replace(reading, entities=(replace(ENTITIES[0], text="<img src=x>"), *ENTITIES[1:]))
    sqlite_store.readings.add(nasty)
    (encounter, *_) = sqlite_store.readings.encounters(document)
    for page in (client.get("/").text, client.get(f"/encounters/{encounter.id}").text):
        assert "<script>x" not in page and "<img src=x>" not in page and "<b>" not in page.split("</title>")[0]


def test_a_page_picture_is_served_and_a_missing_one_is_told(client: Client, first: str, pictures: Path) -> None:
    answer = client.get(f"/encounters/{first}/pages/1")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content == (pictures / "page-1.jpg").read_bytes()
    for number in (4, 99, 0, -1):
        assert client.get(f"/encounters/{first}/pages/{number}").status_code == 404


def test_unknown_addresses_are_told_in_words(client: Client) -> None:
    assert "no such encounter" in client.get("/encounters/none").text
    assert client.get("/encounters/none").status_code == 404
    assert "no such page" in client.get("/nowhere").text


def test_accepting_appends_a_decision_with_its_ink(client: Client, first: str, sqlite_store: Store) -> None:
    answer = client.post(f"/encounters/{first}/codes", data=code("accept", "401.9", entity="n7"))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/encounters/{first}#card-n7")
    (made,) = sqlite_store.decisions.of(first)
    assert made == Decision(
        id=made.id,
        at=made.at,
        who="kim",
        encounter=first,
        reading=1,
        action=Action.ACCEPT,
        system=CodeSystem.ICD9CM,
        code="401.9",
        display="Unspecified essential hypertension",
        anchors=made.anchors,
    )
    assert made.anchors[0].boxes == ENTITIES[6].spans[0].boxes


def test_a_double_click_decides_once_and_undo_takes_back(client: Client, first: str, sqlite_store: Store) -> None:
    for action in ("accept", "accept", "clear", "clear"):
        client.post(f"/encounters/{first}/codes", data=code(action, "401.9", entity="n7"))
    assert actions(sqlite_store, first) == [(Action.ACCEPT, "401.9"), (Action.CLEAR, "401.9")]


def test_replacing_and_taking_it_back_frees_both_codes(client: Client, first: str, sqlite_store: Store) -> None:
    client.post(f"/encounters/{first}/codes", data=code("replace", "401.0", entity="n7", replaces="401.9"))
    review = fold(sqlite_store.decisions.of(first))
    assert [(c.code, c.verdict.value) for c in review.codes.values()] == [("401.9", "rejected"), ("401.0", "accepted")]
    client.post(f"/encounters/{first}/codes", data=code("clear", "401.0"))
    assert fold(sqlite_store.decisions.of(first)).codes == {}


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (code("add", "999.99"), "in no loaded code book"),
        (code("accept", "401.0"), "not among the candidates"),
        (code("reject", "V16.3"), "not among the candidates"),
        (code("replace", "401.9", replaces="401.9"), "cannot be replaced by itself"),
        (code("replace", "401.0"), "Say which code is replaced."),
        (code("confirm-encounter", "401.9"), "not a decision on a code"),
        ({**code("accept", "401.9"), "reading": "7"}, "out of date"),
        ({**code("accept", "401.9"), "reading": "0"}, "out of date"),
    ],
)
def test_what_cannot_be_decided_is_refused_in_a_sentence(
    client: Client, first: str, sqlite_store: Store, form: dict[str, str], sentence: str
) -> None:
    for headers in ({}, HTMX):
        answer = client.post(f"/encounters/{first}/codes", data=form, headers=headers)
        assert answer.status_code == 409 and sentence in answer.text
    assert sqlite_store.decisions.of(first) == ()


def test_with_htmx_a_decision_answers_with_the_panel_alone(client: Client, first: str) -> None:
    answer = client.post(f"/encounters/{first}/codes", data=code("accept", "401.9", entity="n7"), headers=HTMX)
    assert answer.status_code == 200 and answer.text.startswith("<aside") and "<html" not in answer.text
    assert "HX-Refresh" not in answer.headers


def test_a_form_with_nonsense_is_answered_in_words(client: Client, first: str) -> None:
    answer = client.post(f"/encounters/{first}/codes", data=code("dance", "401.9"))
    assert answer.status_code == 422 and "not filled in" in answer.text and "dance" not in answer.text


def test_an_encounter_is_confirmed_then_read_only_then_reopened(
    client: Client, first: str, sqlite_store: Store
) -> None:
    refused = client.post(f"/encounters/{first}/confirmation", data={"reading": "1"})
    assert refused.status_code == 409 and "Confirm the patient first" in refused.text
    client.post(f"/encounters/{first}/identity", data=IDENTITY)
    client.post(f"/encounters/{first}/identity", data=IDENTITY)
    client.post(f"/encounters/{first}/codes", data=code("accept", "466.0", entity="n5"))
    asked = client.post(f"/encounters/{first}/confirmation", data={"reading": "1"})
    assert asked.status_code == 409 and "Confirm all the same" in asked.text  # most findings are undecided
    client.post(f"/encounters/{first}/confirmation", data={"reading": "1", "sure": "1"})
    review = sqlite_store.decisions.reviews()[first]
    assert (review.state, review.confirmed_by) == (EncounterState.CONFIRMED, "kim")
    assert review.patient is not None and (review.patient.name, review.patient.record_number) == (
        "Okafor, Ruth",
        "7741029",
    )
    page = client.get(f"/encounters/{first}").text
    assert "Reopen" in page and "data-accept" not in page and "Confirm encounter" not in page
    late = client.post(f"/encounters/{first}/codes", data=code("accept", "401.9"))
    assert late.status_code == 409 and "reopen it" in late.text
    client.post(f"/encounters/{first}/reopening", data={"reading": "1", "reason": "A code was missing"})
    assert [action for action, _ in actions(sqlite_store, first)] == [
        Action.CONFIRM_PATIENT,
        Action.CONFIRM_DATE,
        Action.ACCEPT,
        Action.CONFIRM_ENCOUNTER,
        Action.REOPEN,
    ]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"patient_name": "  "}, "Say who the patient is"),
        ({"date_of_service": "2014-02-30"}, "no day of the calendar"),
        ({"birth_date": "long ago"}, "no day of the calendar"),
        ({"date_of_service": "2026-03-03"}, "in the future"),
        ({"birth_date": "2014-03-15"}, "after the visit"),
        ({"date_of_service": ""}, "Now say the date of service"),
    ],
)
def test_an_identity_that_cannot_be_is_refused(
    client: Client, first: str, sqlite_store: Store, changed: dict[str, str], sentence: str
) -> None:
    answer = client.post(f"/encounters/{first}/identity", data={**IDENTITY, **changed})
    assert answer.status_code == 409 and sentence in answer.text
    assert Action.CONFIRM_DATE not in {action for action, _ in actions(sqlite_store, first)}


def test_a_chart_that_was_read_again_is_loaded_anew_and_not_signed_unseen(
    client: Client, first: str, sqlite_store: Store
) -> None:
    client.post(f"/encounters/{first}/identity", data=IDENTITY)
    sqlite_store.readings.add(reading_of(sqlite_store.readings.encounters()[0].document))
    refused = client.post(f"/encounters/{first}/confirmation", data={"reading": "1"})
    assert refused.status_code == 409 and "read again meanwhile" in refused.text
    answer = client.post(f"/encounters/{first}/codes", data=code("accept", "401.9", entity="n7"), headers=HTMX)
    assert answer.headers["HX-Refresh"] == "true"
    assert sqlite_store.decisions.of(first)[-1].reading == 1


def test_the_search_finds_codes_and_marks_what_is_taken(client: Client, first: str) -> None:
    client.post(f"/encounters/{first}/codes", data=code("accept", "401.9", entity="n7"))
    form = {"q": "essential", "system": "ICD9CM", "reading": "1", "entity": "n7"}
    whole = client.post(f"/encounters/{first}/search", data=form)
    assert "<html" in whole.text and "401.0" in whole.text and "for “HTN”" in whole.text
    box = client.post(f"/encounters/{first}/search", data=form, headers=HTMX).text
    assert box.startswith("<div") and "accepted" in box
    results = client.post(f"/encounters/{first}/search", data={**form, "results_only": "1"}, headers=HTMX).text
    assert results.startswith("<div data-q")
    everywhere = client.post(f"/encounters/{first}/search", data={**form, "system": ""}).text
    assert "I10" in everywhere and "I10" not in whole.text
    nothing = client.post(f"/encounters/{first}/search", data={**form, "q": "zzz"}).text
    assert "No code in the loaded books" in nothing


def test_next_goes_round_what_nobody_confirmed(client: Client, sqlite_store: Store) -> None:
    first, second = (e.id for e in sqlite_store.readings.encounters())
    assert client.get("/next").headers["location"] == f"/encounters/{first}"
    assert client.get("/next", params={"after": first}).headers["location"] == f"/encounters/{second}"
    assert client.get("/next", params={"after": second}).headers["location"] == f"/encounters/{first}"


def test_a_store_that_fails_is_told_in_its_sentence(client: Client, sqlite: Engine) -> None:
    with sqlite.begin() as connection:
        connection.execute(text("DROP TABLE worklist"))
    answer = client.get("/")
    assert answer.status_code == 503 and "run `inkchart migrate`" in answer.text
