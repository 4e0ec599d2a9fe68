"""A form's printed label before what was filled in by hand: "NAME: Miller"."""

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

_LABELS = (
    *("name", "last name", "first name", "middle name", "family name", "given name", "surname", "full name"),
    *("patient", "patient name", "name of patient", "nom", "prenom", "nom de famille"),
)
_MOST_WORDS = 3
_LIKE, _LIKE_WITH_COLON = 0.8, 0.65
"""How much of a label must be right."""


def words_of_label(texts: Sequence[str]) -> int:
    """How many words at the start of a line are the label of a field for a name; 0 where nothing stands after them."""
    for count in range(min(_MOST_WORDS, len(texts) - 1), 0, -1):
        label = " ".join(texts[:count])
        plain = "".join(sign for sign in label.lower() if sign.isalpha() or sign == " ")
        colon = label.endswith(":")
        # Its beginning is often cut off.
        rest = colon and len(plain) > 1 and any(known.endswith(plain) for known in _LABELS)
        like = max(Levenshtein.normalized_similarity(plain, known) for known in _LABELS)
        if rest or like >= (_LIKE_WITH_COLON if colon else _LIKE):
            return count
    return 0
