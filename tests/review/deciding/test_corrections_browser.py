"""Correcting a chart in a real browser, with the keyboard."""

import re

from playwright.sync_api import Page, expect

from pipeline.store import Store
from pipeline.store.decided import Action
from tests.review.browsing import needs_chromium

pytestmark = needs_chromium


def choose(page: Page, entity: str) -> None:
    page.locator(f"#card-{entity} h3").click()
    expect(page.locator(f"#card-{entity}")).to_have_class(re.compile(r"\bchosen\b"))


def test_a_line_is_corrected_with_the_keyboard_and_its_code_appears(
    chart: Page, first: str, sqlite_store: Store
) -> None:
    choose(chart, "n6")
    chart.keyboard.press("e")
    field = chart.locator("#editor #line-words")
    expect(field).to_be_focused()
    expect(field).to_have_value("2. DM2 uncontrolled")
    chart.keyboard.press("Control+a")
    chart.keyboard.type("2. DM2 uncontrolled, asthma")
    chart.keyboard.press("Enter")
    expect(chart.locator(".changed")).to_contain_text("Now proposed 493.90")
    expect(chart.locator("#editor")).to_be_empty()
    expect(chart.locator("#card-n6")).to_be_focused()
    corrected = chart.locator(".osd .lines rect.corrected")
    expect(corrected).to_have_count(1)
    # The new finding is accepted by key, as any other.
    card = chart.locator(".card", has=chart.locator("h3", has_text="asthma"))
    card.locator("h3").click()
    chart.keyboard.press("a")
    expect(card.locator(".chip.accepted")).to_contain_text("493.90")
    assert [d.action for d in sqlite_store.decisions.of(first)] == [Action.WRITE_LINE, Action.ACCEPT]

    chart.get_by_role("button", name="Undo the correction of a line of page 1").click()
    expect(chart.locator(".changed")).to_contain_text("No longer proposed 493.90")
    expect(chart.locator(".unmatched")).to_contain_text("493.90")
    expect(corrected).to_have_count(0)


def test_another_reading_of_a_doubtful_word_is_one_key_away_and_escape_changes_nothing(
    chart: Page, first: str, sqlite_store: Store
) -> None:
    chart.locator("#text summary").click()
    chart.locator("#text a", has_text="home sugars runing").click()
    field = chart.locator("#editor #line-words")
    expect(field).to_be_focused()
    chart.keyboard.press("Alt+1")
    expect(field).to_have_value("home sugars running 180-220")
    chart.keyboard.press("Escape")
    expect(chart.locator("#editor")).to_be_empty()
    assert sqlite_store.decisions.of(first) == ()


def test_how_a_finding_is_meant_is_said_with_the_keyboard(chart: Page, first: str, sqlite_store: Store) -> None:
    choose(chart, "n7")
    chart.keyboard.press("c")
    box = chart.locator("#card-n7 input[name=negated]")
    expect(box).to_be_focused()
    chart.keyboard.press("Space")
    chart.keyboard.press("Enter")
    expect(chart.locator(".changed")).to_contain_text("No longer proposed 401.9")
    expect(chart.locator("#card-n7 .badge")).to_have_text("negated")
    context = sqlite_store.decisions.of(first)[-1].context
    assert context is not None and context.negated and not context.uncertain
