from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from pipeline.records import Box, CleanImage, LineKind, MarkState, PageQuality, Pixels, TextWord
from tests import ink

QUALITY = PageQuality(sharpness=None, contrast=None, ink=0.1, blank=False, advice=None)


def _clean(picture: Pixels, text_layer: tuple[TextWord, ...] | None = None) -> CleanImage:
    return CleanImage(
        page=ink.page(picture, text_layer=text_layer),
        pixels=picture,
        turn=0,
        skew_degrees=0.0,
        to_page=np.eye(3),
        quality=QUALITY,
    )


def test_lines_of_a_page_stand_in_reading_order_with_their_kind() -> None:
    picture = ink.sheet(ink.NOTE[:3])
    for place, text in enumerate(ink.NOTE[3:]):
        ink.put(picture, ink.line(text, font=ink.HAND), 100, 600 + 110 * place)

    lines = ink.finder()(_clean(picture)).lines

    assert [line.kind for line in lines] == [LineKind.PRINT] * 3 + [LineKind.HAND] * 3
    tops = [line.corners[0][1] for line in lines]
    assert tops == sorted(tops)
    assert all(line.kind_confidence >= 0.5 for line in lines)


def test_a_tick_is_a_mark_and_no_line() -> None:
    picture = np.full((2200, 1700), 255, np.uint8)
    cv2.rectangle(picture, (200, 300), (226, 326), 0, 2)
    cv2.line(picture, (204, 312), (212, 322), 0, 3)
    cv2.line(picture, (212, 322), (232, 292), 0, 3)
    ink.put(picture, ink.line("Ankle sprain", font=Path(ink.PRINT).with_name("DejaVuSans.ttf"), size=28), 245, 288)

    layout = ink.finder()(_clean(picture))

    assert [mark.state for mark in layout.marks] == [MarkState.TICKED]
    assert len(layout.lines) == 1
    assert layout.lines[0].corners[0][0] > 213
    assert layout.lines[0].kind is LineKind.PRINT


def test_lines_of_a_text_layer_come_from_its_words() -> None:
    layer = (
        TextWord(text="Plan:", box=Box(100, 200, 160, 230)),
        TextWord(text="rest", box=Box(170, 200, 230, 230)),
        TextWord(text="Note", box=Box(100, 100, 180, 130)),
    )
    blank = np.full((800, 600), 255, np.uint8)
    clean = replace(_clean(blank, layer), to_page=np.diag([2.0, 2.0, 1.0]))

    layout = ink.finder()(clean)

    corners = [tuple(map(tuple, np.array(line.corners)[[0, 2]])) for line in layout.lines]
    assert corners == [((50, 50), (90, 65)), ((50, 100), (115, 115))]
    assert {line.kind for line in layout.lines} == {LineKind.PRINT}


def test_an_empty_page_has_no_layout() -> None:
    layout = ink.finder()(_clean(np.full((800, 600), 255, np.uint8)))

    assert layout.lines == ()
    assert layout.marks == ()
