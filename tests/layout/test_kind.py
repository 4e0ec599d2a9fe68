from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import MissingModelError
from pipeline.layout.kind import KindClassifier
from pipeline.records import LineKind
from tests import ink


@pytest.mark.parametrize("text", ink.NOTE)
def test_a_printed_line_is_print(text: str) -> None:
    kind, confidence = ink.kind()(ink.line(text))

    assert kind is LineKind.PRINT
    assert confidence > 0.8


@pytest.mark.parametrize("text", ink.NOTE)
def test_a_handwritten_line_is_hand(text: str) -> None:
    kind, confidence = ink.kind()(ink.line(text, font=ink.HAND))

    assert kind is LineKind.HAND
    assert confidence > 0.8


def test_a_ruled_line_under_it_does_not_change_the_kind() -> None:
    for font, kind in ((ink.PRINT, LineKind.PRINT), (ink.HAND, LineKind.HAND)):
        line = ink.line("Patient presents with bronchitis", font=font)
        line[-8:-5] = 0

        assert ink.kind()(line)[0] is kind


@pytest.mark.parametrize("shape", [(40, 300), (1, 1), (3, 500)])
def test_a_crop_without_ink_is_of_no_sure_kind(shape: tuple[int, int]) -> None:
    assert ink.kind().hand_probability(np.full(shape, 255, np.uint8)) == 0.5


@pytest.mark.parametrize("content", ["", "[weights]\nmean = [1.0]", "not toml"])
def test_damaged_weights_are_a_missing_model(tmp_path: Path, content: str) -> None:
    (tmp_path / "weights.toml").write_text(content, encoding="utf-8")

    with pytest.raises(MissingModelError, match=r"weights\.toml"):
        KindClassifier(tmp_path / "weights.toml", ink.model("kind_network"))
