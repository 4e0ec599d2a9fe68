import logging
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.requests import Request

from pipeline.review.app import fingerprint
from pipeline.review.guard import from_own_page, host_is_ours
from pipeline.store import Store
from tests.review.conftest import ORIGIN, Client, signed_in, stranger_to


@pytest.fixture
def stranger(app: FastAPI) -> Client:
    return stranger_to(app)


def addresses(app: FastAPI, encounter: str) -> list[tuple[str, str]]:
    return [
        (method.upper(), path.replace("{id}", encounter).replace("{number}", "1"))
        for path, methods in app.openapi()["paths"].items()
        for method in methods
        if not path.startswith("/sign-")
    ]


def test_without_a_session_every_route_says_how_to_get_a_link(app: FastAPI, stranger: Client, first: str) -> None:
    found = addresses(app, first)
    assert len(found) >= 10
    for method, path in [*found, ("GET", "/nowhere"), ("GET", "/openapi.json"), ("GET", "/docs")]:
        answer = stranger.request(method, path)
        assert answer.status_code == 401, (method, path)
        assert "Okafor" not in answer.text
        if method != "HEAD":
            assert "inkchart serve" in answer.text


def test_a_session_that_ended_is_no_session(client: Client) -> None:
    assert client.get("/").status_code == 200
    kept = dict(client.cookies)
    assert client.post("/sign-out").status_code == 303
    client.cookies.update(kept)
    assert client.get("/").status_code == 401


def test_a_foreign_host_is_refused(client: Client) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/static/base.css", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/", headers={"Host": "localhost:8000"}).status_code == 200


@pytest.mark.parametrize(
    ("host", "configured", "ours"),
    [
        ("127.0.0.1:8000", "127.0.0.1", True),
        ("[::1]:8000", "127.0.0.1", True),
        ("Charts.Example:8000", "charts.example", True),
        ("192.168.1.9:8000", "127.0.0.1", False),
        ("192.168.1.9:8000", "0.0.0.0", True),
        ("192.168.1.9:8000", "::", True),
        ("evil.example", "0.0.0.0", False),
        ("127.0.0.1.evil.example", "127.0.0.1", False),
        ("", "127.0.0.1", False),
        ("[", "127.0.0.1", False),
        ("desk.example", "0.0.0.0", True),
        ("Desk.Example:443", "127.0.0.1", True),
    ],
)
def test_which_hosts_are_ours(host: str, configured: str, ours: bool) -> None:
    assert host_is_ours(host, configured, ("Desk.example",)) is ours


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site", **ORIGIN},
        {"Sec-Fetch-Site": "same-site", **ORIGIN},
        {"Sec-Fetch-Site": "none", **ORIGIN},
    ],
)
def test_a_form_of_another_site_is_refused(
    client: Client, first: str, sqlite_store: Store, headers: dict[str, str]
) -> None:
    data = {"action": "accept", "system": "ICD9CM", "code": "401.9", "reading": "1"}
    assert client.post(f"/encounters/{first}/codes", data=data, headers=headers).status_code == 403
    assert sqlite_store.decisions.of(first) == ()


def test_a_form_that_says_nothing_of_its_origin_is_refused() -> None:
    def request(*headers: tuple[bytes, bytes]) -> Request:
        return Request({"type": "http", "headers": [(b"host", b"127.0.0.1:8000"), *headers]})

    assert not from_own_page(request())
    assert from_own_page(request((b"origin", b"http://127.0.0.1:8000")))
    assert from_own_page(request((b"sec-fetch-site", b"same-origin")))


def test_every_answer_has_the_headers_and_no_chart_is_kept_by_the_browser(client: Client, first: str) -> None:
    for path in ("/", f"/encounters/{first}", f"/encounters/{first}/pages/1", "/nowhere", "/static/base.css"):
        headers = client.get(path).headers
        assert headers["cache-control"] == "no-store", path
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert headers["x-frame-options"] == "DENY" and headers["x-content-type-options"] == "nosniff"


def test_styles_and_scripts_are_kept_under_an_address_that_changes_with_them(client: Client, tmp_path: Path) -> None:
    (address,) = set(re.findall(r'href="(/static/[^"]+/base\.css)"', client.get("/").text))
    answer = client.get(address)
    assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
    (tmp_path / "a.css").write_text("a {}")
    before = fingerprint(tmp_path)
    (tmp_path / "a.css").write_text("b {}")
    assert fingerprint(tmp_path) != before


def test_a_bug_becomes_a_page_with_the_headers_and_without_its_words(
    client: Client, sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("Okafor")

    monkeypatch.setattr(sqlite_store.worklist, "batches", broken)
    client._transport.raise_server_exceptions = False
    answer = client.get("/")
    assert answer.status_code == 500 and "Something went wrong" in answer.text and "Okafor" not in answer.text
    assert answer.headers["cache-control"] == "no-store" and "content-security-policy" in answer.headers


def test_the_log_holds_no_text_of_a_chart_no_token_and_no_address(
    app: FastAPI, sqlite_store: Store, first: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="pipeline")
    client = signed_in(app, sqlite_store)
    client.get("/sign-in", params={"token": "canary-token"})
    client.get("/canary-path")
    client.get("/", params={"batch": "canary-batch"})
    client.get(f"/encounters/{first}")
    client.post(f"/encounters/{first}/search", data={"q": "canary", "reading": "1"})
    written = caplog.text
    assert "GET /encounters/{id} 200" in written and "GET - 404" in written
    assert "canary" not in written and "Okafor" not in written and first not in written
