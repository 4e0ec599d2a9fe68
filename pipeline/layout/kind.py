"""Who wrote a stretch of text: print or hand, by the measures of its strokes and by a small network that looks at it.

They go wrong on other crops: the measures on capitals printed by hand, the network on long lines of old type. Their log
odds are added.
"""

import tomllib
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.errors import MissingModelError
from pipeline.layout.strokes import measure
from pipeline.onnx import Model
from pipeline.records import LineKind, Pixels

HEIGHT = 32
"""Pixels of a crop's height that the network sees."""
COLUMN = 8
"""Pixels of a crop's width, at that height, that the network judges by themselves."""
_MOST_COLUMNS = 150
_FAINTEST = 40
"""Ink is at least this much darker than the paper."""
_MEASURES_SHARE = 0.5
"""How much the log odds of the measures count beside the network's; chosen on writers that neither was fitted on."""


class KindClassifier:
    """Tells print from handwriting."""

    def __init__(self, path: Path, network: Model) -> None:
        """Load the weights of the measures.

        Args:
            path: their file.
            network: crops of `HEIGHT` to log odds, that of the whole first.

        Raises:
            MissingModelError: the file is missing, or its numbers do not fit together.
        """
        self._network = network
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
        measures, seen = measure(crop), darkness(crop)
        if measures is None or seen is None:
            return 0.5
        odds = _MEASURES_SHARE * self._logit(measures) + float(np.clip(self._network(seen)[0, 0], -12.0, 12.0))
        return float(1.0 / (1.0 + np.exp(-odds)))

    def _logit(self, found: NDArray[np.float64]) -> float:
        scaled = np.clip((found - self._mean) / self._spread, -4.0, 4.0)
        hidden = np.maximum(scaled @ self._hidden + self._hidden_bias, 0.0)
        return float(np.clip(hidden @ self._out + self._out_bias, -12.0, 12.0))


def darkness(crop: Pixels) -> NDArray[np.float32] | None:
    """A crop as the network sees it: 1 x 1 x `HEIGHT` x W, paper 0 and ink 1; None where nothing is written."""
    scale = HEIGHT / crop.shape[0]
    # The network knows no parts of columns.
    width = COLUMN * int(np.clip(round(crop.shape[1] * scale / COLUMN), 1, _MOST_COLUMNS))
    grey = cv2.resize(crop, (width, HEIGHT), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    paper, ink = np.percentile(grey, (90, 0.3))
    if paper - ink < _FAINTEST:
        return None
    dark: NDArray[np.float32] = np.clip((paper - grey) / (paper - ink), 0.0, 1.0).astype(np.float32)
    return dark[np.newaxis, np.newaxis]
