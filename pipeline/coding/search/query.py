"""A text as the index is asked for it: one slot a word or shorthand, each with the ways in which it may be meant.

A word that the index knows stands for itself. Shorthand also stands for what it is short for, and an
unknown word for the known words that are spelled most like it, each weighed by how like it is. What a text
says first, before a comma or "on" and "x 3 days", says what it is about; the rest counts less.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from pipeline.codebooks.wording import LITTLE, plain, stem, stems, without_filler
from pipeline.coding.search.index import SIDES, Index, trigrams
from pipeline.coding.search.shorthand import Piece, Shorthand

_SIDE_LETTERS = 0.3
"""What the letters of a side count: which side is meant is weighed by itself, against the code."""
_CLOSE = 0.62
"""How like (1: the same) a spelling must be to be taken for a misreading."""
_MISREADINGS = 4
_SHORTHAND = 3
"""Letters of the longest shorthand that is repaired by exchanging letters alone."""
_BREAK = re.compile(r"[,;(:]\s|\s-+\s|\son\s")
_LASTS = re.compile(
    r"\b(?:x|for|since|×) ?(?:the )?(?:past |last )?~?\d+(?:[-.]\d+)? ?"
    r"(?:d|days?|w|wks?|weeks?|m|mos?|months?|y|yrs?|years?|h|hrs?|hours?)\b",
    re.IGNORECASE,
)
_LATER = 0.6
"""What a word counts behind the first break."""


@dataclass(frozen=True, slots=True)
class Way:
    """Words of the index that stand for a slot together."""

    words: dict[int, float]
    """Number of a word -> its share of what they say, 1 together or less where the index lacks some."""
    sure: float
    """How sure they are meant, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One word of the text, or shorthand of a few."""

    ways: tuple[Way, ...]
    weight: float
    """How much it says."""


@dataclass(frozen=True, slots=True)
class Query:
    """A text ready to be looked up."""

    slots: tuple[Slot, ...]
    grams: dict[int, float]
    """Number of an index trigram -> its weight, of length 1 together."""


class Asking:
    """Turns texts into queries for one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._number = {word: n for n, word in enumerate(index.words)}
        self._gram = {gram: n for n, gram in enumerate(index.grams)}
        self._by_length: dict[int, list[str]] = {}
        for word in index.words:
            if not word[0].isdigit():
                self._by_length.setdefault(len(word), []).append(word)
        self._shorthand = Shorthand(self._number.keys())
        self._rarest = float(index.word_weight.max(initial=1.0))

    def __call__(self, text: str) -> Query:
        """The text by its words and their letters."""
        slots: list[Slot] = []
        spelled: dict[str, float] = {}
        text = _LASTS.sub(" ", text) if plain(_LASTS.sub(" ", text)) else text
        broken = _BREAK.search(text)
        place = broken.start() if broken else len(text)
        said = stems(text)
        for part, weight in ((text[:place], 1.0), (text[place:], _LATER if text[:place].strip() else 1.0)):
            words = without_filler(plain(part)).split()
            for piece in self._shorthand(text, words):
                if piece.words[0] in LITTLE and piece.words[0] not in said and not piece.longs:
                    continue
                slots.append(self._slot(piece, weight, spelled))
        return Query(tuple(slots), self._spelling(spelled))

    def _slot(self, piece: Piece, weight: float, spelled: dict[str, float]) -> Slot:
        own = tuple(stem(word) for word in piece.words)
        for word in own:
            spelled[word] = weight * (_SIDE_LETTERS if word in SIDES else 1.0)
        ways = [self._way(own, 1.0)] if all(word in self._number for word in own) else []
        for long, sure in piece.longs:
            said = tuple(stem(word) for word in long if word not in LITTLE) or long
            ways.append(self._way(said, sure))
            for word in said:
                spelled.setdefault(word, sure * weight)
        if not ways and len(own) == 1:
            for likely, how in self._misreadings(own[0]):
                ways.append(self._way((likely,), how))
                spelled.setdefault(likely, how * 0.5 * weight)
        most = max((sum(map(self._says, way.words)) * way.sure for way in ways), default=self._rarest * 0.5)
        return Slot(tuple(ways), most * weight)

    def _way(self, words: tuple[str, ...], sure: float) -> Way:
        known = [self._number[word] for word in dict.fromkeys(words) if word in self._number]
        total = sum(map(self._says, known)) + self._rarest * 0.5 * sum(word not in self._number for word in words)
        return Way({word: self._says(word) / max(total, 1e-9) for word in known}, sure)

    def _says(self, word: int) -> float:
        return float(self._index.word_weight[word])

    def _misreadings(self, word: str) -> Iterator[tuple[str, float]]:
        if len(word) < 3 or word[0].isdigit():
            return
        reach = 1 if len(word) < 6 else 2
        lengths = range(len(word) - reach, len(word) + reach + 1)
        # shorthand has too few letters for one that is missing or too many
        near = [w for n in lengths if n > _SHORTHAND or n == len(word) for w in self._by_length.get(n, ())]
        for likely, how, _ in process.extract(
            word,
            near,
            scorer=OSA.normalized_similarity,
            processor=None,
            score_cutoff=_CLOSE,
            limit=_MISREADINGS,
        ):
            yield likely, float(how)

    def _spelling(self, spelled: dict[str, float]) -> dict[int, float]:
        weights: dict[int, float] = {}
        for word, how in spelled.items():
            for gram in trigrams(word):
                number = self._gram.get(gram)
                if number is not None:
                    weights[number] = max(weights.get(number, 0.0), how * float(self._index.gram_weight[number]))
        length = sum(weight * weight for weight in weights.values()) ** 0.5
        return {number: weight / length for number, weight in weights.items()} if length else {}
