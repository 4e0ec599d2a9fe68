"""Words that were read beside the words of the truth: which stands for which, and was it right?

Here a text counts as `inkchart evaluate reading` measures it: in small letters, only letters, digits and spaces,
runs of spaces as one. Punctuation vanishes without leaving a space, so a word stays one word.
"""

from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from pipeline.evaluation.calibration import Judged, judged
from pipeline.evaluation.cer import CharacterErrors
from pipeline.evaluation.shares import Share
from pipeline.records import Word

OPTIONS = 5
"""A coder is offered the best reading and its alternatives, so many in all."""


def plain(text: str) -> str:
    """What counts of a text."""
    return " ".join("".join(c for c in text.lower() if c.isalnum() or c.isspace()).split())


def character_errors(read: str, truth: str) -> CharacterErrors:
    """Errors of one text, in characters that count."""
    one, other = plain(read), plain(truth)
    return CharacterErrors(edits=Levenshtein.distance(one, other), extra=0, length=len(other))


def together(parts: Sequence[CharacterErrors]) -> CharacterErrors:
    """The errors of several texts."""
    return CharacterErrors(edits=sum(part.edits for part in parts), extra=0, length=sum(part.length for part in parts))


def align(read: Sequence[str], truth: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Pair words that were read with words of the truth, in order, at the least cost.

    A word without a partner costs 1, a pair the share of its characters that differ; None stands for no partner.
    """
    costs = cdist(read, truth, scorer=Levenshtein.normalized_distance) if read and truth else np.zeros((0, 0))
    best = np.zeros((len(read) + 1, len(truth) + 1))
    best[:, 0], best[0, :] = range(len(read) + 1), range(len(truth) + 1)
    for i in range(1, len(read) + 1):
        for j in range(1, len(truth) + 1):
            best[i, j] = min(best[i - 1, j - 1] + costs[i - 1, j - 1], best[i - 1, j] + 1, best[i, j - 1] + 1)
    pairs: list[tuple[int | None, int | None]] = []
    i, j = len(read), len(truth)
    while i or j:
        if i and j and best[i, j] == best[i - 1, j - 1] + costs[i - 1, j - 1]:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif i and best[i, j] == best[i - 1, j] + 1:
            i -= 1
            pairs.append((i, None))
        else:
            j -= 1
            pairs.append((None, j))
    return pairs[::-1]


def judge(words: Sequence[Word], truth: str) -> tuple[Judged, Share]:
    """Were the words right, and does each word of the truth stand among what a coder is offered for it?

    Args:
        words: as read; those without letters or digits do not count, those without a confidence are not judged.
        truth: the whole text.

    Returns:
        The read words with their confidences, and the words of the truth that stand among the options of the word
        that is paired with them.
    """
    counting = [word for word in words if plain(word.text)]
    texts, true = [plain(word.text) for word in counting], plain(truth).split()
    right = [False] * len(texts)
    offered = 0
    for place, partner in align(texts, true):
        if place is not None and partner is not None:
            right[place] = texts[place] == true[partner]
            others = counting[place].alternatives[: OPTIONS - 1]
            offered += right[place] or any(plain(other.text) == true[partner] for other in others)
    known = [(word.confidence, ok) for word, ok in zip(counting, right, strict=True) if word.confidence is not None]
    return judged(known), Share(right=offered, of=len(true))
