"""What caused an injury: `fell off ladder`, and which findings of the page it explains."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from pipeline.entities.text.phrases import PhraseIndex
from pipeline.entities.text.tokens import SOFT, Token, Tokenizer, key_of
from pipeline.lexicon import Lexicon
from pipeline.records import Context

FILLERS = frozenset({"a", "an", "the", "his", "her", "my", "their", "some", "own", "/"}) | SOFT
WITH = frozenset({"w", "w/"})
DENIALS = frozenset({"no", "not", "denies", "denied", "without", "w/o", "never", "negative"})
NEAR = 3
"""A denial speaks of a cause that begins at most so many tokens behind it."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A cause in a text."""

    first: int
    last: int
    sentence: int
    cause: str


class CauseReader:
    """Knows the causes and the words for injuries of the lexicon."""

    def __init__(self, lexicon: Lexicon, tokenizer: Tokenizer) -> None:
        choices = {word for entry in lexicon.causes for place in entry.words for word in place}
        cut = {word: tuple(key_of(each) for each in tokenizer.lowers(word) if each not in FILLERS) for word in choices}
        self._causes = PhraseIndex(
            [
                (tuple(key for word in words for key in cut[word]), entry.cause)
                for entry in lexicon.causes
                for words in product(*entry.words)
            ]
        )
        self._injuries = frozenset(entry.word for entry in lexicon.injuries if not entry.sign)
        self._signs = frozenset(entry.word for entry in lexicon.injuries if entry.sign)

    def __call__(
        self,
        tokens: Sequence[Token],
        words: Sequence[str],
        starts: Sequence[int],
        places: Sequence[tuple[int, int]],
        diagnoses: Sequence[str | None],
        contexts: Sequence[Context],
    ) -> tuple[str | None, ...]:
        """The cause that explains each finding.

        A cause explains the injuries of its sentence, else those of the sentence before or behind. Where a page
        tells of one cause only, it explains every injury of the day; in its own sentence it may explain a sign.

        Args:
            tokens: of the text.
            words: the tokens in lower case, repaired.
            starts: first token of each token's sentence.
            places: first and last token of each finding.
            diagnoses: normal wording of each finding that is a diagnosis, None for others.
            contexts: of each finding.
        """
        order = {start: number for number, start in enumerate(dict.fromkeys(starts))}
        told = [
            _Told(first, last, order[starts[first]], cause)
            for first, last, cause in self._told(words)
            if not _denied(words, starts, first)
        ]
        if not told:
            return (None,) * len(places)
        only = told[0].cause if len({each.cause for each in told}) == 1 else None
        sentences = [order[starts[first]] for first, _ in places]
        injured = [
            text is not None and self._names(self._injuries, text) and not (context.negated or context.family)
            for text, context in zip(diagnoses, contexts, strict=True)
        ]
        with_injury = {sentence for sentence, injury in zip(sentences, injured, strict=True) if injury}
        found: list[str | None] = []
        for number, (sentence, context) in enumerate(zip(sentences, contexts, strict=True)):
            text = diagnoses[number]
            own = [each for each in told if each.sentence == sentence]
            beside = [each for each in told if abs(each.sentence - sentence) == 1]
            if injured[number]:
                nearest = _nearest(own, places[number]) or _nearest(beside, places[number])
                today = not (context.historical or context.hypothetical)
                found.append(nearest or (only if today else None))
            elif text is not None and sentence not in with_injury and not context.negated and own:
                found.append(_nearest(own, places[number]) if self._names(self._signs, text) else None)
            else:
                found.append(None)
        return tuple(found)

    def _told(self, words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        kept = [index for index, word in enumerate(words) if word not in FILLERS]
        # "w/" is one token or two
        keys = ["with" if words[index] in WITH else key_of(words[index]) for index in kept]
        place = 0
        while place < len(keys):
            hit = self._causes.longest(keys, place)
            if hit is None:
                place += 1
                continue
            if hit[1] is not None:
                yield kept[place], kept[place + hit[0] - 1], hit[1]
            place += hit[0]

    def _names(self, kind: frozenset[str], text: str) -> bool:
        words = text.lower().replace("-", " ").split()
        return any(word in kind or key_of(word) in kind for word in words) or any(
            " " in phrase and phrase in text for phrase in kind
        )


def _denied(words: Sequence[str], starts: Sequence[int], first: int) -> bool:
    return any(word in DENIALS for word in words[max(starts[first], first - NEAR) : first])


def _nearest(told: Sequence[_Told], place: tuple[int, int]) -> str | None:
    """The cause nearest to a finding; of equal ones that with more words."""
    if not told:
        return None
    first, last = place
    return min(told, key=lambda each: (max(each.first - last, first - each.last, 0), each.first - each.last)).cause
