import numpy as np
import pytest

from pipeline.layout.split import split_by_kind
from pipeline.records import LineKind, Pixels
from tests import ink

PRINT, HAND = LineKind.PRINT, LineKind.HAND


def _beside(*lines: Pixels, gap: int = 8) -> Pixels:
    """Lines beside each other, their middles level."""
    height = max(line.shape[0] for line in lines)
    picture = np.full((height, sum(line.shape[1] + gap for line in lines)), 255, np.uint8)
    x = 0
    for line in lines:
        ink.put(picture, line, x, (height - line.shape[0]) // 2)
        x += line.shape[1] + gap
    return picture


def _whole(picture: Pixels) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    height, width = picture.shape
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)


def test_a_label_and_the_value_written_beside_it_are_two_stretches() -> None:
    label = ink.line("Diagnosis:", size=30)
    picture = _beside(label, ink.line("bronchitis both sides", font=ink.HAND))

    found = split_by_kind(picture, _whole(picture), ink.kind())

    assert [stretch.kind for stretch in found] == [PRINT, HAND]
    assert found[1].corners[0, 0] == pytest.approx(label.shape[1], abs=16)
    assert found[0].height < found[1].height


@pytest.mark.parametrize("text", ink.NOTE)
@pytest.mark.parametrize("kind", [PRINT, HAND])
def test_a_line_of_one_kind_stays_whole(text: str, kind: LineKind) -> None:
    picture = ink.line(text, font=ink.HAND if kind is HAND else ink.PRINT)

    found = split_by_kind(picture, _whole(picture), ink.kind())

    assert [stretch.kind for stretch in found] == [kind]
    assert np.array_equal(found[0].corners, _whole(picture))


def test_an_empty_stretch_is_one_stretch() -> None:
    picture = np.full((40, 200), 255, np.uint8)

    assert len(split_by_kind(picture, _whole(picture), ink.kind())) == 1
