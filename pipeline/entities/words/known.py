"""Which words are known, and so are never repaired: the lexicon's, the code books' and ordinary English."""

import math
import re
from collections.abc import Iterable, Sequence

from pipeline.entities.text.tokens import SOFT, Token, american, key_of
from pipeline.entities.words.wording import load_wording
from pipeline.lexicon import Lexicon, Term
from pipeline.onnx import read_manifest

TITLES = frozenset({"dr", "dr.", "mr", "mr.", "mrs", "mrs.", "ms.", "miss", "nurse"})
LONGEST_SHORTHAND = 5
UNUSED = -12.0
"""Log chance below which such capitals are no word of a chart."""
NOVEL = math.log(0.02)
"""Log chance that a word is one that nobody listed."""
LETTER = -3.4
"""Log chance of each letter of such a word, where its spelling is unlikely; to be unlikely is what names do."""
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
SHORTEST = 5
"""Letters of the shortest word that may lose a full stop or the ending of the plural."""
STEM = 5
"""Letters of the shortest word that may have a further ending or beginning."""
COUNTED = re.compile(r"\d+[).]?([a-z]{3,})|([a-z]{3,})-?\d+")
"""A number written together with its unit: `5minutes`, `gravida-0`."""


class KnownWords:
    """Tells strange words from known ones."""

    def __init__(self, lexicon: Lexicon, extra: Iterable[Term] = ()) -> None:
        """Gather the words.

        Args:
            lexicon: its words are known, and so are its shorthand, cues and headings.
            extra: further terms, such as the descriptions of the code books.

        Raises:
            MissingModelError: the list of English words is missing or damaged.
        """
        short = {entry.short.lower() for entry in lexicon.abbreviations}
        own = _own_words(lexicon)
        self.own = own | short | lexicon.plain_words | SOFT
        """The lexicon's words."""
        further = _words(term.text for term in extra)
        self.wording = load_wording(read_manifest()["language"].checked(), own | further | lexicon.plain_words)
        """All words that are known, and how likely each is."""

    def without_stop(self, lower: str) -> str:
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
        return word in self.own or word in self.wording.chance

    def _is_stem(self, stem: str, *rests: str) -> bool:
        return len(stem) >= STEM and any(self._lists(stem + rest) for rest in rests)

    def novel(self, word: str) -> float:
        """Log chance of a word, lower case, that nobody listed."""
        return NOVEL + max(self.wording.spelt(word), LETTER * len(word))

    def is_strange(self, token: Token) -> bool:
        """Whether nobody lists a word, nor one that it is made of by an ending or beginning."""
        word = self.without_stop(token.lower)
        if len(word) < 2 or self._lists(word):
            # capitals that nobody has a use for may be a shorthand, whatever word they spell
            unused = word not in self.own and self.wording.chance.get(word, 0.0) < UNUSED
            return unused and is_short(token)
        letters = sum(sign.isalpha() for sign in word)
        if letters < len(word) - letters or not letters:
            return False
        counted = COUNTED.fullmatch(word)
        if counted and self._lists(counted[1] or counted[2]):
            return False
        return not (self._knows(word) or (word.endswith(("'s", "’s")) and self._knows(word[:-2])))


def is_short(token: Token) -> bool:
    """Whether a word is written as shorthand is, in a few capitals."""
    return token.text.isupper() and 1 < len(token.text) <= LONGEST_SHORTHAND


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
