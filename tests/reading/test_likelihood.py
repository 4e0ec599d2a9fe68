from itertools import groupby, product

import numpy as np
import pytest

from pipeline.reading.likelihood import likelihoods


@pytest.mark.parametrize("text", [(1,), (1, 1), (1, 2), (2, 1, 2), (2, 2)])
def test_a_likelihood_is_the_sum_over_all_paths(text: tuple[int, ...]) -> None:
    rows = np.random.default_rng(5).dirichlet([0.5] * 3, size=5)
    paths = (
        rows[np.arange(5), path].prod()
        for path in product(range(3), repeat=5)
        if tuple(sign for sign, _ in groupby(path) if sign) == text
    )

    assert likelihoods([rows], [0], [text])[0] == pytest.approx(np.log(sum(paths)))


def test_texts_of_several_stretches_are_scored_as_if_each_were_alone() -> None:
    rng = np.random.default_rng(6)
    long, short = rng.dirichlet([0.5] * 4, size=9), rng.dirichlet([0.5] * 4, size=4)

    together = likelihoods([long, short], [1, 0, 1], [(1, 2), (3, 1, 2, 1), (3,)])

    alone = [
        likelihoods([rows], [0], [text])[0] for rows, text in ((short, (1, 2)), (long, (3, 1, 2, 1)), (short, (3,)))
    ]
    assert together == pytest.approx(alone)


def test_a_text_too_long_for_its_steps_is_next_to_impossible() -> None:
    rows = np.full((2, 3), 1 / 3)

    assert likelihoods([rows], [0], [(1, 2, 1)])[0] < -400
