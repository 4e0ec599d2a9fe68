"""axe-core finds nothing serious on any screen, light and dark, and nothing is cut off at 200 % zoom."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext

from pipeline.review.rights import RIGHTS
from pipeline.store import Store
from pipeline.store.decided import Action
from pipeline.store.rows import Role
from tests.review.browsing import drawn, needs_chromium, window
from tests.review.conftest import enter
from tests.review.signing import decide

pytestmark = needs_chromium

NO_SCREEN = (".csv", "/next", "/sign-in", "/session", "/live", "/words", "/drawing", "/drafts")
"""What is no page, or a part of one."""
SERIOUS = {"serious", "critical"}


@pytest.fixture
def screens(app: FastAPI, first: str, sqlite_store: Store) -> list[str]:
    """The address of every screen, with something on it."""
    decide(sqlite_store, first, Action.ACCEPT, "466.0", display="Acute bronchitis")
    decide(sqlite_store, first, Action.REJECT, "786.2", display="Cough")
    found = []
    for name in RIGHTS:
        method, path = name.split(" ", 1)
        path = path.replace("{id}", first)
        if method == "GET" and "{" not in path and not any(part in path for part in NO_SCREEN):
            found.append(path)
    return found


def signed_in_context(
    browser: Browser, served: str, store: Store, scheme: Literal["light", "dark"], width: int, height: int
) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = window(context)
    enter(page, served, store, "pat", frozenset(Role))
    page.close()
    return context


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(
    browser: Browser, served: str, screens: list[str], sqlite_store: Store, scheme: Literal["light", "dark"]
) -> None:
    context = signed_in_context(browser, served, sqlite_store, scheme, 1280, 800)
    page, axe = context.new_page(), Axe()
    found = []
    for address in screens:
        answer = page.goto(served + address)
        if answer is None or answer.status != 200:
            continue
        for violation in axe.run(page).response["violations"]:
            if violation["impact"] in SERIOUS:
                where = [node["target"] for node in violation["nodes"][:3]]
                found.append((address, violation["id"], violation["help"], where))
    context.close()
    assert found == []


def test_at_twice_the_size_nothing_is_cut_off(
    browser: Browser, served: str, screens: list[str], sqlite_store: Store
) -> None:
    """200 % zoom on a screen of 1280 x 800 leaves 640 x 400 pixels of layout."""
    context = signed_in_context(browser, served, sqlite_store, "light", 640, 400)
    page = context.new_page()
    wide = []
    for address in screens:
        page.goto(served + address)
        drawn(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
            wide.append(address)
    context.close()
    assert wide == []
