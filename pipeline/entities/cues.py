"""Where the words that negate, doubt, date or shift findings stand in a text."""

import re
from collections import defaultdict
from collections.abc import Sequence

from pipeline.entities.phrases import PhraseIndex
from pipeline.entities.tokens import Token, Tokenizer
from pipeline.lexicon import Category, Cue, Direction, Lexicon

PAUSES = frozenset({",", ".", ";", ")", "/"})
DASHES = frozenset({"-", "–"})
PLUS = (Cue(text="+", category=Category.END, direction=Direction.BOTH, reach=None),)
YEAR = re.compile(r"(?:19|20)\d\d")
THEN = (Cue(text="in", category=Category.HISTORICAL, direction=Direction.FORWARD, reach=None),)
AROUND = frozenset({Category.TELLS, Category.BESIDE})
"""Only the words beside a person, and no cues elsewhere."""

Hit = tuple[int, int, tuple[Cue, ...]]
"""First and last token of a cue, and what its wording may mean."""


class CueFinder:
    """Finds the longest cue wording at each place; what lies within a finding's own words is no cue."""

    def __init__(self, lexicon: Lexicon, tokenizer: Tokenizer) -> None:
        wordings: defaultdict[tuple[str, ...], list[Cue]] = defaultdict(list)
        for cue in lexicon.cues:
            if cue.category not in AROUND:
                wordings[tokenizer.lowers(cue.text)].append(cue)
        self._index = PhraseIndex([(words, tuple(cues)) for words, cues in wordings.items()])

    def __call__(
        self,
        tokens: Sequence[Token],
        words: Sequence[str],
        starts: Sequence[int],
        inside: dict[int, tuple[int, int]],
    ) -> list[Hit]:
        """First and last token of each cue wording, in order."""
        hits: list[Hit] = []
        signs = _signs(tokens, words, starts, inside)
        index = 0
        while index < len(words):
            if index in signs:
                hits.append((index, index, signs[index]))
                index += 1
                continue
            if words[index] == "in" and starts[index] == index and _year(words, index + 1):
                # "In 2003 he had a stroke": what the sentence tells lies back
                hits.append((index, index + 1, THEN))
                index += 2
                continue
            hit = self._index.longest(words, index)
            if hit is None:
                index += 1
                continue
            last = index + hit[0] - 1
            finding = inside.get(index)
            within = finding is not None and finding[0] <= index and last <= finding[1]
            cues = tuple(cue for cue in hit[1] if _answers(cue, words, starts, last))
            if within or starts[last] != starts[index] or not cues:
                index += 1
                continue
            hits.append((index, last, cues))
            index = last + 1
        return hits


def _signs(
    tokens: Sequence[Token], words: Sequence[str], starts: Sequence[int], inside: dict[int, tuple[int, int]]
) -> dict[int, tuple[Cue, ...]]:
    """Plus and minus signs before findings, where a sentence is written in them: `+cough -fever`."""
    signs: defaultdict[int, list[int]] = defaultdict(list)
    for first in {finding[0] for finding in inside.values()}:
        sign = first - 1
        if sign >= 0 and tokens[sign].spaced and (words[sign] == "+" or words[sign] in DASHES):
            signs[starts[sign]].append(sign)
    found: dict[int, tuple[Cue, ...]] = {}
    for places in signs.values():
        # one dash may be any dash, but not behind a comma; that of a list stands at the beginning of its line
        close = sum(not tokens[sign + 1].spaced for sign in places)
        listed = any(sign and words[sign - 1] == "," for sign in places)
        if not any(words[sign] == "+" for sign in places) and close < 2 and not listed:
            continue
        for sign in places:
            last = inside[sign + 1][1]
            while last + 2 < len(words) and words[last + 1] == "/" and last + 2 in inside:
                last = inside[last + 2][1]
            minus = Cue(text="-", category=Category.NEGATED, direction=Direction.FORWARD, reach=last - sign)
            found[sign] = PLUS if words[sign] == "+" else (minus,)
    return found


def _year(words: Sequence[str], index: int) -> bool:
    return index < len(words) and YEAR.fullmatch(words[index]) is not None


def _answers(cue: Cue, words: Sequence[str], starts: Sequence[int], last: int) -> bool:
    """Whether the short answer of a list (`fever: no`) ends here, and is not the beginning of `no fracture`."""
    if cue.category is not Category.ABSENT or cue.reach is None or cue.direction is Direction.FORWARD:
        return True
    return last + 1 == len(words) or starts[last + 1] != starts[last] or words[last + 1] in PAUSES
