import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.reading.ctc import beam, best_path, stretches

CHARACTERS = "ab "


def _rows(text: str, sure: float = 0.97) -> NDArray[np.float64]:
    """A row for each sign of a text; `-` is the blank."""
    classes = [0 if sign == "-" else CHARACTERS.index(sign) + 1 for sign in text]
    rows = np.full((len(text), len(CHARACTERS) + 1), (1 - sure) / len(CHARACTERS))
    rows[np.arange(len(text)), classes] = sure
    return rows


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("-aa-b-", ["ab"]),
        ("aa--aa", ["aa"]),
        ("a- -b", ["a", "b"]),
        ("  a   b  ", ["a", "b"]),
        ("---", []),
        ("   ", []),
    ],
)
def test_repeats_merge_unless_a_blank_parts_them(path: str, words: list[str]) -> None:
    found = stretches(_rows(path, sure=0.99), CHARACTERS)

    assert [beam(stretch.rows, CHARACTERS)[0][0] for stretch in found] == words


def test_a_doubtful_space_gives_the_words_apart_and_together() -> None:
    rows = _rows("a- -b", sure=0.999)
    rows[2] = (0.3, 0.0, 0.0, 0.7)

    found = stretches(rows, CHARACTERS)

    assert [(stretch.start, stretch.end, beam(stretch.rows, CHARACTERS)[0][0]) for stretch in found] == [
        (0, 1, "a"),
        (0, 2, "ab"),
        (1, 2, "b"),
    ]
    assert found[0].spaced == pytest.approx(np.log(0.7))
    assert found[1].spaced == 0


def test_a_gap_wider_than_the_others_may_be_a_space_that_the_network_did_not_see() -> None:
    found = stretches(_rows("a-b-a--------b-a-b", sure=0.999), CHARACTERS)

    assert [(stretch.start, stretch.end) for stretch in found] == [(0, 1), (0, 2), (1, 2)]
    assert [beam(stretch.rows, CHARACTERS)[0][0] for stretch in found] == ["aba", "ababab", "bab"]


def test_the_unsure_character_gives_another_text() -> None:
    rows = _rows("a-a-b")
    rows[2] = (0.02, 0.6, 0.36, 0.02)

    (best, share), (other, less), *_ = beam(rows[:, :3], CHARACTERS)

    assert (best, other) == ("aab", "abb")
    assert share > less


def test_the_best_path_holds_each_character_once_at_its_peak() -> None:
    rows = _rows("aa-b")
    rows[1] = (0.2, 0.8, 0.0, 0.0)

    assert best_path(rows) == [(1, 0, 0.97), (2, 3, 0.97)]
