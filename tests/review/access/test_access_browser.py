"""Getting in, and a session that ends, in a real browser."""

from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pipeline.store import Store
from pipeline.store.rows import Role
from tests.review.access.conftest import PASSWORD, Clock, account
from tests.review.browsing import launch, needs_chromium, window
from tests.review.conftest import enter

pytestmark = needs_chromium
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser window; nothing may go wrong in its console but what is refused on purpose."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = window(context)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    context.close()
    expected = ("status of 401", "status of 403")
    assert [text for text in problems if not any(status in text for status in expected)] == []


def without_serious_findings(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in {"serious", "critical"}] == []


def sign_in(page: Page, name: str = "kim") -> None:
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def look_again(page: Page) -> None:
    """What a browser tells a page that is looked at again, as after lunch."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_from_the_link_to_a_password_a_code_and_back_in(
    page: Page, served: str, sqlite_store: Store, clock: Clock
) -> None:
    everything = frozenset(Role)
    token = sqlite_store.sign_ins.issue("kim", timedelta(minutes=5), roles=everything)
    page.goto(f"{served}/sign-in?token={token}")
    without_serious_findings(page)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Set password and sign in").click()
    expect(page.get_by_role("heading", name="Encounters")).to_be_visible()

    page.get_by_role("link", name="kim").click()
    expect(page.get_by_role("heading", name="kim")).to_be_visible()
    without_serious_findings(page)
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    without_serious_findings(page)
    secret = page.locator(".key").inner_text().replace(" ", "")
    page.get_by_role("textbox", name="Code").fill(pyotp.TOTP(secret).at(clock()))
    page.get_by_role("button", name="Turn on").click()
    recovery = page.locator("ol code").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", name="kim")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    without_serious_findings(page)
    sign_in(page)
    page.get_by_role("textbox", name="Code from").fill(recovery)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Accounts").click()
    page.get_by_text("kim you").click()
    expect(page.locator("details", has_text="kim you")).to_have_attribute("open", "")
    without_serious_findings(page)
    page.get_by_role("textbox", name="Name").fill("Helen Marsh")
    page.get_by_role("button", name="Add and show the link").click()
    expect(page.get_by_role("heading", name="A link for Helen Marsh")).to_be_visible()
    without_serious_findings(page)


def test_a_session_that_ends_in_mid_edit_hides_the_chart_and_gives_back_what_was_typed(
    page: Page, served: str, sqlite_store: Store, hashed: str, clock: Clock, first: str
) -> None:
    account(sqlite_store, hashed)
    page.clock.set_fixed_time(
        clock()
    )  # which stands still, or the time that is left would be a second less each second
    enter(page, served, sqlite_store)
    page.goto(f"{served}/encounters/{first}")
    # Typing is a sign of life; drafts that are only fetched answer under the same address.
    with page.expect_response(lambda answer: answer.url.endswith("/drafts") and answer.request.method == "POST"):
        page.get_by_label("Record number").fill("7741030")
    clock.move(minutes=14)
    look_again(page)
    expect(page.locator("#session-ends time")).to_have_text("1:00")
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.locator("#session-ends")).to_have_count(0)
    clock.move(minutes=16)
    page.locator("#card-n7").get_by_role("button", name="Accept 401.9").click()
    expect(page.get_by_role("alert")).to_contain_text("You were signed out")
    assert "Okafor" not in page.content() and "Okafor" not in page.title()
    without_serious_findings(page)
    expect(page.get_by_label("Name")).to_have_value("kim")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("not right")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Record number")).to_have_value("7741030")
    page.get_by_role("button", name="Confirm patient and date").click()
    expect(page.locator(".summary")).to_contain_text("7741030")
    assert sqlite_store.decisions.of(first)[0].who == "kim"


def test_under_the_cover_a_code_is_asked_for_too_and_another_person_sees_their_own_page(
    page: Page, served: str, sqlite_store: Store, hashed: str, clock: Clock, first: str
) -> None:
    kim = account(sqlite_store, hashed)
    sqlite_store.second_steps.begin(kim.id, SECRET)
    sqlite_store.second_steps.confirm(kim.id, SECRET, 1, ["AAAA-BBBB-CCCC-DDDD"])
    account(sqlite_store, hashed, "boss", Role.ADMIN)
    enter(page, served, sqlite_store)
    page.goto(f"{served}/encounters/{first}")
    clock.move(minutes=16)
    look_again(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Code from").fill(pyotp.TOTP(SECRET).at(clock()))
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_visible()
    clock.move(minutes=16)
    look_again(page)
    sign_in(page, "boss")
    expect(page.get_by_role("main")).to_contain_text("does not have the right")
    assert "Okafor" not in page.content()


def test_without_javascript_who_signs_in_again_returns_to_the_chart(
    browser: Browser, served: str, sqlite_store: Store, hashed: str, clock: Clock, first: str
) -> None:
    account(sqlite_store, hashed)
    context = browser.new_context(java_script_enabled=False)
    page = window(context)
    enter(page, served, sqlite_store)
    page.goto(f"{served}/encounters/{first}")
    clock.move(minutes=16)
    page.get_by_role("button", name="Accept 401.9").first.click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(page)
    expect(page).to_have_url(f"{served}/encounters/{first}")
    page.get_by_role("button", name="Accept 401.9").first.click()
    expect(page.locator(".accepted .code").first).to_contain_text("401.9")
    context.close()
