import json
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.evaluation.reading_data import Row
from pipeline.evaluation.reading_forms import FoundLines, f1, load_words, match, merge
from pipeline.records import Box

ROW = Row(folder=Path(), file=Path("a.png"), collection="a", writer="w", kind=None, text="", values={})


def test_words_beside_each_other_are_a_line() -> None:
    words = [Box(0, 0, 40, 20), Box(50, 4, 90, 22), Box(105, 2, 150, 20)]

    assert merge(words, gap=1.0) == [Box(0, 0, 150, 22)]


def test_a_gap_as_wide_as_the_words_are_high_ends_a_line() -> None:
    words = [Box(0, 0, 40, 20), Box(60, 0, 100, 20)]

    assert merge(words, gap=1.0) == words
    assert merge(words, gap=None) == [Box(0, 0, 100, 20)]


def test_words_that_overlap_by_half_or_less_are_two_lines() -> None:
    assert len(merge([Box(0, 0, 40, 20), Box(45, 10, 80, 30)], gap=1.0)) == 2
    assert len(merge([Box(0, 0, 40, 20), Box(45, 9, 80, 29)], gap=1.0)) == 1
    assert merge([], gap=1.0) == []


def test_each_box_is_matched_once() -> None:
    true = [Box(0, 0, 100, 20), Box(0, 40, 100, 60)]

    found = match([Box(0, 0, 95, 20), Box(0, 0, 90, 20), Box(0, 48, 100, 68)], true)

    assert found == FoundLines(right=1, found=3, true=2)
    assert f1([found]) == 0.4
    assert match([], true) == FoundLines(right=0, found=0, true=2)
    assert match(true, []) == FoundLines(right=0, found=2, true=0)
    assert f1([match(true, true)]) == 1.0
    assert f1([match([], [])]) is None


def test_half_the_union_in_common_is_enough() -> None:
    assert match([Box(0, 0, 50, 20)], [Box(0, 0, 100, 20)]).right == 1
    assert match([Box(0, 0, 49, 20)], [Box(0, 0, 100, 20)]).right == 0


@pytest.mark.parametrize("wrapped", [True, False])
def test_words_of_entities_are_loaded(tmp_path: Path, wrapped: bool) -> None:
    entities = [{"words": [{"box": [1, 2, 3, 4], "text": "x"}]}, {"words": []}]
    (tmp_path / "a.json").write_text(json.dumps({"form": entities} if wrapped else entities))

    assert load_words(tmp_path / "a.json", ROW) == [[Box(1, 2, 3, 4)], []]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"words": [{"box": [1, 2]}]}]'])
def test_a_truth_of_another_shape_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)

    for name in ("a.json", "none.json"):
        with pytest.raises(UsageError, match=name):
            load_words(tmp_path / name, ROW)
