"""Bring a page to a working size: a letter page at about 300 dpi at most, and never so small that letters vanish."""

from dataclasses import replace

import cv2
import numpy as np

from pipeline.cleanup.sheet import Sheet, scaling

LONGEST = 3_600
"""Pixels of the longer side, at most."""
SMALL = 1_800
"""A page whose longer side is shorter is enlarged."""
_ENLARGE = 2.0


def resize(sheet: Sheet) -> Sheet:
    """Scale the sheet down to at most `LONGEST`, or a small one up by at most 2."""
    height, width = sheet.pixels.shape[:2]
    longest = max(height, width)
    scale = LONGEST / longest if longest > LONGEST else min(_ENLARGE, max(1.0, SMALL / longest))
    if scale == 1.0:
        return sheet
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    pixels = cv2.resize(sheet.pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    back = scaling(width / size[0], height / size[1])
    return replace(sheet, pixels=pixels.astype(np.uint8), to_page=sheet.to_page @ back)
