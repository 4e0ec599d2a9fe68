import re

import pytest
from fastapi import FastAPI

from pipeline.store import Store
from pipeline.store.rows import Role, User
from tests.review.access.conftest import PASSWORD, Heard, account
from tests.review.conftest import Client, signed_in, stranger_to


@pytest.fixture
def admin(app: FastAPI, sqlite_store: Store, hashed: str) -> Client:
    account(sqlite_store, hashed, "boss", Role.ADMIN)
    return signed_in(app, sqlite_store, "boss")


def named(store: Store, name: str) -> User:
    user = store.users.named(name)
    assert user is not None
    return user


def link_in(page: str) -> str:
    found = re.search(r'value="http://127\.0\.0\.1:8000(/sign-in\?token=[^"]+)"', page)
    assert found is not None
    return found[1]


def test_an_account_is_added_and_invited_by_a_link_that_is_shown_once(
    app: FastAPI, admin: Client, sqlite_store: Store, heard: Heard
) -> None:
    form = {"name": " Kim  Lee", "role": ["code", "lead"], "limited": "1", "batch": ["=monday", "="]}
    page = admin.post("/accounts", data=form)
    link = link_in(page.text)
    kim = named(sqlite_store, "kim lee")
    assert kim.roles == {Role.CODE, Role.LEAD} and kim.batches == frozenset({"monday", ""})
    assert link not in admin.get("/accounts").text and "invited" in admin.get("/accounts").text
    token = link.split("token=")[1]
    kim_client = stranger_to(app)
    form = {"token": token, "password": PASSWORD, "again": PASSWORD}
    assert kim_client.post("/sign-in/link", data=form).status_code == 303
    assert "last here" in admin.get("/accounts").text
    assert heard[:2] == [("account-added code,lead", "boss", "Kim Lee"), ("invitation", "boss", "Kim Lee")]


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"name": "BOSS", "role": "code"}, 409, "already"),
        ({"name": "kim"}, 422, "at least one role"),
        ({"name": "  ", "role": "code"}, 422, "what the account is called"),
        ({"name": "x" * 61, "role": "code"}, 422, "at most 60"),
        ({"name": "a\u202eb", "role": "code"}, 422, "letters, digits"),
        ({"name": "kim", "role": "king"}, 422, "not filled in"),
    ],
)
def test_what_makes_no_account_is_told_why(
    admin: Client, sqlite_store: Store, form: dict[str, str], status: int, words: str
) -> None:
    answer = admin.post("/accounts", data=form)
    assert answer.status_code == status and words in answer.text
    assert len(sqlite_store.users.all()) == 1


def test_changed_roles_and_batches_count_with_the_next_click(
    app: FastAPI, admin: Client, sqlite_store: Store, hashed: str, first: str
) -> None:
    kim = account(sqlite_store, hashed)
    client = signed_in(app, sqlite_store)
    assert client.get(f"/encounters/{first}").status_code == 200
    assert admin.post(f"/accounts/{kim.id}", data={"role": "scan"}).status_code == 303
    assert client.get(f"/encounters/{first}").status_code == 403
    assert admin.post(f"/accounts/{kim.id}", data={"role": "code", "limited": "1"}).status_code == 303
    assert client.get(f"/encounters/{first}").status_code == 404
    admin.post(f"/accounts/{kim.id}", data={"role": "code", "limited": "1", "batch": "=monday"})
    assert client.get(f"/encounters/{first}").status_code == 200
    assert admin.post(f"/accounts/{kim.id}", data={}).status_code == 422
    assert named(sqlite_store, "kim").roles == {Role.CODE}


def test_a_disabled_account_is_out_at_once_and_gets_no_link(
    app: FastAPI, admin: Client, sqlite_store: Store, hashed: str
) -> None:
    kim = account(sqlite_store, hashed)
    client = signed_in(app, sqlite_store)
    assert admin.post(f"/accounts/{kim.id}/disabling").status_code == 303
    assert client.get("/account").status_code == 401
    assert admin.post(f"/accounts/{kim.id}/invitation").status_code == 409
    assert admin.post(f"/accounts/{kim.id}/enabling").status_code == 303
    assert stranger_to(app).post("/sign-in", data={"name": "kim", "password": PASSWORD}).status_code == 303


def test_ending_sessions_leaves_the_password_and_a_new_link_does_until_it_is_used(
    app: FastAPI, admin: Client, sqlite_store: Store, hashed: str
) -> None:
    kim = account(sqlite_store, hashed)
    client = signed_in(app, sqlite_store)
    admin.post(f"/accounts/{kim.id}/sessions")
    assert client.get("/account").status_code == 401
    link_in(admin.post(f"/accounts/{kim.id}/invitation").text)
    assert stranger_to(app).post("/sign-in", data={"name": "kim", "password": PASSWORD}).status_code == 303


def test_nobody_takes_the_last_admin_away(admin: Client, sqlite_store: Store, hashed: str) -> None:
    boss = named(sqlite_store, "boss")
    for path, form in ((f"/accounts/{boss.id}", {"role": "code"}), (f"/accounts/{boss.id}/disabling", {})):
        answer = admin.post(path, data=form)
        assert answer.status_code == 409 and "Nobody would be left" in answer.text
    account(sqlite_store, hashed, "second", Role.ADMIN)
    assert admin.post(f"/accounts/{boss.id}", data={"role": "code"}).status_code == 303
    assert admin.get("/accounts").status_code == 403


def test_an_account_that_is_not_there_is_told(admin: Client) -> None:
    for path in ("", "/disabling", "/enabling", "/sessions", "/invitation"):
        answer = admin.post(f"/accounts/none{path}", data={"role": "code"})
        assert answer.status_code == 404 and "no such account" in answer.text
