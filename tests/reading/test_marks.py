import numpy as np
import pytest

from pipeline.reading.marks import tie_marks
from pipeline.records import Box, CleanImage, Line, LineKind, Mark, MarkRegion, MarkState, PageQuality, Region, Word
from tests import ink

LETTER, HIGH, SIDE = 18, 36, 30
CLEAN = CleanImage(
    page=ink.page(np.full((1500, 1500), 255, np.uint8)),
    pixels=np.full((1500, 1500), 255, np.uint8),
    turn=0,
    skew_degrees=0.0,
    to_page=np.eye(3),
    quality=PageQuality(sharpness=None, contrast=None, ink=0.1, blank=False, advice=None),
)


def _line(text: str, x: int, y: int, *, number: int, kind: LineKind = LineKind.PRINT) -> Line:
    """A line whose letters are all as wide."""
    words, cursor = [], 0
    for part in text.split():
        start = text.index(part, cursor)
        cursor = start + len(part)
        box = Box(x + LETTER * start, y, x + LETTER * cursor, y + HIGH)
        words.append(Word(text=part, box=box, confidence=0.9))
    box = Box(x, y, x + LETTER * len(text), y + HIGH)
    return Line(id=f"p1l{number}", kind=kind, box=box, text=text, confidence=0.9, words=tuple(words))


def _mark(x: int, y: int, *, wide: int = SIDE, high: int = SIDE, around: bool = False) -> MarkRegion:
    corners = tuple((float(a), float(b)) for a, b in ((x, y), (x + wide, y), (x + wide, y + high), (x, y + high)))
    return MarkRegion(corners=corners, state=MarkState.TICKED, around=around)


def _labels(marks: list[MarkRegion], lines: list[Line]) -> list[str]:
    """The words that each mark marks."""
    regions = [Region(corners=_mark(0, 0).corners, kind=line.kind, kind_confidence=1.0) for line in lines]
    texts = {line.id: line.text for line in lines}
    return [_said(mark, texts) for mark in tie_marks(marks, regions, lines, CLEAN)]


def _said(mark: Mark, texts: dict[str, str]) -> str:
    return " ".join(texts[span.line][span.start : span.end] for span in mark.label)


def test_a_box_marks_what_stands_right_of_it() -> None:
    lines = [_line("Asthma", 150, 300, number=1), _line("Gout", 150, 380, number=2)]
    assert _labels([_mark(100, 303), _mark(100, 383)], lines) == ["Asthma", "Gout"]


def test_of_boxes_on_one_line_each_marks_the_words_up_to_the_next() -> None:
    line = _line("Chest pain   Gout", 150, 300, number=1)
    boxes = [_mark(100, 303), _mark(150 + 11 * LETTER, 303, wide=28)]
    assert _labels(boxes, [line]) == ["Chest pain", "Gout"]


def test_boxes_behind_their_labels_mark_what_stands_left_of_them() -> None:
    lines = [_line("Asthma", 380, 300, number=1), _line("Chest pain", 308, 380, number=2)]
    assert _labels([_mark(510, 303), _mark(510, 383)], lines) == ["Asthma", "Chest pain"]


def test_a_label_goes_on_in_the_line_below_that_has_no_box() -> None:
    lines = [
        _line("Shortness of", 150, 300, number=1),
        _line("breath", 150, 345, number=2),
        _line("Gout", 150, 430, number=3),
    ]
    assert _labels([_mark(100, 303), _mark(100, 433)], lines) == ["Shortness of breath", "Gout"]


def test_what_a_hand_wrote_behind_a_label_is_no_part_of_it() -> None:
    lines = [_line("Asthma", 150, 300, number=1), _line("mild", 290, 300, number=2, kind=LineKind.HAND)]
    assert _labels([_mark(100, 303)], lines) == ["Asthma"]


def test_a_circle_marks_the_word_that_it_holds() -> None:
    line = _line("Asthma? Y N", 150, 300, number=1)
    circle = _mark(150 + 8 * LETTER - 12, 285, wide=LETTER + 24, high=66, around=True)
    assert _labels([circle], [line]) == ["Y"]


def test_a_box_far_from_all_words_marks_none() -> None:
    assert _labels([_mark(100, 303)], [_line("Asthma", 700, 300, number=1)]) == [""]


@pytest.mark.parametrize("gap", [6, 60])
def test_a_label_hard_by_its_box_or_a_little_off_is_its_label(gap: int) -> None:
    assert _labels([_mark(100, 303)], [_line("Asthma", 100 + SIDE + gap, 300, number=1)]) == ["Asthma"]
