"""Who wrote a stretch of text: print or hand, by a small network over the measures of its strokes."""

import tomllib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import MissingModelError
from pipeline.layout.strokes import measure
from pipeline.records import LineKind, Pixels


class KindClassifier:
    """Tells print from handwriting."""

    def __init__(self, path: Path) -> None:
        """Load the weights.

        Raises:
            MissingModelError: the file is missing, or its numbers do not fit together.
        """
        try:
            with path.open("rb") as file:
                weights = {name: np.array(value, np.float64) for name, value in tomllib.load(file)["weights"].items()}
            self._mean, self._spread = weights["mean"], weights["spread"]
            self._hidden, self._hidden_bias = weights["hidden"], weights["hidden_bias"]
            self._out, self._out_bias = weights["out"], float(weights["out_bias"][0])
            fits = self._hidden.shape == (len(self._mean), len(self._out)) and self._mean.shape == self._spread.shape
        except (OSError, KeyError, IndexError, TypeError, ValueError) as error:
            raise MissingModelError(f"The weights in {path} cannot be read; install the product again.") from error
        if not fits:
            raise MissingModelError(f"The weights in {path} do not fit together; install the product again.")

    def __call__(self, crop: Pixels) -> tuple[LineKind, float]:
        """The kind of a grey crop of one line or word, and how sure it is, .5 to 1."""
        hand = self.hand_probability(crop)
        return (LineKind.HAND, hand) if hand >= 0.5 else (LineKind.PRINT, 1.0 - hand)

    def hand_probability(self, crop: Pixels) -> float:
        """Probability that a grey crop is handwriting; .5 where it holds no ink."""
        found = measure(crop)
        return 0.5 if found is None else float(1.0 / (1.0 + np.exp(-self._logit(found))))

    def _logit(self, found: NDArray[np.float64]) -> float:
        scaled = np.clip((found - self._mean) / self._spread, -4.0, 4.0)
        hidden = np.maximum(scaled @ self._hidden + self._hidden_bias, 0.0)
        return float(np.clip(hidden @ self._out + self._out_bias, -12.0, 12.0))
