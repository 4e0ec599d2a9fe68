"""What each stretch of a line could say: what the ink alone gives, and the words of the language nearest to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.ctc import Stretch, beam, stretches
from pipeline.reading.language import SIGNS, Language, Weights
from pipeline.reading.likelihood import likelihoods
from pipeline.reading.retrieval import retrieve

_SURE = 0.9
_LIKELIEST = -1.0
"""Log probability that no rival exceeds by much: a word so sure that not even such a one wins has none looked up."""
_RIVALS = 12
_LIKELY = 0.4
"""How much a word's own likelihood counts when rivals are looked up."""
_MARKS = "'\"‘’“”.,;:!?()[]{}*-–—/"
_ALIKE = {"é": "e", "’": "'", "‘": "'", "–": "-", "—": "-"}
_CAPITALS = 0.6
"""A word with more capitals than this is meant to be all in capitals."""

_LONE = 2
"""A line of so few words is no sentence: a capital at its beginning may be a name's or a drug's."""

_LEFT_TO_INK = frozenset(
    {
        "no",
        "not",
        "nor",
        "none",
        "never",
        "without",
        "denies",
        "denied",
        "deny",
        "negative",
        "absent",
        "neither",
        "cannot",
        "left",
        "right",
        "bilateral",
    }
)
"""Words that turn a finding round: the language neither brings them in nor takes them away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The candidates of one stretch; what the ink alone holds likeliest stands first."""

    stretch: Stretch
    texts: tuple[str, ...]
    words: tuple[str, ...]
    """The same without marks at the ends, in lower case."""
    ink: NDArray[np.float64]
    """Log likelihood of the ink."""
    nodes: NDArray[np.intp]
    """The words in the language; 0 for one it does not know."""
    lengths: NDArray[np.intp]
    """Signs of each word."""
    digits: NDArray[np.bool_]
    """Whether there is a digit in it."""
    held: NDArray[np.bool_]
    """Whether the language may not prefer it to what the ink holds likeliest."""
    drugs: NDArray[np.bool_]
    """Whether it is the name of a drug."""
    spelt: NDArray[np.float64]
    """Log probability by spelling."""
    number: bool
    """Whether the ink shows a number or a code."""
    name: bool
    """Whether the ink shows what may be a name: a word in capitals, or with a capital within a line."""


def candidates(
    rows: NDArray[np.float32], characters: str, language: Language, weights: Weights
) -> tuple[Candidates, ...]:
    """The candidates of every stretch that may be a word, in the order of their beginnings.

    Args:
        rows: steps x (1 + characters) probabilities.
        characters: what classes 1, 2, ... stand for; the last is the space.
        language: where words are looked up.
        weights: how far from the ink.
    """
    found = stretches(rows.astype(np.float64), characters)
    signs, fold = _folding(characters)
    folded = [stretch.rows @ fold for stretch in found]
    texts = [_texts(s, f, characters, language, weights) for s, f in zip(found, folded, strict=True)]
    owners = [place for place, options in enumerate(texts) for _ in options]
    ink = likelihoods(folded, owners, [[signs[sign] for sign in text] for options in texts for text in options])
    shouted = _shouted([options[0] for options in texts])
    lone = max((stretch.end for stretch in found), default=0) <= _LONE
    ends = np.cumsum([len(options) for options in texts])
    return tuple(
        within(_candidates(stretch, options, ink[end - len(options) : end], language, shouted, lone), weights)
        for stretch, options, end in zip(found, texts, ends.tolist(), strict=True)
    )


def _texts(
    stretch: Stretch, folded: NDArray[np.float64], characters: str, language: Language, weights: Weights
) -> list[str]:
    """Texts that a stretch could be, each in one case only, the ink's best first."""
    by_ink = beam(stretch.rows, characters)
    if not by_ink:
        return ["".join(characters[found - 1] for found, _, _ in stretch.letters)]
    texts: dict[str, str] = {}
    for text, _ in by_ink:
        texts.setdefault(text.lower(), text)
    first, probability = by_ink[0]
    word = parts(first)[1]
    known = language.nodes.get(word.lower(), 0)
    odds = np.log(probability / max(1e-9, 1 - probability))
    sure = probability > _SURE and known and odds > weights.language * (_LIKELIEST - language.chance[known])
    if sure or any(sign.isdigit() for sign in first):
        return list(texts.values())
    edges = dict.fromkeys((head, tail) for head, _, tail in map(parts, [text for text, _ in by_ink[:4]]))
    # Marks at a word's ends are not looked for in the tree, so they count as nothing.
    blank = folded[:, 0] + folded[:, len(SIGNS) + 1 :].sum(axis=1)
    for node in retrieve(blank, folded, language, weight=_LIKELY, most=_RIVALS).tolist():
        rival = _cased(language.words[node], word)
        for head, tail in edges:
            texts.setdefault((head + rival + tail).lower(), head + rival + tail)
    return list(texts.values())


@lru_cache(maxsize=4)
def _folding(characters: str) -> tuple[dict[str, int], NDArray[np.float64]]:
    """Both cases of a letter as one: the class of each character, and the matrix that adds up their columns."""
    signs: dict[str, int] = {sign: place for place, sign in enumerate(SIGNS, start=1)}
    for character in characters[:-1]:
        sign = _ALIKE.get(character, character.lower())
        signs.setdefault(sign, len(signs) + 1)
        signs[character] = signs[sign]
    fold = np.zeros((len(characters), max(signs.values()) + 1))
    fold[0, 0] = 1.0
    for place, character in enumerate(characters[:-1], start=1):
        fold[place, signs[character]] = 1.0
    return signs, fold


def parts(text: str) -> tuple[str, str, str]:
    """Marks before a word, the word, marks after it."""
    rest = text.lstrip(_MARKS)
    word = rest.rstrip(_MARKS)
    return text[: len(text) - len(rest)], word, rest[len(word) :]


def _in_capitals(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) > 1 and sum(sign.isupper() for sign in letters) > _CAPITALS * len(letters)


def _cased(word: str, like: str) -> str:
    if _in_capitals(like):
        return word.upper()
    return word.capitalize() if like[:1].isupper() else word


def _shouted(texts: Sequence[str]) -> bool:
    """Whether a whole line is in capitals, so that they say nothing of names."""
    return len(texts) > 2 and _in_capitals("".join(texts))


def _candidates(
    stretch: Stretch,
    texts: list[str],
    ink: NDArray[np.float64],
    language: Language,
    shouted: bool,
    lone: bool,
) -> Candidates:
    order = np.argsort(-ink, kind="stable").tolist()
    words = tuple(parts(texts[place])[1].lower() for place in order)
    nodes = np.array([language.nodes.get(word, 0) for word in words], np.intp)
    digits = np.array([any(sign.isdigit() for sign in word) for word in words])
    turns = np.array([word in _LEFT_TO_INK for word in words])
    drugs = np.array([node in language.drugs for node in nodes.tolist()])
    known = nodes > 0
    first = parts(texts[order[0]])[1]
    return Candidates(
        stretch=stretch,
        texts=tuple(texts[place] for place in order),
        words=words,
        ink=ink[order],
        nodes=nodes,
        lengths=np.array([len(word) for word in words]),
        digits=digits,
        held=(turns & known[0]) | turns[0] | (drugs & drugs[0]),
        drugs=drugs,
        spelt=language.spelt(words),
        number=bool(digits[0]),
        name=not shouted and (_in_capitals(first) or (first[:1].isupper() and (lone or stretch.start > 0))),
    )


def within(pool: Candidates, weights: Weights) -> Candidates:
    """The candidates that are near enough to the ink."""
    near = pool.ink >= pool.ink[0] - np.where(pool.drugs, weights.drug_reach, weights.reach)
    if near.all():
        return pool
    kept = np.flatnonzero(near).tolist()
    return replace(
        pool,
        texts=tuple(pool.texts[place] for place in kept),
        words=tuple(pool.words[place] for place in kept),
        ink=pool.ink[kept],
        nodes=pool.nodes[kept],
        lengths=pool.lengths[kept],
        digits=pool.digits[kept],
        held=pool.held[kept],
        drugs=pool.drugs[kept],
        spelt=pool.spelt[kept],
    )
