import logging

import pytest
from fastapi import FastAPI

from pipeline.store import Store
from tests.review.conftest import Client, signed_in


def test_what_is_typed_comes_back_to_whoever_typed_it(
    client: Client, app: FastAPI, sqlite_store: Store, first: str, caplog: pytest.LogCaptureFixture
) -> None:
    address = f"/encounters/{first}/drafts"
    with caplog.at_level(logging.DEBUG):
        saved = client.post(address, data={"key": "identity/patient_name", "text": "Okafor-Canary\r\nRuth"})
        given_back = client.get(address)
    assert saved.status_code == 204
    assert given_back.json() == [{"key": "identity/patient_name", "text": "Okafor-Canary\nRuth", "at": "12:00 UTC"}]
    assert "Canary" not in caplog.text
    assert signed_in(app, sqlite_store, "lee").get(address).json() == []
    assert client.post(f"{address}/sent", data={"key": "identity/patient_name"}).status_code == 204
    assert client.get(address).json() == []


@pytest.mark.parametrize(
    "form", [{"key": "a b", "text": "x"}, {"text": "x"}, {"key": "k" * 81}, {"key": "a", "text": "x" * 20_001}]
)
def test_a_draft_without_a_proper_key_or_of_endless_text_is_refused(
    client: Client, first: str, form: dict[str, str]
) -> None:
    assert client.post(f"/encounters/{first}/drafts", data=form).status_code == 422
    assert client.get(f"/encounters/{first}/drafts").json() == []


def test_there_is_no_draft_on_what_does_not_exist(client: Client) -> None:
    assert client.post("/encounters/none/drafts", data={"key": "a", "text": "x"}).status_code == 404
