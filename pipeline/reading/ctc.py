"""From rows of character probabilities to words, where each stands, and the other ways to read it.

The network's output follows connectionist temporal classification: at each step a character or the
blank, repeats merged unless a blank parts them.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.likelihood import BLANK

_BEAM = 10
_CLASSES = 4
_FLOOR = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class InkWord:
    """A word that was read from a crop."""

    text: str
    start: float
    """Where its ink begins, as a share of the crop's width."""
    end: float
    probability: float
    """What ink and language hold of this text among all candidates; over-sure, so not a confidence yet."""
    by_ink: float
    """What the ink alone holds of this text among the same candidates."""
    weakest: float
    """Probability of its least sure character, by the ink alone."""
    known: bool
    """Whether the language knows this word."""
    others: tuple[tuple[str, float], ...]
    """Other texts with their probability, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Steps of a line between two places where a space may stand, read as one word."""

    start: int
    """The place before it, counted from 0, the line's beginning."""
    end: int
    """The place after it."""
    rows: NDArray[np.float64]
    """Steps x (1 + characters without the space) probabilities."""
    letters: tuple[tuple[int, int, float], ...]
    """What the best path has there: (class, step of the line, probability)."""
    spaced: float
    """Log probability of the space after it; 0 at the line's end."""


def best_path(rows: NDArray[np.floating]) -> list[tuple[int, int, float]]:
    """The most probable class at each step, merged: (class, step of its peak, probability there)."""
    classes = rows.argmax(axis=1)
    path: list[tuple[int, int, float]] = []
    previous = BLANK
    for step, found in enumerate(classes.tolist()):
        peak = float(rows[step, found])
        if found != BLANK:
            if found == previous:
                if peak > path[-1][2]:
                    path[-1] = (found, step, peak)
            else:
                path.append((found, step, peak))
        previous = found
    return path


_SURE_SPACE = 0.97
_FAINT_SPACE = 0.03
_MOST_JOINED = 2
_WIDE_GAP = (6, 2.0)
"""Steps between two characters, and how many times the usual distance, from which on a space is thought of."""
_GAP_AFTER_LABEL = 4
"""Steps after a colon: a form's label, and what was filled in."""
_UNSEEN_SPACE = 0.2
"""How probable a space is in a gap in which the network saw none."""


def stretches(rows: NDArray[np.float64], characters: str) -> list[Stretch]:
    """All stretches that may be words; where a space is in doubt, with and without it.

    Args:
        rows: steps x (1 + characters) probabilities.
        characters: what classes 1, 2, ... stand for; the last is the space.
    """
    space = len(characters)
    letters = [found for found in best_path(rows) if found[0] != space]
    if not letters:
        return []
    usual = float(np.median([after[1] - before[1] for before, after in pairwise(letters)])) if letters[1:] else 0.0
    wide = max(_WIDE_GAP[0], _WIDE_GAP[1] * usual)
    cuts: list[tuple[int, int, float]] = [(0, -1, 1.0)]
    for place, (before, after) in enumerate(pairwise(letters), start=1):
        between = rows[before[1] + 1 : after[1], space]
        gap = after[1] - before[1]
        if len(between):
            step = int(between.argmax())
            if between[step] > _FAINT_SPACE:
                cuts.append((place, before[1] + 1 + step, float(between[step])))
            elif gap >= wide or (gap >= _GAP_AFTER_LABEL and characters[before[0] - 1] == ":"):
                cuts.append((place, before[1] + gap // 2, _UNSEEN_SPACE))
    cuts.append((len(letters), len(rows), 1.0))
    found = []
    for start, (first, low, _) in enumerate(cuts[:-1]):
        for end, (last, high, strength) in enumerate(cuts[start + 1 : start + 2 + _MOST_JOINED], start=start + 1):
            found.append(
                Stretch(
                    start=start,
                    end=end,
                    rows=_without_space(rows, low + 1, high, letters[first][1], letters[last - 1][1]),
                    letters=tuple(letters[first:last]),
                    spaced=float(np.log(strength)),
                )
            )
            if strength > _SURE_SPACE:
                break
    return found


def _without_space(rows: NDArray[np.float64], low: int, high: int, first: int, last: int) -> NDArray[np.float64]:
    """Rows of one word: a space at its ends is as good as nothing, within it there is none."""
    kept = rows[low:high, :-1].copy()
    spaces = rows[low:high, -1]
    kept[: first - low, BLANK] += spaces[: first - low]
    kept[last - low + 1 :, BLANK] += spaces[last - low + 1 :]
    return kept


def beam(rows: NDArray[np.float64], characters: str) -> list[tuple[str, float]]:
    """Prefix beam search: texts with their probability, best first; never an empty text."""
    # Each prefix holds (probability of ending in a blank, probability of ending in its last character).
    beams: dict[tuple[int, ...], tuple[float, float]] = {(): (1.0, 0.0)}
    likely = np.argsort(-rows, axis=1)[:, :_CLASSES]
    shares = np.take_along_axis(rows, likely, axis=1)
    for row, classes in zip(shares.tolist(), likely.tolist(), strict=True):
        if row[1] < _FLOOR and classes[0] == BLANK:
            beams = {prefix: ((blank + last) * row[0], 0.0) for prefix, (blank, last) in beams.items()}
            continue
        after: dict[tuple[int, ...], tuple[float, float]] = {}
        for prefix, (in_blank, in_character) in beams.items():
            total = in_blank + in_character
            for found, share in zip(classes, row, strict=True):
                if share < _FLOOR:
                    break
                if found == BLANK:
                    blank, character = after.get(prefix, (0.0, 0.0))
                    after[prefix] = (blank + total * share, character)
                    continue
                repeats = bool(prefix) and prefix[-1] == found
                if repeats:
                    blank, character = after.get(prefix, (0.0, 0.0))
                    after[prefix] = (blank, character + in_character * share)
                longer = (*prefix, found)
                blank, character = after.get(longer, (0.0, 0.0))
                after[longer] = (blank, character + (in_blank if repeats else total) * share)
        kept = sorted(after.items(), key=lambda item: -sum(item[1]))[:_BEAM]
        beams = dict(kept)
    texts = [
        ("".join(characters[found - 1] for found in prefix), sum(ends)) for prefix, ends in beams.items() if prefix
    ]
    return sorted(texts, key=lambda option: -option[1])
