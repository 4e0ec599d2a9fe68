from dataclasses import replace

import pytest

from pipeline.review.deciding.hindrances import why_not_signed
from pipeline.store import Store
from pipeline.store.decided import Action
from pipeline.store.review_state import Review
from pipeline.store.rows import EncounterState, ProposedEncounter
from tests.review.conftest import Client
from tests.review.drawn_chart import ENCOUNTERS, fact, put_in, reading_of
from tests.review.test_screens import IDENTITY

SURE = {"reading": "1", "sure": "1"}


def read_as(store: Store, signature: str | None) -> str:
    """A file whose first note reads signed, unsigned or neither; its first encounter."""
    document = put_in(store, "other.pdf", "tuesday", "e")
    found = None if signature is None else fact(signature, "Helen Marsh MD", 1, 4)
    one = replace(ENCOUNTERS[0], signature=found)
    store.readings.add(replace(reading_of(document), encounters=(one, *ENCOUNTERS[1:])))
    return store.readings.encounters(document)[0].id


def state(store: Store, id: str) -> EncounterState:
    return store.decisions.reviews().get(id, Review()).state


def identify(client: Client, id: str) -> None:
    client.post(f"/encounters/{id}/identity", data={**IDENTITY, "reading": "2"})


def sign(client: Client, id: str) -> str:
    return str(client.post(f"/encounters/{id}/confirmation", data={"reading": "2", "sure": "1"}).text)


def test_an_unsigned_note_is_not_signed_off_until_somebody_says_who_signed_and_when(
    client: Client, first: str, sqlite_store: Store
) -> None:
    id = read_as(sqlite_store, "unsigned")
    identify(client, id)
    assert "The note is not signed" in sign(client, id) and state(sqlite_store, id) is EncounterState.STARTED
    address = f"/encounters/{id}/signature"
    for form, sentence in (
        ({"signer": "Helen Marsh MD"}, "on which day"),
        ({"signed_on": "2014-03-15"}, "Say who signed"),
        ({"signer": "Helen Marsh MD", "signed_on": "2031-01-01"}, "in the future"),
    ):
        refused = client.post(address, data={"reading": "2", **form})
        assert refused.status_code == 409 and sentence in refused.text
    client.post(address, data={"reading": "2", "signer": "Helen  Marsh MD", "signed_on": "2014-03-15"})
    made = sqlite_store.decisions.of(id)[-1]
    assert (made.action, made.text) == (Action.ATTEST_SIGNATURE, "Helen Marsh MD, on 2014-03-15")
    assert made.anchors and made.anchors[0].page == 1  # the ink of the signature's place
    sign(client, id)
    assert state(sqlite_store, id) is EncounterState.CONFIRMED


def test_a_signature_that_was_not_found_asks_for_a_name_alone(client: Client, first: str, sqlite_store: Store) -> None:
    id = read_as(sqlite_store, None)
    assert "did not find a signature" not in client.get(f"/encounters/{id}").text.partition("signature")[0]
    identify(client, id)
    page = client.get(f"/encounters/{id}").text
    assert "Who signed?" in page and 'value="Marsh, Helen"' in page
    assert "did not find a signature" in sign(client, id)
    client.post(f"/encounters/{id}/signature", data={"reading": "2", "signer": "Marsh, Helen"})
    sign(client, id)
    assert state(sqlite_store, id) is EncounterState.CONFIRMED
    assert "says who signed the note: Marsh, Helen" in client.get(f"/encounters/{id}").text


def test_undecided_findings_need_one_more_word(client: Client, first: str, sqlite_store: Store) -> None:
    client.post(f"/encounters/{first}/identity", data=IDENTITY)
    asked = client.post(f"/encounters/{first}/confirmation", data={"reading": "1"})
    assert asked.status_code == 409 and "still to decide" in asked.text and 'name="sure"' in asked.text
    assert state(sqlite_store, first) is EncounterState.STARTED
    client.post(f"/encounters/{first}/confirmation", data=SURE)
    assert state(sqlite_store, first) is EncounterState.CONFIRMED


def test_all_that_stands_against_signing_is_told_in_one_place(first: str, sqlite_store: Store) -> None:
    encounter = sqlite_store.readings.encounter(first)
    assert encounter is not None
    unsigned = replace(encounter, proposal=replace(encounter.proposal, signature=None))
    found = why_not_signed(unsigned, Review(), undecided=2, seen=7)
    assert [words.split(";")[0].split(":")[0] for words in found.blocks] == [
        "This chart was read again meanwhile",
        "Confirm the patient first",
        "The reading did not find a signature",
    ]
    assert found.looks == ("2 findings with a proposed code still to decide.",) and found.sure_needed
    assert (found.asks_signature, found.empty_place, found.signer) == (True, False, "Marsh, Helen")


@pytest.mark.parametrize("signature", ["signed", "unsigned", None])
def test_a_person_who_says_that_it_is_signed_wins_over_the_reading(
    first: str, sqlite_store: Store, signature: str | None
) -> None:
    encounter = sqlite_store.readings.encounter(first)
    assert isinstance(encounter, ProposedEncounter)
    found = None if signature is None else fact(signature, "Helen Marsh MD", 1, 4)
    read = replace(encounter, proposal=replace(encounter.proposal, signature=found))
    assert why_not_signed(read, Review()).asks_signature is (signature != "signed")
    assert not why_not_signed(read, Review(signature="Marsh")).asks_signature


def test_an_encounter_is_reopened_with_a_reason_or_not_at_all(client: Client, first: str, sqlite_store: Store) -> None:
    client.post(f"/encounters/{first}/identity", data=IDENTITY)
    client.post(f"/encounters/{first}/confirmation", data=SURE)
    assert "An addendum came" in client.get(f"/encounters/{first}/reopening").text
    refused = client.post(f"/encounters/{first}/reopening", data={"reading": "1", "reason": "  "})
    assert refused.status_code == 409 and "Say why it is reopened" in refused.text
    assert state(sqlite_store, first) is EncounterState.CONFIRMED
    form = {"reading": "1", "reason": "An addendum came", "addendum": "2014-05-02"}
    client.post(f"/encounters/{first}/reopening", data=form)
    assert state(sqlite_store, first) is EncounterState.STARTED
    assert "Reopened: An addendum came (addendum of 2014-05-02)" in client.get(f"/encounters/{first}").text


def test_a_late_page_shows_its_banner_and_the_offer_to_merge_it(
    client: Client, first: str, sqlite_store: Store
) -> None:
    client.post(f"/encounters/{first}/identity", data=IDENTITY)
    client.post(f"/encounters/{first}/confirmation", data=SURE)
    document = put_in(sqlite_store, "okafor late.pdf", "tuesday", "c")
    late = sqlite_store.readings.encounters(document)[0].id
    page = client.get(f"/encounters/{first}").text
    assert "Reopened: A late page of this visit arrived in “okafor late.pdf”" in page
    assert f'href="/encounters/{late}">See the new pages' in page and f'value="merge {late}"' in page
