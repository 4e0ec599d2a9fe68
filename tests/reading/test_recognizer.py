import cv2
import numpy as np
import pytest

from pipeline.reading.recognizer import strokes
from pipeline.reading.words import decode
from pipeline.records import Pixels
from tests import ink


def _text(crop: Pixels) -> str:
    recognizer = ink.recognizer()
    return " ".join(word.text for word in decode(recognizer(crop), recognizer.characters, ink.language()))


@pytest.mark.parametrize("text", ink.NOTE)
def test_a_printed_line_is_read(text: str) -> None:
    assert _text(ink.line(text)) == text


def test_rows_are_probabilities_over_the_characters_of_english() -> None:
    rows = ink.recognizer()(ink.line("aspirin 81 mg"))

    assert rows.shape[1] == len(ink.recognizer().characters) + 1
    assert np.allclose(rows.sum(axis=1), 1, atol=1e-4)


def test_letters_written_close_are_stretched_and_wide_ones_pressed_together() -> None:
    line = ink.line("Lungs: scattered rhonchi on both sides.")
    stretched = [cv2.resize(line, None, fx=part, fy=1.0).astype(np.uint8) for part in (0.7, 1.0, 1.3)]
    steps = [len(ink.recognizer()(crop)) for crop in stretched]

    assert max(steps) < 1.25 * min(steps)


def test_strokes_are_counted_though_the_line_climbs() -> None:
    line = ink.line("minimum aluminium minimum aluminium")
    level = strokes(line)

    height, width = line.shape
    climbing = cv2.warpAffine(
        line, np.array([[1, 0, 0], [-0.06, 1, 0.06 * width]]), (width, height + 70), borderValue=255
    )

    assert 30 < level < 90
    assert strokes(climbing.astype(np.uint8)) > 0.7 * level


def test_colour_does_not_matter() -> None:
    grey = ink.line("aspirin 81 mg")

    assert _text(np.repeat(grey[:, :, np.newaxis], 3, axis=2)) == _text(grey)


def test_a_line_is_surer_upright_than_upside_down() -> None:
    for font in (ink.PRINT, ink.HAND):
        line = ink.line("Lungs: scattered rhonchi", font=font)

        assert ink.recognizer().sureness(line) > ink.recognizer().sureness(line[::-1, ::-1]) + 0.1


@pytest.mark.parametrize("shape", [(1, 1), (2, 900), (900, 2), (48, 9000)])
def test_a_crop_of_any_shape_is_no_error(shape: tuple[int, int]) -> None:
    assert _text(np.full(shape, 255, np.uint8)) == ""
