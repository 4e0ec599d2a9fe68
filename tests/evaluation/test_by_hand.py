from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import UsageError
from pipeline.evaluation import by_hand
from pipeline.records import Box, Entity, Label, LineSpan
from tests import findings, ink
from tests.evaluation.compared import readers
from tests.evaluation.made import entity

NOTE = "Fever and cough.\n\nChest x-ray (two views) today, " + "which was read as clear, " * 12


@pytest.fixture(scope="module")
def drawn() -> by_hand.DrawnNote:
    return by_hand.draw(NOTE, by_hand.hand(ink.HAND))


def found(*spans: tuple[int, Box]) -> Entity:
    """A finding whose ink stands in some boxes of pages."""
    some = entity("n1", Label.DIAGNOSIS, "read so", 0)
    lines = tuple(LineSpan(page=page, line="", start=0, end=1, boxes=(box,)) for page, box in spans)
    return replace(some, spans=lines)


def test_every_word_keeps_its_place_in_the_note_and_its_ink(drawn: by_hand.DrawnNote) -> None:
    words = {NOTE[word.start : word.end]: word for word in drawn.words}

    assert [NOTE[word.start : word.end] for word in drawn.words[:7]] == [
        "Fever", "and", "cough", "Chest", "x-ray", "two", "views",
    ]  # fmt: skip
    for name in ("cough", "x-ray", "today"):
        box = words[name].box
        assert drawn.pages[0].pixels[box.y0 : box.y1, box.x0 : box.x1].min() < 100
    assert max(word.box.x1 for word in drawn.words) <= by_hand.WIDTH
    tops = np.array([word.box.y0 for word in drawn.words])
    assert len({round(top / 60) for top in tops.tolist()}) > 4


def test_a_long_note_goes_on_on_another_page() -> None:
    note = by_hand.draw(NOTE * 8, by_hand.hand(ink.HAND))

    assert [page.number for page in note.pages] == list(range(1, len(note.pages) + 1))
    assert len(note.pages) > 1
    assert {word.page for word in note.words} == {page.number for page in note.pages}


def test_a_finding_stands_where_its_boxes_cover_drawn_words(drawn: by_hand.DrawnNote) -> None:
    chest, xray = drawn.words[3:5]
    loose = Box(chest.box.x0 - 5, chest.box.y0 - 5, chest.box.x1 + 5, chest.box.y1 + 5)

    one = by_hand.placed(found((1, loose), (1, xray.box)), drawn.words)

    assert NOTE[one.start : one.end] == "Chest x-ray"
    assert one.text == "read so"


def test_a_finding_beside_all_words_or_on_another_page_stands_nowhere(drawn: by_hand.DrawnNote) -> None:
    below = Box(100, 2100, 300, 2150)
    findings = (found((1, below)), found((2, drawn.words[0].box)))
    placed = [by_hand.placed(one, drawn.words) for one in findings]

    assert [(one.start, one.end) for one in placed] == [(-1, -1)] * 2


def test_what_is_no_font_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.ttf").write_text("no font")

    for path in (tmp_path / "a.ttf", tmp_path / "none.ttf"):
        with pytest.raises(UsageError, match="no font"):
            by_hand.hand(path)


def test_what_is_found_on_the_pages_is_placed_in_the_note(tmp_path: Path) -> None:
    text = "Fever and acute bronchitis since Monday."
    note = by_hand.draw(text, by_hand.hand(ink.HAND))

    mentions = by_hand.read(note, readers(tmp_path).pages.inkchart, findings.entity_finder())

    assert "bronchitis" in [text[one.start : one.end] for one in mentions][-1]


def test_a_note_becomes_the_pages_that_were_read_of_it(tmp_path: Path) -> None:
    to_pages = by_hand.pages_by_hand(readers(tmp_path).pages.inkchart, [ink.HAND])

    (page,) = to_pages("Fever and acute bronchitis since Monday.")

    assert "bronchitis" in " ".join(word.text for line in page.lines for word in line.words)
