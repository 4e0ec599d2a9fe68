"""The drawing itself."""

import numpy as np
import pytest

from samples.drawing.effects import photographed, resized, scan, skewed, turned
from samples.drawing.handwriting import Hand, write_mask
from samples.drawing.sheet import Sheet, parse


def sheet() -> Sheet:
    return Sheet(np.random.default_rng(1), width=600, height=800)


def ink_inside(pixels: np.ndarray, corners: list[tuple[float, float]]) -> float:
    """Share of the dark pixels of a picture that lie in the box around corners."""
    dark = pixels.min(axis=2) < 140
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    rows, columns = np.nonzero(dark)
    inside = (columns >= min(xs) - 2) & (columns <= max(xs) + 2) & (rows >= min(ys) - 2) & (rows <= max(ys) + 2)
    return float(inside.mean())


def test_markup_becomes_mentions() -> None:
    plain, mentions = parse("denies {D-n CP}, {S crutches} if {D-yf leg pain}")

    assert plain == "denies CP, crutches if leg pain"
    assert [(one.label, one.text, one.flags) for one in mentions] == [
        ("DIAGNOSIS", "CP", ("negated",)),
        ("SUPPLY", "crutches", ()),
        ("DIAGNOSIS", "leg pain", ("hypothetical", "family")),
    ]


def test_no_two_letters_are_alike() -> None:
    hand = Hand(font="kalam", height=40, wildness=1.0)
    mask, left, _, advance = write_mask("oo", hand, np.random.default_rng(3))
    middle = left + advance // 2

    first, second = mask[:, left:middle], mask[:, middle : 2 * middle - left]
    assert first.sum() > 50
    assert not np.array_equal(first, second)


def test_the_same_seed_writes_the_same_line() -> None:
    hand = Hand(font="zeyada")
    one, other = (write_mask("cough x 3 d", hand, np.random.default_rng(7))[0] for _ in range(2))

    assert np.array_equal(one, other)


def test_a_line_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="runs over the edge"):
        sheet().write(500, 300, "far too long for this sheet", Hand(font="kalam"))


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_the_truth_follows_a_page_that_is_turned(degrees: int) -> None:
    paper = sheet()
    paper.write(80, 300, "otitis media", Hand(font="kalam", height=24, ink=(0, 0, 0)))
    picture = turned(scan(paper), degrees)

    assert picture.turn == 360 - degrees
    assert ink_inside(picture.pixels, picture.place(paper.lines[0].corners)) == 1.0


def test_the_truth_follows_a_page_that_is_skewed_and_resized() -> None:
    paper = sheet()
    paper.print(80, 300, "otitis media", size=40)
    picture = resized(skewed(scan(paper), 4.0), 0.8)

    assert picture.skew == 4.0
    assert ink_inside(picture.pixels, picture.place(paper.lines[0].corners)) == 1.0


def test_the_truth_follows_a_page_that_is_photographed() -> None:
    paper = sheet()
    paper.print(80, 300, "otitis media", size=40)
    picture = photographed(scan(paper), np.random.default_rng(5), width=700, height=900)

    corners = picture.place(paper.lines[0].corners)
    inside = picture.pixels[int(corners[0][1]) : int(corners[2][1]), int(corners[0][0]) : int(corners[2][0])]
    around = picture.pixels[int(corners[2][1]) + 20 : int(corners[2][1]) + 60, int(corners[0][0]) : int(corners[2][0])]
    assert inside.min() < 90 < 120 < around.min()
