from datetime import timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from pipeline.review.access.form_tokens import form_token
from pipeline.review.guard import own_address
from pipeline.store import Store
from pipeline.store.rows import Role
from tests.review.access.conftest import PASSWORD, Clock, Heard, account
from tests.review.conftest import Client, signed_in, stranger_to

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WRONG = "name or the password is not right"


@pytest.fixture
def stranger(app: FastAPI) -> Client:
    return stranger_to(app)


def sign_in(client: Client, name: str = "kim", password: str = PASSWORD, **more: str) -> tuple[int, str]:
    answer = client.post("/sign-in", data={"name": name, "password": password, **more})
    return answer.status_code, answer.text


def token_in(page: str) -> str:
    return page.split('name="token" value="')[1].split('"')[0]


def with_second_step(store: Store, hashed: str, clock: Clock) -> str:
    id = account(store, hashed).id
    store.second_steps.begin(id, SECRET)
    store.second_steps.confirm(id, SECRET, int(clock().timestamp()) // 30 - 1, ["AAAA-BBBB-CCCC-DDDD"])
    return id


def test_a_link_asks_for_a_password_and_signs_in_once(stranger: Client, sqlite_store: Store) -> None:
    token = sqlite_store.sign_ins.issue("kim", timedelta(minutes=5))
    for _ in range(2):  # looking does not use it up
        page = stranger.get("/sign-in", params={"token": token})
        assert page.status_code == 200 and "kim" in page.text
    short = stranger.post("/sign-in/link", data={"token": token, "password": "short", "again": "short"})
    assert short.status_code == 422 and "at least 12" in short.text
    form = {"token": token, "password": PASSWORD, "again": PASSWORD}
    answer = stranger.post("/sign-in/link", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("inkchart=") and "httponly" in cookie and "samesite=strict" in cookie
    assert "secure" not in cookie
    again = stranger.post("/sign-in/link", data=form)
    assert again.status_code == 401 and "works once" in again.text
    stranger.cookies.clear()
    assert sign_in(stranger)[0] == 303


def test_with_tls_the_cookie_is_this_hosts_alone_and_browsers_stay_with_tls(
    app: FastAPI, sqlite_store: Store, hashed: str
) -> None:
    account(sqlite_store, hashed)
    headers = {"Origin": "https://127.0.0.1:8000"}
    client = Client(app, base_url="https://127.0.0.1:8000", headers=headers, follow_redirects=False)
    answer = client.post("/sign-in", data={"name": "kim", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-inkchart=") and "Secure" in cookie and "Path=/" in cookie
    assert "Domain" not in cookie
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in stranger_to(app).get("/sign-in").headers
    assert client.get("/").status_code == 200


def test_a_name_in_other_letters_signs_in_under_its_own(stranger: Client, sqlite_store: Store, hashed: str) -> None:
    account(sqlite_store, hashed, "Kim Lee")
    assert sign_in(stranger, " kim  LEE ")[0] == 303
    assert "Kim Lee" in stranger.get("/account").text


def test_every_sign_in_has_a_new_token_and_ends_the_one_before(
    stranger: Client, sqlite_store: Store, hashed: str
) -> None:
    account(sqlite_store, hashed)
    sign_in(stranger)
    first = stranger.cookies["inkchart"]
    sign_in(stranger)
    assert stranger.cookies["inkchart"] != first
    assert sqlite_store.sign_ins.session(first, timedelta(minutes=15)) is None


def test_a_wrong_name_a_wrong_password_and_a_disabled_account_are_told_alike(
    stranger: Client, sqlite_store: Store, hashed: str
) -> None:
    account(sqlite_store, hashed)
    account(sqlite_store, hashed, "lee")
    gone = account(sqlite_store, hashed, "gone")
    sqlite_store.users.disable(gone.id)
    sqlite_store.users.add("invited", frozenset({Role.CODE}))
    pages = set()
    for name, password in (("kim", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD), ("invited", PASSWORD)):
        status, page = sign_in(stranger, name, password)
        assert status == 401 and WRONG in page
        pages.add(page.replace(f'value="{name}"', "").replace(" autofocus", ""))
    assert len(pages) == 1


def test_too_many_failures_make_everybody_wait_also_who_does_not_exist(
    stranger: Client, sqlite_store: Store, hashed: str, clock: Clock
) -> None:
    account(sqlite_store, hashed)
    told = []
    for name in ("kim", "nobody"):
        for _ in range(5):
            assert sign_in(stranger, name, "wrong")[0] == 401
        answer = stranger.post("/sign-in", data={"name": name.upper(), "password": PASSWORD})
        assert answer.status_code == 429 and answer.headers["retry-after"] == "2"
        told.append(answer.text.replace(f'value="{name.upper()}"', ""))
    assert told[0] == told[1] and "Wait 2 seconds" in told[0]
    clock.move(seconds=2)
    assert sign_in(stranger)[0] == 303
    for _ in range(4):  # and nothing is counted any more
        assert sign_in(stranger, "kim", "wrong")[0] == 401
    assert sign_in(stranger)[0] == 303


def test_one_address_that_tries_many_names_waits(stranger: Client, sqlite_store: Store, clock: Clock) -> None:
    statuses = [sign_in(stranger, f"name {number}", "wrong")[0] for number in range(22)]
    assert statuses == [401] * 21 + [429]


def test_a_hash_of_older_parameters_is_made_anew_at_sign_in(stranger: Client, sqlite_store: Store) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    account(sqlite_store, weak)
    assert sign_in(stranger)[0] == 303
    found = sqlite_store.users.password("kim")
    assert found is not None and found[1] != weak and "m=65536" in found[1]


def test_with_a_second_step_the_password_alone_opens_nothing(
    stranger: Client, sqlite_store: Store, hashed: str, clock: Clock
) -> None:
    with_second_step(sqlite_store, hashed, clock)
    answer = stranger.post("/sign-in", data={"name": "kim", "password": PASSWORD, "next": "/account"})
    assert answer.status_code == 200 and "set-cookie" not in answer.headers
    assert stranger.get("/").status_code == 401
    form = {"token": token_in(answer.text), "next": "/account"}
    wrong = stranger.post("/sign-in/code", data={**form, "code": "000000"})
    assert wrong.status_code == 401 and "not right" in wrong.text
    code = pyotp.TOTP(SECRET).at(clock())
    right = stranger.post("/sign-in/code", data={**form, "code": code})
    assert (right.status_code, right.headers["location"]) == (303, "/account")
    assert stranger.get("/account").status_code == 200
    spent = stranger.post("/sign-in/code", data={**form, "code": code})
    assert spent.status_code == 401 and "took too long" in spent.text
    once_more = token_in(sign_in(stranger)[1])
    again = stranger.post("/sign-in/code", data={"token": once_more, "code": code})
    assert again.status_code == 401 and "used before" in again.text


def test_a_recovery_code_stands_in_for_the_app_once(
    stranger: Client, sqlite_store: Store, hashed: str, clock: Clock
) -> None:
    with_second_step(sqlite_store, hashed, clock)
    for status in (303, 401):
        form = {"token": token_in(sign_in(stranger)[1]), "code": "aaaa bbbb cccc dddd"}
        assert stranger.post("/sign-in/code", data=form).status_code == status


def test_a_right_password_frees_no_guesses_of_codes(
    stranger: Client, sqlite_store: Store, hashed: str, clock: Clock
) -> None:
    with_second_step(sqlite_store, hashed, clock)
    statuses = []
    for _ in range(6):
        form = {"token": token_in(sign_in(stranger)[1]), "code": "000000"}
        statuses.append(stranger.post("/sign-in/code", data=form).status_code)
    assert statuses == [401] * 5 + [429]


def test_the_code_must_follow_within_minutes(stranger: Client, sqlite_store: Store, hashed: str, clock: Clock) -> None:
    with_second_step(sqlite_store, hashed, clock)
    form = {"token": token_in(sign_in(stranger)[1])}
    clock.move(minutes=11)
    answer = stranger.post("/sign-in/code", data={**form, "code": pyotp.TOTP(SECRET).at(clock())})
    assert answer.status_code == 401 and "took too long" in answer.text


def test_who_was_sent_to_sign_in_comes_back_to_the_page_they_wanted(
    stranger: Client, sqlite_store: Store, hashed: str, first: str
) -> None:
    account(sqlite_store, hashed)
    asked = stranger.get(f"/encounters/{first}")
    assert asked.status_code == 401 and f'name="next" value="/encounters/{first}"' in asked.text
    referer = {"Referer": f"http://127.0.0.1:8000/encounters/{first}"}
    posted = stranger.post(f"/encounters/{first}/codes", data={}, headers=referer)
    assert posted.status_code == 401 and f'name="next" value="/encounters/{first}"' in posted.text
    answer = stranger.post("/sign-in", data={"name": "kim", "password": PASSWORD, "next": f"/encounters/{first}"})
    assert answer.headers["location"] == f"/encounters/{first}"


@pytest.mark.parametrize(
    "address",
    [
        "http://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil",
        "javascript:alert(1)",
        "",
        "/\n/evil",
        "/sign-out",
    ],
)
def test_no_address_leads_elsewhere_after_signing_in(address: str) -> None:
    assert own_address(address) == ""
    assert own_address("/encounters/a-1?page=2") == "/encounters/a-1?page=2"


def test_a_session_ends_after_idle_time_and_asking_for_it_keeps_it_not(
    app: FastAPI, sqlite_store: Store, clock: Clock
) -> None:
    client = signed_in(app, sqlite_store)
    poll = {"X-Inkchart-Poll": "1"}
    clock.move(minutes=14)
    state = client.get("/session", headers=poll).json()
    assert state["seconds_left"] == 60 and state["csrf"] == client.headers["X-CSRF-Token"]
    assert client.get("/session").json()["seconds_left"] == 900
    for _ in range(3):
        clock.move(minutes=5)
        answer = client.get("/session", headers=poll)
    assert answer.status_code == 401 and "<html" not in answer.text
    assert client.get("/").status_code == 401


def test_signing_out_ends_the_session_itself(client: Client) -> None:
    kept = dict(client.cookies)
    answer = client.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    client.cookies.update(kept)
    assert client.get("/").status_code == 401
    assert client.post("/sign-out").status_code == 303


def test_what_happens_at_the_door_is_told_to_the_log_without_what_was_typed(
    stranger: Client, sqlite_store: Store, hashed: str, heard: Heard
) -> None:
    account(sqlite_store, hashed)
    sign_in(stranger, "my password", "wrong")
    sign_in(stranger, "KIM", "wrong")
    sign_in(stranger)
    stranger.post("/sign-out", headers={"X-CSRF-Token": form_token(stranger.cookies["inkchart"])})
    assert heard == [
        ("sign-in-failed", None, None),
        ("sign-in-failed", None, "kim"),
        ("sign-in", "kim", "kim"),
        ("sign-out", "kim", "kim"),
    ]
