"""Which words of the language the ink of one word could be: the tree of all words is walked along the rows."""

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.language import Language

_LIVE = 90
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
    # Beginnings that are followed, in order; of each, the probability that the step ended in its last sign, or in a
    # blank after it.
    live, in_sign, in_blank = np.zeros(1, np.intp), np.zeros(1), np.ones(1)
    for nothing, row in zip(blank, signs, strict=True):
        total = in_sign + in_blank
        if nothing > _SURE_BLANK:
            in_sign, in_blank = np.zeros(len(live)), total
            continue
        grown, gains = _grown(live, total, in_blank, row, language)
        in_sign = in_sign * row[language.sign[live]]
        in_blank = total * nothing
        place = np.minimum(np.searchsorted(live, grown), len(live) - 1)
        followed = live[place] == grown
        in_sign[place[followed]] += gains[followed]
        live = np.concatenate([live, grown[~followed]])
        in_sign = np.concatenate([in_sign, gains[~followed]])
        in_blank = np.concatenate([in_blank, np.zeros(len(live) - len(in_blank))])
        rank = (in_sign + in_blank) * np.exp(weight * language.best[live])
        least = rank.max() * _WORST
        if len(rank) > _LIVE:
            least = max(least, np.partition(rank, -_LIVE)[-_LIVE])
        kept = np.flatnonzero(rank >= least)
        kept = kept[np.argsort(live[kept])]
        scale = 1 / max(float(rank.max()), 1e-300)
        live, in_sign, in_blank = live[kept], in_sign[kept] * scale, in_blank[kept] * scale
    chance = language.chance[live]
    score = np.log(np.maximum(in_sign + in_blank, 1e-300)) + weight * chance
    best = np.argsort(-score)[:most]
    return live[best[np.isfinite(chance[best])]]


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
    base = np.where(language.sign[live[place]] == sign, in_blank[place], total[place])
    return child, base * row[sign]
