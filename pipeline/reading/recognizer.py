"""The network that reads a line: a crop in, a row of probabilities over characters a step out."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.errors import MissingModelError
from pipeline.onnx import Model
from pipeline.reading.ctc import best_path
from pipeline.records import Pixels

HEIGHT = 48
"""Pixels of height that the network was trained at."""
_WIDEST = 3_200
_NARROWEST = 48
_STEP = 8
"""Pixels of width from one step of the network to the next."""
_STEPS_A_STROKE = 1.25
"""Letters written close are stretched and letters drawn wide are pressed together until strokes stand so far apart."""
_LEAST_STRETCH, _MOST_STRETCH = 0.77, 2.0
_SEEN_AT = 64
"""Height at which strokes are counted."""
_CROSSED = 6
"""Rows, of those that cross most strokes, whose mean tells how many strokes there are."""
_BEYOND_ASCII = "°µμ½¼¾–—‘’“”•×±…§£é"


class Recognizer:
    """Reads crops of one line, held to the characters of English charts."""

    def __init__(self, model: Model) -> None:
        """Take over the loaded network.

        Raises:
            MissingModelError: the network does not say which characters it knows.
        """
        if "character" not in model.metadata:
            raise MissingModelError("The recogniser does not say which characters it knows; run `make install`.")
        self._model = model
        known = model.metadata["character"].split("\n")
        wanted = {chr(code) for code in range(33, 127)} | set(_BEYOND_ASCII)
        kept = [(place, character) for place, character in enumerate(known, start=1) if character in wanted]
        self.characters = "".join(character for _, character in kept) + " "
        """What each class but the first, the blank, stands for."""
        self._classes = np.array([0, *(place for place, _ in kept), len(known) + 1])

    def __call__(self, crop: Pixels) -> NDArray[np.float32]:
        """Read a crop.

        Args:
            crop: one line, grey or RGB, upright.

        Returns:
            steps x (1 + characters) probabilities; each row sums to 1, class 0 is the blank.
        """
        seen = at_reading_size(crop)
        seen = seen if seen.ndim == 3 else cv2.cvtColor(seen, cv2.COLOR_GRAY2RGB).astype(np.uint8)
        batch = (seen.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)[np.newaxis]
        # One crop at a time: on one thread a batch is no faster, and a line's text cannot depend on its neighbours.
        rows = self._model(np.ascontiguousarray(batch))[0][:, self._classes]
        kept: NDArray[np.float32] = rows / np.maximum(rows.sum(axis=1, keepdims=True), 1e-12)
        return kept

    def sureness(self, crop: Pixels) -> float:
        """How much a crop looks like writing the right way up: mean probability of what it reads, 0 for nothing."""
        path = best_path(self(crop))
        return float(np.mean([peak for _, _, peak in path])) if path else 0.0


def at_reading_size(crop: Pixels, stretch: float = 1.0) -> Pixels:
    """A crop of one line, grey or RGB, at the height and about the width at which the network reads it best.

    Args:
        crop: of any size.
        stretch: how much wider than that; training varies it.
    """
    height, width = crop.shape[:2]
    natural = width * HEIGHT / height
    needed = strokes(crop) * _STEPS_A_STROKE * _STEP
    stretched = np.clip(needed, _LEAST_STRETCH * natural, _MOST_STRETCH * natural) * stretch
    size = (int(np.clip(round(float(stretched)), _NARROWEST, _WIDEST)), HEIGHT)
    how = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_CUBIC
    return cv2.resize(crop, size, interpolation=how).astype(np.uint8)


def strokes(crop: Pixels) -> float:
    """About how many strokes stand side by side in a crop of one line; a letter has one or two.

    Counted in pieces as wide as the line is high, so that a line may climb.
    """
    grey = crop if crop.ndim == 2 else cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    wide = min(max(_STEP, round(width * _SEEN_AT / height)), 2 * _WIDEST)
    small = cv2.resize(grey, (wide, _SEEN_AT), interpolation=cv2.INTER_AREA)
    _, ink = cv2.threshold(small, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    begins = np.diff(ink.astype(np.int8), axis=1, prepend=0) == 1
    edges = np.linspace(0, wide, max(1, round(wide / _SEEN_AT)) + 1).astype(int)
    pieces = np.add.reduceat(begins, edges[:-1], axis=1, dtype=np.intp)
    return float(np.sort(pieces, axis=0)[-_CROSSED:].mean(axis=0).sum())
