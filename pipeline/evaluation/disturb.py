"""Disturbs a text as a reader misreads it, to measure what findings survive.

A share of the letters and figures is misread; white space and signs stay, unless words are to be split and joined
as well.
"""

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.lexicon import Confusion

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Disturbed:
    """A text that was misread, with the way from the text as it was."""

    text: str
    places: tuple[int, ...]
    """Of each code point of the text as it was, and of its end: where it stands, or would stand, in the misread one."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the text as it was lies in the misread one; it may be empty."""
        return self.places[start], self.places[end]


class Misreader:
    """Misreads texts: the same text with the same seed in the same way."""

    def __init__(
        self, confusions: Iterable[Confusion], *, share: float, alike: float = 0.5, gaps: float = 0.0, seed: int = 0
    ) -> None:
        """Prepare the confusions.

        Args:
            confusions: signs that are taken for one another.
            share: of letters and figures that are misread, 0 to 1.
            alike: share of the misread ones that become what they look like, 0 to 1. Of the others half become any
                letter, and a quarter each is lost or has a letter added behind it.
            gaps: share of the gaps between words that are lost, and of the letters behind which one is made, 0 to 1.
            seed: another one misreads otherwise.

        Raises:
            ValueError: a share is not between 0 and 1.
        """
        if not all(0 <= part <= 1 for part in (share, alike, gaps)):
            raise ValueError("Shares lie between 0 and 1.")
        looks: defaultdict[str, list[str]] = defaultdict(list)
        pairs: defaultdict[str, list[str]] = defaultdict(list)
        for pair in confusions:
            for meant, read in ((pair.one, pair.other), (pair.other, pair.one)):
                (looks if len(meant) == 1 else pairs)[meant].append(read)
        self._looks, self._pairs = dict(looks), dict(pairs)
        self._share, self._alike, self._gaps, self._seed = share, alike, gaps, seed

    def __call__(self, text: str) -> Disturbed:
        """Misread a text."""
        chance = random.Random(f"{self._seed} {text}")
        pieces: list[str] = []
        places: list[int] = []
        length = index = 0
        while index < len(text):
            taken, piece = self._read(text, index, chance)
            places.extend(min(length + step, length + len(piece)) for step in range(taken))
            pieces.append(piece)
            length += len(piece)
            index += taken
        return Disturbed("".join(pieces), (*places, length))

    def _read(self, text: str, index: int, chance: random.Random) -> tuple[int, str]:
        """How many signs are read at a place, and as what."""
        sign = text[index]
        if not sign.isalnum():
            return 1, "" if sign == " " and chance.random() < self._gaps else sign
        gap = " " if text[index + 1 : index + 2].isalnum() and chance.random() < self._gaps else ""
        if chance.random() >= self._share:
            return 1, sign + gap
        lower = sign.lower()
        if chance.random() < self._alike:
            pair = text[index : index + 2].lower()
            if pair in self._pairs and chance.random() < 0.5:
                return 2, _cased(chance.choice(self._pairs[pair]), sign) + gap
            if lower in self._looks:
                return 1, _cased(chance.choice(self._looks[lower]), sign) + gap
        kind = chance.random()
        if kind < 0.5:
            return 1, _cased(chance.choice(LETTERS.replace(lower, "")), sign) + gap
        if kind < 0.75:
            return 1, gap
        return 1, sign + _cased(chance.choice(LETTERS), sign) + gap


def _cased(read: str, sign: str) -> str:
    """What was read, in capitals where a capital was."""
    return read.upper() if sign.isupper() else read
