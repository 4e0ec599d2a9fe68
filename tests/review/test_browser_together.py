"""Two coders in two browsers on one chart, and what a crash leaves."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import Engine

from pipeline.settings import Settings
from pipeline.store import Store, open_store
from tests.cli.command import ROOT, environment
from tests.conftest import NOON, store_on
from tests.review.browsing import drawn, eventually, launch, needs_chromium, window
from tests.review.conftest import app_on, enter, serving
from tests.review.drawn_chart import put_in

pytestmark = needs_chromium
STARTED_WITHIN = 180
"""Seconds."""


class Clock:
    """A time that a test sets, for server and store alike."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shared(sqlite: Engine, clock: Clock) -> Store:
    store = store_on(sqlite, clock)
    put_in(store)
    return store


@pytest.fixture
def chart(shared: Store, clock: Clock, pictures: Path) -> Iterator[str]:
    """The address of a chart on a server whose time the test sets."""
    app = app_on(shared, pictures, clock=clock)
    with serving(app) as address:
        yield f"{address}/encounters/{shared.readings.encounters()[0].id}"


def coder(browser: Browser, store: Store, address: str, name: str) -> Page:
    """Somebody who is signed in, in a browser of his own."""
    page = window(browser.new_context(viewport={"width": 1280, "height": 800}))
    home = address.split("/encounters/")[0]
    enter(page, home, store, name)
    expect(page.get_by_role("heading", name="Encounters")).to_be_visible()
    return page


@pytest.fixture
def kim(browser: Browser, shared: Store, chart: str) -> Iterator[Page]:
    page = coder(browser, shared, chart, "kim")
    yield page
    page.context.close()


@pytest.fixture
def lee(browser: Browser, shared: Store, chart: str) -> Iterator[Page]:
    page = coder(browser, shared, chart, "lee")
    yield page
    page.context.close()


def test_of_two_browsers_on_one_chart_the_second_reads_only_and_may_take_it_over(
    kim: Page, lee: Page, chart: str, shared: Store
) -> None:
    kim.route("**/lease", lambda route: route.abort())  # no beat tells kim's tab before kim decides
    kim.goto(chart)
    kim.locator("#card-n5").get_by_role("button", name="Accept 466.0").click()
    expect(kim.locator(".codes")).to_contain_text("466.0")
    lee.goto(chart)
    expect(lee.locator("#lease")).to_contain_text("kim has this chart open since 12:00 UTC; free in 3 min.")
    expect(lee.get_by_role("button", name="Accept 401.9").first).to_be_disabled()
    lee.get_by_role("button", name="Take it over").click()
    expect(lee.locator("#lease.banner")).to_have_count(0)
    lee.wait_for_load_state("load")
    lee.get_by_role("button", name="Accept 401.9").first.click()
    expect(lee.locator(".codes")).to_contain_text("401.9")
    kim.locator("#card-n7").get_by_role("button", name="Accept 401.1").click()
    expect(kim.locator(".notice")).to_contain_text(
        "lee took this chart over at 12:00 UTC; what you decided before is kept."
    )
    expect(kim.locator(".difference")).to_contain_text("accepted ICD-9-CM 401.9")
    expect(kim.locator(".codes")).to_contain_text("466.0")
    expect(kim.get_by_role("button", name="Reject 466.0")).to_have_count(0)
    (encounter, *_) = shared.readings.encounters()
    assert [(d.who, d.code) for d in shared.decisions.of(encounter.id)] == [("kim", "466.0"), ("lee", "401.9")]


def test_a_lease_frees_itself_when_nothing_more_is_heard_from_its_tab(
    kim: Page, lee: Page, chart: str, clock: Clock
) -> None:
    kim.goto(chart)
    kim.route("**/lease*", lambda route: route.abort())  # its network is gone: no beat, and no farewell
    lee.clock.install()
    lee.goto(chart)
    expect(lee.locator("#lease")).to_contain_text("free in 3 min")
    clock.now += timedelta(minutes=2)
    lee.clock.fast_forward(30_000)
    expect(lee.locator("#lease")).to_contain_text("free in 1 min")
    clock.now += timedelta(minutes=1)
    lee.clock.fast_forward(30_000)
    expect(lee.locator("#lease")).to_contain_text("Nobody has this chart open now.")
    lee.get_by_role("link", name="Load it again").click()
    expect(lee.locator("#lease.banner")).to_have_count(0)
    expect(lee.get_by_role("button", name="Accept 401.9").first).to_be_enabled()


def test_leaving_a_chart_frees_it_at_once_and_a_living_tab_keeps_it(
    kim: Page, lee: Page, chart: str, clock: Clock, shared: Store
) -> None:
    encounter = chart.rpartition("/")[2]
    kim.clock.install()
    kim.goto(chart)
    clock.now += timedelta(minutes=2)
    with kim.expect_response(re.compile("/lease$")):
        kim.clock.fast_forward(30_000)
    clock.now += timedelta(minutes=2)
    assert encounter in shared.leases.of([encounter])
    kim.goto(chart.split("/encounters/")[0])
    eventually(kim, lambda: shared.leases.of([encounter]), lambda leases: leases == {})


def serve(folder: Path, log: Path) -> "tuple[subprocess.Popen[bytes], str]":
    """The real server on a data folder; its address."""
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", "serve"],
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=environment(folder, INKCHART_REVIEW__PORT="0", PYTHONUNBUFFERED="1"),
            start_new_session=True,
        )
    until = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < until:
        if found := re.search(r"(http://[\d.:]+)[/\s]", log.read_text()):
            return server, found[1]
        time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.mark.timeout(600)
def test_a_draft_survives_a_server_that_was_killed_in_mid_edit(
    browser: Browser, tmp_path: Path, compiled: Path
) -> None:
    (tmp_path / "inbox").mkdir()
    settings = Settings(inbox_dir=tmp_path / "inbox", data_dir=tmp_path / "data")
    shutil.copytree(compiled, settings.data_dir / "cache")
    store = open_store(settings)
    put_in(store)
    encounter = store.readings.encounters()[0].id
    server, home = serve(tmp_path, tmp_path / "log")
    try:
        page = coder(browser, store, f"{home}/encounters/{encounter}", "kim")
        page.goto(f"{home}/encounters/{encounter}")
        with page.expect_response(
            lambda answer: answer.url.endswith("/drafts") and answer.request.method == "POST"
        ) as saved:
            page.get_by_label("Patient", exact=True).fill("Okafor, Ruth Ann")
        assert saved.value.status == 204
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        page.context.close()  # and the browser is gone too
        server, home = serve(tmp_path, tmp_path / "again")
        page = coder(browser, store, f"{home}/encounters/{encounter}", "kim")
        page.goto(f"{home}/encounters/{encounter}")
        expect(page.get_by_label("Patient", exact=True)).to_have_value("Okafor, Ruth Ann")
        expect(page.get_by_text(re.compile(r"Draft of \d\d:\d\d UTC restored"))).to_be_visible()
        with page.expect_response(re.compile("/drafts/sent$")):
            page.get_by_role("button", name="Confirm patient and date").click()
        expect(page.locator(".identity.done")).to_contain_text("Okafor, Ruth Ann")
        with page.expect_response(re.compile("/drafts$")) as drafts:
            page.reload()
        assert drafts.value.json() == []
        drawn(page)
        expect(page.get_by_text("restored")).to_have_count(0)
        page.context.close()
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
