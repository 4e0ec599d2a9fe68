"""Repairs words that the reader got wrong, before shorthand is written out.

A word that is known stays. Any other is weighed as ink that was misread: what each known word near it
would have cost the reader, how likely that word is between its neighbours, and how likely it is that
nobody knows the word that stands there. How easily letters are believed to be misread follows from the page:
among words that are all known a stranger is a name or a drug, among strangers it is a misreading.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.entities.text.chart_text import PageText
from pipeline.entities.text.tokens import Token
from pipeline.entities.words.known import KnownWords, is_short, may_be_name
from pipeline.entities.words.misread_drugs import MisreadDrugs, is_dosed
from pipeline.entities.words.misread_shorthand import MisreadShorthand
from pipeline.entities.words.readings import LEAST_SURE, other_readings
from pipeline.entities.words.spelling import Confusions, Neighbours
from pipeline.lexicon import Lexicon

HYPOTHESES = 6
"""So many known words are weighed for a misread one."""
CLEAN, WORST = 0.002, 0.1
"""Share of letters misread that is believed of a page, least and most."""
STEP = math.log(26)
"""Any letter may stand for a letter; few look like it."""
FEW = 0.01
"""Where no larger share of letters is misread, a word holds one error or two confusions, and a term or a usual word
was meant."""
SHORTEST = 5
"""Letters of the shortest word that is repaired there."""
TWO_ERRORS_FROM = 10
"""Letters from which two confusions are believed of a word there."""
LONG, USUAL = 8, -14.0
"""Other words are meant there where they have so many letters and such a log chance."""
MARGIN = 1.0
"""By so much, in logs, the best word must be more likely than the word left as it is."""
SURE = 0.95
"""A word read with this probability is repaired by a confusion alone."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A word that may be meant."""

    word: str
    ink: float
    """Log chance that it was read as it was."""
    known: bool


class Repairer:
    """Gives the words of a text, lower case, repaired where the reader got them wrong."""

    def __init__(self, lexicon: Lexicon, known: KnownWords) -> None:
        """Index the words.

        Args:
            lexicon: its shorthand, drugs and confusions of signs.
            known: words that need no repair.
        """
        self._known = known
        self._wording = known.wording
        self._near = Neighbours(known.wording.chance)
        self._cost = Confusions((pair.one, pair.other) for pair in lexicon.confusions)
        self._drug_meant = MisreadDrugs(lexicon, self._cost)
        self._shorthand_meant = MisreadShorthand(lexicon, known, self._cost)

    def __call__(self, text: PageText, tokens: Sequence[Token]) -> tuple[str, ...]:
        """The words of a page.

        Args:
            text: the page, for the reader's confidences and alternatives.
            tokens: of the text.
        """
        words = [self._known.without_stop(token.lower) for token in tokens]
        strange = [index for index, token in enumerate(tokens) if self._known.is_strange(token)]
        seen = {
            index: short for index in range(len(tokens)) if (short := self._shorthand_meant.seen(text, tokens, index))
        }
        for index, short in seen.items():
            words[index] = short
        if not strange:
            return tuple(words)
        error = _error(tokens, strange)
        doubted = {}
        for index in strange:
            if index in seen:
                continue
            token = tokens[index]
            if is_short(token):
                words[index] = self._shorthand_meant(text, token) or words[index]
            elif is_dosed(tokens, index):
                words[index] = self._drug_meant(text, token) or words[index]
            elif not (_is_cut(token) or may_be_name(tokens, index)):
                hypotheses = self._hypotheses(text, token, error)
                if len(hypotheses) > 1:
                    doubted[index] = hypotheses
        for run in _runs(sorted(doubted)):
            before = words[run[0] - 1] if run[0] else ""
            after = words[run[-1] + 1] if run[-1] + 1 < len(words) else ""
            chosen = self._likeliest([doubted[index] for index in run], before, after)
            for index, word in zip(run, chosen, strict=True):
                words[index] = word
        return tuple(words)

    def _hypotheses(self, text: PageText, token: Token, error: float) -> list[Hypothesis]:
        """What a strange word may be, itself first."""
        read = token.lower
        plain = math.log(error) - math.log(2) - STEP
        alike = math.log(error) - math.log(4)
        sure, others = _other_readings(text, token)
        few = error <= FEW
        least = alike if sure else -math.inf
        if few and token.text.isupper():
            least = alike
        elif few and not sure:
            least = 2 * alike if len(read) >= TWO_ERRORS_FROM else plain
        itself = Hypothesis(read, self._known.novel(read), False)
        found = []
        if len(read) >= SHORTEST or not few:
            found = [Hypothesis(word, ink, True) for word, ink in others.items() if self._is_meant(word)]
            for word in self._near(read):
                ink = -self._cost(read, word, -plain, -alike)
                # who writes a word wrong, and who reads it wrong by chance, gets its first letter right
                begins = word[0] == read[0] or ink >= alike
                if ink >= least and word not in others and (not few or (begins and self._is_meant(word))):
                    found.append(Hypothesis(word, ink, True))
        found.sort(key=lambda one: -(one.ink + self._wording.chance[one.word]))
        return [itself, *found[:HYPOTHESES]]

    def _is_meant(self, word: str) -> bool:
        """Whether a word is likely enough to be the one meant where hardly any word is misread."""
        if word not in self._wording.chance:
            return False
        return word in self._known.own or (len(word) >= LONG and self._wording.chance[word] > USUAL)

    def _likeliest(self, run: Sequence[Sequence[Hypothesis]], before: str, after: str) -> list[str]:
        """The words of a run of strange ones that are likeliest together."""
        paths: list[tuple[float, list[str]]] = [(0.0, [])]
        for hypotheses in run:
            grown = []
            for one in hypotheses:
                best: tuple[float, list[str]] | None = None
                for score, path in paths:
                    last = path[-1] if path else before
                    said = score + (self._wording.after(last, one.word) if one.known else MARGIN) + one.ink
                    if best is None or said > best[0]:
                        best = (said, [*path, one.word])
                assert best is not None
                grown.append(best)
            paths = grown
        ends = [(score + self._after(path[-1], after), path) for score, path in paths]
        return max(ends, key=lambda end: end[0])[1]

    def _after(self, last: str, after: str) -> float:
        return self._wording.after(last, after) if after in self._wording.chance else 0.0


def _other_readings(text: PageText, token: Token) -> tuple[bool, dict[str, float]]:
    """Whether the reader is sure of a word, and what else it may have read there, with log chances beside its best."""
    sure = False
    likely: dict[str, float] = {}
    for confidence, others in other_readings(text, token):
        if confidence is None:
            continue
        sure = confidence >= SURE
        for other, chance in others:
            if chance >= LEAST_SURE:
                likely.setdefault(other.lower(), math.log(min(1.0, chance / max(confidence, LEAST_SURE))))
    return sure, likely


def _error(tokens: Sequence[Token], strange: Sequence[int]) -> float:
    """Share of letters that were misread on a page, from the share of strange words among those of ordinary length."""
    strangers = set(strange)
    ordinary = [index for index, token in enumerate(tokens) if len(token.text) > 3 and token.text[1:].islower()]
    share = (sum(index in strangers for index in ordinary) + 0.5) / (len(ordinary) + 20)
    return min(WORST, max(CLEAN, (share - 0.03) / 5))


def _runs(places: Sequence[int]) -> list[list[int]]:
    """Neighbouring places together."""
    runs: list[list[int]] = []
    for place in places:
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _is_cut(token: Token) -> bool:
    """Whether full stops make a shortening of a word: `p.o`, `mL.`."""
    return "." in token.text[:-1] or (token.text[-1] == "." and len(token.text) <= SHORTEST)
