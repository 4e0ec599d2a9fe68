"""Repairs a word that the reader got slightly wrong, before shorthand is expanded.

Only towards a word of the term list, only where one word of it is clearly nearest, and never a word
that is correct already, a number, a dose or a name.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 6
"""Letters of the shortest word that is repaired."""
TWO_ERRORS_FROM = 10
"""Letters from which two errors are allowed."""
DIGIT_LETTERS = str.maketrans({"0": "o", "1": "l", "5": "s", "8": "b", "|": "l", "!": "i", "$": "s"})
ENDINGS = ("s", "es", "ed", "ing", "ly", "al", "ness", "ful", "er", "d", "y", "ic", "ally")
NOT_LETTERS = frozenset("0123456789.,/%#&@*+=<>()[]")


class Speller:
    """Proposes the word of the term list that a misread word was."""

    def __init__(self, vocabulary: Iterable[str], known: Iterable[str]) -> None:
        """Prepare the word lists.

        Args:
            vocabulary: words, lower case, that may be meant.
            known: further words, lower case, that are correct as they are.
        """
        words = {word for word in vocabulary if len(word) >= SHORTEST - 1 and word.isalpha()}
        self._known = frozenset(words) | frozenset(known)
        by_length: defaultdict[int, list[str]] = defaultdict(list)
        for word in sorted(words):
            if len(word) >= SHORTEST:
                by_length[len(word)].append(word)
        self._near = {
            length: tuple(word for other in range(length - 2, length + 3) for word in by_length.get(other, ()))
            for length in range(SHORTEST, max(by_length, default=SHORTEST) + 3)
        }

    def __call__(self, lower: str, alternatives: Sequence[str] = ()) -> str | None:
        """The repaired word, or None where the word stays as it is.

        Args:
            lower: the word as read, lower case.
            alternatives: other readings of the same ink, best first.
        """
        if len(lower) < SHORTEST or self.knows(lower):
            return None
        plain = lower.translate(DIGIT_LETTERS)
        if not plain.isalpha() or sum(char.isdigit() for char in lower) > 2:
            return None
        for other in (*alternatives, plain):
            if other != lower and self.knows(other) and len(other) >= SHORTEST:
                return other
        limit = 2 if len(plain) >= TWO_ERRORS_FROM else 1
        near = process.extract(plain, self._near.get(len(plain), ()), scorer=OSA.distance, score_cutoff=limit, limit=2)
        if not near or (len(near) > 1 and near[0][1] == near[1][1] and not _same_word(near[0][0], near[1][0])):
            return None
        return str(near[0][0])

    def knows(self, lower: str) -> bool:
        """Whether a word is correct as it is, its endings included."""
        if lower in self._known:
            return True
        return any(
            lower.endswith(ending)
            and (lower[: -len(ending)] in self._known or lower[: -len(ending)] + "e" in self._known)
            for ending in ENDINGS
        )


def _same_word(one: str, other: str) -> bool:
    """Whether two words are the singular and plural of one."""
    return one.rstrip("s") == other.rstrip("s")
