"""A text as the index is asked for it: one slot a word, each with the index's words that may be meant.

A word that the index knows stands for itself. Shorthand also stands for what it is short for, and an
unknown word for the known words that are spelled most like it, each weighed by how like it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from pipeline.codebooks.starter import parted, rows
from pipeline.codebooks.wording import plain, stem, stems
from pipeline.coding.search.index import Index, trigrams

_TABLE = Path(__file__).parent / "shorthand.tsv"
_LONG_FORM = 0.9
"""What the long form of shorthand counts, beside the word itself."""
_CLOSE = 0.62
"""How like (1: the same) a spelling must be to be taken for a misreading."""
_MISREADINGS = 4
_SHORTHAND = 3
"""Letters of the longest shorthand that is repaired by exchanging letters alone."""
_LONGEST_PHRASE = 3


@dataclass(frozen=True, slots=True)
class Slot:
    """One word of the text."""

    meant: dict[int, float]
    """Number of an index word -> how sure it is meant, 0 to 1."""
    weight: float
    """How much the word says."""


@dataclass(frozen=True, slots=True)
class Query:
    """A text ready to be looked up."""

    words: tuple[str, ...]
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
        self._long = {
            plain(short): [plain(text) for text in parted(long)] for _, (short, long) in rows(_TABLE, ("short", "long"))
        }
        self._rarest = float(index.word_weight.max(initial=1.0))

    def __call__(self, text: str) -> Query:
        """The text by its words and their letters."""
        words = stems(text)
        slots = []
        spelled: dict[str, float] = dict.fromkeys(words, 1.0)
        expanded = self._expansions(plain(text), words)
        for word in words:
            meant = {self._number[word]: 1.0} if word in self._number else {}
            for long in expanded.get(word, ()):
                spelled.setdefault(long, _LONG_FORM)
                if long in self._number:
                    meant.setdefault(self._number[long], _LONG_FORM)
            if not meant:
                for likely, how in self._misreadings(word):
                    meant[self._number[likely]] = how
                    spelled.setdefault(likely, how * 0.5)
            slots.append(Slot(meant, self._weight(meant)))
        return Query(words, tuple(slots), self._spelling(spelled))

    def _weight(self, meant: dict[int, float]) -> float:
        if not meant:
            return self._rarest * 0.5
        return max(float(self._index.word_weight[word]) * how for word, how in meant.items())

    def _expansions(self, text: str, words: tuple[str, ...]) -> dict[str, list[str]]:
        """For each word, the folded words of the long forms of the shorthand that it belongs to."""
        found: dict[str, list[str]] = {}
        tokens = text.split()
        for size in range(1, _LONGEST_PHRASE + 1):
            for start in range(len(tokens) - size + 1):
                phrase = tokens[start : start + size]
                for long in self._long.get(" ".join(phrase), ()):
                    for token in phrase:
                        found.setdefault(stem(token), []).extend(stem(word) for word in long.split())
        return found

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
