import pytest
from fastapi import FastAPI

from pipeline.records import CodeSystem
from pipeline.store import Store
from pipeline.store.decided import Action
from pipeline.store.review_state import Review
from pipeline.store.rows import EncounterState
from tests.review.conftest import Client
from tests.review.drawn_chart import put_in

HTMX = {"HX-Request": "true"}


@pytest.fixture
def second(sqlite_store: Store, app: FastAPI, first: str) -> str:
    """Id of the encounter on page 4."""
    return next(e.id for e in sqlite_store.readings.encounters() if e.id != first)


@pytest.fixture
def elsewhere(sqlite_store: Store, first: str) -> str:
    """The same visit in another file."""
    document = put_in(sqlite_store, "okafor april.pdf", "tuesday", "b")
    return sqlite_store.readings.encounters(document)[0].id


def arrange(client: Client, id: str, verb: str, **more: object) -> str:
    answer = client.post(f"/encounters/{id}/arrangement", data={"verb": verb, **more})
    if answer.status_code == 303:
        assert answer.headers["location"] == f"/encounters/{id}"
        return ""
    assert answer.status_code == 409
    return str(answer.text)


def numbers(store: Store, id: str) -> list[int]:
    found = store.arranging.placed(id)
    assert found is not None
    return [page.number for page in found.pages]


def review(store: Store, id: str) -> Review:
    return store.decisions.reviews().get(id, Review())


def test_the_dialog_shows_pages_other_encounters_and_what_is_in_none(
    client: Client, first: str, second: str, sqlite_store: Store
) -> None:
    arrange(client, first, "put-out", page=[2])
    for headers in ({}, HTMX):
        page = client.get(f"/encounters/{first}/arrangement", headers=headers).text
        assert f"/encounters/{second}" in page and 'name="page" value="3"' in page and ":2" in page
        assert ("<html" in page) == (not headers)
        assert "is of another day" in page and "blank or separator" in page
    assert client.get("/encounters/none/arrangement").status_code == 404


def test_a_split_is_told_in_the_chart_and_can_be_moved_back(client: Client, first: str, sqlite_store: Store) -> None:
    assert arrange(client, first, "split", page=[3]) == ""
    new = next(d.other for d in sqlite_store.decisions.of(first) if d.action is Action.SET_PAGES)
    assert new is not None and (numbers(sqlite_store, first), numbers(sqlite_store, new)) == ([1, 2], [3])
    assert "pages of this encounter changed" in client.get(f"/encounters/{new}").text
    history = client.get(f"/encounters/{first}").text
    assert "arranged the pages: page 3 split off into a new encounter" in history
    assert arrange(client, first, "move-back") == ""
    assert numbers(sqlite_store, first) == [1, 2, 3]
    assert "There is nothing left to do here" in client.get(f"/encounters/{new}").text


def test_with_htmx_the_chart_is_loaded_anew(client: Client, first: str) -> None:
    answer = client.post(f"/encounters/{first}/arrangement", data={"verb": "split", "page": [3]}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/encounters/{first}")
    refused = client.post(f"/encounters/{first}/arrangement", data={"verb": "split"}, headers=HTMX)
    assert refused.status_code == 409 and refused.headers["HX-Retarget"] == "#casework"
    assert "Choose the pages first" in refused.text


@pytest.mark.parametrize(
    ("verb", "chosen", "sentence"),
    [
        ("split", [1, 2, 3], "leave at least one"),
        ("split", [9], "changed meanwhile"),
        ("move", [3], "Choose the encounter"),
        ("dance", [3], "Choose what is to be done"),
        ("put-out", [1, 2, 3], "at least one page"),
        ("take-in", [], "changed meanwhile"),
        ("move-back", [], "ever moved"),
    ],
)
def test_what_cannot_be_arranged_is_refused_and_the_choice_stays(
    client: Client, first: str, sqlite_store: Store, verb: str, chosen: list[int], sentence: str
) -> None:
    page = arrange(client, first, verb, page=chosen)
    assert sentence in page and page.count(" checked") == len([n for n in chosen if n < 4])
    assert sqlite_store.decisions.of(first) == ()


def test_pages_of_another_visit_move_only_when_it_is_said_twice(
    client: Client, first: str, second: str, sqlite_store: Store
) -> None:
    asked = arrange(client, first, f"move {second}", page=[3])
    assert "is of another day. Do it all the same?" in asked and f'name="sure" value="{second}"' in asked
    assert numbers(sqlite_store, second) == [4]
    assert arrange(client, first, f"move {second}", page=[3], sure=second) == ""
    assert (numbers(sqlite_store, first), numbers(sqlite_store, second)) == ([1, 2], [3, 4])


def test_an_encounter_of_another_file_is_merged_from_the_banner(
    client: Client, first: str, elsewhere: str, sqlite_store: Store
) -> None:
    page = client.get(f"/encounters/{first}").text
    assert f'value="merge {elsewhere}"' in page and "second chart of the same visit" in page
    assert arrange(client, first, f"merge {elsewhere}") == ""
    assert review(sqlite_store, elsewhere).state is EncounterState.MERGED
    assert numbers(sqlite_store, first) == [1, 2, 3, 5, 6, 7]
    assert f'href="/encounters/{first}"' in client.get(f"/encounters/{elsewhere}").text
    assert "second chart of the same visit" not in client.get(f"/encounters/{first}").text
    dialog = client.get(f"/encounters/{first}/arrangement").text
    assert "page 1 of “okafor april.pdf”" in dialog


def test_what_was_decided_on_a_page_that_left_is_listed_and_offered_where_it_went(
    client: Client, first: str, elsewhere: str, sqlite_store: Store
) -> None:
    accept = {"action": "accept", "system": "CPT", "code": "90471", "reading": "1", "entity": "n11"}
    client.post(f"/encounters/{first}/codes", data=accept)
    arrange(client, first, f"move {elsewhere}", page=[3])
    here = client.get(f"/encounters/{first}").text
    assert "Decided on pages that left" in here and review(sqlite_store, first).accepted() == ()
    there = client.get(f"/encounters/{elsewhere}").text
    assert "Decide so here: 90471" in there and "accepted by kim in “okafor march.pdf”" in there
    form = {"reading": "1", "system": "CPT", "code": "90471", "source": first}
    client.post(f"/encounters/{elsewhere}/taken-over", data=form)
    (taken,) = review(sqlite_store, elsewhere).accepted()
    assert (taken.code, taken.anchors[0].page) == ("90471", 5)  # page 3 of the other file is the fifth here
    assert "Decide so here" not in client.get(f"/encounters/{elsewhere}").text
    again = client.post(f"/encounters/{elsewhere}/taken-over", data=form)
    assert again.status_code == 409 and "taken over already" in again.text


def test_a_search_finds_the_same_patient_first_and_by_every_word(
    client: Client, first: str, second: str, elsewhere: str
) -> None:
    address = f"/encounters/{first}/arrangement/search"
    found = client.post(address, data={"q": "april OKAFOR"}, headers=HTMX).text
    assert elsewhere in found and second not in found
    everything = client.post(address, data={"q": ""}, headers=HTMX).text
    assert elsewhere in everything and second in everything
    nothing = client.post(address, data={"q": "nobody"}).text
    assert "<html" in nothing and "No encounter is named by these words" in nothing


def test_whoever_came_first_is_not_overwritten(client: Client, first: str, second: str, sqlite_store: Store) -> None:
    sqlite_store.decisions.append(
        who="lee", encounter=second, reading=1, action=Action.ADD, system=CodeSystem.ICD10CM, code="I10"
    )
    refused = arrange(client, first, f"move {second}", page=[3], sure=second, seen=[f"{first} 0", f"{second} 0"])
    assert "lee" in refused and numbers(sqlite_store, second) == [4]
