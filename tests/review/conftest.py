"""A web app on a real store with the drawn chart in it."""

import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pipeline.codebooks.entries import Note
from pipeline.codebooks.pages import CodePage
from pipeline.records import Code, CodeSystem
from pipeline.review import build_app
from pipeline.review.access.form_tokens import form_token
from pipeline.review.desk import Claims, PacketMaker
from pipeline.settings import ReviewSettings
from pipeline.store import Store
from pipeline.store.rows import Role
from pipeline.store.sign_ins import NEW_ACCOUNT
from tests.conftest import NOON
from tests.review.browsing import launch, window
from tests.review.drawn_chart import CODES, put_in, save_pictures
from tests.review.small_claims import NoClaims, no_packet
from tests.review.small_text import ASTHMA, SMALL_TEXT

with warnings.catch_warnings():
    # It asks for a successor of httpx that is not released widely yet; httpx itself works.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

Client = TestClient

ORIGIN = {"Origin": "http://127.0.0.1:8000"}


@dataclass(frozen=True)
class SmallBooks:
    """Code books with the drawn chart's codes and a few more."""

    codes: tuple[Code, ...]

    def get(self, system: CodeSystem, code: str, on: date | None = None) -> Code | None:
        return next((c for c in self.codes if c.system is system and c.code == code), None)

    def search(
        self, text: str, *, system: CodeSystem | None = None, on: date | None = None, limit: int = 20
    ) -> Sequence[Code]:
        words = text.lower().split()
        found = [
            c
            for c in self.codes
            if system in (None, c.system)
            and (c.code.startswith(text.upper()) or all(word in c.display.lower() for word in words))
        ]
        return found[:limit]

    def page(self, system: CodeSystem, code: str, on: date | None = None) -> CodePage | None:
        found = self.get(system, code, on)
        if found is None:
            return None
        own = [c for c in self.codes if c.system is system]
        return CodePage(
            code=found,
            spans=(),
            parents=tuple(c for c in own if c.code != code and code.startswith(c.code)),
            children=tuple(c for c in own if c.code != code and c.code.startswith(f"{code}.")),
            notes=(Note(system=system, code=code, kind="excludes", text="that of pregnancy"),),
            synonyms=("high blood",),
            maps=(),
        )

    def edition(self, system: CodeSystem, on: date | None = None) -> str | None:
        return f"Small book of {system}"

    def modifiers(self) -> Mapping[str, str]:
        return {"25": "separate visit", "LT": "left side"}


def small_books() -> SmallBooks:
    drawn = {(system, code): display for codes in CODES.values() for system, code, display, _ in codes}
    more = {
        (CodeSystem.ICD9CM, "401.0"): "Malignant essential hypertension",
        (CodeSystem.ICD9CM, "V04.81"): "Need for prophylactic vaccination against influenza",
        (CodeSystem.ICD9CM, "V16.3"): "Family history of malignant neoplasm of breast",
        ASTHMA[:2]: ASTHMA[2],
    }
    return SmallBooks(
        tuple(
            Code(system=system, code=code, display=display, billable=code != "401", kind="diagnosis")
            for (system, code), display in {**drawn, **more}.items()
        )
    )


def app_on(
    store: Store,
    folder: Path,
    inbox: Path | None = None,
    clock: Callable[[], datetime] = lambda: NOON,
    claims: Claims | None = None,
    packet: PacketMaker = no_packet,
) -> FastAPI:
    def picture(document: str, page: int) -> Path:
        if page == 4:
            raise KeyError(page)
        return folder / f"page-{page}.jpg"

    return build_app(
        store=store,
        codebooks=small_books(),
        claims=claims or NoClaims(),
        packet=packet,
        text=lambda: SMALL_TEXT,
        picture=picture,
        settings=ReviewSettings(),
        inbox=inbox,
        clock=clock,
    )


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    save_pictures(folder)
    return folder


@pytest.fixture
def empty_app(sqlite_store: Store, pictures: Path) -> FastAPI:
    return app_on(sqlite_store, pictures, inbox=Path("/charts/inbox"))


@pytest.fixture
def app(sqlite_store: Store, empty_app: FastAPI) -> FastAPI:
    put_in(sqlite_store)
    return empty_app


def session_of(store: Store, who: str, roles: frozenset[Role], batches: frozenset[str] | None = None) -> str:
    """Token of a session of an account, which is made where there is none of that name."""
    user = store.users.named(who) or store.users.add(who, roles, batches)
    assert user is not None
    return store.sign_ins.open(user.id, timedelta(hours=12))


def stranger_to(app: FastAPI) -> Client:
    """A browser that is not signed in."""
    return Client(app, base_url="http://127.0.0.1:8000", headers=ORIGIN, follow_redirects=False)


def signed_in(
    app: FastAPI,
    store: Store,
    who: str = "kim",
    roles: frozenset[Role] = NEW_ACCOUNT,
    batches: frozenset[str] | None = None,
) -> Client:
    """A browser that is signed in; its requests carry the token that a page's forms would."""
    token = session_of(store, who, roles, batches)
    client = stranger_to(app)
    client.cookies.set("inkchart", token, domain="127.0.0.1")
    client.headers["X-CSRF-Token"] = form_token(token)
    return client


def enter(page: Page, served: str, store: Store, who: str = "kim", roles: frozenset[Role] = NEW_ACCOUNT) -> None:
    """Let a real browser in, and open the start page."""
    page.context.add_cookies([{"name": "inkchart", "value": session_of(store, who, roles), "url": served}])
    page.goto(served)


@pytest.fixture
def client(app: FastAPI, sqlite_store: Store) -> Client:
    return signed_in(app, sqlite_store)


@pytest.fixture
def first(sqlite_store: Store, app: FastAPI) -> str:
    """Id of the encounter on pages 1 to 3."""
    return sqlite_store.readings.encounters()[0].id


@pytest.fixture
def served(app: FastAPI) -> Iterator[str]:
    """The app behind a real server; its address."""
    with serving(app) as address:
        yield address


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """An app behind a real server; its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def desk(browser: Browser, served: str, sqlite_store: Store) -> Iterator[Page]:
    """A coder who opened the sign-in link and stands before the list; nothing may go wrong in the console."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = window(context)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    enter(page, served, sqlite_store)
    expect(page.get_by_role("heading", name="Encounters")).to_be_visible()
    yield page
    context.close()
    expected = ("status of 401", "status of 404", "status of 409", "Error Code 404")
    assert [text for text in problems if not any(status in text for status in expected)] == []


@pytest.fixture
def chart(desk: Page, first: str) -> Page:
    desk.locator(f'td a[href="/encounters/{first}"]').first.click()
    expect(desk.locator("#panel")).to_be_visible()
    desk.wait_for_load_state("load")  # a script presses keys sooner than a hand
    return desk
