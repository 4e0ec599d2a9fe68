"""The page picture and its ink in a real browser."""

import io
import json
from functools import partial
from urllib.parse import parse_qs

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, Request, Route, expect

from pipeline.store import Store
from tests.review.browsing import drawn, eventually, needs_chromium

pytestmark = needs_chromium


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def settled(page: Page) -> None:
    """Until the picture of the page lies under its ink and stands still."""
    expect(page.locator(".thumb img").first).to_be_visible()  # they come after the picture
    drawn(page)


def box_of(place: Locator) -> FloatRect:
    box = place.bounding_box()
    assert box is not None
    return box


def turned(place: Locator) -> FloatRect:
    """Where a line of words stands once it runs down the screen."""
    return eventually(place.page, lambda: box_of(place), lambda box: box["height"] > 2 * box["width"])


def line(page: Page, title: str) -> Locator:
    """The drawing of a line on the page that is shown."""
    return page.locator(".osd .lines rect").filter(has=page.locator("title", has_text=title))


def ink_under(page: Page, box: FloatRect) -> tuple[float, float, float, float]:
    """Where dark pixels stand in and just around a box of the window."""
    page.evaluate("() => (document.querySelector('.osd .over').style.visibility = 'hidden')")
    left, top = box["x"] - 7, box["y"] - 7
    clip = FloatRect(x=left, y=top, width=box["width"] + 14, height=box["height"] + 14)
    shot = Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("L")
    page.evaluate("() => (document.querySelector('.osd .over').style.visibility = '')")
    rows, columns = np.nonzero(np.asarray(shot) < 225)
    if not rows.size:
        return 0, 0, 0, 0  # the picture is not drawn there yet
    return left + columns.min(), top + rows.min(), left + columns.max() + 1, top + rows.max() + 1


def recorded(page: Page, path: str) -> list[dict[str, str]]:
    """The forms that were sent to a path, which answers with nothing new."""
    forms: list[dict[str, str]] = []

    def take(route: Route) -> None:
        sent = {name: values[0] for name, values in parse_qs(route.request.post_data or "").items()}
        assert sent.pop("csrf")
        forms.append(sent)
        route.fulfill(status=204)

    page.route(f"**/{path}", take)
    return forms


def test_pointing_at_a_card_lights_up_its_ink_and_the_reverse(chart: Page) -> None:
    chart.locator("#card-n11").hover()
    ink = chart.locator('.osd .ink[data-ink="n11"]')  # on another page, which comes when the pointer rests
    expect(ink).to_have_class("ink procedure lit")
    expect(ink.locator("rect").first).to_be_in_viewport()
    expect(chart.locator("#where-page")).to_have_text("2 of 2")
    drawn(chart)  # the page has moved to where the ink is in view
    ink.locator("rect").first.click(delay=400)  # by a slow hand
    expect(chart.locator("#card-n11.lit.chosen")).to_be_visible()
    expect(chart.locator("#card-n11")).to_be_in_viewport()


def test_a_finding_that_the_keyboard_reaches_comes_into_view(chart: Page) -> None:
    keys(chart, "+", "+", "+", "+", *["j"] * 6)
    expect(chart.locator("#card-n11")).to_be_focused()
    expect(chart.locator('.osd .ink[data-ink="n11"] rect')).to_be_in_viewport()
    keys(chart, *["k"] * 10)
    expect(chart.locator('.osd .ink[data-ink="n1"].chosen rect')).to_be_in_viewport()


@pytest.mark.parametrize(("page", "title"), [(1, "recheck 2 weeks"), (3, "influenza vaccine left deltoid IM")])
def test_boxes_lie_on_the_ink_however_the_page_is_zoomed_and_turned(chart: Page, page: int, title: str) -> None:
    settled(chart)
    if page == 3:  # was scanned upside down
        keys(chart, ".")
    for pressed in ("9", "]", "+", "["):
        keys(chart, pressed)
        settled(chart)
        box = box_of(line(chart, title))
        lies = (box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"])
        found = eventually(chart, partial(ink_under, chart, box), pytest.approx(lies, abs=3).__eq__)
        assert box_of(line(chart, title)) == box, (pressed, found)


def test_a_turned_page_stays_turned_in_this_tab(chart: Page) -> None:
    settled(chart)
    wide = line(chart, "recheck 2 weeks")
    keys(chart, "]", ".", ",")
    turned(wide)
    chart.reload()
    settled(chart)
    turned(wide)


def test_blank_pages_are_folded_away_and_can_be_reached(chart: Page) -> None:
    expect(chart.locator('.thumb[data-page="2"]')).not_to_be_visible()
    chart.get_by_text("1 blank").click()
    chart.locator('.thumb[data-page="2"]').click()
    expect(chart.locator("#where-page")).to_have_text("page 2")
    expect(chart.locator("#page-foot")).to_contain_text("blank")
    expect(chart.locator('.thumb[data-page="2"] img')).to_be_visible()


def test_a_page_without_a_picture_says_so_and_keeps_its_marks(desk: Page, served: str, sqlite_store: Store) -> None:
    desk.goto(f"{served}/encounters/{sqlite_store.readings.encounters()[1].id}")
    expect(desk.locator("#missing-picture")).to_be_visible()
    expect(desk.locator('.osd .ink[data-ink="n12"] rect')).to_be_in_viewport()


def test_the_page_is_asked_for_before_the_thumbnails(desk: Page, first: str, served: str) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.resource_type == "image" and first in request.url:
            asked.append(request.url.partition(first)[2])

    desk.on("request", note)
    desk.goto(f"{served}/encounters/{first}")
    of_pages = eventually(
        desk, lambda: [path for path in asked if not path.startswith("/crops")], lambda paths: len(paths) >= 3
    )
    assert of_pages[:3] == ["/pages/1", "/thumbnails/1", "/thumbnails/3"]


def test_zoom_and_layers_follow_their_keys_and_the_tab_remembers_layers(chart: Page) -> None:
    settled(chart)
    box = line(chart, "recheck 2 weeks")
    at_first = box_of(box)["width"]
    keys(chart, "9")
    before = eventually(chart, lambda: box_of(box)["width"], lambda width: width < at_first)
    keys(chart, "+")
    eventually(chart, lambda: box_of(box)["width"], pytest.approx(before * 1.25, rel=0.02).__eq__)
    drawn(chart)
    assert box_of(box)["width"] == pytest.approx(before * 1.25, rel=0.02)
    keys(chart, "l")
    expect(chart.locator(".osd rect.hand").first).not_to_be_visible()
    keys(chart, "v")
    expect(chart.get_by_role("img", name="Colours by confidence")).to_be_visible()
    chart.get_by_role("button", name="Layers").click()
    chart.get_by_label("Every word").check()
    expect(chart.locator(".osd .words rect[data-sure='31']").first).to_be_visible()
    chart.reload()
    expect(chart.locator(".osd .words rect").first).to_be_visible()
    expect(chart.locator(".osd rect.hand").first).not_to_be_visible()
    keys(chart, "?")
    expect(chart.get_by_role("dialog", name="Keys")).to_be_visible()


def test_a_doubtful_word_takes_another_reading_by_one_key(chart: Page) -> None:
    sent = recorded(chart, "lines")
    window = chart.get_by_role("dialog", name="Doubtful word")
    keys(chart, "w")
    expect(window).to_contain_text("Unreadable word, 1 of 4")
    keys(chart, "w")
    expect(window).to_contain_text("runing 31 % sure")
    expect(chart.locator(".osd .doubts .current")).to_be_in_viewport()
    keys(chart, "1")
    expect(window).not_to_be_visible()
    assert sent == [
        {
            "page": "1",
            "box": sent[0]["box"],
            "text": "home sugars running 180-220",
            "reading": "1",
            "decision": "0",
        }
    ]
    assert len(sent[0]["box"].split(",")) == 4
    keys(chart, "w")
    expect(window).to_be_visible()
    keys(chart, "e")
    expect(chart.get_by_label("The whole line says")).to_be_focused()
    chart.keyboard.type("sugars 200")
    keys(chart, "Enter")
    expect(window).not_to_be_visible()
    assert sent[1]["text"] == "sugars 200"


def test_where_a_correction_is_not_taken_the_window_stays_and_the_chart_says_so(chart: Page) -> None:
    chart.route("**/lines", lambda route: route.fulfill(status=404))
    keys(chart, "w")
    expect(chart.get_by_role("dialog", name="Doubtful word")).to_contain_text("1 of 4")
    keys(chart, "w", "1")
    expect(chart.locator("#trouble")).to_be_visible()
    expect(chart.get_by_role("dialog", name="Doubtful word")).to_be_visible()
    keys(chart, "Escape", "a")
    expect(chart.locator("#card-n1 .chip.accepted")).to_contain_text("786.2")


def test_a_box_is_drawn_around_what_was_missed(chart: Page) -> None:
    settled(chart)
    sent = recorded(chart, "drawings")
    keys(chart, "9", "]", "d")
    box = turned(line(chart, "recheck 2 weeks"))
    truth = json.loads(
        line(chart, "recheck 2 weeks").evaluate("""(rect) => JSON.stringify(
        ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name))))""")
    )
    chart.mouse.move(box["x"], box["y"])
    chart.mouse.down()
    chart.mouse.move(box["x"] + box["width"], box["y"] + box["height"], steps=3)
    chart.mouse.up()
    expect(chart.get_by_label("What does it say?")).to_be_focused()
    chart.keyboard.type("back in two weeks")
    keys(chart, "Enter")
    expect(chart.get_by_role("dialog", name="A box that was drawn")).not_to_be_visible()
    x, y, width, height = truth
    assert [int(part) for part in sent[0]["box"].split(",")] == pytest.approx([x, y, x + width, y + height], abs=3)
    assert {**sent[0], "box": ""} == {
        "page": "1",
        "box": "",
        "text": "back in two weeks",
        "reading": "1",
        "decision": "0",
    }


def test_a_box_is_given_by_keys_alone(chart: Page) -> None:
    sent = recorded(chart, "drawings")
    keys(chart, "d", "Enter")
    expect(chart.get_by_label("What does it say?")).to_be_focused()
    keys(chart, "Alt+Shift+ArrowRight", "Alt+ArrowDown")
    chart.keyboard.type("cough")
    keys(chart, "Enter")
    expect(chart.get_by_role("dialog", name="A box that was drawn")).not_to_be_visible()
    ink = chart.locator('.osd .ink[data-ink="n1"] rect')
    x, y, width, height = (float(ink.get_attribute(name) or 0) for name in ("x", "y", "width", "height"))
    assert [int(part) for part in sent[0]["box"].split(",")] == [x, y + 6, x + width + 6, y + height + 6]
