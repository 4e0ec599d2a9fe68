"""Which shorthand was meant where the reader took some of its strokes for others."""

import math
from collections import defaultdict
from collections.abc import Sequence

from pipeline.entities.text.chart_text import PageText
from pipeline.entities.text.tokens import Token
from pipeline.entities.words.known import KnownWords
from pipeline.entities.words.readings import LEAST_SURE, other_readings
from pipeline.entities.words.spelling import Confusions
from pipeline.lexicon import Lexicon

SHORTEST_FIGURED = 3
"""Signs of the shortest shorthand that a figure is taken out of: `M1` may be a stage."""
FIGURES = str.maketrans("01589", "oisbg")
"""The letter that each figure looks like most."""
STROKES = str.maketrans("I1|/iO05", "lllllooS")
"""Signs that are drawn with the same stroke made one."""
LONGEST = 6
"""Signs of the longest shorthand whose strokes are compared."""
UNHEARD = -16.0
"""Log chance of a shorthand that the notes the language was learnt from do not have."""
NORMAL = "nl"
TAKEN_FOR_NORMAL = frozenset({"no", "ne", "ni"})


class MisreadShorthand:
    """Finds the shorthand that another reading of the ink says, or that looks like what was read."""

    def __init__(self, lexicon: Lexicon, known: KnownWords, cost: Confusions) -> None:
        self._known = known
        self._shorthand = frozenset(
            entry.short.lower()
            for entry in lexicon.abbreviations
            if not (entry.sections or entry.neighbours) and len(entry.short) > 1
        )
        self._cost = cost
        self._by_strokes: defaultdict[str, list[str]] = defaultdict(list)
        for short in sorted(self._shorthand):
            self._by_strokes[_strokes(short)].append(short)

    def __call__(self, text: PageText, token: Token) -> str | None:
        """The shorthand that was meant by capitals that mean nothing: `HJN` for `HTN`, `C0PD` for `COPD`."""
        read = token.lower
        for _, others in other_readings(text, token):
            likely: dict[str, float] = {}
            for short, sure in others:
                if not short.isupper() or short.lower() not in self._shorthand:
                    continue
                # one sign that looks like another; or, where the reader thinks well of it, a sign more or less
                steps = self._cost(read, short.lower(), 2, 1)
                if sure > 0 and (steps <= 1 or (steps <= 2 and sure >= LEAST_SURE)):
                    likely[short.lower()] = math.log(sure) + self._known.wording.chance.get(short.lower(), UNHEARD)
            if likely:
                return max(likely, key=lambda short: likely[short])
        if len(read) < SHORTEST_FIGURED or read.isalpha():
            return None
        meant = [short for short in self._shorthand if short.isalpha() and self._cost(read, short, 2, 1) <= 1]
        plainest = [short for short in meant if short == read.translate(FIGURES)] or meant
        return plainest[0] if len(plainest) == 1 else None

    def seen(self, text: PageText, tokens: Sequence[Token], index: int) -> str | None:
        """The shorthand that the reader itself also saw where a short word stands: `clo` for `c/o`, `nI` for `nl`."""
        token = tokens[index]
        word = token.text.rstrip(".")
        if not 1 < len(word) <= LONGEST or word.isdigit():
            return None
        if word in TAKEN_FOR_NORMAL:
            return NORMAL if _ends_phrase(tokens, index) and _sees(text, token, NORMAL) else None
        if word.isupper():
            return self._likelier(text, token)
        if word.lower() in self._known.own:
            return None
        meant = self._by_strokes.get(_strokes(word), [])
        if len(meant) != 1 or meant[0] == word.lower():
            return None
        # no word goes on with a capital I behind a small letter
        is_small_l = word[0].islower() and word.replace("I", "l") == meant[0]
        return meant[0] if is_small_l or (len(word) >= SHORTEST_FIGURED and _sees(text, token, meant[0])) else None

    def _likelier(self, text: PageText, token: Token) -> str | None:
        """Shorthand that the reader finds likelier than what it read: `TIA` at .22 where it read `JIA` at .16."""
        for confidence, others in other_readings(text, token):
            for other, sure in others:
                if (
                    confidence is not None
                    and sure > confidence
                    and other.isupper()
                    and other.lower() in self._shorthand
                ):
                    return other.lower()
        return None


def _strokes(word: str) -> str:
    return word.translate(STROKES).lower()


def _sees(text: PageText, token: Token, word: str) -> bool:
    """Whether a word is among the reader's other readings of a token."""
    return any(other.lower() == word for _, others in other_readings(text, token) for other, _ in others)


def _ends_phrase(tokens: Sequence[Token], index: int) -> bool:
    """Whether a sign follows: `no` denies what comes behind it."""
    return tokens[index].text[-1] == "." or (index + 1 < len(tokens) and tokens[index + 1].text in {".", ",", ";"})
