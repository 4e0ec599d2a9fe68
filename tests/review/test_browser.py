"""The desk in a real browser: what a coder does in a day."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pipeline.store import Store
from pipeline.store.decided import Action
from pipeline.store.rows import EncounterState
from tests.review.browsing import launch, needs_chromium
from tests.review.conftest import enter

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def desk(browser: Browser, served: str, sqlite_store: Store) -> Iterator[Page]:
    """A coder who is signed in and stands before the list; nothing may go wrong in the console."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(10_000)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    enter(page, served, sqlite_store)
    expect(page.get_by_role("heading", name="Encounters")).to_be_visible()
    yield page
    context.close()
    expected = ("status of 401", "status of 404", "status of 409")
    assert [text for text in problems if not any(status in text for status in expected)] == []


@pytest.fixture
def chart(desk: Page, first: str) -> Page:
    desk.locator(f'td a[href="/encounters/{first}"]').first.click()
    expect(desk.locator("#panel")).to_be_visible()
    desk.wait_for_load_state("load")  # a script presses keys sooner than a hand
    return desk


def journal(store: Store, encounter: str) -> list[tuple[Action, str | None]]:
    return [(d.action, d.code) for d in store.decisions.of(encounter)]


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def test_a_chart_is_coded_with_the_mouse(chart: Page, first: str, sqlite_store: Store) -> None:
    card = chart.locator("#card-n7")
    card.get_by_role("button", name="Accept 401.9").click()
    expect(card.locator(".choice.accepted .code")).to_contain_text("401.9")

    chart.locator("#card-n5").get_by_role("button", name="Replace 466.0").click()
    field = chart.get_by_role("searchbox")
    expect(field).to_have_value("acute bronchitis")
    field.fill("obstructive chronic")
    chart.get_by_role("button", name="491.22").click()
    expect(chart.locator(".codes")).to_contain_text("in place of 466.0")

    chart.get_by_role("button", name="Add a code").click()
    field.fill("V04")
    chart.get_by_role("button", name="V04.81").click()
    expect(chart.locator(".codes li")).to_have_count(3)
    chart.get_by_role("button", name="Undo V04.81").click()
    expect(chart.locator(".codes li")).to_have_count(2)

    expect(chart.get_by_role("button", name="Confirm encounter")).to_be_disabled()
    chart.get_by_label("Sex").select_option("F")
    chart.get_by_label("Record number").fill("7741030")
    chart.get_by_role("button", name="Confirm patient and date").click()
    expect(chart.locator(".summary")).to_contain_text("7741030")
    chart.get_by_role("button", name="Confirm encounter").click()
    expect(chart.locator(".signature")).to_contain_text("Confirmed by kim")
    assert sqlite_store.decisions.reviews()[first].state is EncounterState.CONFIRMED

    chart.get_by_role("button", name="Reopen").click()
    expect(chart.get_by_role("button", name="Confirm encounter")).to_be_enabled()
    assert journal(sqlite_store, first) == [
        (Action.ACCEPT, "401.9"),
        (Action.REPLACE, "491.22"),
        (Action.ADD, "V04.81"),
        (Action.CLEAR, "V04.81"),
        (Action.CONFIRM_PATIENT, None),
        (Action.CONFIRM_DATE, None),
        (Action.CONFIRM_ENCOUNTER, None),
        (Action.REOPEN, None),
    ]


def test_a_chart_is_coded_by_keyboard_alone(chart: Page, first: str, sqlite_store: Store) -> None:
    keys(chart, "j", "a")
    expect(chart.locator("#card-n1 .accepted .code")).to_contain_text("786.2")
    keys(chart, "j", "x")
    expect(chart.locator("#card-n2 .rejected .code")).to_contain_text("780.60")
    keys(chart, "u")
    expect(chart.locator("#card-n2 .rejected")).to_have_count(0)
    keys(chart, "j", "j", "j", "2")
    expect(chart.locator("#card-n5 .accepted .code")).to_contain_text("490")
    keys(chart, "j", "j", "r")
    expect(chart.get_by_role("searchbox")).to_be_focused()
    chart.keyboard.type("malignant ess")
    expect(chart.locator("[data-result]")).to_have_count(1)
    keys(chart, "ArrowDown", "Enter")
    expect(chart.locator(".codes")).to_contain_text("in place of 401.9")
    expect(chart.locator("#search")).not_to_be_visible()
    keys(chart, "/")
    expect(chart.get_by_role("searchbox")).to_have_value("hypertension")
    keys(chart, "Escape", "c", "Enter")
    expect(chart.locator(".identity.done")).to_be_visible()
    keys(chart, "c")
    expect(chart.locator("#confirm-encounter")).to_be_focused()
    keys(chart, "Enter")
    expect(chart.locator(".signature")).to_contain_text("Confirmed by kim")
    assert [code.code for code in sqlite_store.decisions.reviews()[first].accepted()] == ["786.2", "490", "401.0"]


def test_pointing_at_a_card_lights_up_its_ink_and_the_reverse(chart: Page) -> None:
    chart.locator("#card-n11").hover()
    ink = chart.locator('.ink[data-ink="n11"]')
    expect(ink).to_have_class("ink procedure lit")
    expect(ink.locator("rect").first).to_be_in_viewport()
    chart.locator('.ink[data-ink="n11"] rect').first.click()
    expect(chart.locator("#card-n11")).to_have_class("card procedure lit chosen")
    expect(chart.locator("#card-n11")).to_be_in_viewport()


def test_the_boxes_of_a_page_scanned_upside_down_lie_on_the_upright_picture(chart: Page) -> None:
    chart.locator(".thumb").nth(1).click()
    across, down = chart.evaluate("""() => {
        const paper = document.querySelector("#page-3 .paper").getBoundingClientRect();
        const ink = document.querySelector('.ink[data-ink="n11"] rect').getBoundingClientRect();
        return [(ink.left - paper.left) / paper.width, (ink.top - paper.top) / paper.height];
    }""")
    assert across == pytest.approx(150 / 1275, abs=0.02)
    assert down == pytest.approx(240 / 1650, abs=0.02)


def test_blank_pages_are_folded_away_and_can_be_reached(chart: Page) -> None:
    expect(chart.locator("#page-2")).not_to_be_visible()
    chart.get_by_text("1 blank").click()
    chart.locator('.thumb[data-page="2"]').click()
    expect(chart.locator("#page-2")).to_be_in_viewport()


def test_a_page_without_a_picture_says_so_and_keeps_its_marks(desk: Page, served: str, sqlite_store: Store) -> None:
    desk.goto(f"{served}/encounters/{sqlite_store.readings.encounters()[1].id}")
    expect(desk.locator("#page-4 .paper")).to_have_class("paper missing")
    expect(desk.locator('.ink[data-ink="n12"] rect')).to_be_visible()


def test_zoom_and_lines_follow_their_keys(chart: Page) -> None:
    paper = chart.locator("#page-1 .paper")
    before = paper.bounding_box()
    keys(chart, "+")
    larger = paper.bounding_box()
    keys(chart, "9")
    whole = paper.bounding_box()
    assert before is not None and larger is not None and whole is not None
    assert larger["width"] == pytest.approx(before["width"] * 1.25, rel=0.02)
    assert whole["height"] < 800
    keys(chart, "l")
    expect(chart.locator("#page-1 rect.hand").first).not_to_be_visible()
    keys(chart, "?")
    expect(chart.get_by_role("dialog", name="Keys")).to_be_visible()
    keys(chart, "Escape", "n")
    expect(chart).not_to_have_url(chart.url.rpartition("#")[0] or "/")


def test_what_is_refused_is_said_in_the_panel(chart: Page, first: str, sqlite_store: Store) -> None:
    chart.get_by_label("Date of service").fill("2031-01-01")
    chart.get_by_role("button", name="Confirm patient and date").click()
    expect(chart.get_by_role("alert").first).to_contain_text("in the future")
    assert sqlite_store.decisions.of(first) == ()


def test_without_javascript_a_chart_is_coded_too(
    browser: Browser, served: str, first: str, sqlite_store: Store
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(page, served, sqlite_store, "lee")
    page.goto(f"{served}/encounters/{first}")
    page.get_by_role("button", name="Accept 401.9").first.click()
    page.locator("#card-n5").get_by_role("button", name="Replace 466.0").click()
    page.get_by_role("searchbox").fill("490")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="490").click()
    page.get_by_role("button", name="Confirm patient and date").click()
    page.get_by_role("button", name="Confirm encounter").click()
    expect(page.locator(".signature")).to_contain_text("Confirmed by lee")
    context.close()
    assert [c.code for c in sqlite_store.decisions.reviews()[first].accepted()] == ["401.9", "490"]
