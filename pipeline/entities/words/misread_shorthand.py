"""Which shorthand was meant by a few capitals that mean nothing."""

from pipeline.entities.text.chart_text import PageText
from pipeline.entities.text.tokens import Token
from pipeline.entities.words.readings import LEAST_SURE, other_readings
from pipeline.entities.words.spelling import Confusions
from pipeline.lexicon import Lexicon

SHORTEST_FIGURED = 3
"""Signs of the shortest shorthand that a figure is taken out of: `M1` may be a stage."""
FIGURES = str.maketrans("01589", "oisbg")
"""The letter that each figure looks like most."""


class MisreadShorthand:
    """Finds the shorthand that another reading of the ink says, or a figure that looks like a letter."""

    def __init__(self, lexicon: Lexicon, cost: Confusions) -> None:
        self._shorthand = frozenset(
            entry.short.lower()
            for entry in lexicon.abbreviations
            if not (entry.sections or entry.neighbours) and len(entry.short) > 1
        )
        self._cost = cost

    def __call__(self, text: PageText, token: Token) -> str | None:
        """The shorthand that was meant by capitals that mean nothing: `HJN` for `HTN`, `C0PD` for `COPD`."""
        read = token.lower
        for _, others in other_readings(text, token):
            for short, sure in others:
                if not short.isupper() or short.lower() not in self._shorthand:
                    continue
                # one sign that looks like another; or, where the reader thinks well of it, a sign more or less
                steps = self._cost(read, short.lower(), 2, 1)
                if steps <= 1 or (steps <= 2 and sure >= LEAST_SURE):
                    return short.lower()
        if len(read) < SHORTEST_FIGURED or read.isalpha():
            return None
        meant = [short for short in self._shorthand if short.isalpha() and self._cost(read, short, 2, 1) <= 1]
        plainest = [short for short in meant if short == read.translate(FIGURES)] or meant
        return plainest[0] if len(plainest) == 1 else None
