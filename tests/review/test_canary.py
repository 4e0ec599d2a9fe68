"""No text of a chart in a log, an address, a header or an error page, whatever is asked of the app and however."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from html import escape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from playwright.sync_api import Page, Request, Route, sync_playwright

from pipeline.cli.discreet import DiscreetRecord
from pipeline.codebooks import CodeBooks
from pipeline.review.access.form_tokens import form_token
from pipeline.review.auditing.acts import unlisted
from pipeline.store import Store
from pipeline.store.audit_rows import Wanted, as_json_lines
from pipeline.store.connect import open_engine, sqlite_url
from pipeline.store.rows import Role
from tests.conftest import store_on
from tests.review.browsing import WITH_CHROMIUM, launch, window
from tests.review.canaries import CALLS, EVERY_ROLE, ID, PARTS, Ask, Planted, canary, desk_of_claims, plant, sings
from tests.review.conftest import app_on, serving, session_of

CONFLICT = 409
"""A refused decision shows the chart again, with a sentence: a screen and no error page."""
OWN_CLIENTS = ("httpx", "httpcore", "asyncio", "playwright", "hypothesis", "faker")
PICTURES = re.compile("/(pages|thumbnails|crops)/")
WORDS = "input:not([type=hidden], [type=date], [type=checkbox], [type=radio]), textarea"
KIND = """(form) =>
    (form.getAttribute("action") || "").replace(/[^/]*$/, "") + [...form.elements].map((one) => one.name).join()"""
"""Forms of one kind differ only in the last part of where they go, an id."""
BUTTON = """(form) => [...form.elements].find((field) =>
    field.matches("button[type=submit]:not([disabled]), button:not([type]):not([disabled])"))"""
GOES_TO = f"""(form) => [form.hasAttribute("hx-post") ? "POST" : form.method.toUpperCase(),
    ({BUTTON})(form)?.getAttribute("formaction") ?? form.getAttribute("hx-post") ?? form.getAttribute("action")]"""


@pytest.fixture
def turned_up(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every logger of the process at its most talkative, with the records that the command makes."""
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        if not name.startswith(OWN_CLIENTS):
            caplog.set_level(logging.DEBUG, logger=name)
            logging.getLogger(name).propagate = True
    before = logging.getLogRecordFactory()
    logging.setLogRecordFactory(DiscreetRecord)
    yield caplog
    logging.setLogRecordFactory(before)


@dataclass
class Cage:
    """A served app whose store is full of canaries."""

    app: FastAPI
    store: Store
    address: str
    planted: Planted
    heard: list[str] = field(default_factory=list)
    """Where a canary got out."""

    def client(self, roles: frozenset[Role] | None) -> httpx.Client:
        """A browser of an account with these roles; of nobody for None."""
        client = httpx.Client(base_url=self.address, headers={"Origin": self.address}, verify=False)
        if roles is not None:
            token = session_of(self.store, "kim-" + "-".join(sorted(roles)), roles)
            client.cookies.set("inkchart", token)
            client.headers["X-CSRF-Token"] = form_token(token)
        return client

    def send(self, client: httpx.Client, method: str, path: str, ask: Ask) -> int:
        """Ask, and look at the answer."""
        answer = client.request(method, path, params=ask.query, data=ask.form)
        what = f"{method} {path} -> {answer.status_code}"
        self.heard += [f"header {name} of {what}" for name, value in answer.headers.multi_items() if sings(value)]
        if answer.status_code >= 400 and answer.status_code != CONFLICT and sings(_but_names(answer, ask)):
            self.heard.append(f"error page of {what}")
        return answer.status_code

    def routes(self) -> dict[str, APIRoute]:
        """Every route as `METHOD /pattern`, in the order of `CALLS`."""
        found = {
            f"{method} {route.path}": route
            for route in (context.original_route for context in iter_route_contexts(self.app.routes))
            if isinstance(route, APIRoute)
            for method in route.methods or ()
        }
        strange = sorted(set(found) - set(CALLS))
        assert not strange, f"tests/review/canaries.py has to say how these routes are called: {strange}"
        return {name: found[name] for name in CALLS if name in found}

    def path(self, route: APIRoute, ask: Ask) -> str:
        """The address of a request that works."""
        id = next((id for prefix, id in ID.items() if route.path.startswith(prefix)), "")
        parts = {"{id}": id, **PARTS, **ask.path}
        return self.planted.fill(
            "/".join(parts[part] if part.startswith("{") else part for part in route.path.split("/"))
        )

    def filled(self, ask: Ask) -> Ask:
        """A request with the ids of this store."""
        form = None if ask.form is None else {name: self.planted.fill(text) for name, text in ask.form.items()}
        return Ask(form=form, query={name: self.planted.fill(text) for name, text in ask.query.items()})

    def listen(self, logs: pytest.LogCaptureFixture) -> None:
        """Nothing may have got out, nor into the audit log, where only the names of accounts are words of people."""
        said = [f"{r.name}: {r.getMessage()} {r.exc_text or ''} {r.exc_info or ''}" for r in logs.records]
        said = [line for line in said if not line.startswith(OWN_CLIENTS)]
        assert any("pipeline.review.guard" in line for line in said)
        assert [line for line in said if sings(line)] == []
        assert [line for line in as_json_lines(self.store.audit.each(Wanted(), 10_000)) if sings(line)] == []
        assert self.heard == []
        assert self.store.audit.verify().fault is None


def _but_names(answer: httpx.Response, ask: Ask) -> str:
    """A page without the only words of people that one with an error may show.

    The sign-in form shows again the name that was typed into it, and keeps the address that was asked for to go on
    to; whoever keeps the accounts sees their names and those of the batches.
    """
    page, form = answer.text, ask.form or {}
    if 'action="/sign-in' in page:
        for name, typed in (
            ("name", form.get("name", "")),
            ("next", form.get("next", "")),
            ("next", answer.request.url.raw_path.decode("ascii")),
        ):
            page = page.replace(f' name="{name}" value="{escape(typed)}"', "")
    if answer.request.url.path.startswith("/accounts"):
        for shown in ("account", "added", "batch"):
            page = page.replace(canary(shown), "")
    return page


@pytest.fixture
def cage(turned_up: pytest.LogCaptureFixture, tmp_path: Path, pictures: Path, books: CodeBooks) -> Iterator[Cage]:
    engine = open_engine(sqlite_url(tmp_path))
    store = store_on(engine)
    planted = plant(store)
    app = app_on(store, pictures, claims=desk_of_claims(store, books))
    with serving(app) as address:
        yield Cage(app=app, store=store, address=address, planted=planted)
    engine.dispose()


def test_every_route_has_its_word_in_the_audit_log_or_is_exempt(empty_app: FastAPI) -> None:
    missing = unlisted(empty_app)
    assert missing == (), f"pipeline/review/auditing/acts.py has to say what these routes are: {missing}"


def test_nothing_gets_out_of_a_route_that_works(cage: Cage, turned_up: pytest.LogCaptureFixture) -> None:
    failed = []
    for name, route in cage.routes().items():
        with cage.client(EVERY_ROLE) as client:
            for ask in CALLS[name]:
                status = cage.send(client, name.split()[0], cage.path(route, ask), cage.filled(ask))
                if status >= 400 and status != ask.refused:
                    failed.append(f"{name} {status}")
    assert failed == [], "tests/review/canaries.py no longer knows how these routes are called"
    cage.listen(turned_up)


def test_nothing_gets_out_of_a_route_that_is_called_wrongly(cage: Cage, turned_up: pytest.LogCaptureFixture) -> None:
    typed = canary("typed")
    others = [cage.client(roles) for roles in (None, frozenset({Role.SCAN}), frozenset({Role.AUDIT}))]
    for name, route in cage.routes().items():
        method, ask = name.split()[0], CALLS[name][0]
        path = cage.path(route, ask)
        strange = "/".join(typed if part.startswith("{") else part for part in route.path.split("/"))
        form = {field.alias: typed for field in route.dependant.body_params} or None
        query = {field.alias: typed for field in route.dependant.query_params}
        with cage.client(EVERY_ROLE) as client:
            for wrong in (
                (method, strange, ask),
                (method, f"{path}/{typed}", ask),
                (method, f"{path}/", Ask(query={"q": typed})),
                (method, path, Ask(form=form, query=query)),
                (method, path, Ask(form=None if method == "GET" else {typed: typed})),
                ("DELETE", path, Ask(query={typed: typed})),
                (typed.upper(), strange, Ask()),
            ):
                cage.send(client, *wrong)
        for client in others:
            cage.send(client, method, strange, Ask(form=form, query=query))
    for client in others:
        client.close()
    cage.listen(turned_up)


def test_nothing_gets_out_of_a_route_that_crashes(
    cage: Cage, turned_up: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*arguments: object, **more: object) -> None:
        raise RuntimeError(f"chest pain of {canary('crash')}") from ValueError(canary("cause"))

    clients = {name: cage.client(EVERY_ROLE) for name in cage.routes()}
    for door in ("readings", "decisions", "arrivals"):
        for work in vars(type(getattr(cage.store, door))):
            if not work.startswith("_"):
                monkeypatch.setattr(getattr(cage.store, door), work, crash)
    crashed = 0
    for name, route in cage.routes().items():
        ask = CALLS[name][0]
        with clients[name] as client:
            crashed += cage.send(client, name.split()[0], cage.path(route, ask), cage.filled(ask)) == 500
    assert crashed > 5
    assert "RuntimeError" in turned_up.text and 'File "' in turned_up.text
    cage.listen(turned_up)


@pytest.mark.browser
@WITH_CHROMIUM
def test_nothing_gets_into_an_address_that_a_browser_asks_for(cage: Cage) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url + " ".join(request.headers.values()))

    with sync_playwright() as playwright:
        browser = launch(playwright)
        context = browser.new_context()
        with cage.client(EVERY_ROLE) as client:
            cookies = [{"name": name, "value": value, "url": cage.address} for name, value in client.cookies.items()]
            gettable = [cage.path(route, CALLS[name][0]) for name, route in cage.routes().items() if name[:4] == "GET "]
            answers = {path: client.get(path) for path in gettable}
        screens = [path for path, answer in answers.items() if "<main" in answer.text and answer.status_code == 200]
        context.add_cookies(cookies)  # type: ignore[arg-type]
        context.on("request", note)
        door, sent = Door(), set[str]()
        context.route("**", door)
        page = window(context)
        for path in screens:
            asked += _submit_all(page, door, cage.address + path, sent)
        browser.close()
    assert len(asked) > 20 and len(sent) > 5
    assert [address for address in asked if sings(address)] == []


def _goes_to(method: str, path: str, request: Request) -> bool:
    return request.method == method and urlsplit(request.url).path == path


class Door:
    """Lets a browser's requests out or not; one for the whole test, as a door is not taken away while one passes it."""

    def __init__(self) -> None:
        self.shut = False

    def __call__(self, route: Route) -> None:
        if self.shut or PICTURES.search(route.request.url):  # pictures are quicker not fetched
            route.abort("aborted")
        else:
            route.continue_()


def _submit_all(page: Page, door: Door, address: str, sent: set[str]) -> list[str]:
    """Fill every form of a page that takes words with a canary and send it, each kind of form once.

    Gives the addresses that the page leads to: a form without words cannot put any into another address.
    """
    door.shut = False
    page.goto(address)
    leads_to, forms = page.evaluate(
        f"""() => [
            [...document.querySelectorAll("[href], [src], [action], [hx-get], [hx-post]")].flatMap((one) =>
                ["href", "src", "action", "hx-get", "hx-post"].map((name) => one.getAttribute(name) || "")),
            [...document.forms].filter((form) => form.querySelector("{WORDS}") || form.method == "get")
                .map((form) => [({KIND})(form), ...({GOES_TO})(form)]),
        ]"""
    )
    # What is sent is noted and goes nowhere, so the page stays for its next form.
    door.shut = True
    for kind, method, where in forms:
        if kind in sent or where is None:  # without an address it only sets how the page looks
            continue
        sent.add(kind)
        with page.expect_request(partial(_goes_to, method, urlsplit(urljoin(address, where)).path)):
            page.evaluate(
                f"""([kind, word]) => {{
                    const form = [...document.forms].find((form) => ({KIND})(form) == kind);
                    for (const field of form.querySelectorAll("{WORDS}")) field.value = word;
                    form.noValidate = true;
                    form.requestSubmit(({BUTTON})(form));
                }}""",
                [kind, canary("filled")],
            )
    return [str(address) for address in leads_to]
