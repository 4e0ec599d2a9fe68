"""Shorthand that a note explains itself: `hepatocellular carcinoma (HCC)`.

After Schwartz and Hearst (2003): the letters in brackets must stand, in order, in the words before them, the
first of them at the beginning of a word.
"""

import re
from collections.abc import Sequence

from pipeline.entities.tokens import SOFT, Token

SHORT = re.compile(r"[A-Z0-9][A-Za-z0-9-]{1,8}")
SMALL = frozenset(
    {"a", "all", "an", "and", "are", "as", "by", "for", "had", "has", "her", "his", "in", "of", "the", "was"}
)
"""No wording begins with one of these."""
LONGEST = 8
"""Words of the longest wording that is looked at."""


def explained_in(tokens: Sequence[Token], words: Sequence[str]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Shorthand that a page explains, as the texts of its tokens, and the words it stands for.

    Args:
        tokens: of the page.
        words: the tokens in lower case, repaired.
    """
    return {
        short: tuple(words[place] for place in range(first, last + 1) if tokens[place].text not in SOFT)
        for short, (first, last) in defined_shorthand(tokens).items()
    }


def defined_shorthand(tokens: Sequence[Token]) -> dict[tuple[str, ...], tuple[int, int]]:
    """What a note explains in brackets.

    Args:
        tokens: of the note.

    Returns:
        each shorthand, as the texts of its tokens, with the first and last token of its wording.
    """
    found: dict[tuple[str, ...], tuple[int, int]] = {}
    for index, token in enumerate(tokens):
        if token.text != "(" or index == 0:
            continue
        end = index + 1
        while end < len(tokens) and end - index <= LONGEST and tokens[end].text != ")":
            end += 1
        if end == len(tokens) or tokens[end].text != ")":
            continue
        inside = tokens[index + 1 : end]
        short = "".join(part.text for part in inside)
        if not SHORT.fullmatch(short) or sum(sign.isupper() for sign in short) < 2 or any(p.spaced for p in inside[1:]):
            continue
        first = _wording(tokens, index, short.lower().replace("-", ""))
        if first is not None:
            found.setdefault(tuple(part.text for part in inside), (first, index - 1))
    return found


def _wording(tokens: Sequence[Token], end: int, letters: str) -> int | None:
    """First token of the words before `end` that the letters stand for."""
    place = len(letters) - 1
    left = min(2 * len(letters), LONGEST)
    for index in range(end - 1, -1, -1):
        left -= tokens[index].text.isalnum()
        if left < 0:
            return None
        if tokens[index].text in {".", ";", ":", "(", ")"} or (tokens[index + 1].begins_line and index + 1 < end):
            return None
        word = tokens[index].lower
        for cursor in range(len(word) - 1, -1, -1):
            if word[cursor] != letters[place]:
                continue
            if place == 0:
                if cursor == 0 and word not in SMALL:
                    return index
                continue
            place -= 1
    return None
