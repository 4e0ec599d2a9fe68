"""The fuller wording of a finding: the longest one of the books that the words around it bear out.

"Irritable bowel syndrome, diarrhea predominant" names a syndrome that the books also know with diarrhea. A
wording counts only if it holds all that the finding says and nothing that its clause does not say.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.codebooks.wording import stems
from pipeline.coding.search.index import SIDES, Index

Whole: TypeAlias = NDArray[np.int64]
_FREE = frozenset(("with", "due", "type", "site", "region"))
"""Words of a wording that a clause need not say."""
_MOST = 2
"""Wordings that are looked up."""


class Fuller:
    """Looks for fuller wordings in one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._number = {word: number for number, word in enumerate(index.words)}
        self._free = frozenset(self._number[word] for word in _FREE if word in self._number)

    def __call__(self, text: str, clause: str, among: Whole) -> tuple[str, ...]:
        """Wordings of more words than the text, each within the clause; none where there is nothing more to say.

        Args:
            text: the finding.
            clause: the words that it stands among.
            among: numbers of the documents to choose from, ascending.
        """
        own = [word for word in dict.fromkeys(stems(text)) if word not in SIDES]
        said = {self._number[word] for word in (*own, *stems(clause)) if word in self._number}
        if not own or any(word not in self._number for word in own) or len(said) <= len(own):
            return ()
        held = sorted((self._holding(self._number[word]) for word in own), key=len)
        holding = held[0]
        for other in (*held[1:], among):  # the rarest word first: the others are only looked up for its documents
            places = np.minimum(np.searchsorted(other, holding), max(len(other) - 1, 0))
            holding = holding[other[places] == holding] if len(other) else other
        best: dict[int, int] = {}
        for document in holding.tolist():
            words = self._words(document)
            more = len(words - self._free) - len(own)
            if more > 0 and words - self._free <= said:
                best[document] = more
        most = max(best.values(), default=0)
        fullest = [document for document, more in best.items() if more == most]
        return tuple(self._text(document) for document in fullest[:_MOST])

    def _holding(self, word: int) -> Whole:
        index = self._index
        return np.sort(index.word_documents[index.word_start[word] : index.word_start[word + 1]]).astype(np.int64)

    def _words(self, document: int) -> set[int]:
        index = self._index
        return set(index.document_words[index.document_start[document] : index.document_start[document + 1]].tolist())

    def _text(self, document: int) -> str:
        index = self._index
        words = index.document_words[index.document_start[document] : index.document_start[document + 1]].tolist()
        return " ".join(index.words[word] for word in words)
