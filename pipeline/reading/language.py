"""The language of charts: its words, how likely each is after another, and how words are spelt.

Made by `models/language/build.py`. Case is no matter here: a word is a row of `SIGNS`.
"""

import tomllib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import MissingModelError

SIGNS = "'-abcdefghijklmnopqrstuvwxyz"
"""What words are written in; as numbers they count from 1, and 0 is the edge of a word."""
_SIXTEENTHS = -1 / 16
_UNSPELT = -8.0
"""Log probability of a sign that is none of `SIGNS`."""
_PLACES = {sign: place for place, sign in enumerate(SIGNS, start=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much the language counts beside the ink."""

    language: float = 0.5
    name: float = 0.3
    """The same, for what may be a name."""
    word: float = 1.0
    """What each word is worth, against splitting and joining."""
    sign: float = 0.0
    """What each sign is worth, against leaving some out."""
    name_sign: float = 0.0
    novel: float = 0.05
    """Chance that a word is none of the language's."""
    novel_name: float = 0.5
    reach: float = 8.0
    """How far the ink's log likelihood of a word may lie below that of the ink's best."""
    drug_reach: float = 5.0
    """The same for the name of a drug."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Words as a tree: node 0 is the root, a node's children stand side by side, and a word is the node it ends at."""

    nodes: dict[str, int]
    """Of each word in lower case: the node it ends at."""
    words: dict[int, str]
    """The other way round."""
    sign: NDArray[np.intp]
    """Of each node: its sign, from 1."""
    children: NDArray[np.intp]
    """Of each node: its first child."""
    count: NDArray[np.intp]
    """Of each node: how many children it has."""
    chance: NDArray[np.float32]
    """Of each node: log probability of the word that ends there; minus infinity where none does."""
    best: NDArray[np.float32]
    """Of each node: log probability of the likeliest word that begins so."""
    pairs: NDArray[np.int64]
    """Pairs of words as one number (first * nodes + second), sorted."""
    follows: NDArray[np.float32]
    """Of each pair: log probability of its second word after the first."""
    left: NDArray[np.float32]
    """Of each node: log share that its pairs leave to all other words."""
    spelling: NDArray[np.float32]
    """Log probability of a sign after the three before it."""
    drugs: frozenset[int]
    """The words that are names of drugs."""
    weights: Weights

    def after(self, first: NDArray[np.intp], second: NDArray[np.intp]) -> NDArray[np.float32]:
        """Log probabilities of words after words, both as nodes; 0 is an unknown word, which tells nothing."""
        key = first.astype(np.int64) * len(self.sign) + second
        place = np.minimum(np.searchsorted(self.pairs, key), len(self.pairs) - 1)
        alone: NDArray[np.float32] = self.left[first] + self.chance[second]
        return np.where((self.pairs[place] == key) & (first > 0), self.follows[place], alone)

    def spelt(self, words: Sequence[str]) -> NDArray[np.float64]:
        """Log probability of words in lower case by their spelling alone."""
        longest = max(map(len, words))
        signs = np.zeros((len(words), longest + 4), np.intp)
        unspelt = np.zeros(len(words))
        for row, word in enumerate(words):
            places = [_PLACES.get(sign, 0) for sign in word]
            signs[row, 3 : 3 + len(word)] = places
            unspelt[row] = places.count(0)
        each = self.spelling[signs[:, :-3], signs[:, 1:-2], signs[:, 2:-1], signs[:, 3:]]
        ends = np.array([len(word) for word in words])
        total = np.where(np.arange(longest + 1) <= ends[:, np.newaxis], each, 0.0).sum(axis=1)
        spelt: NDArray[np.float64] = total + _UNSPELT * unspelt
        return spelt


def load_language(path: Path, weights: Path) -> Language:
    """Read the files that `models/language/build.py` and `tune.py` wrote.

    Raises:
        MissingModelError: one is missing or damaged.
    """
    try:
        with weights.open("rb") as file:
            counts = Weights(**tomllib.load(file))
        with np.load(path, allow_pickle=False) as packed:
            table = {name: packed[name] for name in packed.files}
        return _unpacked(table, counts)
    except (OSError, KeyError, TypeError, ValueError, IndexError, zipfile.BadZipFile) as error:
        raise MissingModelError(f"The language in {path} cannot be read; install the product again.") from error


def _unpacked(table: dict[str, NDArray[np.generic]], weights: Weights) -> Language:
    parent = table["parents"].astype(np.intp)
    nodes = len(parent)
    count = np.bincount(parent[1:], minlength=nodes)
    # Level by level, so the children of all nodes before this one stand before its own.
    children = 1 + np.concatenate([[0], np.cumsum(count)[:-1]])
    ends = table["ends"].astype(np.intp)
    chance = np.full(nodes, -np.inf, np.float32)
    chance[ends] = table["chance"].astype(np.float32)
    best = chance.copy()
    for node, above in zip(range(nodes - 1, 0, -1), parent[:0:-1].tolist(), strict=True):
        if best[node] > best[above]:
            best[above] = best[node]
    left = np.zeros(nodes, np.float32)
    left[ends] = table["left"].astype(np.float32)
    words = table["words"].tobytes().decode().split("\n")
    return Language(
        nodes=dict(zip(words, ends.tolist(), strict=True)),
        words=dict(zip(ends.tolist(), words, strict=True)),
        sign=table["signs"].astype(np.intp),
        children=children.astype(np.intp),
        count=count.astype(np.intp),
        chance=chance,
        best=best,
        pairs=table["first"].astype(np.int64) * nodes + table["second"].astype(np.int64),
        follows=table["follows"].astype(np.float32),
        left=left,
        spelling=(table["spelling"].astype(np.float32) * _SIXTEENTHS).astype(np.float32),
        weights=weights,
        drugs=frozenset(table["drugs"].astype(int).tolist()),
    )
