"""From what a reader holds of itself to the probability that a word is right.

Readers are over-sure in their own ways. A logistic curve for each reader, fitted on words whose truth is
known and whose writers the reader had not seen, turns their measures into probabilities.
"""

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import MissingModelError
from pipeline.reading.ctc import InkWord
from pipeline.reading.tesseract import PrintedWord
from pipeline.records import Alternative

_LOWEST, _HIGHEST = 0.01, 0.995
_MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A logistic curve over the measures of one reader."""

    bias: float
    weights: tuple[float, ...]
    covered: float
    """Share of the wrong words whose truth is among the alternatives."""

    def __call__(self, measures: Sequence[float]) -> float:
        """Probability that the word is right."""
        odds = self.bias + sum(weight * value for weight, value in zip(self.weights, measures, strict=True))
        return min(_HIGHEST, max(_LOWEST, 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """The curves of all readers."""

    hand: Curve
    """Of the recogniser on handwriting."""
    print: Curve
    """Of the recogniser on print."""
    tesseract: Curve


def load_curves(path: Path) -> Curves:
    """Read the curves.

    Raises:
        MissingModelError: the file is missing or lacks a number.
    """
    try:
        with path.open("rb") as file:
            table = tomllib.load(file)
        return Curves(
            hand=_curve(table["hand"], INK_MEASURES),
            print=_curve(table["print"], INK_MEASURES),
            tesseract=_curve(table["tesseract"], PRINT_MEASURES),
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise MissingModelError(
            f"The confidence curves in {path} cannot be read; install the product again."
        ) from error


def _curve(entry: dict[str, object], measures: Sequence[str]) -> Curve:
    bias, weights, covered = entry["bias"], entry["weights"], entry["covered"]
    if not isinstance(bias, float) or not isinstance(weights, list) or not isinstance(covered, float):
        raise TypeError("a curve is a bias, a list of weights and a share")
    if len(weights) != len(measures):
        raise ValueError("a curve has one weight for each measure")
    return Curve(bias=bias, weights=tuple(float(weight) for weight in weights), covered=covered)


INK_MEASURES = ("probability", "by_ink", "weakest", "line", "alone", "known", "length", "no_letters")
"""What the weights of the recogniser's curves stand for."""
PRINT_MEASURES = ("odds", "sureness", "length", "no_letters")
"""What the weights of Tesseract's curve stand for."""


def ink_measures(words: Sequence[InkWord]) -> list[tuple[float, ...]]:
    """What the recogniser holds of the words of a line, as the curves take it.

    Where it is unsure of a word's neighbours it has met a hard hand, and is wrong more often where it feels sure; and a
    word that stands alone has no neighbours to be told by.
    """
    weakest = [math.log(max(word.weakest, 1e-3)) for word in words]
    line = sum(weakest) / max(1, len(weakest))
    return [
        (
            math.log(max(word.probability, 1e-6)),
            math.log(max(word.by_ink, 1e-6)),
            least,
            line,
            float(len(words) == 1),
            float(word.known),
            *_shape(word.text),
        )
        for word, least in zip(words, weakest, strict=True)
    ]


def print_measures(word: PrintedWord) -> tuple[float, ...]:
    """What Tesseract holds of a word, as the curves take it."""
    sure = min(0.995, max(0.005, word.sureness))
    return (math.log(sure / (1 - sure)), word.sureness, *_shape(word.text))


def _shape(text: str) -> tuple[float, float]:
    letters = sum(character.isalpha() for character in text)
    return (min(len(text), 12) / 12, 1.0 - letters / max(1, len(text)))


def alternatives(word: InkWord, confidence: float, curve: Curve) -> tuple[Alternative, ...]:
    """The other ways to read a word: what its confidence leaves is shared among them."""
    total = sum(probability for _, probability in word.others)
    left = (1 - confidence) * curve.covered
    return tuple(
        Alternative(text=text, confidence=round(left * probability / total, 6) if total > 0 else None)
        for text, probability in word.others[:_MOST]
    )
