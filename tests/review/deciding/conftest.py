"""The desk in a real browser, and the sample charts on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.codebooks import CodeBooks
from pipeline.codebooks.modifiers import load_modifiers
from pipeline.evaluation.truth import Truth
from pipeline.process import TextReader, TextStages
from pipeline.review import build_app
from pipeline.settings import ReviewSettings
from pipeline.store import Store
from pipeline.wiring.desk import DeskBooks
from tests.conftest import NOON
from tests.review.browsing import window
from tests.review.conftest import enter, serving
from tests.review.deciding.sample_readings import PROVENANCE, put_samples_in
from tests.review.small_claims import NoClaims, no_packet


@contextmanager
def coder_at(browser: Browser, address: str, store: Store, who: str = "kim") -> Iterator[Page]:
    """A coder who is signed in; nothing may go wrong in the console but answers that say no."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = window(context)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    enter(page, address, store, who)
    expect(page.get_by_role("heading", name="Encounters")).to_be_visible()
    yield page
    context.close()
    expected = ("status of 404", "status of 409")
    assert [text for text in problems if not any(status in text for status in expected)] == []


@pytest.fixture(scope="session")
def desk_books(books: CodeBooks) -> DeskBooks:
    """The books of this machine, as the desk asks for them."""
    return DeskBooks(books=books, known_modifiers=load_modifiers())


@pytest.fixture
def sample_truths(sqlite_store: Store, text_stages: TextStages) -> dict[str, Truth]:
    """Truth of each sample chart that was put into the store, by document id."""
    return put_samples_in(sqlite_store, text_stages)


@pytest.fixture
def sample_desk(
    sqlite_store: Store, sample_truths: dict[str, Truth], desk_books: DeskBooks, text_stages: TextStages
) -> Iterator[str]:
    """A desk on the sample charts; its address."""

    def no_picture(document: str, page: int) -> Path:
        raise KeyError(page)

    app = build_app(
        store=sqlite_store,
        codebooks=desk_books,
        claims=NoClaims(),
        packet=no_packet,
        text=lambda: TextReader(stages=text_stages, provenance=PROVENANCE),
        picture=no_picture,
        settings=ReviewSettings(),
        clock=lambda: NOON,
    )
    with serving(app) as address:
        yield address
