"""Where sentences end in notes: at full stops, line ends, headings and the numbers of a list."""

from collections.abc import Sequence

from pipeline.entities.sections import Section
from pipeline.entities.tokens import Token

ENDS = frozenset({".", "?", "!", ";", "...", "*", "•"})
SHORT = 3
"""A word of so many letters before a full stop may be a shortening."""
TITLES = frozenset({"dr", "mr", "mrs", "ms", "vs", "pt", "approx", "no", "st", "lt", "rt", "wt", "ht", "temp", "resp"})


def sentence_starts(tokens: Sequence[Token], sections: Sequence[Section], soft: frozenset[int]) -> tuple[int, ...]:
    """For each token, the first token of its sentence.

    Args:
        tokens: of the text.
        sections: of each token.
        soft: where lines begin that only may go on with the line before, code points of the text.
    """
    starts = []
    start = 0
    for index, token in enumerate(tokens):
        section = sections[index]
        if (
            token.begins_line
            or token.start in soft
            or index in (section.heading, section.first)
            or (index and index - 1 != start and _ends(tokens, index - 1))
            or _numbers_an_item(tokens, index)
        ):
            start = index
        starts.append(start)
    return tuple(starts)


def _ends(tokens: Sequence[Token], index: int) -> bool:
    """Whether a sentence ends with this token."""
    token, after = tokens[index], tokens[index + 1]
    if token.text not in ENDS:
        return False
    if token.text == "?":
        # "?stroke" and "cough ? stroke" doubt the stroke; "stroke?" ends the sentence
        return after.spaced and not (index > 0 and token.spaced)
    if token.text == "*":
        # one is the sign of a list; two mark words that were taken out: "on **DATE"
        return "*" not in (after.text, tokens[index - 1].text if index else "")
    if token.text == ".":
        shortened = index > 0 and tokens[index - 1].lower in TITLES and not token.spaced
        # "500 mg p.o. daily" goes on, "no problems. h/o stones" does not
        goes_on = after.text[0].islower() and after.spaced and index > 0 and len(tokens[index - 1].text) <= SHORT
        # "father d. 60" and "uncle d. stroke": the age or the cause at which somebody died
        died = index > 0 and tokens[index - 1].text == "d"
        # a speck before a word: "call if .fever"
        speck = token.spaced and not after.spaced and after.text[0].islower()
        return not shortened and not goes_on and not died and not speck
    return True


def _numbers_an_item(tokens: Sequence[Token], index: int) -> bool:
    """Whether "2." or "2)" here begins the next item of a list."""
    if index + 2 >= len(tokens) or not tokens[index].text.isdigit() or len(tokens[index].text) > 2:
        return False
    sign, word = tokens[index + 1], tokens[index + 2]
    return sign.text in {".", ")"} and not sign.spaced and (word.text[0].isalpha() or word.text[0] in "?(")
