"""What words notes are made of, how likely each is, and how likely each is after another."""

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import MissingModelError

RARE = -16.0
"""Log probability of a word of the terms that the language has no count for."""
UNKNOWN = -1
SIGNS = "'-abcdefghijklmnopqrstuvwxyz"
"""What words are written in; as numbers they count from 1, and 0 is the edge of a word."""
_UNSPELT = -8.0
"""Log probability of a sign that is none of `SIGNS`."""
_PLACES = {sign: place for place, sign in enumerate(SIGNS, start=1)}


@dataclass(frozen=True, slots=True)
class Wording:
    """Words and pairs of words with their log probabilities."""

    chance: dict[str, float]
    """Of each word, lower case, by itself."""
    rank: dict[str, int]
    """Place in the language's own list; words that only the terms hold have none."""
    pairs: NDArray[np.int64]
    """Pairs of places as one number (first * count + second), sorted."""
    follows: NDArray[np.float32]
    """Of each pair: log probability of its second word after the first."""
    left: NDArray[np.float32]
    """Of each place: log share that its pairs leave to all other words."""
    spelling: NDArray[np.float32]
    """Log probability of a sign after the three before it."""

    def spelt(self, word: str) -> float:
        """Log probability of a word, lower case, by its spelling alone."""
        places = [0, 0, 0, *(_PLACES.get(sign, 0) for sign in word), 0]
        chances = (float(self.spelling[tuple(places[end - 3 : end + 1])]) for end in range(3, len(places)))
        return sum(chances) + _UNSPELT * places[3:-1].count(0)

    def holds(self, first: str, second: str) -> bool:
        """Whether the language's own pairs hold two words."""
        before, place = self.rank.get(first, UNKNOWN), self.rank.get(second, UNKNOWN)
        return UNKNOWN not in (before, place) and self._pair(before, place) is not None

    def after(self, first: str, second: str) -> float:
        """Log probability of a word after a word; `second` must be a word of `chance`."""
        before, place = self.rank.get(first, UNKNOWN), self.rank.get(second, UNKNOWN)
        if before == UNKNOWN:
            return self.chance[second]
        if place != UNKNOWN:
            found = self._pair(before, place)
            if found is not None:
                return float(self.follows[found])
        return float(self.left[before]) + self.chance[second]

    def _pair(self, before: int, place: int) -> int | None:
        """Where a pair of places stands among the pairs."""
        pair = before * len(self.left) + place
        found = int(self.pairs.searchsorted(pair))
        return found if found < len(self.pairs) and self.pairs[found] == pair else None


def load_wording(path: Path, words: Iterable[str] = ()) -> Wording:
    """Read the words of `models/language/language.npz`.

    Args:
        path: the file that `models/language/build.py` wrote.
        words: further words, lower case, such as those of terms.

    Raises:
        MissingModelError: the file is missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as packed:
            listed = packed["words"].tobytes().decode().split("\n")
            ends = packed["ends"].astype(np.int64)
            chance = packed["chance"].astype(np.float64)
            first = np.searchsorted(ends, packed["first"].astype(np.int64), sorter=(order := np.argsort(ends)))
            second = np.searchsorted(ends, packed["second"].astype(np.int64), sorter=order)
            pairs = order[first].astype(np.int64) * len(ends) + order[second]
            follows = packed["follows"].astype(np.float32)
            left = packed["left"].astype(np.float32)
            spelling = (packed["spelling"].astype(np.float32) / -16).astype(np.float32)
    except (OSError, KeyError, ValueError, IndexError, zipfile.BadZipFile) as error:
        raise MissingModelError(f"The language in {path} cannot be read; install the product again.") from error
    sort = np.argsort(pairs)
    chances = dict(zip(listed, chance.tolist(), strict=True))
    for word in words:
        chances.setdefault(word, RARE)
    rank = {word: place for place, word in enumerate(listed)}
    return Wording(chances, rank, pairs[sort], follows[sort], left, spelling)
