from datetime import timedelta

import pytest
from fastapi import FastAPI

from pipeline.review.chart.difference import difference
from pipeline.store import Store
from pipeline.store.decided import Action, Decision
from tests.conftest import NOON
from tests.review.conftest import Client, signed_in
from tests.review.test_screens import HTMX, IDENTITY, code


@pytest.fixture
def lee(app: FastAPI, sqlite_store: Store) -> Client:
    return signed_in(app, sqlite_store, "lee")


def token_in(page: str) -> str:
    return page.split('id="lease" data-token="')[1].split('"')[0]


def test_a_chart_that_somebody_has_open_is_read_only_for_others(client: Client, lee: Client, first: str) -> None:
    mine = client.get(f"/encounters/{first}").text
    assert token_in(mine) and '<fieldset class="whole">' in mine and "Take it over" not in mine
    page = lee.get(f"/encounters/{first}").text
    assert "kim has this chart open since" in page and "free in 3 min" in page and "Take it over" in page
    assert '<fieldset class="whole" disabled>' in page
    assert "kim has it open" in lee.get("/").text and "has it open" not in client.get("/").text


@pytest.mark.parametrize(
    ("route", "form"),
    [
        ("codes", code("accept", "401.9", entity="n7")),
        ("identity", IDENTITY),
        ("confirmation", {"reading": "1"}),
        ("reopening", {"reading": "1"}),
    ],
)
def test_who_does_not_hold_the_lease_cannot_decide(
    client: Client, lee: Client, first: str, sqlite_store: Store, route: str, form: dict[str, str]
) -> None:
    client.get(f"/encounters/{first}")
    for headers in ({}, HTMX):
        refused = lee.post(f"/encounters/{first}/{route}", data=form, headers=headers)
        assert refused.status_code == 409 and "kim has this chart open since 12:00 UTC; free in 3 min." in refused.text
        assert ("<html" in refused.text) is (headers == {}) and "HX-Refresh" not in refused.headers
    assert sqlite_store.decisions.of(first) == ()
    assert client.post(f"/encounters/{first}/codes", data=code("accept", "401.9", entity="n7")).status_code == 303


def test_a_chart_that_nobody_has_open_is_taken_by_deciding_on_it(client: Client, lee: Client, first: str) -> None:
    assert client.post(f"/encounters/{first}/codes", data=code("accept", "401.9", entity="n7")).status_code == 303
    assert lee.post(f"/encounters/{first}/codes", data=code("accept", "401.9", entity="n7")).status_code == 409


def test_looking_up_a_code_needs_no_lease(client: Client, lee: Client, first: str) -> None:
    client.get(f"/encounters/{first}")
    assert lee.post(f"/encounters/{first}/search", data={"q": "hyper", "reading": "1"}).status_code == 200


def test_the_first_one_is_told_that_the_chart_was_taken_over_and_what_changed(
    client: Client, lee: Client, first: str, sqlite_store: Store
) -> None:
    token = token_in(client.get(f"/encounters/{first}").text)
    client.post(f"/encounters/{first}/codes", data=code("accept", "466.0", entity="n5"))
    taken = lee.post(f"/encounters/{first}/lease/take-over")
    assert (taken.status_code, taken.headers["location"]) == (303, f"/encounters/{first}")
    lee.post(f"/encounters/{first}/codes", data=code("reject", "401.9", entity="n7"))
    banner = client.post(f"/encounters/{first}/lease", data={"token": token})
    assert banner.status_code == 200 and "lee took this chart over at" in banner.text
    refused = client.post(f"/encounters/{first}/codes", data=code("accept", "401.9", entity="n7"), headers=HTMX)
    assert refused.status_code == 409
    assert "lee took this chart over at 12:00 UTC; what you decided before is kept." in refused.text
    assert "Decided meanwhile" in refused.text and "rejected ICD-9-CM 401.9" in refused.text
    assert [d.code for d in sqlite_store.decisions.of(first)] == ["466.0", "401.9"]


def test_a_tab_renews_and_frees_its_lease(client: Client, lee: Client, first: str) -> None:
    address = f"/encounters/{first}/lease"
    token = token_in(client.get(f"/encounters/{first}").text)
    assert client.post(address, data={"token": token}).status_code == 204
    assert "kim has this chart open" in lee.post(address, data={"token": ""}).text
    assert client.post(f"{address}/end", data={"token": token}).status_code == 204
    assert "Nobody has this chart open now." in lee.post(address, data={"token": ""}).text
    assert lee.get(f"/encounters/{first}").text.count("Take it over") == 0


def test_signing_out_frees_every_chart(client: Client, lee: Client, first: str) -> None:
    client.get(f"/encounters/{first}")
    client.post("/sign-out")
    assert "Take it over" not in lee.get(f"/encounters/{first}").text


def test_there_is_no_lease_on_what_does_not_exist(client: Client) -> None:
    assert client.get("/encounters/none").status_code == 404
    assert client.post("/encounters/none/codes", data=code("accept", "401.9")).status_code == 404
    assert client.post("/encounters/none/lease", data={"token": "x"}).status_code == 200
    assert client.post("/encounters/none/lease/take-over").status_code == 404


def made(id: int, who: str, minutes: int = 0) -> Decision:
    at = NOON + timedelta(minutes=minutes)
    return Decision(id=id, at=at, who=who, encounter="e", reading=1, action=Action.CONFIRM_ENCOUNTER)


def test_the_difference_is_what_others_decided_since_one_looked() -> None:
    journal = (made(1, "lee"), made(2, "kim"), made(3, "lee", 4), made(4, "sam", 5))
    told = difference(journal, who="kim", seen=1)
    assert told is not None
    assert [(change.who, change.what) for change in told.changes] == [
        ("lee", "confirmed the encounter"),
        ("sam", "confirmed the encounter"),
    ]
    since = difference(journal, who="kim", since=NOON + timedelta(minutes=5))
    assert since is not None and [change.who for change in since.changes] == ["sam"]
    assert difference(journal, who="kim", seen=4) is None
    wanted = difference(journal, who="kim", seen=4, wanted="accept ICD-9-CM 401.9")
    assert wanted is not None and wanted.changes == () and wanted.wanted == "accept ICD-9-CM 401.9"
