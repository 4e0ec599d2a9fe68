"""Which words of the language the ink of one word could be: the tree of all words is walked along the rows."""

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.language import Language

_LIVE = 120
"""Beginnings of words that are followed at once."""
_WORST = 1e-6
"""A beginning less likely than this share of the likeliest is dropped."""
_SEEN = 1e-3
"""A sign less likely than this at a step begins nothing."""
_SURE_BLANK = 0.98


def retrieve(
    blank: NDArray[np.float64], signs: NDArray[np.float64], language: Language, *, weight: float, most: int
) -> NDArray[np.intp]:
    """The likeliest words, best first, as nodes of the language.

    Args:
        blank: of each step, the probability of nothing new.
        signs: steps x (1 + signs of the language) probabilities; column 0 is not looked at.
        language: the words.
        weight: how much the likelihood of the word counts beside that of the ink.
        most: how many words at most.
    """
    nodes = len(language.sign)
    # Of each beginning: probability that the step ended in its last sign, and in a blank after it.
    in_sign, in_blank = np.zeros(nodes), np.zeros(nodes)
    known = np.zeros(nodes, bool)
    live = np.zeros(1, np.intp)
    in_blank[0], known[0] = 1.0, True
    for nothing, row in zip(blank, signs, strict=True):
        total = in_sign[live] + in_blank[live]
        if nothing > _SURE_BLANK:
            in_blank[live], in_sign[live] = total, 0.0
            continue
        grown, gains = _grown(live, total, in_blank, row, language)
        in_sign[live] *= row[language.sign[live]]
        in_blank[live] = total * nothing
        in_sign[grown] += gains
        fresh = grown[~known[grown]]
        live = np.concatenate([live, fresh])
        known[fresh] = True
        rank = (in_sign[live] + in_blank[live]) * np.exp(weight * language.best[live])
        keep = rank >= rank.max() * _WORST
        if keep.sum() > _LIVE:
            keep &= rank >= np.partition(rank, -_LIVE)[-_LIVE]
        dropped = live[~keep]
        in_sign[dropped], in_blank[dropped], known[dropped] = 0.0, 0.0, False
        live = live[keep]
        scale = 1 / max(float(rank.max()), 1e-300)
        in_sign[live] *= scale
        in_blank[live] *= scale
    words = live[np.isfinite(language.chance[live])]
    score = np.log(np.maximum(in_sign[words] + in_blank[words], 1e-300)) + weight * language.chance[words]
    return words[np.argsort(-score)[:most]]


def _grown(
    live: NDArray[np.intp],
    total: NDArray[np.float64],
    in_blank: NDArray[np.float64],
    row: NDArray[np.float64],
    language: Language,
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Every beginning with one sign more, and what this step gives to it."""
    count = language.count[live]
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    child = np.repeat(language.children[live], count) + within
    sign = language.sign[child]
    likely = row[sign] > _SEEN
    child, sign = child[likely], sign[likely]
    place = np.repeat(np.arange(len(live)), count)[likely]
    # A sign that repeats needs a blank between.
    base = np.where(language.sign[live[place]] == sign, in_blank[live[place]], total[place])
    return child, base * row[sign]
