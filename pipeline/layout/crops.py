"""Cut a four-cornered stretch of text out of the cleaned page, level."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.records import Pixels

WHITE = 255


def level_crop(pixels: Pixels, corners: NDArray[np.float32]) -> Pixels:
    """The pixels inside four corners (clockwise from the text's top left), at the page's resolution."""
    width = max(2, round(float(np.linalg.norm(corners[1] - corners[0]))))
    height = max(2, round(float(np.linalg.norm(corners[3] - corners[0]))))
    frame = np.array([[0, 0], [width, 0], [0, height]], np.float32)
    transform = cv2.getAffineTransform(np.ascontiguousarray(corners[[0, 1, 3]], np.float32), frame)
    return cv2.warpAffine(
        pixels, transform, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=WHITE
    ).astype(np.uint8)
