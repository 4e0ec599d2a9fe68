from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.reading.crops import box_on_page
from pipeline.records import Box, Layout, LineKind, MarkState, Page, Pixels, TextWord
from tests import ink

VALUE = "bronchitis, fever two days"


def _read(picture: Pixels, work: Path, **settings: float) -> Page:
    clean = ink.cleaner()(ink.page(picture, number=3, dpi=200))
    return ink.reader(work, **settings)(clean, ink.finder()(clean))


def _mixed() -> Pixels:
    picture = ink.sheet(ink.NOTE)
    ink.put(picture, ink.line(VALUE, font=ink.HAND), 100, 800)
    return picture


def test_print_and_handwriting_are_read_in_order(tmp_path: Path) -> None:
    page = _read(_mixed(), tmp_path)

    assert [line.text for line in page.lines[: len(ink.NOTE)]] == list(ink.NOTE)
    assert [line.kind for line in page.lines] == [LineKind.PRINT] * len(ink.NOTE) + [LineKind.HAND]
    assert [line.id for line in page.lines] == [f"p3l{place}" for place in range(1, len(ink.NOTE) + 2)]
    assert (page.number, page.width, page.height, page.dpi) == (3, 1200, 1500, 200)


def test_a_line_is_its_words_and_a_confidence_is_a_probability(tmp_path: Path) -> None:
    for line in _read(_mixed(), tmp_path).lines:
        assert line.text == " ".join(word.text for word in line.words)
        assert line.confidence is not None
        for word in line.words:
            assert word.confidence is not None
            assert 0 < word.confidence < 1
            assert word.text not in {other.text for other in word.alternatives}


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_boxes_lie_on_the_ink_of_the_page_as_rendered(tmp_path: Path, turn: int) -> None:
    rendered = np.ascontiguousarray(np.rot90(ink.turned_by(_mixed(), 1.5), turn // 90))

    page = _read(rendered, tmp_path)

    assert page.turn == turn
    assert page.lines
    for line in page.lines:
        for box in (line.box, *(word.box for word in line.words)):
            assert box is not None
            assert 0 <= box.x0 < box.x1 <= page.width
            assert 0 <= box.y0 < box.y1 <= page.height
            assert (rendered[box.y0 : box.y1, box.x0 : box.x1] < 128).any()


def test_a_line_of_print_has_the_box_of_its_region(tmp_path: Path) -> None:
    clean = ink.cleaner()(ink.page(ink.sheet(ink.NOTE), number=3, dpi=200))
    layout = ink.finder()(clean)

    lines = ink.reader(tmp_path)(clean, layout).lines

    assert [line.box for line in lines] == [box_on_page(np.array(region.corners), clean) for region in layout.lines]


def test_a_word_below_the_threshold_is_unreadable_and_keeps_its_text(tmp_path: Path) -> None:
    page = _read(_mixed(), tmp_path, unreadable_below=1.0)

    words = [word for line in page.lines for word in line.words]
    assert all(word.unreadable for word in words)
    assert all(word.text for word in words)


def test_a_page_without_lines_is_read_without_any(tmp_path: Path) -> None:
    clean = ink.cleaner()(ink.page(np.full((900, 700), 255, np.uint8)))

    page = ink.reader(tmp_path)(clean, Layout(lines=()))

    assert page.lines == ()
    assert page.quality.blank


def test_the_words_of_a_text_layer_are_taken_as_they_are(tmp_path: Path) -> None:
    layer = (
        TextWord(text="asthma", box=Box(190, 100, 300, 130)),
        TextWord(text="Known", box=Box(100, 100, 180, 130)),
    )
    clean = ink.cleaner()(ink.page(np.full((900, 700), 255, np.uint8), text_layer=layer))

    page = ink.reader(tmp_path)(clean, ink.finder()(clean))

    (line,) = page.lines
    assert (line.text, line.kind, line.confidence) == ("Known asthma", LineKind.PRINT, None)
    assert [word.box for word in line.words] == [layer[1].box, layer[0].box]
    assert all(word.confidence is None and not word.unreadable for word in line.words)


def test_a_ticked_box_marks_the_line_to_its_right_and_is_not_read(tmp_path: Path) -> None:
    picture = ink.sheet(ink.NOTE[:2], width=1700, height=2200)
    sans = Path(ink.PRINT).with_name("DejaVuSans.ttf")
    for place, text in enumerate(("Ankle sprain", "Wrist sprain")):
        y = 700 + 80 * place
        cv2.rectangle(picture, (100, y), (128, y + 28), 0, 2)
        ink.put(picture, ink.line(text, font=sans, size=32), 150, y - 10)
    cv2.line(picture, (103, 703), (125, 725), 0, 4)
    cv2.line(picture, (125, 703), (103, 725), 0, 4)

    page = _read(picture, tmp_path)

    texts = {line.id: line.text for line in page.lines}
    assert [(mark.state, texts.get(mark.line or "")) for mark in page.marks] == [
        (MarkState.TICKED, "Ankle sprain"),
        (MarkState.BLANK, "Wrist sprain"),
    ]
    assert page.marks[0].box.x0 == pytest.approx(100, abs=4)


@pytest.mark.parametrize("kind", [None, LineKind.PRINT])
def test_a_printed_crop_is_recognized(tmp_path: Path, kind: LineKind | None) -> None:
    found = ink.reader(tmp_path).recognize(ink.line("albuterol inhaler 90 mcg"), kind)

    assert (found.kind, found.text, found.unreadable) == (LineKind.PRINT, "albuterol inhaler 90 mcg", False)
    assert found.confidence is not None
    assert found.confidence > 0.8


def test_a_handwritten_crop_is_recognized_with_alternatives(tmp_path: Path) -> None:
    found = ink.reader(tmp_path).recognize(ink.line(VALUE, font=ink.HAND), None)

    assert found.kind is LineKind.HAND
    assert "fever" in found.text
    assert found.text not in {other.text for other in found.alternatives}
    assert len(found.alternatives) <= 5


@pytest.mark.parametrize("shape", [(1, 1), (60, 400), (500, 3)])
def test_a_crop_without_ink_is_unreadable(tmp_path: Path, shape: tuple[int, int]) -> None:
    found = ink.reader(tmp_path).recognize(np.full(shape, 255, np.uint8), None)

    assert (found.text, found.confidence, found.unreadable) == ("", None, True)


def test_reading_again_gives_the_same(tmp_path: Path) -> None:
    clean = ink.cleaner()(ink.page(_mixed()))
    layout = ink.finder()(clean)
    reader = ink.reader(tmp_path)

    assert reader(clean, layout) == reader(replace(clean), layout)
