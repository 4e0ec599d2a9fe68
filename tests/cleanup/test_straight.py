import numpy as np
import pytest

from pipeline.cleanup.straight import skew_degrees
from tests import ink


@pytest.mark.parametrize("skew", [-12.0, -3.3, -0.4, 0.0, 0.3, 1.7, 9.0])
@pytest.mark.parametrize("font", ["print", "hand"])
def test_the_skew_of_a_page_is_found(skew: float, font: str) -> None:
    picture = ink.turned_by(ink.sheet(font=ink.PRINT if font == "print" else ink.HAND), skew)

    assert skew_degrees(picture, max_skew_degrees=15) == pytest.approx(skew, abs=0.15 if font == "print" else 0.5)


def test_no_larger_skew_is_looked_for_than_was_asked() -> None:
    assert abs(skew_degrees(ink.turned_by(ink.sheet(), 9.0), max_skew_degrees=3)) <= 3


def test_an_empty_page_has_no_skew() -> None:
    assert skew_degrees(np.full((1000, 800), 255, np.uint8), max_skew_degrees=15) == 0.0
