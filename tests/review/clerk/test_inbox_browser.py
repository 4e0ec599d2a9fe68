"""The clerk's page in a real browser, while a real worker process works."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Page, expect, sync_playwright

from pipeline.settings import Settings
from pipeline.store import Store, open_store
from pipeline.store.arrivals import utc_now
from tests.review.browsing import eventually, launch, needs_chromium, window
from tests.review.conftest import app_on, enter
from tests.stages import gate, quick_settings
from tests.test_worker import exceptions

pytestmark = needs_chromium


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return quick_settings(tmp_path)


@pytest.fixture
def inbox(settings: Settings, pictures: Path) -> Iterator[tuple[Page, Store]]:
    """The page and its store; nothing may go wrong in the console."""
    store = open_store(settings)
    server = uvicorn.Server(
        uvicorn.Config(app_on(store, pictures, settings.inbox_dir, clock=utc_now), port=0, log_level="warning")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    with sync_playwright() as playwright:
        browser = launch(playwright)
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = window(context)
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        enter(page, address, store)
        page.goto(f"{address}/inbox")
        yield page, store
        browser.close()
    server.should_exit = True
    thread.join()
    assert problems == []


@contextmanager
def worker(folder: Path, max_pages: int) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", "tests.worker_process", str(folder), str(max_pages)])
    try:
        yield
    finally:
        process.terminate()
        assert process.wait(60) == 0


def look_until(page: Page, found: Callable[[], bool]) -> None:
    """Let the page ask again until then, sooner than it does by itself."""

    def again() -> bool:
        page.evaluate("htmx.trigger('#live', 'poll')")
        return found()

    eventually(page, again, bool)


def test_a_file_goes_from_waiting_over_its_pages_to_read_and_a_rejected_one_is_tried_again(
    inbox: tuple[Page, Store], settings: Settings, tmp_path: Path
) -> None:
    page, store = inbox
    expect(page.get_by_text("The worker is not running")).to_be_visible()
    (settings.inbox_dir / "lopez.txt").write_text(f"gated 3 {tmp_path}")
    (settings.inbox_dir / "long.txt").write_text("pages 5")
    with worker(tmp_path, 4):
        for number in (2, 3):
            look_until(page, page.locator("#part-reading .far", has_text=f"page {number} of 3").is_visible)
            gate(tmp_path, number).touch()
        look_until(page, lambda: page.locator("#part-read .name", has_text="lopez.txt").is_visible())
        look_until(page, lambda: page.locator("#part-rejected .name", has_text="long.txt").is_visible())
        expect(page.get_by_text("The worker is not running")).to_have_count(0)
    expect(page.get_by_text("more pages than are taken at once")).to_be_visible()
    with worker(tmp_path, 5):
        page.get_by_role("button", name="Try again long.txt").click()
        expect(page.locator("#part-notice")).to_contain_text("“long.txt” will be read again.")
        look_until(page, lambda: page.locator("#part-read .name", has_text="long.txt").is_visible())
        expect(page.locator("#part-rejected")).to_be_empty()
    assert sorted(p.name for p in settings.inbox_dir.rglob("*.txt")) == ["long.txt", "lopez.txt"]
    assert (settings.inbox_dir / "done/long.txt").is_file() and exceptions(settings, store) == ()


def test_the_page_changes_by_itself_and_keeps_focus_and_place(inbox: tuple[Page, Store]) -> None:
    from tests.store.test_arrivals import File, seen
    from tests.store.test_clerk import rejected

    page, store = inbox
    for name, letter in (("a/1.pdf", "1"), ("a/2.pdf", "2"), ("b/3.pdf", "3")):
        rejected(store, name, letter * 64)
    retry = page.get_by_role("button", name="Try again 1.pdf")
    expect(retry).to_be_visible()  # within two seconds, by itself
    retry.focus()
    unchanged = page.locator("#part-banners").element_handle()
    seen(store, File(Path("new.pdf"), size=77))
    rejected(store, "a/4.pdf", "4" * 64)
    expect(page.locator(".name", has_text="4.pdf")).to_be_visible()
    expect(page.get_by_text("new.pdf")).to_be_visible()
    expect(retry).to_be_focused()
    expect(page.locator("#said")).to_have_text("4 rejected")
    assert unchanged is not None and unchanged.evaluate("element => element.isConnected")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#part-notice")).to_contain_text("“1.pdf” is dealt with.")
    expect(page.locator("#h-rejected")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(retry).to_be_visible()
