import re
from datetime import timedelta

import pyotp
import pytest
from fastapi import FastAPI

from pipeline.store import Store
from tests.review.access.conftest import PASSWORD, Clock, Heard, account
from tests.review.conftest import Client, signed_in, stranger_to

NEW = "a few other words"


@pytest.fixture
def client(app: FastAPI, sqlite_store: Store, hashed: str) -> Client:
    account(sqlite_store, hashed)
    return signed_in(app, sqlite_store)


def change(client: Client, current: str = PASSWORD, password: str = NEW, again: str = NEW) -> tuple[int, str]:
    answer = client.post("/account/password", data={"current": current, "password": password, "again": again})
    return answer.status_code, answer.text


def secret_in(page: str) -> str:
    found = re.search(r'class="key">([A-Z2-7 ]+)<', page)
    assert found is not None
    return found[1].replace(" ", "")


def test_changing_the_password_ends_every_other_session(
    app: FastAPI, sqlite_store: Store, client: Client, heard: Heard
) -> None:
    other = signed_in(app, sqlite_store)
    assert change(client)[0] == 303
    assert other.get("/account").status_code == 401
    assert "password is changed" in client.get("/account", params={"done": "password"}).text
    stranger = stranger_to(app)
    assert stranger.post("/sign-in", data={"name": "kim", "password": PASSWORD}).status_code == 401
    assert stranger.post("/sign-in", data={"name": "kim", "password": NEW}).status_code == 303
    assert ("password-changed", "kim", "kim") in heard


def test_the_old_password_is_asked_for_and_cannot_be_guessed_at_an_open_session(client: Client) -> None:
    assert "differ" in change(client, again="another one entirely")[1]
    told = [change(client, current="wrong")[1] for _ in range(6)]
    assert ["not your password" in page for page in told] == [True] * 5 + [False]
    assert "too many failed attempts" in told[-1]
    assert "too many failed attempts" in change(client)[1]


def test_a_second_step_counts_after_its_first_code_and_gives_ten_recovery_codes(
    app: FastAPI, sqlite_store: Store, client: Client, clock: Clock, heard: Heard
) -> None:
    page = client.post("/account/second-step")
    secret = secret_in(page.text)
    assert "<svg" in page.text and "style=" not in page.text
    wrong = client.post("/account/second-step/confirmation", data={"code": "000000"})
    assert wrong.status_code == 422 and secret_in(wrong.text) == secret
    stranger = stranger_to(app)
    assert stranger.post("/sign-in", data={"name": "kim", "password": PASSWORD}).status_code == 303
    done = client.post("/account/second-step/confirmation", data={"code": pyotp.TOTP(secret).at(clock())})
    codes = re.findall(r"<code>([A-Z2-7-]{19})</code>", done.text)
    assert len(set(codes)) == 10 and ("second-step-added", "kim", "kim") in heard
    assert "10 recovery codes left" in client.get("/account").text
    assert "And the code" in stranger.post("/sign-in", data={"name": "kim", "password": PASSWORD}).text
    assert client.post("/account/second-step").status_code == 409
    assert client.post("/account/second-step/confirmation", data={"code": "1"}).status_code == 409


def test_a_second_step_is_taken_away_with_the_password_alone(sqlite_store: Store, client: Client, clock: Clock) -> None:
    secret = secret_in(client.post("/account/second-step").text)
    client.post("/account/second-step/confirmation", data={"code": pyotp.TOTP(secret).at(clock())})
    assert client.post("/account/second-step/removal", data={"current": "wrong"}).status_code == 422
    kim = sqlite_store.users.named("kim")
    assert kim is not None and sqlite_store.second_steps.secret(kim.id) == secret
    assert client.post("/account/second-step/removal", data={"current": PASSWORD}).status_code == 200
    assert sqlite_store.second_steps.secret(kim.id) is None


def test_signing_out_everywhere_ends_all(app: FastAPI, sqlite_store: Store, client: Client) -> None:
    other = signed_in(app, sqlite_store)
    link = sqlite_store.sign_ins.issue("kim", timedelta(hours=1))
    assert client.post("/account/sessions").headers["location"] == "/sign-in"
    assert client.get("/account").status_code == other.get("/account").status_code == 401
    assert stranger_to(app).get("/sign-in", params={"token": link}).status_code == 401
