"""A real browser for tests: Debian's Chromium by Playwright.

What a page does comes after what a test does to it: with the next frame, with an answer, by a timer. A test waits for
the fact itself, by `expect` or `eventually`, and never looks only once.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

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

WITH_CHROMIUM = pytest.mark.skipif(not CHROMIUM.is_file(), reason="Chromium is not installed: apt install chromium")
needs_chromium = [pytest.mark.browser, WITH_CHROMIUM]


PATIENCE = 60_000
"""Milliseconds after which what has not come will not come, on however slow a machine."""

T = TypeVar("T")


def launch(playwright: Playwright) -> Browser:
    expect.set_options(timeout=PATIENCE)
    return playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))


def window(context: BrowserContext) -> Page:
    """A page that is waited for with patience."""
    context.set_default_timeout(PATIENCE)
    return context.new_page()


def eventually(page: Page, read: Callable[[], T], wanted: Callable[[T], object]) -> T:
    """Read until it is as wanted, and give what was read then: for facts that `expect` has no words for.

    Raises:
        AssertionError: it did not come; tells what was read last.
    """
    until = time.monotonic() + PATIENCE / 1000
    while not wanted(found := read()):
        assert time.monotonic() < until, f"to the end it was {found!r}"
        page.wait_for_timeout(20)  # what the browser tells comes in meanwhile
    return found


def drawn(page: Page) -> None:
    """Until the browser has drawn what was done so far, and what that asked for in its turn."""
    page.evaluate("""async () => {
        for (let frame = 0; frame < 4; frame += 1) await new Promise(requestAnimationFrame);
    }""")
