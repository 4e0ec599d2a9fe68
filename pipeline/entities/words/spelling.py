"""Which known words a misread word may have been, and how far each lies from what was read.

An edit that readers often make (`rn` for `m`, `0` for `o`) is cheaper than any other.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

REMEMBERED = 50_000
"""Misread words whose neighbours are kept."""
FIRM = str.maketrans(
    {"0": "o", "1": "l", "5": "s", "8": "b", "6": "b", "9": "g", "2": "z", "|": "l", "!": "l", "$": "s", "i": "l"}
)
_TWO_FOR_ONE = (("rn", "m"), ("cl", "d"), ("vv", "w"), ("ll", "u"))


class Confusions:
    """Signs that are taken for one another, and what a misreading costs by them."""

    def __init__(self, alike: Iterable[tuple[str, str]]) -> None:
        both = [pair for one, other in alike for pair in ((one, other), (other, one))]
        self._single = frozenset(one + other for one, other in both if len(one) == len(other) == 1)
        self._joined = frozenset((one, other) for one, other in both if len(one) == 2)
        self._split = frozenset((one, other) for one, other in both if len(other) == 2)

    def __call__(self, read: str, meant: str, plain: float, alike: float) -> float:
        """What reading one word for another costs.

        Args:
            read: what was read.
            meant: what was written.
            plain: cost of any letter wrong, missing, added or of two changed about.
            alike: cost of signs that look alike.
        """
        while read and meant and read[0] == meant[0]:
            read, meant = read[1:], meant[1:]
        while read and meant and read[-1] == meant[-1]:
            read, meant = read[:-1], meant[:-1]
        if not read or not meant:
            return plain * (len(read) + len(meant))
        rows = [[plain * place for place in range(len(meant) + 1)]]
        for i, sign in enumerate(read, start=1):
            above, row = rows[-1], [plain * i]
            for j, letter in enumerate(meant, start=1):
                swap = 0.0 if sign == letter else alike if sign + letter in self._single else plain
                best = min(above[j - 1] + swap, above[j] + plain, row[-1] + plain)
                if i > 1 and (read[i - 2 : i], letter) in self._joined:
                    best = min(best, rows[-2][j - 1] + alike)
                if j > 1 and (sign, meant[j - 2 : j]) in self._split:
                    best = min(best, above[j - 2] + alike)
                if i > 1 and j > 1 and read[i - 2] == letter and sign == meant[j - 2]:
                    best = min(best, rows[-2][j - 2] + plain)
                row.append(best)
            rows.append(row)
        return rows[-1][-1]


class Neighbours:
    """Finds the known words within a few edits of a misread one."""

    def __init__(self, words: Collection[str]) -> None:
        by_length: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
        for word in sorted(words):
            if word.isalpha():
                firm = _firm(word)
                by_length[len(firm)].append((firm, word))
        self._words = {length: [word for _, word in pairs] for length, pairs in by_length.items()}
        self._firm = {length: np.array([firm for firm, _ in pairs], object) for length, pairs in by_length.items()}
        self._letters = {length: _letters(firm) for length, firm in self._firm.items()}
        self._remembered = lru_cache(REMEMBERED)(self._near)

    def __call__(self, read: str) -> tuple[str, ...]:
        """Known words near a word in lower case."""
        return self._remembered(read)

    def _near(self, read: str) -> tuple[str, ...]:
        firm = _firm(read)
        limit = 1 if len(firm) <= 4 else 2 if len(firm) <= 8 else 3
        letters = _letters([firm])[0]
        found: list[tuple[int, str]] = []
        for length in range(len(firm) - limit, len(firm) + limit + 1):
            if length not in self._words:
                continue
            # an edit adds at most one letter to those that a word holds and takes at most one away
            held = self._letters[length]
            more, fewer = np.bitwise_count(held & ~letters), np.bitwise_count(letters & ~held)
            places = np.flatnonzero((more <= limit) & (fewer <= limit))
            near = process.extract(
                firm, self._firm[length][places], scorer=OSA.distance, score_cutoff=limit, limit=None
            )
            words = self._words[length]
            found.extend((steps, words[places[index]]) for _, steps, index in near)
        nearest = min((steps for steps, _ in found), default=0)
        return tuple(word for steps, word in found if steps <= nearest + 1)


def _firm(word: str) -> str:
    """A word with one sign for all that look the same."""
    word = word.translate(FIRM)
    for two, one in _TWO_FOR_ONE:
        word = word.replace(two, one)
    return word


def _letters(words: Iterable[str]) -> NDArray[np.uint32]:
    """Which letters each word holds, a bit each."""
    masks = []
    for word in words:
        mask = 0
        for sign in set(word):
            mask |= 1 << (ord(sign) & 31)
        masks.append(mask)
    return np.array(masks, np.uint32)
