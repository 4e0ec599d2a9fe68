from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import onnx
from pipeline.errors import MissingModelError
from pipeline.reading.confidence import alternatives, ink_measures, load_curves, print_measures
from pipeline.reading.ctc import InkWord
from pipeline.reading.tesseract import PrintedWord

CURVES = load_curves(onnx.read_manifest()["confidence"].checked())


def _ink(probability: float, weakest: float, *others: tuple[str, float]) -> InkWord:
    return InkWord(
        text="aspirin",
        start=0,
        end=1,
        probability=probability,
        by_ink=probability,
        weakest=weakest,
        known=True,
        others=others,
    )


def _printed(sureness: float) -> PrintedWord:
    return PrintedWord(text="aspirin", x0=0, x1=1, y0=0, y1=1, sureness=sureness)


@given(probability=st.floats(0, 1), weakest=st.floats(0, 1), sureness=st.floats(0, 1))
def test_a_confidence_is_a_probability(probability: float, weakest: float, sureness: float) -> None:
    for curve in (CURVES.hand, CURVES.print):
        assert 0 < curve(ink_measures([_ink(probability, weakest)])[0]) < 1
    assert 0 < CURVES.tesseract(print_measures(_printed(sureness))) < 1


def test_a_surer_reading_has_more_confidence() -> None:
    for curve in (CURVES.hand, CURVES.print):
        assert curve(ink_measures([_ink(0.98, 0.98)])[0]) > curve(ink_measures([_ink(0.15, 0.2)])[0]) + 0.3
    assert CURVES.tesseract(print_measures(_printed(0.96))) > CURVES.tesseract(print_measures(_printed(0.3))) + 0.3


@given(confidence=st.floats(0.01, 0.99), shares=st.lists(st.floats(1e-6, 0.2), max_size=8))
def test_a_word_and_its_alternatives_share_one_probability(confidence: float, shares: list[float]) -> None:
    shares = sorted(shares, reverse=True)
    word = _ink(0.5, 0.5, *((f"w{place}", share) for place, share in enumerate(shares)))

    found = alternatives(word, confidence, CURVES.hand)

    assert len(found) == min(5, len(shares))
    chances = [other.confidence for other in found if other.confidence is not None]
    assert chances == sorted(chances, reverse=True)
    assert confidence + sum(chances) <= 1 + 1e-5


@pytest.mark.parametrize(
    "content", ["", "[hand]\nbias = 1.0\nweights = [1.0]\ncovered = 0.1", "hand = 3", "no toml", "[hand]\nbias = 'x'"]
)
def test_damaged_curves_are_a_missing_model(tmp_path: Path, content: str) -> None:
    (tmp_path / "curves.toml").write_text(content, encoding="utf-8")

    with pytest.raises(MissingModelError, match=r"curves\.toml"):
        load_curves(tmp_path / "curves.toml")
