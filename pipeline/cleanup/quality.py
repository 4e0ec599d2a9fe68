"""How well a page was scanned, whether anything is written on it, and what the clerk should know."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.cleanup.cut_off import cut_letters
from pipeline.cleanup.sheet import FindText
from pipeline.records import PageImage, PageQuality, Pixels

_INK = 0.8
"""Ink of a page that is surely written on is darker than this share of the paper."""
_EDGE = 0.02
"""Share of each side at a page's edge that is not looked at: scanners leave shadows there."""
_BLOT = 0.05
"""A spot higher and wider than this share of the page is a hole, a blot or a shadow and no writing."""
_LETTER = 0.003
"""Ink smaller than this share of the page's longer side is a speck: 1 mm of a letter page is .0036."""
_FEWEST = 50
"""Pixels of ink below which nothing can be said of it."""
_LEVELS = (0.8, 0.97)
"""Ink is darker than half way from paper to the page's darkest ink, and this lies between these shares of the paper."""
_DARKEST = 0.2
"""The darkest ink is what this percentage of the page is darker than."""
_LETTERS = (0.003, 0.06)
"""Heights of letters, as shares of the page's longer side."""
_LOOK = 1_280

_BLURRED = 0.3
_PALE = 0.25
_DARK = 0.3
_SMALL = 5.5
"""Pixels of the height of a letter."""
_CUT = 4
"""Letters that the page's edge cuts: fewer may be flourishes or a torn edge."""

_ADVICE = {
    "dark": "The page is too dark; scan it again with more light.",
    "blurred": "The page is blurred; lay it flat and scan it again at 300 dpi.",
    "pale": "The writing is very pale; scan the page again with more contrast.",
    "small": "The letters have too few pixels; scan the page again at 300 dpi.",
    "cut": "Writing is cut off at the edge; scan the whole page again.",
}


def judge(
    white: Pixels, page: PageImage, *, scale: float, uncut: Pixels | None, blank_ink: float, find_text: FindText
) -> PageQuality:
    """Judge a page.

    Args:
        white: the cleaned page, grey, its paper white.
        page: the page as rendered.
        scale: pixels of the page as rendered for one of `white`.
        uncut: the upright page before it was straightened; None where all edges of the sheet were seen.
        blank_ink: a page with a smaller share of ink may be blank.
        find_text: asked before a page is called blank, so that a few faint words are never folded away.
    """
    inner = _without_edges(white)
    brightness = float(np.percentile(page.pixels[::8, ::8].max(axis=2), 90)) / 255.0
    _, writing = _ink(inner, _INK)
    blank = writing < blank_ink and not len(find_text(_stretched(inner), longest=_LOOK))
    level = _ink_level(inner)
    ink, _ = _ink(inner, level)
    quality = PageQuality(
        sharpness=None, contrast=None, ink=float(ink.mean()), blank=blank, advice=None, brightness=brightness
    )
    if not blank and int(ink.sum()) >= _FEWEST:
        contrast = float(np.clip(1.0 - np.percentile(inner[ink], 25) / 255.0, 0.0, 1.0))
        letter = _letter_height(inner, level)
        quality = replace(
            quality,
            contrast=contrast,
            sharpness=_sharpness(inner, ink, contrast),
            letter_height=None if letter is None else letter * scale,
            cut_letters=0 if uncut is None or letter is None else cut_letters(uncut, 255 * level, letter),
        )
    return replace(quality, advice=_advice(quality))


def _ink_level(white: Pixels) -> float:
    """Share of the paper's brightness below which a pixel is ink; pale writing asks for a higher one."""
    darkest = float(np.percentile(cv2.GaussianBlur(white, (0, 0), 1.0), _DARKEST)) / 255.0
    return float(np.clip((1.0 + darkest) / 2, *_LEVELS))


def _letter_height(white: Pixels, level: float) -> float | None:
    """Height of a usual letter in pixels, where there are letters."""
    _, _, stats, _ = cv2.connectedComponentsWithStats((white < 255 * level).astype(np.uint8), connectivity=8)
    heights = stats[1:, cv2.CC_STAT_HEIGHT]
    least, most = (share * max(white.shape) for share in _LETTERS)
    letters = heights[(heights > least) & (heights < most) & (stats[1:, cv2.CC_STAT_AREA] > _SMALL)]
    return float(np.median(letters)) if len(letters) > _CUT else None


def _advice(quality: PageQuality) -> str | None:
    """What to do about the worst that is wrong; a blank page may be blank."""
    if quality.brightness is not None and quality.brightness < _DARK:
        return _ADVICE["dark"]
    if quality.blank:
        return None
    if quality.contrast is None or quality.sharpness is None:
        # Something is written, but so palely that nothing of it is ink.
        return _ADVICE["pale"]
    if quality.letter_height is not None and quality.letter_height < _SMALL:
        return _ADVICE["small"]
    if quality.sharpness < _BLURRED:
        return _ADVICE["blurred"]
    if quality.contrast < _PALE:
        return _ADVICE["pale"]
    return _ADVICE["cut"] if (quality.cut_letters or 0) >= _CUT else None


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
