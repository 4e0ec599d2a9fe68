"""Where text is: the PP-OCRv6 detector and what turns its map into rectangles.

The network gives, for each pixel, the probability that it lies in the middle band of a line of text. Each
connected patch of that band becomes its smallest rectangle, at any angle, and is grown back to the
height of the letters (Liao et al., "Real-time scene text detection with differentiable binarization").
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.onnx import Model
from pipeline.records import Pixels

LONGEST = 1280
"""Pixels of the longer side that the network sees; its memory and time grow with the square."""

_MULTIPLE = 32
_PIXEL = 0.3
"""A pixel of this probability or more is text."""
_PATCH = 0.7
"""A patch of this mean probability or more is kept."""
_GROW = 1.6
"""How far a patch grows: this times its area over its outline."""
_SMALLEST = 3.0
_MOST = 3_000
_DARKER = 40
_MARGIN = 0.02


class TextDetector:
    """Finds stretches of text; of print and handwriting alike, at any angle."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def __call__(self, pixels: Pixels, *, longest: int = LONGEST) -> NDArray[np.float32]:
        """Find the text of an image.

        Args:
            pixels: grey or RGB.
            longest: the longer side at which the network looks, pixels; an image is never enlarged beyond twice.

        Returns:
            n x 4 x 2 corners in pixels of the image, clockwise; the edge from the first to the second is
            the one nearer to horizontal, left to right.
        """
        scale = min(longest / max(pixels.shape[:2]), 2.0)
        left, top, right, bottom = _inked(pixels)
        pixels = pixels[top:bottom, left:right]
        height, width = pixels.shape[:2]
        size = tuple(max(_MULTIPLE, round(side * scale / _MULTIPLE) * _MULTIPLE) for side in (width, height))
        colour = pixels if pixels.ndim == 3 else cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB)
        seen = cv2.resize(colour, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        batch = (seen.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)[np.newaxis]
        band = self._model(np.ascontiguousarray(batch))[0, 0]
        to_pixels = np.array([width / size[0], height / size[1]], dtype=np.float32)
        return _rectangles(band) * to_pixels + np.array([left, top], dtype=np.float32)


def _inked(pixels: Pixels) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of all that is not paper, with a margin.

    The network judges each place by the whole picture too: on a nearly empty page it overlooks a lone line.
    """
    grey = pixels if pixels.ndim == 2 else pixels.min(axis=2)
    dark = grey < float(np.median(grey[::4, ::4])) - _DARKER
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    height, width = grey.shape
    if not len(rows):
        return 0, 0, width, height
    margin = round(_MARGIN * max(height, width))
    return (
        max(0, int(columns[0]) - margin),
        max(0, int(rows[0]) - margin),
        min(width, int(columns[-1]) + 1 + margin),
        min(height, int(rows[-1]) + 1 + margin),
    )


def _rectangles(band: NDArray[np.float32]) -> NDArray[np.float32]:
    mask = cv2.dilate((band > _PIXEL).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours[:_MOST]:
        centre, (width, height), angle = cv2.minAreaRect(contour)
        if min(width, height) < _SMALLEST or _mean_inside(band, contour) < _PATCH:
            continue
        grow = _GROW * width * height / (width + height)
        found.append(level_corners(cv2.boxPoints((centre, (width + grow, height + grow), angle)).astype(np.float32)))
    return np.stack(found).astype(np.float32) if found else np.zeros((0, 4, 2), np.float32)


def _mean_inside(band: NDArray[np.float32], contour: cv2.typing.MatLike) -> float:
    x, y, width, height = cv2.boundingRect(contour)
    inside = np.zeros((height, width), np.uint8)
    cv2.drawContours(inside, [contour], -1, 1, cv2.FILLED, offset=(-x, -y))
    return float(cv2.mean(band[y : y + height, x : x + width], inside)[0])


def level_corners(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn the order of a rectangle's corners so that the first edge runs left to right, within 45 degrees."""
    edges = np.roll(points, -1, axis=0) - points
    first = int(np.argmax(edges[:, 0] / np.maximum(np.hypot(edges[:, 0], edges[:, 1]), 1e-6)))
    ordered: NDArray[np.float32] = np.roll(points, -first, axis=0)
    return ordered
