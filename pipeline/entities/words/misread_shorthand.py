"""Which shorthand was meant by a few capitals that mean nothing."""

from pipeline.entities.text.chart_text import PageText
from pipeline.entities.text.tokens import Token
from pipeline.entities.words.spelling import Confusions
from pipeline.lexicon import Lexicon

SIGNS = ".,;:()"
SHORTEST_FIGURED = 3
"""Signs of the shortest shorthand that a figure is taken out of: `M1` may be a stage."""
FIGURES = str.maketrans("01589", "oisbg")
"""The letter that each figure looks like most."""
LEAST_SURE = 0.01
"""Another reading of a shorthand has at least this probability."""


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
        for word in text.words_in(token.start, token.end):
            if word.text.strip(SIGNS) != token.text:
                continue
            for other in word.alternatives:
                short = other.text.strip(SIGNS)
                if not short.isupper() or short.lower() not in self._shorthand:
                    continue
                # one sign that looks like another; or, where the reader thinks well of it, a sign more or less
                steps = self._cost(read, short.lower(), 2, 1)
                if steps <= 1 or (steps <= 2 and (other.confidence or 0) >= LEAST_SURE):
                    return short.lower()
        if len(read) < SHORTEST_FIGURED or read.isalpha():
            return None
        meant = [short for short in self._shorthand if short.isalpha() and self._cost(read, short, 2, 1) <= 1]
        plainest = [short for short in meant if short == read.translate(FIGURES)] or meant
        return plainest[0] if len(plainest) == 1 else None
