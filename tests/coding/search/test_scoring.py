from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.codebooks import CodeBooks
from pipeline.coding.search.caching import cached
from pipeline.coding.search.features import NAMES
from pipeline.coding.search.scoring import CHANCE, load_weights, shares
from pipeline.errors import SetupError


def test_every_measure_has_a_weight() -> None:
    weights = load_weights()
    assert len(weights.rank) == len(NAMES)
    assert len(weights.chance) == len(CHANCE) + 1


def test_weights_that_lack_a_measure_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "calibration.toml"
    path.write_text("[rank]\nletters = 1.0\n")
    with pytest.raises(SetupError, match=r"calibration\.toml does not hold"):
        load_weights(path)


def test_shares_leave_room_for_none_of_these() -> None:
    assert shares(np.array([0.0, 0.0]), 0.0) == pytest.approx([1 / 3, 1 / 3])
    assert shares(np.array([1000.0]), 0.0) == pytest.approx([1.0])
    assert shares(np.array([0.0]), 1000.0) == pytest.approx([0.0])
    assert shares(np.array([]), 0.0).size == 0


def test_a_damaged_index_is_made_anew(books: CodeBooks, tmp_path: Path) -> None:
    here = replace(books, cache=tmp_path)
    made = []

    def make() -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
        made.append(1)
        return {"numbers": np.arange(3)}

    for _ in range(2):
        assert cached(here, "part", (Path(__file__),), ("numbers",), make)["numbers"].tolist() == [0, 1, 2]
    assert len(made) == 1
    (tmp_path / "part.arrays").write_bytes(b"rubbish")
    assert cached(here, "part", (Path(__file__),), ("numbers",), make)["numbers"].tolist() == [0, 1, 2]
    assert len(made) == 2
