import numpy as np
import pytest

from pipeline.evaluation.readers import PlainRecognizer, TesseractAlone
from tests import ink


@pytest.mark.parametrize("text", ink.NOTE[:3])
def test_both_read_print_as_they_come(text: str) -> None:
    assert PlainRecognizer(ink.model("recognizer"))(ink.line(text)) == text
    assert TesseractAlone(mode=7)(ink.line(text)) == text


def test_both_take_colour() -> None:
    line = ink.line("aspirin 81 mg")
    colour = np.repeat(line[:, :, np.newaxis], 3, axis=2)

    assert PlainRecognizer(ink.model("recognizer"))(colour) == "aspirin 81 mg"
    assert TesseractAlone(mode=7)(colour) == "aspirin 81 mg"


def test_nothing_is_read_on_white_paper() -> None:
    assert PlainRecognizer(ink.model("recognizer"))(np.full((60, 300), 255, np.uint8)) == ""
