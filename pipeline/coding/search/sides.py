"""Which side a text speaks of, in words or in the Latin shorthand of eyes and ears."""

import re
from enum import IntEnum


class Side(IntEnum):
    """Laterality."""

    NONE = 0
    LEFT = 1
    RIGHT = 2
    BOTH = 3


_WORD = re.compile(r"[a-z/]+")
_LEFT, _RIGHT = frozenset(("left", "lt", "l")), frozenset(("right", "rt", "r"))
_BOTH = frozenset(("bilateral", "bilat", "bilaterally", "both", "b/l"))
_LATIN = re.compile(r"\b(?:O[DSU]|o[dsu]|A[DSU])\b")
_LATIN_SIDE = {"D": "right", "S": "left", "U": "bilateral"}
_EAR = re.compile(r"\b(?:ears?|aom|om|ome|oe|tms?|tinnitus|cerumen|hearing|otalgia|otorrhea|\w*otitis)\b")


def with_sides(text: str) -> str:
    """The text with `OD`, `OS`, `OU` written out, and `AD`, `AS`, `AU` where it speaks of ears."""
    found = _LATIN.search(text)
    if found is None:
        return text
    ears = _EAR.search(text.lower()) is not None
    return _LATIN.sub(lambda m: _LATIN_SIDE[m[0][1].upper()] if ears or m[0][0] in "oO" else m[0], text)


def side_of(text: str) -> Side:
    """The side that a text names."""
    words = frozenset(_WORD.findall(with_sides(text).lower()))
    left, right = bool(words & _LEFT), bool(words & _RIGHT)
    if words & _BOTH or (left and right):
        return Side.BOTH
    return Side.LEFT if left else Side.RIGHT if right else Side.NONE
