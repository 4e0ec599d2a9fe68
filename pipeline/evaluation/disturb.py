"""A text with a share of its characters misread."""

import random
from dataclasses import dataclass

_ALIKE = {
    "a": "o",
    "c": "e",
    "d": "cl",
    "e": "c",
    "g": "q",
    "h": "b",
    "i": "l",
    "l": "1",
    "m": "rn",
    "n": "u",
    "o": "0",
}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbed:
    """A disturbed text and the way from the old one to it."""

    text: str
    places: tuple[int, ...]
    """Where each code point of the old text, and its end, stands in the new one."""


def disturb(text: str, share: float, seed: int) -> Disturbed:
    """Misread a share of the letters and digits: as one that looks alike, as any, as two or as none."""
    chance = random.Random(seed)
    pieces, places, length = [], [], 0
    for letter in text:
        places.append(length)
        piece = _misread(letter, chance) if letter.isalnum() and chance.random() < share else letter
        pieces.append(piece)
        length += len(piece)
    return Disturbed(text="".join(pieces), places=(*places, length))


def _misread(letter: str, chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.6 and letter in _ALIKE:
        return _ALIKE[letter]
    if kind < 0.8:
        return chance.choice(_LETTERS)
    return "" if kind < 0.9 else letter + chance.choice(_LETTERS)
