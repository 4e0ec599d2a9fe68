from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.layout.marks import find_marks, without_marks
from pipeline.records import MarkRegion, MarkState, Matrix, Pixels
from tests import ink
from tests.layout import drawn_forms

WIDTH, HEIGHT = 2550, 3300


def _paper() -> Pixels:
    return np.full((HEIGHT, WIDTH), 255, np.uint8)


def _draw_box(picture: Pixels, x: int, y: int, side: int, thick: int = 3) -> None:
    cv2.rectangle(picture, (x, y), (x + side, y + side), 0, thick)


def test_an_empty_box_is_blank_and_stands_where_it_was_drawn() -> None:
    picture = _paper()
    _draw_box(picture, 400, 700, 36)

    (mark,) = find_marks(picture)

    assert mark.state is MarkState.BLANK
    assert np.allclose(mark.corners[0], (399, 699), atol=3)
    assert np.allclose(mark.corners[2], (438, 738), atol=3)


@pytest.mark.parametrize("side", [26, 36, 50])
@pytest.mark.parametrize("tick", ["check", "cross", "overshooting"])
def test_a_ticked_box_is_ticked(side: int, tick: str) -> None:
    picture = _paper()
    _draw_box(picture, 400, 700, side)
    strokes = {
        "check": [((0.2, 0.5), (0.45, 0.8)), ((0.45, 0.8), (0.85, 0.2))],
        "cross": [((0.15, 0.15), (0.85, 0.85)), ((0.85, 0.15), (0.15, 0.85))],
        "overshooting": [((0.0, 0.4), (0.4, 0.8)), ((0.4, 0.8), (1.3, -0.5))],
    }[tick]
    for (ax, ay), (bx, by) in strokes:
        start, end = (400 + round(ax * side), 700 + round(ay * side)), (400 + round(bx * side), 700 + round(by * side))
        cv2.line(picture, start, end, 30, 4, cv2.LINE_AA)

    assert [mark.state for mark in find_marks(picture)] == [MarkState.TICKED]


def test_a_speck_in_a_box_is_doubtful() -> None:
    picture = _paper()
    _draw_box(picture, 400, 700, 36)
    cv2.circle(picture, (418, 718), 4, 0, -1)

    assert [mark.state for mark in find_marks(picture)] == [MarkState.DOUBTFUL]


def test_a_box_that_is_all_ink_is_doubtful() -> None:
    picture = _paper()
    cv2.rectangle(picture, (400, 700), (436, 736), 0, -1)

    assert [mark.state for mark in find_marks(picture)] == [MarkState.DOUBTFUL]


@pytest.mark.parametrize("face", ["DejaVuSerif.ttf", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf"])
def test_letters_are_no_boxes(face: str) -> None:
    picture = _paper()
    text = ("DO OLD BOX DOB 0080 DD OO QUOD", "BED BOUND, DOPED, HOOD, 8080", "doe bob dodo abode node pond")
    for place, size in enumerate((30, 42, 60, 80)):
        for row, line in enumerate(text):
            found = ink.line(line, font=Path(ink.PRINT).with_name(face), size=size)
            ink.put(picture, found, 200, 200 + place * 420 + row * 130)

    assert find_marks(picture) == ()


def _listed(picture: Pixels) -> None:
    """Boxes of 30 pixels under each other, a label close by each, and room under each."""
    for row in range(5):
        _draw_box(picture, 400, 700 + 120 * row, 30)
        ink.put(picture, ink.line("Migraine", size=40), 440, 695 + 120 * row)


@pytest.mark.parametrize("how", ["scribbled", "filled"])
def test_a_box_of_a_list_that_only_its_place_tells_is_doubtful(how: str) -> None:
    picture = _paper()
    _listed(picture)
    reach = 9 if how == "scribbled" else 0
    for x in range(400 - reach, 431 + reach, 6):
        cv2.line(picture, (x, 940 - reach), (x + 3, 970 + reach), 30, 5)

    states = [mark.state for mark in find_marks(picture)]

    assert states == [MarkState.BLANK] * 2 + [MarkState.DOUBTFUL] + [MarkState.BLANK] * 2


@pytest.mark.parametrize("face", ["DejaVuSerif-Bold.ttf", "DejaVuSans-Bold.ttf"])
def test_a_bold_heading_among_boxes_is_no_box(face: str) -> None:
    picture = _paper()
    _listed(picture)
    for row, (text, size) in enumerate((("Billing", 40), ("Diagnosis", 50), ("MEDICAL", 46), ("Heart", 60))):
        ink.put(picture, ink.line(text, font=Path(ink.PRINT).with_name(face), size=size), 390, 736 + 120 * row)

    assert [mark.state for mark in find_marks(picture)] == [MarkState.BLANK] * 5


def test_cells_of_a_table_are_no_boxes() -> None:
    picture = _paper()
    for row in range(5):
        for column in range(12):
            _draw_box(picture, 300 + 44 * column, 900 + 44 * row, 44)

    assert find_marks(picture) == ()


def test_the_corner_of_a_qr_code_is_no_box() -> None:
    picture = _paper()
    rng = np.random.default_rng(4)
    modules = rng.integers(0, 2, (40, 40)).astype(np.uint8) * 255
    picture[400:640, 400:640] = np.kron(modules, np.ones((6, 6), np.uint8))
    for x, y in ((400, 400), (598, 400), (400, 598)):
        picture[y - 6 : y + 48, x - 6 : x + 48] = 255
        cv2.rectangle(picture, (x, y), (x + 41, y + 41), 0, -1)
        cv2.rectangle(picture, (x + 6, y + 6), (x + 35, y + 35), 255, -1)
        cv2.rectangle(picture, (x + 12, y + 12), (x + 29, y + 29), 0, -1)

    assert find_marks(picture) == ()


def test_the_page_without_its_marks_has_no_ink_there() -> None:
    picture = _paper()
    _draw_box(picture, 400, 700, 36)

    assert (without_marks(picture, find_marks(picture)) == 255).all()


def test_marks_of_drawn_forms_are_found_and_none_is_read_as_its_contrary() -> None:
    drawn, found, right, contrary, false = _counts(drawn_forms.HELD_OUT[1:10])

    assert found > 0.85 * drawn
    assert right > 0.75 * found
    assert contrary < 0.04 * found
    assert false < 0.04 * drawn


def test_a_circled_word_is_ticked_and_the_page_without_the_circle_keeps_the_word() -> None:
    picture = _paper()
    word = ink.line("Bronchitis", size=40)
    ink.put(picture, word, 600, 900)
    before = int((picture < 128).sum())
    middle, axes = (600 + word.shape[1] // 2, 900 + word.shape[0] // 2), (word.shape[1] // 2 + 25, 45)
    cv2.ellipse(picture, middle, axes, -2, 0, 370, 20, 4, cv2.LINE_AA)

    (mark,) = find_marks(picture)

    assert (mark.state, mark.around) == (MarkState.TICKED, True)
    assert int((without_marks(picture, (mark,)) < 128).sum()) == pytest.approx(before, rel=0.03)


def test_circles_of_which_none_is_marked_are_doubtful_as_they_may_be_bullets() -> None:
    picture = _paper()
    for row in range(4):
        cv2.circle(picture, (418, 718 + 80 * row), 17, 0, 2, cv2.LINE_AA)

    assert [mark.state for mark in find_marks(picture)] == [MarkState.DOUBTFUL] * 4


def test_a_bubble_that_is_filled_is_ticked_among_its_like() -> None:
    picture = _paper()
    for row in range(4):
        cv2.circle(picture, (418, 718 + 80 * row), 17, 0, -1 if row == 2 else 2, cv2.LINE_AA)

    states = [mark.state for mark in find_marks(picture)]
    assert states == [MarkState.BLANK, MarkState.BLANK, MarkState.TICKED, MarkState.BLANK]


@pytest.mark.parametrize(("from_x", "to_x"), [(330, 520), (200, 700)])
def test_a_line_through_a_box_is_doubtful(from_x: int, to_x: int) -> None:
    picture = _paper()
    _draw_box(picture, 400, 700, 36)
    cv2.line(picture, (from_x, 725), (to_x, 710), 30, 4, cv2.LINE_AA)

    assert [mark.state for mark in find_marks(picture)] == [MarkState.DOUBTFUL]


def test_bullets_are_no_boxes() -> None:
    picture = _paper()
    for row in range(4):
        cv2.rectangle(picture, (400, 700 + 80 * row), (430, 730 + 80 * row), 0, -1)

    assert find_marks(picture) == ()


def _counts(seeds: range) -> tuple[int, int, int, int, int]:
    """Marks drawn, found, found in the right state, found ticked for blank or blank for ticked, found where none is."""
    drawn = met = right = contrary = false = 0
    for seed in seeds:
        form, clean = drawn_forms.drawn_form(seed)
        if form.style in drawn_forms.TYPED:
            continue
        found = list(find_marks(clean.pixels))
        drawn += len(form.marks)
        for mark in form.marks:
            x, y = np.mean(mark.corners, axis=0)
            here = [one for one in found if _holds(one, clean.to_page, float(x), float(y))][:1]
            states = {mark.state, *(one.state.value for one in here)}
            met += len(here)
            right += bool(here) and len(states) == 1
            contrary += states == {"ticked", "blank"}
            found = [one for one in found if one not in here]
        false += len(found)
    return drawn, met, right, contrary, false


def _holds(mark: MarkRegion, to_sheet: Matrix, x: float, y: float) -> bool:
    """Whether the mark's own middle part, on the sheet, holds a point."""
    corners = np.column_stack([np.array(mark.corners), np.ones(4)]) @ to_sheet.T
    points = corners[:, :2] / corners[:, 2:]
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return bool(abs(x - (x0 + x1) / 2) < 0.3 * (x1 - x0) and abs(y - (y0 + y1) / 2) < 0.3 * (y1 - y0))
