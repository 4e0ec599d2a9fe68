"""A line's crop out of the cleaned page, and the way of a stretch of it back to the page as rendered."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.records import Box, CleanImage, Pixels, Region

WHITE = 255
_ABOVE_AND_BELOW = 0.04
"""The crop reaches this share of its height further: tips of letters stand there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """A line cut out of the cleaned page and set level."""

    pixels: Pixels
    """Height x width, grey."""
    back: NDArray[np.float64]
    """2 x 3: takes a point of the crop to the cleaned page."""

    def corners(self, x0: float, y0: float, x1: float, y1: float) -> NDArray[np.float64]:
        """A rectangle of the crop as four corners of the cleaned page."""
        rectangle = np.array([[x0, y0, 1], [x1, y0, 1], [x1, y1, 1], [x0, y1, 1]], np.float64)
        return rectangle @ self.back.T


def cut(pixels: Pixels, region: Region) -> Crop:
    """Cut a region out of the cleaned page."""
    corners = np.array(region.corners, np.float64)
    down = (corners[3] - corners[0]) * _ABOVE_AND_BELOW
    corners = np.stack([corners[0] - down, corners[1] - down, corners[2] + down, corners[3] + down])
    width = max(4, round(float(np.linalg.norm(corners[1] - corners[0]))))
    height = max(4, round(float(np.linalg.norm(corners[3] - corners[0]))))
    frame = np.array([[0, 0], [width, 0], [0, height]], np.float32)
    back = cv2.getAffineTransform(frame, np.ascontiguousarray(corners[[0, 1, 3]], np.float32))
    crop = cv2.warpAffine(
        pixels,
        back,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=WHITE,
    )
    return Crop(pixels=crop.astype(np.uint8), back=np.asarray(back, np.float64))


def box_on_page(corners: NDArray[np.float64], clean: CleanImage) -> Box:
    """The box on the page as rendered that holds four corners of the cleaned page; inside it, at least one pixel."""
    points = np.column_stack([corners, np.ones(len(corners))]) @ clean.to_page.T
    points = points[:, :2] / points[:, 2:]
    height, width = clean.page.pixels.shape[:2]
    x0 = int(np.clip(np.floor(points[:, 0].min()), 0, width - 1))
    y0 = int(np.clip(np.floor(points[:, 1].min()), 0, height - 1))
    x1 = int(np.clip(np.ceil(points[:, 0].max()), x0 + 1, width))
    y1 = int(np.clip(np.ceil(points[:, 1].max()), y0 + 1, height))
    return Box(x0, y0, x1, y1)
