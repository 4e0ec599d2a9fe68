"""Mends the gaps of a text: words that ran together (`chestpain`), came apart (`ches t`), or both (`ches tpain`).

Only the gaps change, never a letter. A place is read with other gaps where that is far likelier than what stands
there, by how likely each word is and how likely after the one before; words that make sense as they stand stay.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from pipeline.entities.text.chart_text import PageText
from pipeline.entities.text.tokens import Token
from pipeline.entities.words.known import BEGINNINGS, KnownWords, may_be_name
from pipeline.lexicon import Lexicon, ModifierKind

WRONG = -5.0
"""Log chance that a gap was read where none is, or the other way."""
MARGIN = 3.0
"""By so much, in logs, other gaps must be likelier than those that stand where one of the words is strange."""
KNOWN_MARGIN = 6.0
"""And where all words that stand there are known."""
LISTED = -5.0
"""Log chance, at least, of a word after one that it follows in a term: no pair of the language says how rare it is."""
SHORTEST_JOINED = 5
"""Letters of the shortest word that is put together."""
SHORTEST_CUT = 5
"""Letters of the shortest that is cut."""
SHORTEST_CUT_OFF = 2
"""Letters of the shortest word that another is cut into."""
SHORTEST_PART = 3
"""Letters of the shortest known word that is put together with another."""
USUAL = -11.5
"""Log chance, at least, of two words that are cut apart though no list has them side by side."""
LEADING = frozenset(
    {
        *BEGINNINGS, "co", "en", "endo", "extra", "intra", "macro", "mid", "neuro", "over", "para",
        "peri", "pro", "pseudo", "semi", "super", "supra", "ultra", "under",
    }
)  # fmt: skip
TRAILING = frozenset({"able", "al", "ed", "er", "less", "ly", "or", "ta", "wise"})
"""What begins and ends words that no list need have."""
SIDES = frozenset("RL")


class Reading(NamedTuple):
    """Some tokens with other gaps."""

    gain: float
    """By so much, in logs, it is likelier than what stands there."""
    covered: int
    """So many tokens."""
    words: tuple[str, ...]
    """The same letters, lower case."""


class GapMender:
    """Gives the tokens of a text with its gaps mended; a token keeps the place of its ink."""

    def __init__(self, lexicon: Lexicon, known: KnownWords) -> None:
        """Note which words stand side by side in terms.

        Args:
            lexicon: terms and sites.
            known: tells which words are strange.
        """
        self._known = known
        self._wording = known.wording
        words = [tuple(text.lower().split()) for term in lexicon.terms for text in (term.text, term.normalized)]
        self._pairs = frozenset(pair for phrase in words for pair in pairwise(phrase))
        self._sites = frozenset(entry.text for entry in lexicon.modifiers if entry.kind is ModifierKind.SITE)

    def __call__(self, text: PageText, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """The tokens of a page.

        Args:
            text: the page; nothing is mended over the end of one of its lines.
            tokens: of the text.
        """
        chance = self._wording.chance
        words = [token.lower if token.lower.isalpha() else "" for token in tokens]
        unlisted = [bool(word) and word not in chance for word in words]
        strange = [odd and self._known.is_strange(token) for token, odd in zip(tokens, unlisted, strict=True)]
        starts = frozenset(text.starts)
        joins = [
            bool(word) and token.spaced and not token.begins_line and token.start not in starts
            for token, word in zip(tokens, words, strict=True)
        ]
        joins.append(False)
        strange.append(False)
        places = [
            place
            for place, word in enumerate(words)
            if strange[place]
            or (word and joins[place + 1] and (strange[place + 1] or word + words[place + 1] in chance))
        ]
        mended: list[Token] = []
        done = 0
        for place in places:
            if place < done:
                continue
            most = 1 + joins[place + 1] + (joins[place + 1] and joins[place + 2])
            reading = self._likeliest(tokens, words, strange, place, most)
            if reading is not None:
                mended.extend(tokens[done:place])
                done = place + reading.covered
                mended.extend(_rewritten(tokens[place:done], reading.words, text.text))
        mended.extend(tokens[done:])
        return tuple(mended)

    def _likeliest(
        self, tokens: Sequence[Token], words: Sequence[str], strange: Sequence[bool], index: int, most: int
    ) -> Reading | None:
        """The likeliest other gaps of up to `most` tokens from one on; None where those that stand there will do."""
        if self._is_side(tokens[index], strange[index]):
            return Reading(0.0, 1, (words[index][0], words[index][1:]))
        before = words[index - 1] if index else ""
        best: Reading | None = None
        for count in range(1, most + 1):
            end = index + count
            odd = [place for place in range(index, end) if strange[place]]
            others = list(self._others(words[index:end], bool(odd)))
            if not others or not _one_case(tokens[index:end]) or any(may_be_name(tokens, place) for place in odd):
                continue
            after = words[end] if end < len(words) else ""
            stands = self._said(words[index:end], before, after, strange[index:end])
            margin = MARGIN if odd else KNOWN_MARGIN
            for parts in others:
                wrong = 2 if count == len(parts) == 2 else 1
                gain = self._said(parts, before, after) + wrong * WRONG - stands - margin
                if gain > 0 and (best is None or gain > best.gain):
                    best = Reading(gain, count, parts)
        return best

    def _is_side(self, token: Token, strange: bool) -> bool:
        """Whether the sign of a side is glued to its site: `Rknee`."""
        return strange and token.text[0] in SIDES and token.text[1:].islower() and token.lower[1:] in self._sites

    def _others(self, words: Sequence[str], strange: bool) -> Iterator[tuple[str, ...]]:
        """The same letters as other words that are known."""
        chance = self._wording.chance
        letters = "".join(words)
        whole = strange or min(map(len, words)) >= SHORTEST_PART
        if len(words) > 1 and letters in chance and len(letters) >= SHORTEST_JOINED and whole:
            yield (letters,)
        if len(words) < 3 and strange and len(letters) >= SHORTEST_CUT:
            for cut in range(SHORTEST_CUT_OFF, len(letters) - SHORTEST_CUT_OFF + 1):
                one, other = letters[:cut], letters[cut:]
                listed = one in chance and other in chance
                if listed and (len(words) == 1 or cut != len(words[0])) and self._is_pair(one, other):
                    yield one, other

    def _is_pair(self, one: str, other: str) -> bool:
        """Whether two words are said side by side, or may be because neither makes one word with another."""
        if (one, other) in self._pairs or self._wording.holds(one, other):
            return True
        usual = min(self._wording.chance[one], self._wording.chance[other]) >= USUAL
        return usual and one not in LEADING and other not in TRAILING

    def _said(self, words: Sequence[str], before: str, after: str, strange: Sequence[bool] = (False,) * 2) -> float:
        """Log chance of words between two others."""
        score = 0.0
        for word, odd in zip(words, strange, strict=False):
            score += self._known.novel(word) if odd or word not in self._wording.chance else self._after(before, word)
            before = word
        return score + (self._after(before, after) if after in self._wording.chance else 0.0)

    def _after(self, first: str, second: str) -> float:
        said = self._wording.after(first, second)
        return max(said, LISTED) if (first, second) in self._pairs else said


def _one_case(run: Sequence[Token]) -> bool:
    """Whether only the first sign is a capital, or all are."""
    written = "".join(token.text for token in run)
    return written[1:].islower() or written.isupper()


def _rewritten(run: Sequence[Token], words: Sequence[str], text: str) -> Iterator[Token]:
    """Tokens with other gaps: each knows the ink that it was taken from."""
    signs = [(sign, token.start + step) for token in run for step, sign in enumerate(token.text)]
    read = text[run[0].start : run[-1].end]
    begin = 0
    for word in words:
        part = signs[begin : begin + len(word)]
        yield replace(
            run[0],
            text="".join(sign for sign, _ in part),
            start=part[0][1],
            end=part[-1][1] + 1,
            lower=word,
            begins_line=run[0].begins_line and begin == 0,
            spaced=run[0].spaced or begin > 0,
            read=read,
        )
        begin += len(word)
