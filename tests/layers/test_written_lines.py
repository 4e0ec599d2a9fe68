"""Written lines over a page, whatever a new reading made of its lines."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.layers.places import as_rendered, upright
from pipeline.layers.written import laid_over, standing
from pipeline.records import Box, Line, LineKind, LineSpan, Mark, MarkState, Page, Word, WrittenLine
from tests.charts import line, page

WORDS = st.sampled_from(("HTN", "stable", "no", "asthma", "home", "sugars", "180-220", "r/o", "pneumonia"))
TEXTS = st.lists(WORDS, max_size=6).map(" ".join)
BOXES = st.builds(
    lambda x, y, width, height: Box(x, y, x + width, y + height),
    st.integers(0, 900),
    st.integers(0, 900),
    st.integers(1, 700),
    st.integers(1, 120),
)
WRITTEN = st.builds(WrittenLine, page=st.just(1), box=BOXES, text=TEXTS, drawn=st.booleans())


def write(box: Box, text: str, *, drawn: bool = False) -> WrittenLine:
    return WrittenLine(page=1, box=box, text=text, drawn=drawn)


def lay(on: Page, *lines: WrittenLine) -> Page:
    return laid_over(on, standing(lines))[0]


def texts(of: Page) -> list[str]:
    return [line.text for line in of.lines]


@st.composite
def readings(draw: st.DrawFn) -> Page:
    """A page whose lines stand anywhere, some of them with words whose place nobody knows."""
    lines = []
    for n, (box, text) in enumerate(draw(st.lists(st.tuples(BOXES, TEXTS.filter(bool)), max_size=5)), 1):
        tokens = text.split()
        width = (box.x1 - box.x0) / len(tokens)
        words = tuple(
            Word(
                text=token,
                box=Box(int(box.x0 + k * width), box.y0, int(box.x0 + (k + 1) * width) + 1, box.y1),
                confidence=0.5,
            )
            for k, token in enumerate(tokens)
        )
        lines.append(Line(id=f"p1l{n}", kind=LineKind.HAND, box=box, text=text, confidence=0.5, words=words))
    return replace(page(1), lines=tuple(lines), turn=draw(st.sampled_from((0, 90, 180, 270))))


@given(readings(), st.lists(WRITTEN, max_size=5))
def test_no_written_line_is_ever_lost_whatever_is_read(read: Page, written: list[WrittenLine]) -> None:
    counting = standing(written)
    changed, laid = laid_over(read, counting)
    by_id = {line.id: line for line in changed.lines}
    assert [each.written for each in laid] == list(counting)
    assert len(by_id) == len(changed.lines), "ids of lines are unique"
    for each in laid:
        assert (each.line is None) == (each.written.text == "")
        if each.line is not None:
            on_page = by_id[each.line]
            assert (on_page.text, on_page.box) == (each.written.text, each.written.box)
            assert [word.text for word in on_page.words] == each.written.text.split()
            assert all(w.confidence == 1.0 and not w.unreadable and not w.alternatives for w in on_page.words)
            assert all(word.box is not None and word.box.x0 < word.box.x1 for word in on_page.words if read.turn == 0)


@given(readings(), st.lists(WRITTEN, max_size=4))
def test_words_that_nobody_wrote_over_stay_as_they_were_read(read: Page, written: list[WrittenLine]) -> None:
    changed, laid = laid_over(read, standing(written))
    made = {each.line for each in laid}
    left = sorted(word.text for line in changed.lines if line.id not in made for word in line.words)
    taken = sorted(word for each in laid for word in each.read.split())
    assert sorted([*left, *taken]) == sorted(word.text for line in read.lines for word in line.words)


@given(readings())
def test_without_written_lines_a_page_is_as_it_was_read(read: Page) -> None:
    assert laid_over(read, ()) == (read, ())


@given(BOXES, st.sampled_from((0, 90, 180, 270)))
def test_a_box_comes_back_from_upright(box: Box, turn: int) -> None:
    turned = replace(page(1), turn=turn)
    assert as_rendered(upright(box, turned), turned) == box


def test_a_corrected_line_keeps_its_place_id_and_the_ink_of_its_words() -> None:
    read = page(1, "home sugars runing 180", "HTN stable")
    old = read.lines[0]
    assert old.box
    new = lay(read, write(old.box, "home sugars running 180")).lines[0]
    assert (new.id, new.kind, new.text) == (old.id, old.kind, "home sugars running 180")
    assert [word.box for word in new.words] == [word.box for word in old.words]


def test_two_words_that_were_read_as_one_share_its_ink() -> None:
    read = page(1, "acutebronchitis today")
    old = read.lines[0]
    assert old.box and old.words[0].box and old.words[1].box
    new = lay(read, write(old.box, "acute bronchitis today")).lines[0]
    first, second, third = (word.box for word in new.words)
    assert first and second and third
    assert first.x0 == old.words[0].box.x0 and second.x1 == old.words[0].box.x1 and first.x1 <= second.x0
    assert third == old.words[1].box


def test_an_empty_text_takes_the_line_off_the_page() -> None:
    read = page(1, "fax header", "HTN stable")
    assert read.lines[0].box
    assert texts(lay(read, write(read.lines[0].box, ""))) == ["HTN stable"]


def test_the_later_line_wins_at_one_place() -> None:
    read = page(1, "HTN")
    box = read.lines[0].box
    assert box
    assert texts(lay(read, write(box, "HIV"), write(box, "HTN, stable"))) == ["HTN, stable"]
    assert texts(lay(read, write(box, ""), write(box, "HTN, stable"))) == ["HTN, stable"]


def test_lines_that_were_cut_in_two_by_a_new_reading_give_way_to_the_written_one() -> None:
    whole = page(1, "HTN stable on meds", "PLAN")
    read = replace(whole, lines=(*_halves(whole.lines[0]), whole.lines[1]))
    assert whole.lines[0].box
    assert texts(lay(read, write(whole.lines[0].box, "HTN unstable on meds"))) == ["HTN unstable on meds", "PLAN"]


def test_a_written_half_leaves_the_other_half_of_a_line_that_grew() -> None:
    whole = page(1, "HTN stable asthma mild").lines[0]
    left, right = _halves(whole)
    assert left.box and right.box
    changed = lay(page(1, "HTN stable asthma mild"), write(right.box, "asthma severe"))
    assert texts(changed) == ["HTN stable", "asthma severe"]
    middle = Box(whole.words[1].box.x0, 100, whole.words[2].box.x1, 130)  # type: ignore[union-attr]
    changed = lay(page(1, "HTN stable asthma mild"), write(middle, "labile, asthma"))
    assert texts(changed) == ["HTN", "labile, asthma", "mild"]


def test_a_drawn_box_stands_in_reading_order_and_is_handwriting_unless_it_lies_on_print() -> None:
    read = page(1, "ASSESSMENT", "HTN", "PLAN")
    beside = lay(read, write(Box(600, 205, 800, 228), "since 2009", drawn=True))
    assert texts(beside) == ["ASSESSMENT", "HTN", "since 2009", "PLAN"]
    assert beside.lines[2].kind is LineKind.HAND
    below = lay(read, write(Box(100, 260, 300, 290), "asthma", drawn=True))
    assert texts(below) == ["ASSESSMENT", "HTN", "asthma", "PLAN"]
    over = lay(read, write(Box(90, 85, 400, 140), "ASSESSMENT AND PLAN", drawn=True))
    assert over.lines[0].kind is LineKind.PRINT and texts(over)[0] == "ASSESSMENT AND PLAN"


def test_an_upside_down_page_is_laid_over_in_its_own_reading_order() -> None:
    read = page(1, "one", "two")
    turned = replace(
        read,
        turn=180,
        lines=tuple(
            replace(each, box=as_rendered(each.box, replace(read, turn=180))) for each in read.lines if each.box
        ),
    )
    place = as_rendered(Box(100, 150, 200, 180), turned)
    assert texts(lay(turned, write(place, "between words", drawn=True))) == ["one", "between words", "two"]
    words = lay(turned, write(place, "between words", drawn=True)).lines[1].words
    assert words[0].box and words[1].box and words[0].box.x0 > words[1].box.x1 - 1


@pytest.mark.parametrize("text", ["HTN asthma", "asthma"])
def test_a_checkbox_goes_on_marking_its_words(text: str) -> None:
    read = page(1, "HTN astma", "PLAN")
    box = read.lines[0].words[1].box
    assert box and read.lines[0].box
    label = LineSpan(page=1, line="p1l1", start=4, end=9, boxes=(box,))
    mark = Mark(box=Box(60, 100, 90, 130), state=MarkState.TICKED, line="p1l1", label=(label,))
    place = read.lines[0].box if text.startswith("HTN") else box
    changed = lay(replace(read, marks=(mark,)), write(place, text))
    span = changed.marks[0].label[0]
    marked = next(each for each in changed.lines if each.id == span.line)
    assert marked.text[span.start : span.end] == "asthma"
    assert changed.marks[0].line in {each.id for each in changed.lines}


def _halves(whole: Line) -> tuple[Line, Line]:
    made = []
    for n, words in enumerate((whole.words[: len(whole.words) // 2], whole.words[len(whole.words) // 2 :])):
        boxes = [word.box for word in words if word.box]
        text = " ".join(word.text for word in words)
        part = line(f"{whole.id}{'ab'[n]}", text)
        made.append(replace(part, box=Box(boxes[0].x0, 100, boxes[-1].x1, 130), words=words))
    return made[0], made[1]
