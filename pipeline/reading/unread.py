"""Ink that no word stands for: what the layout found outside lines, and strokes in a line that were read to nothing.

A signature behind its label, of which no letter was read, is such a stroke.
"""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from pipeline.reading.crops import Crop, box_on_page
from pipeline.records import Box, CleanImage, Layout

_DARK = 160
"""A pixel of a cleaned page darker than this is ink."""
_GAP = 1.2
"""A gap between words, in heights of the line, that another word would fit into."""
_LARGE = 0.4
"""A patch of ink as high and as wide as this share of the line's height is no rule, dash or tail of another line."""


def loose_ink(clean: CleanImage, layout: Layout, unread: Sequence[Box]) -> tuple[Box, ...] | None:
    """Ink outside lines and within them, on the page as rendered; None where the layout did not look for it."""
    if layout.loose is None:
        return None
    return (*(box_on_page(np.array(corners), clean) for corners in layout.loose), *unread)


def unread_ink(crop: Crop, words: Sequence[tuple[float, float]], clean: CleanImage) -> Iterator[Box]:
    """Where ink stands in the gaps of a line that was read.

    Args:
        crop: of the line.
        words: where each word begins and ends, in shares of the crop's width, left to right.
        clean: the page that it was cut out of.
    """
    height, width = crop.pixels.shape
    ends, starts = [0.0, *(end for _, end in words)], [*(start for start, _ in words), 1.0]
    for left, right in zip(ends, starts, strict=True):
        x0, x1 = round(left * width), round(right * width)
        if x1 - x0 < _GAP * height:
            continue
        dark = (crop.pixels[:, x0:x1] < _DARK).astype(np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
        sizes = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
        large = stats[1:, :4][sizes.min(axis=1) >= _LARGE * height]
        if len(large):
            (a, b), (c, d) = large[:, :2].min(axis=0), (large[:, :2] + large[:, 2:]).max(axis=0)
            yield box_on_page(crop.corners(x0 + a, b, x0 + c, d), clean)
