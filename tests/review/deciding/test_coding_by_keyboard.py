"""A chart is coded without the mouse, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from pipeline.store import Store
from pipeline.store.decided import Action
from pipeline.store.rows import EncounterState
from tests.review.browsing import eventually

pytestmark = pytest.mark.browser
ENOUGH = "() => !document.querySelector('.choice.waiting')"


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def answered(page: Page, typed: str) -> None:
    """Until the search shows what all of it finds: fewer letters may find the same, and their answer is replaced."""
    expect(page.locator("#results [data-q]")).to_have_attribute("data-q", typed)


def chosen(page: Page) -> str:
    id: str = page.evaluate("() => document.querySelector('#panel [data-entity].chosen').id")
    return id


def codes(store: Store, encounter: str) -> list[str]:
    return [code.code for code in store.decisions.reviews()[encounter].accepted()]


def test_a_chart_is_coded_billed_and_signed_by_keys_alone(chart: Page, first: str, sqlite_store: Store) -> None:
    assert chosen(chart) == "card-n1"
    keys(chart, "a", "x", "2", "a")  # quicker than any answer comes
    expect(chart.locator("#card-n6 .chip.accepted")).to_have_text(re.compile("250.02"))
    expect(chart.locator("#card-n2 .chip.rejected")).to_have_text(re.compile("780.60"))
    expect(chart.locator("#card-n5 .chip.accepted")).to_have_text(re.compile("490"))
    assert chosen(chart) == "card-n7"
    keys(chart, "r")
    expect(chart.get_by_role("searchbox")).to_be_focused()
    chart.keyboard.type("malignant ess")
    answered(chart, "malignant ess")
    expect(chart.locator("#results [data-result]")).to_have_count(1)
    keys(chart, "ArrowDown", "Enter")
    expect(chart.locator(".codes").first).to_contain_text("in place of 401.9")
    expect(chart.locator("#search")).not_to_be_visible()
    keys(chart, "j", "a")
    expect(chart.locator("#line-CPT-71020")).to_contain_text("suggested A")
    keys(chart, "p")
    expect(chart.locator("#points-CPT-71020")).to_be_focused()
    chart.keyboard.type("CA")
    keys(chart, "Tab", "Escape", "m")
    chart.keyboard.type("lt")
    keys(chart, "Enter", "u")
    chart.keyboard.type("2")
    keys(chart, "Enter")
    expect(chart.locator("#units-CPT-71020")).to_have_value("2")
    expect(chart.locator("#line-CPT-71020")).to_contain_text("LT left side")
    keys(chart, "o", "Shift+ArrowDown")
    expect(chart.locator("[data-line] .code").first).to_have_text("490")
    keys(chart, "i")
    expect(chart.locator("#f-record_number")).to_be_focused()  # it is read with 64 percent: looked at, then confirmed
    keys(chart, "Enter")
    expect(chart.locator(".identity.done")).to_be_visible()
    keys(chart, "s")
    expect(chart.locator("#confirm-encounter")).to_be_focused()  # two findings are open
    keys(chart, "Enter")
    expect(chart.locator(".signature")).to_contain_text("Confirmed by kim")
    review = sqlite_store.decisions.reviews()[first]
    assert [code.code for code in review.diagnoses()] == ["490", "786.2", "250.02", "401.0"]
    (service,) = review.services()
    assert (service.code, service.units, service.modifiers) == ("71020", 2, ("LT",))
    assert service.points_to == ("250.02", "786.2")


def test_what_is_typed_while_an_answer_comes_is_kept_and_sent(chart: Page) -> None:
    late: list[Route] = []
    while chosen(chart) != "card-n9":
        keys(chart, "J")
    keys(chart, "a")
    expect(chart.locator("#line-CPT-71020")).to_be_visible()
    chart.route("**/billing", lambda route: route.continue_() if late else late.append(route))
    keys(chart, "u")
    chart.keyboard.type("2")
    keys(chart, "Enter", "m")
    chart.keyboard.type("lt")
    before = chart.locator("#panel").get_attribute("data-decision") or ""
    (first_sent,) = eventually(chart, lambda: late, len)
    first_sent.continue_()
    expect(chart.locator("#panel")).not_to_have_attribute("data-decision", before)
    expect(chart.locator("#modifiers-CPT-71020")).to_have_value("lt")
    keys(chart, "Enter")
    expect(chart.locator("#line-CPT-71020")).to_contain_text("LT left side")


@pytest.mark.parametrize(("key", "field", "words"), [("u", "units", ["2", "3"]), ("m", "modifiers", ["lt", "25"])])
def test_what_is_typed_takes_the_place_of_what_stood_though_an_answer_comes_in_between(
    chart: Page, key: str, field: str, words: list[str]
) -> None:
    late: list[Route] = []
    while chosen(chart) != "card-n9":
        keys(chart, "J")
    keys(chart, "a")
    expect(chart.locator("#line-CPT-71020")).to_be_visible()
    chart.route("**/billing", lambda route: route.continue_() if late else late.append(route))
    keys(chart, key)
    chart.keyboard.type(words[0])
    keys(chart, "Enter", key)
    before = chart.locator("#panel").get_attribute("data-decision") or ""
    (sent,) = eventually(chart, lambda: late, len)
    sent.continue_()
    expect(chart.locator("#panel")).not_to_have_attribute("data-decision", before)
    chart.keyboard.type(words[1])
    expect(chart.locator(f"#{field}-CPT-71020")).to_have_value(words[1])


def test_undo_and_redo_say_what_they_did(chart: Page, first: str, sqlite_store: Store) -> None:
    keys(chart, "a", "a")
    chart.wait_for_function(ENOUGH)
    keys(chart, "z")
    expect(chart.locator(".signature .status")).to_have_text("Undone: accepted ICD-9-CM 780.60, page 1.")
    keys(chart, "z")
    expect(chart.locator(".signature .status")).to_contain_text("786.2")
    expect(chart.locator("#announce")).to_contain_text("Undone: accepted ICD-9-CM 786.2")
    assert codes(sqlite_store, first) == []
    keys(chart, "Z", "Z")
    expect(chart.locator(".signature .status")).to_contain_text("Done again: accepted ICD-9-CM 780.60")
    assert codes(sqlite_store, first) == ["786.2", "780.60"]
    keys(chart, "Z")
    expect(chart.get_by_role("alert")).to_contain_text("nothing of yours to do again")


def test_letters_go_to_any_finding_and_with_shift_accept_its_first_code(
    chart: Page, first: str, sqlite_store: Store
) -> None:
    keys(chart, "g")
    letter = chart.get_attribute("#card-n10", "data-hint")
    assert letter is not None
    keys(chart, f"Shift+{letter}")
    expect(chart.locator("#line-HCPCS-J7613")).to_be_visible()
    keys(chart, "g")
    letter = chart.get_attribute("#card-n3", "data-hint")
    assert letter is not None
    keys(chart, letter)
    assert chosen(chart) == "card-n3"
    expect(chart.locator("#whole-n3")).to_have_attribute("open", "")
    keys(chart, "j")
    expect(chart.locator("#whole-n3")).not_to_have_attribute("open", "")
    assert codes(sqlite_store, first) == ["J7613"]


def test_accept_never_takes_what_is_not_proposed(chart: Page, first: str, sqlite_store: Store) -> None:
    keys(chart, *"a" * 12)
    chart.wait_for_function(ENOUGH)
    expect(chart.locator("[data-entity][data-waits]")).to_have_count(0)
    expect(chart.locator("[data-line]")).to_have_count(8)
    assert len(codes(sqlite_store, first)) == 8
    assert Action.REJECT not in {d.action for d in sqlite_store.decisions.of(first)}


def test_a_missing_digit_is_asked_for_in_the_table(chart: Page, first: str, sqlite_store: Store) -> None:
    keys(chart, "g")
    keys(chart, chart.get_attribute("#card-n7", "data-hint") or "", "2")
    expect(chart.locator("#results .asks")).to_have_text("401 is not billable. Choose the fourth digit:")
    expect(chart.locator("#results .notes")).to_contain_text("that of pregnancy")
    expect(chart.locator("#results .below [data-result]").first).to_be_focused()
    keys(chart, "Enter")
    expect(chart.locator("#search")).not_to_be_visible()
    expect(chart.locator("[data-line] .code")).to_have_text(["401.9"])


def test_digits_and_enter_add_a_code_and_the_table_opens_and_closes(
    chart: Page, first: str, sqlite_store: Store
) -> None:
    keys(chart, "/")
    expect(chart.get_by_role("searchbox")).to_be_focused()
    chart.keyboard.type("v04")
    answered(chart, "v04")
    expect(chart.locator("#results [data-result] .code")).to_have_text(["V04.81"])
    keys(chart, "ArrowDown", ">")
    expect(chart.locator("#results .this")).to_contain_text("influenza")
    keys(chart, "Backspace")
    expect(chart.locator("#results .this")).to_have_count(0)
    chart.get_by_role("searchbox").focus()
    keys(chart, "Control+A")
    chart.keyboard.type("v04.81")
    keys(chart, "Enter")
    expect(chart.locator("[data-line] .code")).to_have_text(["V04.81"])


def test_sign_off_and_on_takes_one_key_and_ties_as_suggested(chart: Page, first: str, sqlite_store: Store) -> None:
    keys(chart, *"aaaaaaaa")
    expect(chart.locator("[data-entity][data-waits]")).to_have_count(0)
    chart.wait_for_function(ENOUGH)
    keys(chart, "i", "Enter")
    expect(chart.locator(".identity.done")).to_be_visible()
    expect(chart.locator("#to-sign")).to_contain_text("as suggested")
    before = chart.url
    keys(chart, "f")
    chart.wait_for_url(lambda url: url != before)
    review = sqlite_store.decisions.reviews()[first]
    assert review.state is EncounterState.CONFIRMED
    assert all(service.points_to for service in review.services())


def test_the_keys_that_are_told_are_the_keys_that_work(chart: Page) -> None:
    """A key without an action, or an action without a key, is an error in the console, which no test forgives."""
    keys(chart, "?")
    expect(chart.get_by_role("dialog", name="Keys")).to_be_visible()
    told = chart.evaluate(
        "() => [...document.querySelectorAll('#help dt')].flatMap((dt) => dt.dataset.keys.split(' '))"
    )
    assert len(told) == len(set(told)) and {"a", "x", "j", "z", "Z", "s", "n", "?"} <= set(told)
