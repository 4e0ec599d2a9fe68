"""The forms that correct a chart: what they decide, what they answer, and what they refuse."""

from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI

from pipeline.records import CodeSystem, Context
from pipeline.store import Store
from pipeline.store.decided import Action
from pipeline.store.review_state import fold
from tests.review.conftest import Client, signed_in
from tests.review.drawn_chart import PAGES, reading_of

SUGARS = PAGES[0].page.lines[7]
HTN = PAGES[0].page.lines[11]
HTMX = {"HX-Request": "true"}


def box_of(line: object = SUGARS) -> str:
    return ",".join(map(str, line.box))  # type: ignore[attr-defined]


def form(text: str, line: object = SUGARS, decision: int = 0, **more: Any) -> dict[str, Any]:
    return {"page": 1, "box": box_of(line), "text": text, "reading": 1, "decision": decision, **more}


def correct(client: Client, id: str, text: str, line: object = SUGARS, **more: Any) -> str:
    answer = client.post(f"/encounters/{id}/lines", data=form(text, line, **more), headers=HTMX)
    assert answer.status_code == 200
    return str(answer.text)


def test_a_corrected_line_brings_its_code_and_says_so(client: Client, first: str, sqlite_store: Store) -> None:
    panel = correct(client, first, "hx of  asthma ")
    assert "Now proposed" in panel and "493.90" in panel and "No longer proposed" not in panel
    assert "in place of “home sugars runing 180-220”" in panel
    decision = sqlite_store.decisions.of(first)[-1]
    assert (decision.action, decision.who, decision.line and decision.line.text) == (
        Action.WRITE_LINE,
        "kim",
        "hx of asthma",
    )
    drawn = client.get(f"/encounters/{first}/drawing").text
    assert "hand corrected" in drawn and "Corrected by kim: hx of asthma" in drawn


def test_a_code_that_a_correction_brought_can_be_accepted_with_its_ink(
    client: Client, first: str, sqlite_store: Store
) -> None:
    panel = correct(client, first, "asthma")
    entity = panel.split("<h3>asthma</h3>")[0].rsplit('id="card-', 1)[1].split('"')[0]
    data = {"action": "accept", "system": "ICD9CM", "code": "493.90", "reading": 1, "entity": entity}
    assert client.post(f"/encounters/{first}/codes", data=data, headers=HTMX).status_code == 200
    verdict = fold(sqlite_store.decisions.of(first)).codes[CodeSystem.ICD9CM, "493.90"]
    assert verdict.anchors and verdict.anchors[0].page == 1


def test_a_line_that_says_nothing_takes_its_codes_away_and_undoing_brings_them_back(
    client: Client, first: str, sqlite_store: Store
) -> None:
    panel = correct(client, first, "3. HTN, stable", HTN, nothing="yes")
    assert "No longer proposed" in panel and "nothing stands there" in panel
    decision = sqlite_store.decisions.of(first)[-1].id
    data = {"about": decision, "reading": 1, "decision": decision}
    panel = client.post(f"/encounters/{first}/corrections/undoing", data=data, headers=HTMX).text
    assert "Now proposed" in panel and "401.9" in panel and "nothing stands there" not in panel
    assert fold(sqlite_store.decisions.of(first)).lines == ()


def test_a_decision_stays_and_is_listed_where_its_ink_says_something_else_now(client: Client, first: str) -> None:
    data = {"action": "accept", "system": "ICD9CM", "code": "401.9", "reading": 1, "entity": "n7"}
    client.post(f"/encounters/{first}/codes", data=data, headers=HTMX)
    panel = correct(client, first, "3. fever", HTN, decision=1)
    assert "Decided earlier, not found in this reading" in panel
    assert "401.9" in panel.split("Decided earlier, not found in this reading")[1]


def test_a_correction_is_never_lost_by_reading_again(client: Client, first: str, sqlite_store: Store) -> None:
    correct(client, first, "asthma")
    document = sqlite_store.readings.encounters()[0].document
    again = reading_of(document)
    page = again.pages[0]
    moved = tuple(line for line in page.lines if line.id != SUGARS.id)  # the line is not found any more
    sqlite_store.readings.add(replace(again, pages=(replace(page, lines=moved), *again.pages[1:])))
    panel = client.get(f"/encounters/{first}").text
    assert "493.90" in panel and "not found when it was read again" in panel
    kept = sqlite_store.understandings.of(first)
    assert [each.readings[0][1] for each in kept] == [1, 2]


def test_a_drawn_box_becomes_a_line(client: Client, first: str, sqlite_store: Store) -> None:
    data = {"page": 1, "box": "150,1320,420,1365", "text": "asthma", "reading": 1, "decision": 0}
    panel = client.post(f"/encounters/{first}/drawings", data=data, headers=HTMX).text
    assert "493.90" in panel and "drawn on page 1" in panel
    line = sqlite_store.decisions.of(first)[-1].line
    assert line is not None and line.drawn
    # Written anew by its editor it is a drawn one still.
    data |= {"text": "asthma, mild", "decision": 1}
    client.post(f"/encounters/{first}/lines", data=data, headers=HTMX)
    assert [(w.text, w.drawn) for w in fold(sqlite_store.decisions.of(first)).lines][-1] == ("asthma, mild", True)


def test_how_a_finding_is_meant_changes_what_is_proposed(client: Client, first: str, sqlite_store: Store) -> None:
    data = {"entity": "n7", "label": "DIAGNOSIS", "historical": "true", "reading": 1, "decision": 0}
    panel = client.post(f"/encounters/{first}/contexts", data=data, headers=HTMX).text
    assert "No longer proposed" in panel and "401.9" in panel.split("No longer proposed")[1][:300]
    decision = sqlite_store.decisions.of(first)[-1]
    assert decision.context == Context(historical=True) and decision.anchors
    assert "Said by kim" in panel
    again = client.post(f"/encounters/{first}/contexts", data=data | {"decision": 1}, headers=HTMX)
    assert again.status_code == 200 and len(sqlite_store.decisions.of(first)) == 1


def test_the_confirmed_birth_date_and_sex_are_understood(client: Client, first: str, sqlite_store: Store) -> None:
    data = {
        "reading": 1,
        "patient_name": "Okafor, Ruth",
        "birth_date": "1961-07-19",
        "sex": "",
        "record_number": "7741029",
        "date_of_service": "2014-03-14",
    }
    client.post(f"/encounters/{first}/identity", data=data, headers=HTMX)
    client.get(f"/encounters/{first}")
    assert sqlite_store.understandings.of(first) == (), "confirmed as read changes nothing"
    client.post(f"/encounters/{first}/identity", data=data | {"sex": "F"}, headers=HTMX)
    made = sqlite_store.understandings.of(first)[-1].understanding.encounter
    assert made.sex is not None and made.sex.value == "F"


def test_two_coders_never_overwrite_each_other(app: FastAPI, client: Client, first: str, sqlite_store: Store) -> None:
    other = signed_in(app, sqlite_store, "lee")
    correct(client, first, "asthma")
    held = other.post(f"/encounters/{first}/lines", data=form("diabetes"), headers=HTMX)
    assert held.status_code == 409 and "kim has this chart open" in held.text
    other.post(f"/encounters/{first}/lease/take-over")
    # What lee sends now was written before the correction of kim was seen.
    late = other.post(f"/encounters/{first}/lines", data=form("diabetes"), headers=HTMX)
    assert late.status_code == 409 and "kim decided on this chart meanwhile" in late.text
    assert "Decided meanwhile" in late.text and "You wanted to correct a line" in late.text
    # Without script what was typed is shown again, with the difference.
    typed = other.post(f"/encounters/{first}/lines", data=form("home sugars high"))
    assert typed.status_code == 409 and 'value="home sugars high"' in typed.text
    assert "Decided meanwhile" in typed.text
    # And whoever lost the chart is told by whom, and what they did since.
    other.post(f"/encounters/{first}/lines", data=form("diabetes", decision=1), headers=HTMX)
    lost = client.post(f"/encounters/{first}/lines", data=form("gout", decision=1), headers=HTMX)
    assert lost.status_code == 409 and "lee took this chart over" in lost.text
    assert "Decided meanwhile" in lost.text and "You wanted to correct a line" in lost.text
    assert len(sqlite_store.decisions.of(first)) == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"box": "0,0,99999,20"}, "does not lie on the page"),
        ({"box": "words"}, "does not lie on the page"),
        ({"page": 4}, "does not belong to this encounter"),
        ({"text": "x" * 1001}, "1,000 characters"),
        ({"reading": 9}, "out of date"),
        ({"reading": 0}, "out of date"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    client: Client, first: str, sqlite_store: Store, change: dict[str, object], sentence: str
) -> None:
    answer = client.post(f"/encounters/{first}/lines", data=form("asthma") | change, headers=HTMX)
    assert answer.status_code == 409 and sentence in answer.text
    assert sqlite_store.decisions.of(first) == ()


def test_an_empty_drawn_box_and_an_unknown_finding_are_refused(client: Client, first: str, sqlite_store: Store) -> None:
    empty = client.post(f"/encounters/{first}/drawings", data=form("  "), headers=HTMX)
    data = {"entity": "n7", "label": "SUPPLY", "negated": "true", "reading": 1, "decision": 0}
    unknown = client.post(f"/encounters/{first}/contexts", data=data, headers=HTMX)
    no_correction = client.post(
        f"/encounters/{first}/corrections/undoing", data={"about": 1, "reading": 1, "decision": 0}, headers=HTMX
    )
    assert [each.status_code for each in (empty, unknown, no_correction)] == [409] * 3
    assert sqlite_store.decisions.of(first) == ()


def test_the_editor_and_the_text_work_as_pages(client: Client, first: str) -> None:
    text = client.get(f"/encounters/{first}/text")
    assert text.status_code == 200 and "<html" in text.text
    assert '<mark class="unreadable"' in text.text and "runing</mark>" in text.text
    address = f"/encounters/{first}/lines/1/{box_of().replace(',', '-')}"
    assert address in text.text
    editor = client.get(address).text
    assert "<html" in editor and 'value="home sugars runing 180-220"' in editor and 'data-take="running"' in editor
    assert client.get(address, headers=HTMX).text.lstrip().startswith("<form")
    saved = client.post(f"/encounters/{first}/lines", data=form("home sugars running"))
    assert saved.status_code == 303 and saved.headers["location"] == f"/encounters/{first}"
    assert "corrected by kim" in client.get(f"/encounters/{first}/text").text
    assert client.get(f"/encounters/{first}/lines/1/5-5-5-5").status_code == 404
    assert client.get(f"/encounters/{first}/lines/77/0-0-5-5").status_code == 404


def test_what_was_understood_is_not_made_twice(client: Client, first: str, sqlite_store: Store) -> None:
    correct(client, first, "asthma")
    assert len(sqlite_store.understandings.of(first)) == 1
    client.get(f"/encounters/{first}")
    correct(client, first, "asthma", decision=1)  # a double click
    assert len(sqlite_store.understandings.of(first)) == 1 == len(sqlite_store.decisions.of(first))
