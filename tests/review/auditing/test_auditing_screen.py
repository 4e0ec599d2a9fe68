import csv
import io
import logging

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text

from pipeline.review.auditing.acts import ACTS, act_of
from pipeline.review.auditing.noting import door
from pipeline.review.rights import RIGHTS
from pipeline.store import Store
from pipeline.store.audit_rows import Act, Entry, Wanted
from pipeline.store.connect import transaction
from pipeline.store.rows import Role
from tests.review.conftest import Client, signed_in

EVERYTHING = frozenset(Role)
ACCEPT = {"action": "accept", "system": "ICD9CM", "code": "401.9", "reading": "1"}


@pytest.fixture
def auditor(app: FastAPI, sqlite_store: Store) -> Client:
    return signed_in(app, sqlite_store, "dana", frozenset({Role.AUDIT}))


def entries(store: Store, **more: object) -> list[Entry]:
    """The oldest first, of charts."""
    found = store.audit.newest(Wanted(**more), limit=1000)  # type: ignore[arg-type]
    return [entry for entry in reversed(found) if not entry.action.startswith("sign-")]


def told(store: Store) -> list[tuple[str | None, str, str | None, str | None]]:
    return [(entry.who, entry.action, entry.subject, entry.detail) for entry in entries(store)]


def test_every_view_is_written_down_with_who_and_what(client: Client, first: str, sqlite_store: Store) -> None:
    for path in ("/", "/next", f"/encounters/{first}", f"/encounters/{first}/pages/1", "/static/base.css"):
        client.get(path)
    client.post(f"/encounters/{first}/search", data={"q": "essential", "reading": "1"})
    assert told(sqlite_store) == [
        ("kim", "view-list", None, None),
        ("kim", "view-chart", first, None),
        ("kim", "view-page", first, "page 1"),
        ("kim", "search-codes", first, None),
    ]


def test_what_shows_nothing_is_not_written_down(client: Client, first: str, sqlite_store: Store) -> None:
    for path in ("/nowhere", "/encounters/Okafor", f"/encounters/{first}/pages/99", "/?state=nonsense"):
        assert client.get(path).status_code in {404, 422}
    assert told(sqlite_store) == []


def test_a_decision_and_the_chart_that_follows_it_belong_to_one_request(
    client: Client, first: str, sqlite_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="pipeline")
    answer = client.post(f"/encounters/{first}/codes", data=ACCEPT, headers={"HX-Request": "true"})
    decided, shown = entries(sqlite_store)
    assert (decided.action, shown.action) == ("decide", "view-chart")
    assert decided.detail is not None and decided.detail.startswith("accept ")
    assert decided.request == shown.request == answer.headers["x-request-id"]
    assert f"{shown.request} POST /encounters/{{id}}/codes 200" in caplog.text


def test_a_refused_decision_still_shows_the_chart_and_is_written_down(
    client: Client, first: str, sqlite_store: Store
) -> None:
    assert client.post(f"/encounters/{first}/codes", data={**ACCEPT, "code": "999.99"}).status_code == 409
    assert told(sqlite_store) == [("kim", "view-chart", first, None)]


def test_a_request_without_the_right_to_it_is_written_down(auditor: Client, first: str, sqlite_store: Store) -> None:
    assert auditor.get(f"/encounters/{first}").status_code == 403
    assert auditor.get("/encounters/Okafor").status_code in {403, 404}
    assert told(sqlite_store)[0] == ("dana", "refused", first, "view-chart")
    assert all(subject in (None, first) for _, _, subject, _ in told(sqlite_store))


@pytest.mark.parametrize("path", ["/", "/encounters/{first}", "/encounters/{first}/pages/1"])
def test_what_cannot_be_written_down_is_not_shown(
    client: Client, first: str, sqlite: Engine, sqlite_store: Store, path: str
) -> None:
    with transaction(sqlite) as connection:
        connection.execute(text("ALTER TABLE audit RENAME TO elsewhere"))
    answer = client.get(path.format(first=first))
    assert answer.status_code == 503 and "Okafor" not in answer.text
    assert answer.headers["content-type"].startswith("text/html") and answer.headers["cache-control"] == "no-store"


def test_without_the_log_nothing_is_decided_by_a_form(
    client: Client, first: str, sqlite: Engine, sqlite_store: Store
) -> None:
    with transaction(sqlite) as connection:
        connection.execute(text("ALTER TABLE audit RENAME TO elsewhere"))
    assert client.post(f"/encounters/{first}/codes", data=ACCEPT).status_code == 503
    assert sqlite_store.decisions.of(first) == ()


def test_a_screen_that_nobody_thought_of_is_a_view() -> None:
    assert act_of("GET", "/made/tomorrow") is Act.VIEW
    assert act_of("HEAD", "/") is Act.VIEW_LIST
    assert set(ACTS) >= {route for route in RIGHTS if route.partition(" ")[2].startswith("/encounters")}


def test_what_happens_at_the_door_is_told_with_the_account(sqlite_store: Store, client: Client) -> None:
    tell, id = door(sqlite_store.audit), sqlite_store.audit.account("kim")
    before = sqlite_store.audit.verify().rows
    tell("sign-in", "kim", "kim")
    tell("sign-in-failed", None, None)
    tell("account-changed audit,code", "kim", "kim")
    tell("sign-in-failed", "typed into the wrong field", "typed too")
    found = [e for e in reversed(sqlite_store.audit.newest(Wanted(), limit=9)) if e.id > before]
    assert [(e.who, e.action, e.subject, e.detail) for e in found] == [
        ("kim", "sign-in", id, None),
        (None, "sign-in-failed", None, None),
        ("kim", "account", id, "account-changed audit,code"),
        (None, "sign-in-failed", None, None),
    ]


def test_the_log_is_read_by_auditors_and_admins_alone(app: FastAPI, sqlite_store: Store) -> None:
    for role in Role:
        client = signed_in(app, sqlite_store, f"one {role.value}", frozenset({role}))
        allowed = role in {Role.AUDIT, Role.ADMIN}
        assert (client.get("/audit").status_code == 200) is allowed
        for path in ("/audit", "/audit/proof", "/audit/download"):
            assert (client.post(path, data={"who": ""}).status_code == 200) is allowed, (role, path)


def test_the_screen_shows_the_newest_first_and_no_text_of_a_chart(client: Client, auditor: Client, first: str) -> None:
    client.get("/")
    client.get(f"/encounters/{first}")
    page = auditor.get("/audit").text
    assert page.index("Looked at a chart") < page.index("Looked at the list</span>") and first in page
    assert "Okafor" not in page and "okafor" not in page


def test_the_log_is_narrowed_by_a_form_and_turned_by_key(
    client: Client, auditor: Client, first: str, sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.review.auditing.screen.LINES", 2)
    for _ in range(3):
        client.get("/")
    client.get(f"/encounters/{first}")
    kim = sqlite_store.audit.account("kim") or ""
    lists = {"who": kim, "action": "view-list"}
    page = auditor.post("/audit", data=lists).text
    assert "<b>3</b> entries" in page and page.count('class="act seen"') == 2
    older = min(entry.id for entry in entries(sqlite_store, act=Act.VIEW_LIST)) + 1
    assert f'name="before" value="{older}"' in page
    last = auditor.post("/audit", data={**lists, "before": str(older)}).text
    assert last.count('class="act seen"') == 1 and "Older" not in last and "Newest" in last
    assert auditor.post("/audit", data={"subject": f" {first} "}).text.count('class="act seen"') == 1
    assert auditor.post("/audit", data={"since": "2026-03-01", "until": "2026-03-01"}).text.count("<tr>") == 3
    assert "No entry fits" in auditor.post("/audit", data={"until": "2026-02-28"}).text
    assert "No entry fits" in auditor.post("/audit", data={"who": "-nobody", "action": "export"}).text


@pytest.mark.parametrize("form", [{"who": "x"}, {"action": "dance"}, {"since": "monday"}, {"subject": "Okafor, R"}])
def test_what_the_log_cannot_hold_is_refused_in_words(auditor: Client, form: dict[str, str]) -> None:
    for path in ("/audit", "/audit/download"):
        answer = auditor.post(path, data=form)
        assert answer.status_code == 422
        assert all(word not in answer.text.partition("<main")[2] for word in form.values() if len(word) > 1)


def test_the_chain_is_verified_on_the_screen(auditor: Client, client: Client, sqlite: Engine) -> None:
    client.get("/")
    client.get("/")
    whole = auditor.post("/audit/proof").text
    assert "The chain is whole" in whole
    assert "not among them" in auditor.post("/audit/proof", data={"expected": "F" * 64}).text
    with transaction(sqlite) as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("UPDATE audit SET who = 'lee' WHERE id = 1"))
    broken = auditor.post("/audit/proof").text
    assert "The chain is broken at entry 1: it was altered" in broken


def test_the_download_holds_what_is_asked_for_and_is_written_down(
    client: Client, auditor: Client, first: str, sqlite_store: Store
) -> None:
    for _ in range(2):
        client.get(f"/encounters/{first}")
    answer = auditor.post("/audit/download", data={"subject": first})
    assert (
        answer.headers["content-type"].startswith("text/csv") and "attachment" in answer.headers["content-disposition"]
    )
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [(row["who"], row["action"], row["subject"]) for row in rows] == 2 * [("kim", "view-chart", first)]
    assert told(sqlite_store)[-1] == ("dana", "download", None, "audit csv 2")
