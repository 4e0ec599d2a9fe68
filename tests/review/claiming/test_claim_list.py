import json

from fastapi import FastAPI

from pipeline.store import Store
from pipeline.store.claim_steps import ClaimState, Step
from tests.review.claiming.small_office import WARNING
from tests.review.claiming.test_claim_page import released_by
from tests.review.conftest import Client, signed_in


def released(app: FastAPI, client: Client, store: Store, id: str) -> None:
    store.claims.append(Step.REASON, who="kim", encounter=id, key=WARNING.key, text="another knee")
    assert released_by(client, id) == released_by(signed_in(app, store, "lee"), id) == 303


def test_claims_are_listed_by_how_far_they_are(app: FastAPI, client: Client, signed: str, sqlite_store: Store) -> None:
    assert f"/claims/{signed}" in client.get("/claims").text
    assert f"/claims/{signed}" not in client.get("/claims", params={"state": "released"}).text
    released(app, client, sqlite_store, signed)
    assert f"/claims/{signed}" not in client.get("/claims").text
    assert f"/claims/{signed}" in client.get("/claims", params={"state": "released"}).text


def test_a_claim_is_found_by_its_patient_in_whatever_state(client: Client, signed: str) -> None:
    assert f"/claims/{signed}" in client.post("/claims", data={"q": "okafor"}).text
    assert "No claim has" in client.post("/claims", data={"q": "nobody"}).text


def test_released_claims_leave_together_and_are_marked_as_sent(
    app: FastAPI, client: Client, signed: str, sqlite_store: Store
) -> None:
    refused = client.post("/claims/files", data={"format": "837p", "claim": signed})
    assert refused.status_code == 409 and "Not all of these claims are released" in refused.text
    released(app, client, sqlite_store, signed)
    batch = client.post("/claims/files", data={"format": "837p", "claim": signed})
    assert batch.status_code == 200 and batch.text.count("CLM*") == 1
    assert batch.text[:106].split("*")[15] == "P"
    table = client.post("/claims/files", data={"format": "claims-json", "claim": signed})
    assert [each["encounter"] for each in json.loads(table.text)] == [signed]
    assert client.post("/claims/sending", data={"claim": signed}).status_code == 303
    assert sqlite_store.claims.of(signed).state is ClaimState.SENT
    again = client.post("/claims/sending", data={"claim": signed})
    assert again.status_code == 409


def test_nothing_chosen_and_a_format_of_single_files_are_told(
    app: FastAPI, client: Client, signed: str, sqlite_store: Store
) -> None:
    assert "Choose one claim at least" in client.post("/claims/files", data={"format": "837p"}).text
    released(app, client, sqlite_store, signed)
    told = client.post("/claims/files", data={"format": "cms1500", "claim": signed})
    assert told.status_code == 409 and "a file for each claim" in told.text


def test_a_claim_of_a_batch_that_the_account_may_not_see_is_none(
    app: FastAPI, signed: str, sqlite_store: Store
) -> None:
    stranger = signed_in(app, sqlite_store, "ann", batches=frozenset({"another"}))
    assert signed not in stranger.get("/claims").text
    assert stranger.get(f"/claims/{signed}").status_code == 404
    assert stranger.post("/claims/files", data={"format": "837p", "claim": signed}).status_code == 404
