"""The desk in a real browser: what a coder does in a day."""

from playwright.sync_api import Browser, Page, expect

from pipeline.store import Store
from pipeline.store.decided import Action
from pipeline.store.rows import EncounterState
from tests.review.browsing import needs_chromium, window
from tests.review.conftest import enter

pytestmark = needs_chromium


def journal(store: Store, encounter: str) -> list[tuple[Action, str | None]]:
    return [(d.action, d.code) for d in store.decisions.of(encounter)]


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def test_a_chart_is_coded_with_the_mouse(chart: Page, first: str, sqlite_store: Store) -> None:
    card = chart.locator("#card-n7")
    card.get_by_role("button", name="Accept 401.9").click()
    expect(card.locator(".chip.accepted")).to_contain_text("401.9")

    chart.locator("#card-n5").get_by_role("button", name="Replace 466.0").click()
    field = chart.get_by_role("searchbox")
    expect(field).to_have_value("acute bronchitis")
    field.fill("obstructive chronic")
    chart.locator("#search").get_by_role("button", name="491.22 Obstructive").click()
    expect(chart.locator(".codes")).to_contain_text("in place of 466.0")

    chart.get_by_role("button", name="Add a code").click()
    field.fill("V04")
    chart.locator("#search").get_by_role("button", name="V04.81 Need").click()
    expect(chart.locator("[data-line]")).to_have_count(3)
    chart.get_by_role("button", name="Undo V04.81").first.click()
    expect(chart.locator("[data-line]")).to_have_count(2)

    expect(chart.get_by_role("button", name="Confirm encounter")).to_be_disabled()
    chart.get_by_label("Sex").select_option("F")
    chart.get_by_label("Record number").fill("7741030")
    chart.get_by_role("button", name="Confirm patient and date").click()
    expect(chart.locator(".summary")).to_contain_text("7741030")
    chart.get_by_role("button", name="Confirm encounter").click()
    chart.get_by_role("button", name="Confirm all the same").click()
    expect(chart.locator(".signature")).to_contain_text("Confirmed by kim")
    assert sqlite_store.decisions.reviews()[first].state is EncounterState.CONFIRMED

    chart.get_by_role("link", name="Reopen").click()
    chart.get_by_label("Why").fill("A code was missing")
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


def test_what_is_refused_is_said_in_the_panel(chart: Page, first: str, sqlite_store: Store) -> None:
    chart.get_by_label("Date of service").fill("2031-01-01")
    chart.get_by_role("button", name="Confirm patient and date").click()
    expect(chart.get_by_role("alert").first).to_contain_text("in the future")
    assert sqlite_store.decisions.of(first) == ()


def test_without_javascript_a_chart_is_coded_too(
    browser: Browser, served: str, first: str, sqlite_store: Store
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = window(context)
    enter(page, served, sqlite_store, "lee")
    page.goto(f"{served}/encounters/{first}")
    expect(page.get_by_role("img", name="Page 1 as scanned")).to_be_visible()
    expect(page.locator('#page-1 .ink[data-ink="n7"] rect')).to_be_visible()
    page.get_by_role("button", name="Accept 401.9").first.click()
    expect(page.locator("[data-line] .code")).to_have_text(["401.9"])
    page.locator("#card-n5").get_by_role("button", name="Replace 466.0").click()
    page.get_by_role("searchbox").fill("490")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="490 Bronchitis").click()
    expect(page.locator("[data-line] .code")).to_have_text(["401.9", "490"])
    page.get_by_role("button", name="Confirm patient and date").click()
    expect(page.locator(".identity.done")).to_be_visible()
    page.get_by_role("button", name="Confirm encounter").click()
    page.get_by_role("button", name="Confirm all the same").click()
    expect(page.locator(".signature")).to_contain_text("Confirmed by lee")
    context.close()
    assert [c.code for c in sqlite_store.decisions.reviews()[first].accepted()] == ["401.9", "490"]
