"""The desk in a real browser, and the sample charts on it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pipeline.codebooks import load_books
from pipeline.codebooks.modifiers import load_modifiers
from pipeline.coding import Suggester
from pipeline.entities import EncounterFinder, EntityFinder, load_packaged
from pipeline.evaluation.truth import Truth
from pipeline.lexicon import Term, load_lexicon
from pipeline.onnx import read_manifest
from pipeline.process import TextStages
from pipeline.review import build_app
from pipeline.settings import CodingSettings, ReviewSettings
from pipeline.store import Store
from pipeline.wiring.desk import DeskBooks
from tests.conftest import NOON
from tests.review.deciding.sample_readings import put_samples_in

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.is_file():
        pytest.skip("Chromium is not installed: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The app behind a real server; its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@contextmanager
def coder_at(browser: Browser, address: str, store: Store, who: str = "kim") -> Iterator[Page]:
    """A coder who is signed in; nothing may go wrong in the console but answers that say no."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(10_000)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{address}/sign-in?token={store.sign_ins.issue(who, timedelta(minutes=5))}")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Encounters")).to_be_visible()
    yield page
    context.close()
    expected = ("status of 404", "status of 409")
    assert [text for text in problems if not any(status in text for status in expected)] == []


@pytest.fixture
def desk(browser: Browser, served: str, sqlite_store: Store) -> Iterator[Page]:
    with coder_at(browser, served, sqlite_store) as page:
        yield page


@pytest.fixture
def chart(desk: Page, first: str, served: str) -> Page:
    desk.goto(f"{served}/encounters/{first}")
    desk.wait_for_load_state("load")  # a script presses keys sooner than a hand
    return desk


@pytest.fixture(scope="session")
def desk_books(request: pytest.FixtureRequest) -> DeskBooks:
    """The books of this machine, compiled once for all test runs."""
    assert request.config.cache is not None
    return DeskBooks(books=load_books(request.config.cache.mkdir("codebooks")), known_modifiers=load_modifiers())


@pytest.fixture(scope="session")
def text_stages(desk_books: DeskBooks) -> TextStages:
    """The stages that look at text."""
    lexicon, books = load_lexicon(), desk_books.books
    extra = (Term(text=text, label=label, normalized=normalized) for text, label, normalized in books.terms())
    return TextStages(
        find_entities=EntityFinder(lexicon, load_packaged(read_manifest()["entities"].checked()), extra),
        find_encounters=EncounterFinder(lexicon),
        suggest_codes=Suggester(books, CodingSettings()),
    )


@pytest.fixture
def sample_truths(sqlite_store: Store, text_stages: TextStages) -> dict[str, Truth]:
    """Truth of each sample chart that was put into the store, by document id."""
    return put_samples_in(sqlite_store, text_stages)


@pytest.fixture
def sample_desk(sqlite_store: Store, sample_truths: dict[str, Truth], desk_books: DeskBooks) -> Iterator[str]:
    """A desk on the sample charts; its address."""

    def no_picture(document: str, page: int) -> Path:
        raise KeyError(page)

    app = build_app(
        store=sqlite_store,
        codebooks=desk_books,
        picture=no_picture,
        settings=ReviewSettings(),
        clock=lambda: NOON,
    )
    with serving(app) as address:
        yield address
