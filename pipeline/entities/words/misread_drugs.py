"""Which drug was meant by a misread word that a dose follows: `Telfart 60 mg`.

Such a word is a drug or nothing: it never becomes another word, and a drug only where no other is nearly as near.
"""

from collections.abc import Sequence

from pipeline.entities.text.chart_text import PageText
from pipeline.entities.text.tokens import Token
from pipeline.entities.words.readings import LEAST_SURE, other_readings
from pipeline.entities.words.spelling import Confusions, Neighbours
from pipeline.lexicon import Lexicon
from pipeline.records import Label

UNITS = frozenset({"mg", "mcg", "g", "gm", "ml", "cc", "units", "iu", "meq", "%"})
SHORTEST = 5
"""Letters of the shortest name that is meant."""
LONG = 8
"""Letters from which two confusions are believed."""
READ = 4
"""Another reading of the ink differs by so many confusions at most; any other edit counts for two."""


class MisreadDrugs:
    """Finds the drug whose name was misread before a dose."""

    def __init__(self, lexicon: Lexicon, cost: Confusions) -> None:
        self._names = frozenset(
            term.text.lower()
            for term in lexicon.terms
            if term.label is Label.SUPPLY and term.text.isalpha() and len(term.text) >= SHORTEST
        )
        self._near = Neighbours(self._names)
        self._cost = cost

    def __call__(self, text: PageText, token: Token) -> str | None:
        """The one drug that a strange word before a dose may be; None where there is none, or more than one."""
        read = token.lower
        others = {
            other.lower() for _, others in other_readings(text, token) for other, sure in others if sure >= LEAST_SURE
        }
        steps = {name: self._cost(read, name, 2, 1) for name in {*self._near(read), *(others & self._names)}}
        meant = sorted(steps, key=lambda name: (steps[name] - (name in others), name))
        if not meant:
            return None
        best = meant[0]
        most = READ if best in others else 2 if len(read) >= LONG else 1
        alone = len(meant) == 1 or steps[meant[1]] > steps[best]
        return best if alone and steps[best] <= most else None


def is_dosed(tokens: Sequence[Token], index: int) -> bool:
    """Whether a number with the unit of a dose stands behind a word on its line."""
    behind = tokens[index + 1 : index + 3]
    if not behind or behind[0].begins_line or not behind[0].text[0].isdigit():
        return False
    glued = behind[0].lower.lstrip("0123456789.,-/")
    return glued in UNITS or (not glued and len(behind) > 1 and behind[1].lower in UNITS)
