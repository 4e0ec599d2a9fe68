"""A text with a share of its characters misread."""

import random
from collections.abc import Iterable
from dataclasses import dataclass

ALIKE = (("a", "o"), ("c", "e"), ("d", "cl"), ("g", "q"), ("h", "b"), ("i", "l"), ("l", "1"), ("m", "rn"), ("n", "u"))
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Disturbed:
    """A disturbed text and the way from the old one to it."""

    text: str
    places: tuple[int, ...]
    """Where each code point of the old text, and its end, stands in the new one."""


class Misreader:
    """Misreads a share of the letters and digits: as one that looks alike, as any, as two or as none."""

    def __init__(self, confusions: Iterable[tuple[str, str]], *, share: float, seed: int = 0) -> None:
        """Take what letters are taken for, the share from 0 to 1, and a seed: another one misreads otherwise."""
        self._alike = dict(confusions)
        self._share, self._seed = share, seed

    def __call__(self, text: str) -> Disturbed:
        """Misread a text, the same text always in the same way."""
        chance = random.Random(f"{self._seed} {text}")
        pieces, places, length = [], [], 0
        for letter in text:
            places.append(length)
            misread = letter.isalnum() and chance.random() < self._share
            pieces.append(self._read(letter, chance) if misread else letter)
            length += len(pieces[-1])
        return Disturbed("".join(pieces), (*places, length))

    def _read(self, letter: str, chance: random.Random) -> str:
        kind = chance.random()
        if kind < 0.6 and letter in self._alike:
            return self._alike[letter]
        if kind < 0.8:
            return chance.choice(_LETTERS)
        return "" if kind < 0.9 else letter + chance.choice(_LETTERS)
