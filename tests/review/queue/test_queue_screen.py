import pytest
from fastapi import FastAPI

from pipeline.store import Store
from tests.review.conftest import Client, signed_in
from tests.review.drawn_chart import put_in


def shown(page: str, store: Store) -> list[str]:
    """The encounters of a list, in its order."""
    ids = [e.id for e in store.readings.encounters()]
    return sorted((id for id in ids if f'<a href="/encounters/{id}"' in page), key=page.index)


@pytest.fixture
def both(sqlite_store: Store, client: Client) -> list[str]:
    """The March and the November visit."""
    return [e.id for e in sqlite_store.readings.encounters()]


def test_the_search_goes_by_the_body_and_keeps_what_else_is_chosen(
    client: Client, sqlite_store: Store, both: list[str]
) -> None:
    found = client.post("/", data={"q": "okafor 7741029"})
    assert shown(found.text, sqlite_store) == [both[0]]
    assert "okafor" not in found.headers["set-cookie"] and 'formaction="/?state=open&amp;order=priority"' in found.text
    none = client.post("/?state=confirmed&order=age", data={"q": "okafor"})
    assert shown(none.text, sqlite_store) == [] and "Nothing here has “okafor”" in none.text
    assert shown(client.post("/", data={"q": "okafor", "state": "confirmed"}).text, sqlite_store) == []
    assert shown(client.post("/?order=age", data={"q": "okafor", "state": "confirmed"}).text, sqlite_store) == both


def test_the_list_is_ordered_and_narrowed_by_its_address(client: Client, sqlite_store: Store, both: list[str]) -> None:
    assert shown(client.get("/", params={"order": "hardest"}).text, sqlite_store) == both
    assert shown(client.get("/", params={"order": "surest"}).text, sqlite_store) == both[::-1]
    assert shown(client.get("/", params={"only": "held"}).text, sqlite_store) == []
    assert shown(client.get("/", params={"only": "deadline"}).text, sqlite_store) == both
    assert "overdue" in client.get("/").text
    assert client.get("/", params={"order": "nonsense"}).status_code == 422
    assert client.get("/", params={"batch": "nonsense"}).status_code == 404


def test_next_takes_what_nobody_else_has_and_leads_through_the_list_that_was_looked_at(
    client: Client, app: FastAPI, sqlite_store: Store, both: list[str]
) -> None:
    lee = signed_in(app, sqlite_store, "lee")
    assert client.get("/next").headers["location"] == f"/encounters/{both[0]}"
    assert lee.post("/next").headers["location"] == f"/encounters/{both[1]}"
    sam = signed_in(app, sqlite_store, "sam").get("/next")
    assert sam.headers["location"] == "/?order=priority&none=true"
    assert "No chart of this list is free now" in client.get(sam.headers["location"]).text
    put_in(sqlite_store, "again.pdf", "tuesday", "b")
    third, fourth = [e.id for e in sqlite_store.readings.encounters()][2:]
    sam_again = signed_in(app, sqlite_store, "sam")
    assert (
        sam_again.post("/next", data={"q": "again", "order": "surest"}).headers["location"] == f"/encounters/{fourth}"
    )
    assert client.get("/next", params={"after": both[0]}).headers["location"] == f"/encounters/{third}"


def test_next_follows_the_order_of_the_list_that_was_looked_at_last(client: Client, both: list[str]) -> None:
    client.get("/", params={"order": "surest"})
    assert client.get("/next").headers["location"] == f"/encounters/{both[1]}"
    client.post("/", data={"q": "okafor", "order": "hardest"})
    assert client.get("/next").headers["location"] == f"/encounters/{both[0]}"


def test_a_second_chart_of_a_visit_leads_to_the_first(client: Client, sqlite_store: Store, both: list[str]) -> None:
    put_in(sqlite_store, "again.pdf", "", "b")
    page = client.get("/").text
    assert page.count("second chart of this visit?") == 4 and "part 1" not in page
