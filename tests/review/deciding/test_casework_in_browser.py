"""Pages, holds and questions in a real browser, by keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pipeline.store import Store
from pipeline.store.decided import Action
from pipeline.store.rows import EncounterState
from tests.review.browsing import launch, needs_chromium, window
from tests.review.conftest import enter
from tests.review.drawn_chart import put_in

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def chart(chromium: Browser, served: str, sqlite_store: Store, first: str) -> Iterator[Page]:
    """A coder before the first chart; the same visit lies in another file, too."""
    put_in(sqlite_store, "okafor april.pdf", "tuesday", "b")
    page = window(chromium.new_context(viewport={"width": 1280, "height": 800}))
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    enter(page, served, sqlite_store)
    page.goto(f"{served}/encounters/{first}")
    page.wait_for_load_state("load")  # a script presses keys sooner than a hand
    yield page
    page.context.close()
    assert problems == []


def numbers(store: Store, id: str) -> list[int]:
    found = store.arranging.placed(id)
    assert found is not None
    return [page.number for page in found.pages]


def test_a_page_is_split_off_by_keyboard_and_comes_back(chart: Page, first: str, sqlite_store: Store) -> None:
    chart.keyboard.press("G")
    expect(chart.get_by_role("checkbox", name="Page 1")).to_be_focused()
    chart.keyboard.press("3")
    expect(chart.locator("[data-said]")).to_contain_text("Page 3 will become an encounter of its own")
    split = chart.get_by_role("button", name="Split off as a new encounter")
    chart.keyboard.press("Tab")
    expect(split).to_be_focused()
    with chart.expect_navigation():
        chart.keyboard.press("Enter")
    assert numbers(sqlite_store, first) == [1, 2]
    chart.wait_for_load_state("load")
    expect(chart.locator(".banner").filter(has_text="pages of this encounter changed")).to_be_visible()
    chart.keyboard.press("G")
    with chart.expect_navigation():
        chart.get_by_role("button", name="Move back").press("Enter")
    assert numbers(sqlite_store, first) == [1, 2, 3]


def test_encounters_of_two_files_are_merged(chart: Page, first: str, sqlite_store: Store) -> None:
    chart.keyboard.press("G")
    row = chart.locator(".other-visit").filter(has_text="okafor april.pdf")
    with chart.expect_navigation():
        row.get_by_role("button", name="Merge it here").click()
    assert numbers(sqlite_store, first) == [1, 2, 3, 5, 6, 7]
    states = {r.state for id, r in sqlite_store.decisions.reviews().items() if id != first}
    assert states == {EncounterState.MERGED}


def test_a_chart_is_held_and_released_by_keyboard(chart: Page, first: str, sqlite_store: Store) -> None:
    chart.keyboard.press("h")
    expect(chart.get_by_label("It waits for")).to_be_focused()
    chart.get_by_label("It waits for").select_option("missing-page")
    chart.keyboard.press("Tab")
    chart.keyboard.type("Page 2 is missing")
    chart.get_by_label("Who sees to it").fill("lee")
    chart.keyboard.press("Enter")
    expect(chart.locator(".held")).to_contain_text("waiting for a missing page: Page 2 is missing")
    expect(chart.locator("#casework")).not_to_be_visible()
    assert sqlite_store.decisions.reviews()[first].state is EncounterState.HELD
    chart.locator("#release-hold").press("Enter")
    expect(chart.locator(".held")).to_have_count(0)
    assert [d.action for d in sqlite_store.decisions.of(first)] == [Action.HOLD, Action.RELEASE]


def test_a_question_on_a_finding_is_asked_printed_and_answered(chart: Page, first: str, sqlite_store: Store) -> None:
    chart.locator("#card-n7").click()
    chart.keyboard.press("q")
    expect(chart.locator('[name="quoted"][value="n7"]')).to_be_checked()
    chart.get_by_label("Begin from").select_option("acuity")
    question = chart.get_by_label("Question", exact=True)
    expect(question).to_have_value("The note names “HTN”. How did it present at this visit?")
    question.fill("Please document 401.9.")
    chart.locator("#casework .primary").click()
    expect(chart.locator("#casework .lead")).to_contain_text("names the code 401.9")
    question.fill("How did it present?")
    chart.locator("#casework .primary").click()
    expect(chart.locator(".asked-list")).to_contain_text("How did it present?")
    expect(chart.locator(".held")).to_contain_text("an answer of the provider")
    chart.get_by_role("link", name="Print").click()
    expect(chart.get_by_role("heading", name="Question to the provider")).to_be_visible()
    expect(chart.locator(".printed-question image")).to_have_count(1)
    printed = chart.pdf(prefer_css_page_size=True)
    assert (
        printed.startswith(b"%PDF") and b"/MediaBox [0 0 612 792]" in printed and printed.count(b"/Type /Page\n") == 1
    )
    chart.get_by_role("link", name="Questions").first.click()
    chart.get_by_role("link", name="Answer", exact=True).click()
    chart.get_by_label("Chronic", exact=True).check()
    chart.get_by_role("button", name="Write down").click()
    expect(chart.get_by_text("No question is open")).to_be_visible()
    review = sqlite_store.decisions.reviews()[first]
    assert review.hold is None and review.queries[0].answer == "Chronic (Marsh, Helen, 2026-03-01)"
