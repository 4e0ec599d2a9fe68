"""Repairs words that the reader got wrong, before shorthand is written out.

A word that is known stays. Any other is weighed as ink that was misread: what each known word near it
would have cost the reader, how likely that word is between its neighbours, and how likely it is that
nobody knows the word that stands there. How easily letters are believed to be misread follows from the page:
among words that are all known a stranger is a name or a drug, among strangers it is a misreading.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.entities.chart_text import PageText
from pipeline.entities.misread_drugs import MisreadDrugs, is_dosed
from pipeline.entities.misread_shorthand import LEAST_SURE, SIGNS, MisreadShorthand
from pipeline.entities.spelling import Confusions, Neighbours
from pipeline.entities.tokens import SOFT, Token, american, key_of
from pipeline.entities.wording import load_wording
from pipeline.lexicon import Lexicon, Term
from pipeline.onnx import read_manifest

TITLES = frozenset({"dr", "dr.", "mr", "mr.", "mrs", "mrs.", "ms.", "miss", "nurse"})
LONGEST_SHORTHAND = 5
UNUSED = -12.0
"""Log chance below which such capitals are no word of a chart."""
HYPOTHESES = 6
"""So many known words are weighed for a misread one."""
CLEAN, WORST = 0.002, 0.1
"""Share of letters misread that is believed of a page, least and most."""
NOVEL = math.log(0.02)
"""Log chance that a word is one that nobody listed."""
STEP = math.log(26)
"""Any letter may stand for a letter; few look like it."""
LETTER = -3.4
"""Log chance of each letter of such a word, where its spelling is unlikely; to be unlikely is what names do."""
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
ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "al", "ally", "ness", "ic", "er")
BEGINNINGS = (
    "un",
    "re",
    "non",
    "pre",
    "post",
    "sub",
    "micro",
    "multi",
    "inter",
    "intra",
    "anti",
    "hyper",
    "hypo",
    "de",
    "trans",
)
STEM = 5
"""Letters of the shortest word that may have a further ending or beginning."""
COUNTED = re.compile(r"\d+[).]?([a-z]{3,})|([a-z]{3,})-?\d+")
"""A number written together with its unit: `5minutes`, `gravida-0`."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A word that may be meant."""

    word: str
    ink: float
    """Log chance that it was read as it was."""
    known: bool


class Repairer:
    """Gives the words of a text, lower case, repaired where the reader got them wrong."""

    def __init__(self, lexicon: Lexicon, extra: Iterable[Term] = ()) -> None:
        """Index the words.

        Args:
            lexicon: its words are known, and so are its shorthand, cues and headings.
            extra: further terms, such as the descriptions of the code books.

        Raises:
            MissingModelError: the list of English words is missing or damaged.
        """
        short = {entry.short.lower() for entry in lexicon.abbreviations}
        own = _own_words(lexicon)
        self._own = own | short | lexicon.plain_words | SOFT
        further = _words(term.text for term in extra)
        self.wording = load_wording(read_manifest()["language"].checked(), own | further | lexicon.plain_words)
        """All words that are known."""
        self._near = Neighbours(self.wording.chance)
        self._cost = Confusions((pair.one, pair.other) for pair in lexicon.confusions)
        self._drug_meant = MisreadDrugs(lexicon, self._cost)
        self._shorthand_meant = MisreadShorthand(lexicon, self._cost)

    def __call__(self, text: PageText, tokens: Sequence[Token]) -> tuple[str, ...]:
        """The words of a page.

        Args:
            text: the page, for the reader's confidences and alternatives.
            tokens: of the text.
        """
        words = [self._without_stop(token.lower) for token in tokens]
        strange = [index for index, token in enumerate(tokens) if self.is_strange(token)]
        if not strange:
            return tuple(words)
        error = _error(tokens, strange)
        doubted = {}
        for index in strange:
            token = tokens[index]
            if _is_short(token):
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

    def _without_stop(self, lower: str) -> str:
        """A word without the full stop that the tokenizer left on it."""
        word = lower.rstrip(".")
        return (
            word if word != lower and len(word) >= SHORTEST and not self._lists(lower) and self._lists(word) else lower
        )

    def _knows(self, lower: str) -> bool:
        """Whether a word is correct as it is, with an ending or beginning that words take."""
        return (
            self._lists(lower)
            or any(lower.endswith(ending) and self._is_stem(lower[: -len(ending)], "", "e") for ending in ENDINGS)
            or any(lower.startswith(opening) and self._is_stem(lower[len(opening) :], "") for opening in BEGINNINGS)
        )

    def _lists(self, lower: str) -> bool:
        plural = len(lower) > SHORTEST and self._has(key_of(lower))
        return plural or self._has(lower) or self._has(american(lower))

    def _has(self, word: str) -> bool:
        return word in self._own or word in self.wording.chance

    def _is_stem(self, stem: str, *rests: str) -> bool:
        return len(stem) >= STEM and any(self._lists(stem + rest) for rest in rests)

    def novel(self, word: str) -> float:
        """Log chance of a word, lower case, that nobody listed."""
        return NOVEL + max(self.wording.spelt(word), LETTER * len(word))

    def is_strange(self, token: Token) -> bool:
        """Whether nobody lists a word, nor one that it is made of by an ending or beginning."""
        word = self._without_stop(token.lower)
        if len(word) < 2 or self._lists(word):
            # capitals that nobody has a use for may be a shorthand, whatever word they spell
            unused = word not in self._own and self.wording.chance.get(word, 0.0) < UNUSED
            return unused and _is_short(token)
        letters = sum(sign.isalpha() for sign in word)
        if letters < len(word) - letters or not letters:
            return False
        counted = COUNTED.fullmatch(word)
        if counted and self._lists(counted[1] or counted[2]):
            return False
        return not (self._knows(word) or (word.endswith(("'s", "’s")) and self._knows(word[:-2])))

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
        itself = Hypothesis(read, self.novel(read), False)
        found = []
        if len(read) >= SHORTEST or not few:
            found = [Hypothesis(word, ink, True) for word, ink in others.items() if self._is_meant(word)]
            for word in self._near(read):
                ink = -self._cost(read, word, -plain, -alike)
                # who writes a word wrong, and who reads it wrong by chance, gets its first letter right
                begins = word[0] == read[0] or ink >= alike
                if ink >= least and word not in others and (not few or (begins and self._is_meant(word))):
                    found.append(Hypothesis(word, ink, True))
        found.sort(key=lambda one: -(one.ink + self.wording.chance[one.word]))
        return [itself, *found[:HYPOTHESES]]

    def _is_meant(self, word: str) -> bool:
        """Whether a word is likely enough to be the one meant where hardly any word is misread."""
        if word not in self.wording.chance:
            return False
        return word in self._own or (len(word) >= LONG and self.wording.chance[word] > USUAL)

    def _likeliest(self, run: Sequence[Sequence[Hypothesis]], before: str, after: str) -> list[str]:
        """The words of a run of strange ones that are likeliest together."""
        paths: list[tuple[float, list[str]]] = [(0.0, [])]
        for hypotheses in run:
            grown = []
            for one in hypotheses:
                best: tuple[float, list[str]] | None = None
                for score, path in paths:
                    last = path[-1] if path else before
                    said = score + (self.wording.after(last, one.word) if one.known else MARGIN) + one.ink
                    if best is None or said > best[0]:
                        best = (said, [*path, one.word])
                assert best is not None
                grown.append(best)
            paths = grown
        ends = [(score + self._after(path[-1], after), path) for score, path in paths]
        return max(ends, key=lambda end: end[0])[1]

    def _after(self, last: str, after: str) -> float:
        return self.wording.after(last, after) if after in self.wording.chance else 0.0


def _other_readings(text: PageText, token: Token) -> tuple[bool, dict[str, float]]:
    """Whether the reader is sure of a word, and what else it may have read there, with log chances beside its best."""
    sure = False
    others: dict[str, float] = {}
    for read in text.words_in(token.start, token.end):
        if read.confidence is None or read.text.strip(SIGNS) != token.text.strip(SIGNS):
            continue
        sure = read.confidence >= SURE
        for other in read.alternatives:
            chance = other.confidence or 0
            if chance >= LEAST_SURE:
                share = math.log(min(1.0, chance / max(read.confidence, LEAST_SURE)))
                others.setdefault(other.text.strip(SIGNS).lower(), share)
    return sure, others


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


def _is_short(token: Token) -> bool:
    """Whether a word is written as shorthand is, in a few capitals."""
    return token.text.isupper() and 1 < len(token.text) <= LONGEST_SHORTHAND


def _is_cut(token: Token) -> bool:
    """Whether full stops make a shortening of a word: `p.o`, `mL.`."""
    return "." in token.text[:-1] or (token.text[-1] == "." and len(token.text) <= SHORTEST)


def may_be_name(tokens: Sequence[Token], index: int) -> bool:
    """Whether a capital within a sentence, or a title before it, makes a name of a word."""
    token = tokens[index]
    if not token.text[0].isupper() or token.text.isupper():
        return False
    if index == 0 or token.begins_line:
        after = tokens[index + 1] if index + 1 < len(tokens) else token
        return after.text.istitle() and not after.begins_line
    before = tokens[index - 1]
    return before.lower in TITLES or before.text in {"Dr", ","} or before.text[0].isalpha()


def _own_words(lexicon: Lexicon) -> frozenset[str]:
    return _words(
        [
            *(term.text for term in lexicon.terms),
            *(term.normalized for term in lexicon.terms),
            *(entry.text for entry in lexicon.modifiers),
            *(heading.text for heading in lexicon.headings),
            *(entry.long for entry in lexicon.abbreviations),
            *(cue.text for cue in lexicon.cues),
            *(entry.text for entry in lexicon.labels),
            *lexicon.decoys,
        ]
    )


def _words(texts: Iterable[str]) -> frozenset[str]:
    cut = str.maketrans(dict.fromkeys("-'/,.:()#&’", " "))
    return frozenset(word for text in texts for word in text.lower().translate(cut).split())
