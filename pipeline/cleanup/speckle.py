"""Take away fax noise: specks that stand far from any writing. Dots of i and full stops stay."""

from dataclasses import replace

import cv2
import numpy as np

from pipeline.cleanup.sheet import WHITE, Sheet

_DARK = 225
"""Thin strokes are pale; with a lower level they would fall into specks."""
_LETTER_SIDE = 3_300.0
"""Pixels of the longer side of a letter page at 300 dpi; sizes below are for it."""
_SPECK = 6.0
"""A speck is at most this many pixels wide and high."""
_APART = 14.0
"""It stands at least this far from anything larger."""
_NOISY = 150
"""A page with fewer specks is not noisy and is left as it is."""


def despeckle(sheet: Sheet) -> Sheet:
    """The grey, white sheet without lone specks, where it has many."""
    unit = max(sheet.pixels.shape) / _LETTER_SIDE
    dark = (sheet.pixels < _DARK).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    largest = max(2.0, _SPECK * unit)
    small = (stats[:, cv2.CC_STAT_WIDTH] <= largest) & (stats[:, cv2.CC_STAT_HEIGHT] <= largest)
    small[0] = False
    if int(small.sum()) < _NOISY:
        return sheet
    writing = (~small)[labels] & (dark > 0)
    reach = 2 * round(_APART * unit) + 1
    near = cv2.dilate(writing.astype(np.uint8), np.ones((reach, reach), np.uint8))
    lone = small[labels] & (near == 0)
    # The grey rim of a speck goes with it.
    rim = cv2.dilate(lone.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    pixels = sheet.pixels.copy()
    pixels[rim & (near == 0)] = WHITE
    return replace(sheet, pixels=pixels)
