from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import MissingModelError
from pipeline.reading.language import SIGNS, load_language
from pipeline.reading.retrieval import retrieve
from tests import ink


def _after(one: str, other: str) -> float:
    language = ink.language()
    return float(language.after(np.array([language.nodes[one]]), np.array([language.nodes[other]]))[0])


def test_every_word_leads_back_to_itself() -> None:
    language = ink.language()

    for word in ("the", "pneumonia", "lisinopril", "o'clock"):
        assert language.words[language.nodes[word]] == word


def test_what_follows_a_word_is_likelier_after_it() -> None:
    language = ink.language()

    assert _after("chest", "pain") > language.chance[language.nodes["pain"]] + 3
    assert _after("chest", "pain") > _after("the", "pain")


def test_chances_of_all_words_add_up_to_one() -> None:
    language = ink.language()
    nodes = np.array(list(language.nodes.values()))

    assert np.exp(language.chance[nodes]).sum() == pytest.approx(1, abs=0.01)
    for word in ("chest", "of", "denies"):
        assert np.exp(language.after(np.full(len(nodes), language.nodes[word]), nodes)).sum() == pytest.approx(
            1, abs=0.05
        )


def test_what_is_spelt_like_english_is_likelier() -> None:
    like, unlike, coded = ink.language().spelt(["fleston", "xkqwvzz", "k7"])

    assert like > unlike + 10
    assert coded < -12


def test_words_are_found_by_their_ink_though_no_step_is_right() -> None:
    language = ink.language()
    rows = np.full((11, len(SIGNS) + 1), 0.01)
    for step, sign in enumerate("pmeunonio"):
        rows[step, SIGNS.index(sign) + 1] = 0.5
    for step, sign in ((1, "n"), (4, "m"), (8, "a")):
        rows[step, SIGNS.index(sign) + 1] = 0.2

    found = retrieve(np.full(11, 0.1), rows, language, weight=0.4, most=5)

    assert "pneumonia" in [language.words[node] for node in found.tolist()]


def test_a_missing_or_damaged_language_is_named(tmp_path: Path) -> None:
    damaged, weights = tmp_path / "language.npz", tmp_path / "weights.toml"
    damaged.write_bytes(b"no archive")
    weights.write_text("language = 0.5\n")

    for path in (tmp_path / "none.npz", damaged):
        with pytest.raises(MissingModelError, match=path.name):
            load_language(path, weights)
