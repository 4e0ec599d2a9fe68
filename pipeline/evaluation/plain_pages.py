"""Whole pages read by the readers to compare with, as they come: their text in reading order, and their lines."""

import csv
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.evaluation.readers import TesseractAlone
from pipeline.layout.detector import TextDetector
from pipeline.records import Box, Pixels

_LONGEST = 2000
"""The detector's own pipeline shrinks larger pictures to this side, in pixels, and leaves others as they are."""
_ONE_ROW = 0.5
"""Boxes whose middles lie this share of a height apart, or less, stand on one row."""
_LINE = "4"
"""Tesseract's level of lines."""


class PlainPages:
    """The PP-OCRv6 small detector on the page as rendered, its boxes sorted into lines, each read by itself."""

    def __init__(self, detector: TextDetector, read: Callable[[Pixels], str]) -> None:
        """Take the detector, with the product's way from its map to boxes, and the reader of a crop."""
        self._detector = detector
        self._read = read

    def text(self, pixels: Pixels) -> str:
        """The page's text, a line a row of boxes."""
        rows = in_rows(self._detect(pixels))
        return "\n".join(" ".join(self._read(_cut(pixels, corners)) for corners in row) for row in rows)

    def lines(self, pixels: Pixels) -> list[Box]:
        """The boxes that the detector finds."""
        return [_around(corners) for corners in self._detect(pixels)]

    def _detect(self, pixels: Pixels) -> NDArray[np.float32]:
        return self._detector(pixels, longest=min(_LONGEST, max(pixels.shape[:2])))


def in_rows(boxes: NDArray[np.float32]) -> list[list[NDArray[np.float32]]]:
    """Boxes (n x 4 x 2 corners) in rows from the top, each row from the left."""
    rows: list[list[NDArray[np.float32]]] = []
    for box in sorted(boxes, key=lambda corners: float(corners[:, 1].mean())):
        last = rows[-1][-1] if rows else None
        if last is not None and box[:, 1].mean() - last[:, 1].mean() <= _ONE_ROW * min(_height(box), _height(last)):
            rows[-1].append(box)
        else:
            rows.append([box])
    return [sorted(row, key=lambda corners: float(corners[:, 0].min())) for row in rows]


def tesseract_lines(tesseract: TesseractAlone, pixels: Pixels) -> list[Box]:
    """The lines that Tesseract finds.

    Raises:
        MissingProgramError: it is not installed.
        ReadingFailedError: it took too long or broke off.
    """
    table = csv.DictReader(tesseract(pixels, table=True).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    places = [[int(row[name]) for name in ("left", "top", "width", "height")] for row in table if row["level"] == _LINE]
    return [Box(left, top, left + width, top + height) for left, top, width, height in places]


def _height(corners: NDArray[np.float32]) -> float:
    return float(np.linalg.norm(corners[3] - corners[0]))


def _around(corners: NDArray[np.float32]) -> Box:
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    return Box(round(float(x0)), round(float(y0)), round(float(x1)), round(float(y1)))


def _cut(pixels: Pixels, corners: NDArray[np.float32]) -> Pixels:
    width = max(1, round(float(np.linalg.norm(corners[1] - corners[0]))))
    height = max(1, round(_height(corners)))
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(np.ascontiguousarray(corners, np.float32), frame)
    return cv2.warpPerspective(pixels, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)
