"""Which words a line says: what the ink shows of each, weighed with what the language expects.

Of all ways through a line's candidates the one is taken that ink and language together hold likeliest. What the
language must not decide is left to the ink: numbers and codes, negation and sides, one drug's name against another's;
and of what may be a name, most.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.candidates import Candidates, candidates
from pipeline.reading.ctc import InkWord
from pipeline.reading.language import Language, Weights

_MOST_OPTIONS = 6
_STOPS = ".;:!?"
_KEPT = 6
"""Candidates of one stretch that the words after it are weighed against."""
_NUMBER = -2.5
"""Log probability of each character of a number or code."""


def decode(rows: NDArray[np.float32], characters: str, language: Language) -> tuple[InkWord, ...]:
    """Read a crop's rows into words.

    Args:
        rows: steps x (1 + characters) probabilities.
        characters: what classes 1, 2, ... stand for; the last is the space.
        language: what words to expect, and how much that counts.
    """
    pools = candidates(rows, characters, language, language.weights)
    return choose(pools, len(rows), language, language.weights)


def choose(pools: Sequence[Candidates], steps: int, language: Language, weights: Weights) -> tuple[InkWord, ...]:
    """The likeliest words among the candidates of a line.

    Args:
        pools: of each stretch, in the order of their beginnings.
        steps: of the whole line.
        language: what words to expect.
        weights: how much.
    """
    way = _best_way(pools, language, weights)
    return tuple(
        _ink_word(pools[at], _in_place(pools, way, spot, language, weights), steps) for spot, (at, _) in enumerate(way)
    )


def _best_way(pools: Sequence[Candidates], language: Language, weights: Weights) -> list[tuple[int, int]]:
    """The likeliest way through the line: (stretch, candidate) of each word."""
    if not pools:
        return []
    # At each place: the ways that reach it, as (score, word that ends there, stretch, candidate, way before).
    ways: dict[int, list[tuple[float, int, int, int, int]]] = {0: [(0.0, 0, -1, -1, -1)]}
    for at, pool in enumerate(pools):
        before = ways[pool.stretch.start]
        nodes = np.array([way[1] for way in before], np.intp)
        scores = _expected(pool, nodes, language, weights) + np.array([way[0] for way in before])[:, np.newaxis]
        scores += pool.ink + pool.stretch.spaced + weights.word
        best, came = scores.max(axis=0), scores.argmax(axis=0)
        reached = ways.setdefault(pool.stretch.end, [])
        for place in np.argsort(-best)[:_KEPT].tolist():
            reached.append((float(best[place]), _told(pool, place), at, place, int(came[place])))
    place = max(ways)
    way = max(range(len(ways[place])), key=lambda number: ways[place][number][0])
    chosen: list[tuple[int, int]] = []
    while place:
        _, _, at, candidate, way = ways[place][way]
        chosen.append((at, candidate))
        place = pools[at].stretch.start
    return chosen[::-1]


def _told(pool: Candidates, candidate: int) -> int:
    """The word that tells something of the next one; 0 where a stop parts them."""
    return 0 if pool.texts[candidate][-1] in _STOPS else int(pool.nodes[candidate])


def _expected(pool: Candidates, before: NDArray[np.intp], language: Language, weights: Weights) -> NDArray[np.float64]:
    """What the language gives to each candidate (columns) after each word before it (rows), as it counts."""
    if pool.number:
        # Alike for all, so that only the ink decides among them.
        return np.full((len(before), len(pool.texts)), (weights.language * _NUMBER + weights.sign) * pool.lengths[0])
    novel = weights.novel_name if pool.name else weights.novel
    known = language.after(before[:, np.newaxis], pool.nodes[np.newaxis, :]).astype(np.float64)
    score = np.logaddexp(known + np.log1p(-novel), pool.spelt + np.log(novel))
    first = score[:, :1]
    score = np.where(pool.digits, first, np.where(pool.held, np.minimum(score, first), score))
    if pool.name:
        counted: NDArray[np.float64] = weights.name * score + weights.name_sign * pool.lengths
    else:
        counted = weights.language * score + weights.sign * pool.lengths
    return counted


def _in_place(
    pools: Sequence[Candidates], way: Sequence[tuple[int, int]], spot: int, language: Language, weights: Weights
) -> NDArray[np.float64]:
    """Scores of the candidates of one word, its neighbours as they were chosen."""
    pool = pools[way[spot][0]]
    before = _told(pools[way[spot - 1][0]], way[spot - 1][1]) if spot else 0
    score: NDArray[np.float64] = pool.ink + _expected(pool, np.array([before], np.intp), language, weights)[0]
    if spot + 1 < len(way):
        at, candidate = way[spot + 1]
        told = np.array([_told(pool, place) for place in range(len(pool.texts))], np.intp)
        score = score + _expected(pools[at], told, language, weights)[:, candidate]
    return score


def _ink_word(pool: Candidates, scores: NDArray[np.float64], steps: int) -> InkWord:
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    order = np.argsort(-shares, kind="stable")[:_MOST_OPTIONS].tolist()
    by_ink = np.exp(pool.ink - pool.ink.max())
    options = [(pool.texts[place], float(shares[place])) for place in order]
    letters = pool.stretch.letters
    first, last = letters[0][1], letters[-1][1]
    # A character's peak stands near its middle, so the ink reaches half a character further on each side.
    half = 0.5 * max(1.0, (last - first) / (len(letters) - 1)) if len(letters) > 1 else 1.5
    return InkWord(
        text=options[0][0],
        start=max(0.0, first + 0.5 - half) / steps,
        end=min(steps, last + 0.5 + half) / steps,
        probability=options[0][1],
        by_ink=float(by_ink[order[0]] / by_ink.sum()),
        weakest=min(peak for _, _, peak in letters),
        known=bool(pool.nodes[order[0]]),
        others=tuple(options[1:]),
    )
