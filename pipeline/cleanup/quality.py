"""How well a page was scanned, whether anything is written on it, and what the clerk should know."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.cleanup.sheet import FindText
from pipeline.records import PageImage, PageQuality, Pixels

_INK = 0.8
"""Ink is darker than this share of the paper."""
_EDGE = 0.02
"""Share of each side at a page's edge that is not looked at: scanners leave shadows there."""
_BLOT = 0.05
"""A spot higher and wider than this share of the page is a hole, a blot or a shadow and no writing."""
_LETTER = 0.003
"""Ink smaller than this share of the page's longer side is a speck: 1 mm of a letter page is .0036."""
_FEWEST = 50
"""Pixels of ink below which nothing can be said of its sharpness."""
_BLURRED = 0.17
_PALE = 0.22
_PALE_ADVICE = "The writing is very pale; please scan the page again with more contrast."
_FEW_PIXELS = 1_000
_LOOK = 1_280


def judge(white: Pixels, page: PageImage, *, blank_ink: float, find_text: FindText) -> PageQuality:
    """Judge a page.

    Args:
        white: the cleaned page, grey, its paper white.
        page: the page as rendered.
        blank_ink: a page with a smaller share of ink may be blank.
        find_text: asked before a page is called blank, so that a few faint words are never folded away.
    """
    inner = _without_edges(white)
    ink, writing = _ink(inner, _INK)
    share = float(ink.mean())
    blank = writing < blank_ink and not len(find_text(_stretched(inner), longest=_LOOK))
    if blank or int(ink.sum()) < _FEWEST:
        # Something is written, but so palely or so blurred that nothing of it is as dark as ink.
        advice = None if blank else _PALE_ADVICE
        return PageQuality(sharpness=None, contrast=None, ink=share, blank=blank, advice=advice)
    contrast = float(np.clip(1.0 - np.percentile(inner[ink], 25) / 255.0, 0.0, 1.0))
    sharpness = _sharpness(inner, ink, contrast)
    advice = _advice(sharpness, contrast, longest=max(page.pixels.shape[:2]))
    return PageQuality(sharpness=sharpness, contrast=contrast, ink=share, blank=False, advice=advice)


def _without_edges(white: Pixels) -> Pixels:
    height, width = white.shape
    y, x = round(height * _EDGE), round(width * _EDGE)
    return white[y : height - y or None, x : width - x or None]


def _ink(white: Pixels, level: float) -> tuple[NDArray[np.bool_], float]:
    """Where ink is, and the share of the page that is ink of at least a letter's size."""
    dark = (white < 255 * level).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    height, width = white.shape
    blot = (stats[:, cv2.CC_STAT_AREA] > 0.4 * stats[:, cv2.CC_STAT_WIDTH] * stats[:, cv2.CC_STAT_HEIGHT]) & (
        np.minimum(stats[:, cv2.CC_STAT_WIDTH] / width, stats[:, cv2.CC_STAT_HEIGHT] / height) > _BLOT
    )
    kept = ~blot & (stats[:, cv2.CC_STAT_AREA] > 3)
    kept[0] = False
    largest = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    letters = kept & (largest > _LETTER * max(white.shape))
    writing = float(stats[letters, cv2.CC_STAT_AREA].sum()) / white.size
    return np.asarray(kept[labels], np.bool_), writing


def _stretched(white: Pixels) -> Pixels:
    """The page with its faintest ink made dark, for a second look before it is called blank; specks left out."""
    faint = cv2.GaussianBlur(white, (0, 0), 1.0).astype(np.float32)
    paper = float(np.median(faint))
    dark = float(np.percentile(faint, 0.02))
    reach = max(paper - dark, 12.0)
    stretched: Pixels = np.clip((faint - (paper - reach)) / (0.9 * reach) * 255.0, 0, 255).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats((stretched < 128).astype(np.uint8), connectivity=8)
    largest = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    letters = largest > _LETTER * max(white.shape)
    letters[0] = False
    near = cv2.dilate(letters[labels].astype(np.uint8), np.ones((5, 5), np.uint8))
    stretched[near == 0] = 255
    return stretched


def _sharpness(white: Pixels, ink: NDArray[np.bool_], contrast: float) -> float:
    """How much of the way from ink to paper is gone within one pixel, at the steepest edges of ink."""
    step_x = np.abs(np.diff(white.astype(np.int16), axis=1))[:, :][ink[:, :-1] | ink[:, 1:]]
    step_y = np.abs(np.diff(white.astype(np.int16), axis=0))[ink[:-1] | ink[1:]]
    steps = np.concatenate([step_x, step_y])
    return float(np.clip(np.percentile(steps, 95) / (255.0 * max(contrast, 0.05)), 0.0, 1.0))


def _advice(sharpness: float, contrast: float, *, longest: int) -> str | None:
    if longest < _FEW_PIXELS:
        return "The page has few pixels for its letters; please scan it again at 300 dpi."
    if sharpness < _BLURRED:
        return "The page is blurred; please scan it again, or photograph it with a steady hand and more light."
    if contrast < _PALE:
        return _PALE_ADVICE
    return None
