"""What else the reader may have read where a token stands, also where it hangs together with others: `OM2-Ac`."""

import re
from collections.abc import Iterator

from pipeline.entities.text.chart_text import PageText
from pipeline.entities.text.tokens import Token

SIGNS = ".,;:()"
LEAST_SURE = 0.01
"""Another reading of weight has at least this probability."""
_BETWEEN = re.compile(r"[-–/,;:.()]+")


def other_readings(text: PageText, token: Token) -> Iterator[tuple[float | None, tuple[tuple[str, float], ...]]]:
    """The words of the ink under a token.

    Yields:
        how sure the reader is of a word that holds the token (None: not known), and its other readings of the
        token's part of it, each with its probability.
    """
    plain = token.text.strip(SIGNS)
    for word in text.words_in(token.start, token.end):
        if word.text.strip(SIGNS) == plain:
            others = [(other.text.strip(SIGNS), other.confidence or 0.0) for other in word.alternatives]
            yield word.confidence, tuple(others)
            continue
        pieces = _BETWEEN.split(word.text)
        if pieces.count(plain) != 1:
            continue
        place = pieces.index(plain)
        parted = [(_BETWEEN.split(other.text), other.confidence or 0.0) for other in word.alternatives]
        yield word.confidence, tuple((parts[place], sure) for parts, sure in parted if len(parts) == len(pieces))
