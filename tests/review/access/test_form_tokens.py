import re
from html.parser import HTMLParser

import pytest
from fastapi import FastAPI

from pipeline.review.access.form_tokens import form_token, with_tokens
from pipeline.store import Store
from pipeline.store.rows import Role
from tests.review.conftest import Client, signed_in

ACCEPT = {"action": "accept", "system": "ICD9CM", "code": "401.9", "reading": "1"}


class Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tokens: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form" and (found.get("method") or "").lower() == "post":
            self.tokens.append([])
        if tag == "input" and found.get("name") == "csrf":
            self.tokens[-1].append(found["value"] or "")


def test_every_form_of_every_page_carries_the_token(app: FastAPI, sqlite_store: Store, first: str) -> None:
    client = signed_in(app, sqlite_store, roles=frozenset(Role))
    token = form_token(client.cookies["inkchart"])
    for path in ("/", f"/encounters/{first}", "/account", "/accounts"):
        forms = Forms()
        forms.feed(client.get(path).text)
        assert forms.tokens and all(held == [token] for held in forms.tokens), path


def test_a_form_is_known_however_it_is_written() -> None:
    html = '<form\n class="a" METHOD="POST" action="/x"><form method="get"><form action="/y" method="post">'
    assert [len(part) for part in re.findall(r'(value="t")', with_tokens(html, "t"))] == [9, 9]
    assert with_tokens(html, "") == html


@pytest.mark.parametrize("sent", [None, "", "guess", "ü"])
def test_without_its_token_nothing_is_changed(
    client: Client, first: str, sqlite_store: Store, sent: str | None
) -> None:
    del client.headers["X-CSRF-Token"]
    data = ACCEPT if sent is None else {**ACCEPT, "csrf": sent}
    answer = client.post(f"/encounters/{first}/codes", data=data)
    assert answer.status_code == 403 and "earlier session" in answer.text
    assert sqlite_store.decisions.of(first) == ()


def test_the_token_counts_in_the_form_and_in_the_header(client: Client, first: str, sqlite_store: Store) -> None:
    token = client.headers.pop("X-CSRF-Token")
    assert client.post(f"/encounters/{first}/codes", data={**ACCEPT, "csrf": token}).status_code == 303
    headers = {"X-CSRF-Token": token}
    clear = client.post(f"/encounters/{first}/codes", data={**ACCEPT, "action": "clear"}, headers=headers)
    assert clear.status_code == 303
    assert len(sqlite_store.decisions.of(first)) == 2


def test_the_token_of_another_session_does_not_count(app: FastAPI, sqlite_store: Store, client: Client) -> None:
    other = signed_in(app, sqlite_store)
    answer = client.post("/account/sessions", headers={"X-CSRF-Token": other.headers["X-CSRF-Token"]})
    assert answer.status_code == 403
    assert client.get("/").status_code == 200


def test_signing_in_over_an_open_session_needs_no_token(client: Client) -> None:
    del client.headers["X-CSRF-Token"]
    assert client.post("/sign-in", data={"name": "kim", "password": "no"}).status_code == 401


def test_a_form_that_is_too_large_is_refused(client: Client, first: str) -> None:
    answer = client.post(f"/encounters/{first}/search", data={"q": "x" * 4_100_000, "reading": "1"})
    assert answer.status_code == 413
