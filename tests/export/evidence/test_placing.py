"""Rows on sheets lose no line, and numbers stand beside the ink on bare paper."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.export.evidence.outlines import Outline, Rect, label_places, stretches
from pipeline.export.evidence.sheets import LEADING, Cell, Row, headings, on_sheets
from pipeline.export.evidence.wording import CODES
from pipeline.records import Box

ROOM = 200.0
PICTURE, SHEET = Rect(50, 50, 550, 700), Rect(4, 50, 608, 732)
texts = st.lists(st.text("abc", min_size=1, max_size=4), min_size=1, max_size=40)
rows = st.lists(st.builds(lambda lines: Row(cells=(Cell(left=0, lines=tuple(lines)),)), texts), max_size=20)
boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    st.integers(0, 1500),
    st.integers(0, 2000),
    st.integers(1, 300),
    st.integers(1, 60),
)
rects = st.builds(
    lambda x, y, w, h: Rect(x, y, x + w, y + h),
    st.floats(55, 500),
    st.floats(55, 660),
    st.floats(2, 40),
    st.floats(4, 30),
)


@settings(deadline=None)
@given(rows)
def test_every_line_stands_on_a_sheet_once_and_in_order(given_rows: Sequence[Row]) -> None:
    head = headings(CODES)
    sheets = on_sheets(given_rows, ROOM, head)
    found = [line for sheet in sheets for row in sheet if row != head for line in row.cells[0].lines]
    assert found == [line for row in given_rows for line in row.cells[0].lines]
    assert all(sum(row.height for row in sheet) <= ROOM + LEADING * 1e-6 for sheet in sheets)
    assert all(sheet[0] == head for sheet in sheets[1:])


@settings(deadline=None)
@given(st.lists(rects, max_size=30, unique=True), st.lists(rects, max_size=40))
def test_numbers_cover_neither_ink_nor_outlines_nor_each_other(around: list[Rect], ink: list[Rect]) -> None:
    outlines = [Outline(rect, (number,)) for number, rect in enumerate(around, start=1)]
    sizes = [(12.0, 7.0)] * len(outlines)
    places = label_places(outlines, sizes, PICTURE, SHEET, lambda place: not any(place.meets(each) for each in ink))
    for number, place in enumerate(places):
        assert place.within(SHEET)
        assert not place.meets(PICTURE) or not any(place.meets(each) for each in ink)
        assert not any(place.meets(outline.rect) for outline in outlines)
        assert not any(place.meets(other) for other in places[:number])


def test_a_number_is_beside_its_outline_where_the_paper_is_bare() -> None:
    (place,) = label_places([Outline(Rect(200, 300, 260, 315), (1,))], [(12.0, 7.0)], PICTURE, SHEET, lambda _: True)
    assert place.x1 < 200 < place.x1 + 3 and 300 < place.y0 < place.y1 < 315


def test_a_number_without_bare_paper_stands_on_the_nearer_edge_at_its_height() -> None:
    outline = Outline(Rect(400, 300, 460, 315), (1,))
    (place,) = label_places([outline], [(12.0, 7.0)], PICTURE, SHEET, lambda _: False)
    assert place.x0 > PICTURE.x1 and 300 < place.y0 < 315


@given(st.lists(boxes, min_size=1, max_size=12))
def test_each_word_lies_in_one_of_the_stretches(words: list[Box]) -> None:
    found = stretches(words)
    for word in words:
        assert any(s.x0 <= word.x0 and s.y0 <= word.y0 and s.x1 >= word.x1 and s.y1 >= word.y1 for s in found)
