"""From a text to the wordings that are most like it, with what is alike and what is not.

Every document gets a score by letters (trigram cosine) and by words (BM25 over the words that may be meant);
the best of both, together, are looked at closely.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.coding.search.index import Index
from pipeline.coding.search.query import Asking, Query, Slot

Real: TypeAlias = NDArray[np.float32]
Whole: TypeAlias = NDArray[np.int64]

_LOOKED_AT = 160
"""Documents per code system that are looked at closely."""
_FULL = 0.94
"""A share from which texts are the same: shorthand written out, and one letter of a long word misread, are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How like some documents are to a text; one value a document, each 0 to 1."""

    documents: Whole
    letters: Real
    """Cosine of the trigrams."""
    asked: Real
    """Share of what the text says that the document says too."""
    told: Real
    """Share of what the document says that the text says too."""
    exact: NDArray[np.bool_]
    """The same words, but for order."""
    strange_number: NDArray[np.bool_]
    """The document has a number (a type, a stage) that the text has not."""


class Retriever:
    """Looks texts up in one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._asking = Asking(index)
        self._number_words = np.array([word[0].isdigit() for word in index.words], dtype=bool)

    def __call__(self, text: str, groups: Sequence[Whole]) -> list[Likeness]:
        """The likest documents of each group.

        Args:
            text: as a chart has it.
            groups: the numbers of the documents to choose from, once for each code system.
        """
        query = self._asking(text)
        if not query.slots:
            none = np.empty(0, dtype=np.int64)
            return [self._look(query, none, np.empty(0, np.float32)) for _ in groups]
        letters = self._by_letters(query)
        words = self._by_words(query)
        together = letters + words / max(float(words.max(initial=0.0)), 1e-6)
        found = []
        for group in groups:
            best = group
            if len(group) > _LOOKED_AT:
                best = group[np.argpartition(together[group], len(group) - _LOOKED_AT)[-_LOOKED_AT:]]
            best = np.sort(best[together[best] > 0])
            found.append(self._look(query, best, letters[best]))
        return found

    def _by_letters(self, query: Query) -> Real:
        index = self._index
        scores = np.zeros(len(index.document_start) - 1, dtype=np.float32)
        for gram, weight in query.grams.items():
            rows = slice(index.gram_start[gram], index.gram_start[gram + 1])
            scores[index.gram_documents[rows]] += np.float32(weight) * index.gram_scores[rows]
        return scores

    def _by_words(self, query: Query) -> Real:
        index = self._index
        scores = np.zeros(len(index.document_start) - 1, dtype=np.float32)
        for slot in query.slots:
            for word, how in _likeliest(slot).items():
                rows = slice(index.word_start[word], index.word_start[word + 1])
                scores[index.word_documents[rows]] += np.float32(how * how) * index.word_scores[rows]
        return scores

    def _look(self, query: Query, documents: Whole, letters: Real) -> Likeness:
        index = self._index
        starts, ends = index.document_start[documents], index.document_start[documents + 1]
        sizes = (ends - starts).astype(np.int64)
        place = np.repeat(np.arange(len(documents)), sizes)
        offset = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        words = index.document_words[np.repeat(starts, sizes) + offset]
        weight = index.word_weight[words]
        matched = np.zeros(len(words), dtype=np.float32)
        asked = np.zeros(len(documents), dtype=np.float32)
        total = sum(slot.weight for slot in query.slots) or 1.0
        for slot in query.slots:
            best = np.zeros(len(documents), dtype=np.float32)
            for way in slot.ways:
                said = np.zeros(len(documents), dtype=np.float32)
                for word, share in way.words.items():
                    here = words == word
                    matched[here] = np.maximum(matched[here], np.float32(way.sure))
                    said[place[here]] += np.float32(share * way.sure)
                best = np.maximum(best, said)
            asked += best * np.float32(slot.weight / total)
        told = np.bincount(place, weight * matched, len(documents)) / np.maximum(
            np.bincount(place, weight, len(documents)), 1e-6
        )
        numbers = self._number_words[words] & (matched == 0)
        return Likeness(
            documents=documents,
            letters=letters,
            asked=asked,
            told=told.astype(np.float32),
            exact=(asked >= _FULL) & (told >= _FULL),
            strange_number=np.bincount(place[numbers], minlength=len(documents)) > 0,
        )


def _likeliest(slot: Slot) -> dict[int, float]:
    """Each word that may be meant with the surest way in which it is."""
    words: dict[int, float] = {}
    for way in slot.ways:
        for word in way.words:
            words[word] = max(words.get(word, 0.0), way.sure)
    return words
