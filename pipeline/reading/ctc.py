"""From rows of character probabilities to words, where each stands, and the other ways to read it.

The network's output follows connectionist temporal classification: at each step a character or the
blank, repeats merged unless a blank parts them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLANK = 0
_BEAM = 12
_CLASSES = 5
_FLOOR = 0.002
_MOST_OPTIONS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class InkWord:
    """A word that was read from a crop."""

    text: str
    start: float
    """Where its ink begins, as a share of the crop's width."""
    end: float
    probability: float
    """What the network itself holds of this text; over-sure, so not a confidence yet."""
    weakest: float
    """Probability of its least sure character."""
    others: tuple[tuple[str, float], ...]
    """Other texts with the network's probability, best first."""


def best_path(rows: NDArray[np.float32]) -> list[tuple[int, int, float]]:
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


def decode(rows: NDArray[np.float32], characters: str) -> tuple[InkWord, ...]:
    """Read a crop's rows into words.

    Args:
        rows: steps x (1 + characters) probabilities.
        characters: what classes 1, 2, ... stand for; the last is the space.
    """
    space = len(characters)
    words: list[list[tuple[int, int, float]]] = [[]]
    for found in best_path(rows):
        if found[0] == space:
            words.append([])
        else:
            words[-1].append(found)
    words = [word for word in words if word]
    steps = len(rows)
    result = []
    for place, word in enumerate(words):
        # The cut between two words lies half way between their nearest characters.
        low = (words[place - 1][-1][1] + word[0][1] + 1) // 2 if place else 0
        high = (word[-1][1] + words[place + 1][0][1] + 1) // 2 if place + 1 < len(words) else steps
        options = _beam(_without_space(rows[low:high], space), characters)
        text = options[0][0] if options else "".join(characters[found - 1] for found, _, _ in word)
        # A character's peak stands near its middle, so the ink reaches half a character further on each side.
        half = 0.5 * max(1.0, (word[-1][1] - word[0][1]) / max(1, len(word) - 1)) if len(word) > 1 else 1.5
        result.append(
            InkWord(
                text=text,
                start=max(low, word[0][1] + 0.5 - half) / steps,
                end=min(high, word[-1][1] + 0.5 + half) / steps,
                probability=options[0][1] if options else 0.0,
                weakest=min(peak for _, _, peak in word),
                others=tuple(options[1:_MOST_OPTIONS]),
            )
        )
    return tuple(result)


def _without_space(rows: NDArray[np.float32], space: int) -> NDArray[np.float32]:
    """Rows of one word: a space at its ends is as good as nothing."""
    kept = rows[:, :space].copy()
    kept[:, BLANK] += rows[:, space]
    return kept


def _beam(rows: NDArray[np.float32], characters: str) -> list[tuple[str, float]]:
    """Prefix beam search: texts with their probability, best first; never an empty text."""
    # Each prefix holds (probability of ending in a blank, probability of ending in its last character).
    beams: dict[tuple[int, ...], tuple[float, float]] = {(): (1.0, 0.0)}
    likely = np.argsort(-rows, axis=1)[:, :_CLASSES]
    for row, classes in zip(rows.tolist(), likely.tolist(), strict=True):
        after: dict[tuple[int, ...], tuple[float, float]] = {}
        for prefix, (in_blank, in_character) in beams.items():
            total = in_blank + in_character
            for found in classes:
                share = row[found]
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
