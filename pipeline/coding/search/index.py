"""What texts are looked up in: every wording of the code books by its words and by its letters.

A *document* is one distinct text, folded to its stems; a *link* says which wording of which code it came
from. Letters are compared in trigrams within words, so a misread word still finds its kin; words are
weighed as in BM25. Both tables are kept from the term to the documents, which is the way they are read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.codebooks import CodeBooks, Source
from pipeline.codebooks.defaults import codes_before, default_children, seventh_characters, sided
from pipeline.codebooks.tables import SYSTEMS
from pipeline.codebooks.wording import is_leftover, plain, stems_of, without_filler
from pipeline.coding.search.caching import cached
from pipeline.records import CodeSystem

Whole: TypeAlias = NDArray[np.int32]
Real: TypeAlias = NDArray[np.float32]
Flag: TypeAlias = NDArray[np.uint8]

SIDES = frozenset(("left", "right", "bilateral", "unilateral", "side"))
_SIDE_WEIGHT = 0.15
_SATURATION, _LENGTH = 1.2, 0.4
"""BM25's k1 and b: texts are short, so length counts little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The compiled texts of some code systems. Columns whose names begin alike have one length or point into it."""

    words: list[str]
    word_weight: Real
    """Rarity of each word (inverse document frequency)."""
    grams: list[str]
    gram_weight: Real
    document_words: Whole
    """Word numbers, document after document."""
    document_start: Whole
    """Where a document's words begin; one more than there are documents."""
    word_start: Whole
    word_documents: Whole
    word_scores: Real
    gram_start: Whole
    gram_documents: Whole
    gram_scores: Real
    link_document: Whole
    """Ascending."""
    link_wording: Whole
    """Into the wordings of the books."""
    link_identity: Whole
    """Into the identities of the books: the wording's own, or one that stands for it."""
    link_descended: Flag
    """The identity is the default below the wording's own, which is a category."""
    link_before: Flag
    """The identity is the heading that was the code before the wording's own was born: it counts where it is one."""
    link_leftover: Flag
    """The wording says "other"."""
    link_filler: Flag
    """The wording says "unspecified"."""


def load_index(books: CodeBooks, name: str, systems: frozenset[int]) -> Index:
    """The index of some systems (numbers in `tables.SYSTEMS`), from the cache if it was made of these books.

    Raises:
        SetupError: the cache cannot be written.
    """
    names = tuple(field.name for field in fields(Index))
    columns = cached(books, name, Path(__file__), names, lambda: _build(books, systems))
    texts = {name: columns.pop(name).tobytes().decode().split("\n") for name in ("words", "grams")}
    return Index(**columns, **texts)  # type: ignore[arg-type]


def trigrams(word: str) -> Iterator[str]:
    """Three letters at a time, the blanks around the word included."""
    padded = f" {word} "
    return (padded[i : i + 3] for i in range(len(padded) - 2))


def _build(books: CodeBooks, systems: frozenset[int]) -> dict[str, NDArray[np.generic]]:
    from scipy import sparse  # here, because only building needs it, and importing it takes longer than loading

    links = _links(books, systems)
    documents: dict[tuple[str, ...], int] = {}
    words: dict[str, int] = {}
    link_document = np.array([documents.setdefault(link.stems, len(documents)) for link in links], dtype=np.int32)
    lists = [[words.setdefault(word, len(words)) for word in dict.fromkeys(text)] for text in documents]
    start = np.concatenate([[0], np.cumsum([len(text) for text in lists])]).astype(np.int32)
    flat = np.array([word for text in lists for word in text], dtype=np.int32)
    holds = sparse.csr_matrix((np.ones(len(flat), np.float32), flat, start), shape=(len(documents), len(words)))

    grams: dict[str, int] = {}
    spelled = [[grams.setdefault(gram, len(grams)) for gram in trigrams(word)] for word in words]
    gram_start = np.concatenate([[0], np.cumsum([len(word) for word in spelled])]).astype(np.int32)
    gram_flat = np.array([gram for word in spelled for gram in word], dtype=np.int32)
    spelling = sparse.csr_matrix((np.ones(len(gram_flat), np.float32), gram_flat, gram_start))
    spelling.sum_duplicates()

    word_weight = _rarity(holds.indices, holds.shape)
    # Which side is meant is weighed by itself, against the code: here it would drown what ails it.
    word_weight[[number for word, number in words.items() if word in SIDES]] *= _SIDE_WEIGHT
    by_gram = sparse.csr_matrix(holds @ spelling)
    gram_weight = _rarity(by_gram.indices, by_gram.shape)
    by_gram.data = 1 + np.log(by_gram.data)
    by_gram = by_gram @ sparse.diags(gram_weight)
    length = np.sqrt(np.asarray(by_gram.multiply(by_gram).sum(axis=1)).ravel())
    by_gram = sparse.csr_matrix((sparse.diags(1 / np.maximum(length, 1e-9)) @ by_gram).T).astype(np.float32)

    size = np.diff(start)
    damp = (_SATURATION + 1) / (1 + _SATURATION * (1 - _LENGTH + _LENGTH * size / size.mean()))
    by_word = sparse.csr_matrix((sparse.diags(damp) @ holds @ sparse.diags(word_weight)).T).astype(np.float32)

    order = np.argsort(link_document, kind="stable")
    return {
        "words": np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        "grams": np.frombuffer("\n".join(grams).encode(), dtype=np.uint8),
        "word_weight": word_weight,
        "gram_weight": gram_weight,
        "document_words": flat,
        "document_start": start,
        "word_start": by_word.indptr.astype(np.int32),
        "word_documents": by_word.indices.astype(np.int32),
        "word_scores": by_word.data,
        "gram_start": by_gram.indptr.astype(np.int32),
        "gram_documents": by_gram.indices.astype(np.int32),
        "gram_scores": by_gram.data,
        "link_document": link_document[order],
        "link_wording": np.array([link.wording for link in links], dtype=np.int32)[order],
        "link_identity": np.array([link.identity for link in links], dtype=np.int32)[order],
        "link_descended": np.array([link.descended for link in links], dtype=np.uint8)[order],
        "link_before": np.array([link.before for link in links], dtype=np.uint8)[order],
        "link_leftover": np.array([link.leftover for link in links], dtype=np.uint8)[order],
        "link_filler": np.array([link.filler for link in links], dtype=np.uint8)[order],
    }


@dataclass(frozen=True, slots=True)
class _Link:
    stems: tuple[str, ...]
    wording: int
    identity: int
    descended: bool
    leftover: bool
    filler: bool
    before: bool = False


def _links(books: CodeBooks, systems: frozenset[int]) -> list[_Link]:
    """Every wording with its code, and with the codes that it stands for when nothing more, or a side, is said."""
    tables = books.tables
    defaults: dict[int, int] = {}
    sides: dict[int, list[int]] = {}
    sevenths: dict[int, list[int]] = {}
    if SYSTEMS.index(CodeSystem.ICD10CM) in systems:
        defaults, sides, sevenths = default_children(tables), sided(tables), seventh_characters(tables)
    visits = {visit: all_visits for all_visits in sevenths.values() for visit in all_visits}
    before = codes_before(tables)
    links = []
    for wording, identity in enumerate(tables.wording_identity.tolist()):
        if int(tables.identity_system[identity]) not in systems:
            continue
        words = plain(tables.wording_text[wording])
        found = stems_of(words)
        if not found:
            continue
        leftover, filler = is_leftover(words), without_filler(words) != words
        links.append(_Link(found, wording, identity, False, leftover, filler))
        if identity in before:
            links.append(_Link(found, wording, before[identity], False, leftover, filler, True))
        if tables.wording_source[wording] in (Source.SYNONYM, Source.INCLUSION):
            alike = {*sides.get(identity, ()), *visits.get(identity, ())}
            alike |= {visit for side in alike for visit in visits.get(side, ())} - {identity}
            links += [_Link(found, wording, other, False, leftover, filler) for other in sorted(alike)]
        for below in _below(identity, defaults, sevenths):
            links.append(_Link(found, wording, below, True, leftover, True))
    return links


def _below(identity: int, defaults: dict[int, int], sevenths: dict[int, list[int]]) -> Iterator[int]:
    """The default below a code, the default below that, and so on, and all seventh characters of the last."""
    last = identity
    while last in defaults and last not in sevenths:
        last = defaults[last]
        yield last
    yield from sevenths.get(last, ())


def _rarity(indices: Whole, shape: tuple[int, int]) -> Real:
    """Inverse document frequency of each column of a sparse table."""
    documents, terms = shape
    holding = np.bincount(indices, minlength=terms)
    return np.asarray(np.log(1 + (documents - holding + 0.5) / (holding + 0.5)), dtype=np.float32)
