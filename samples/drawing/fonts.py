"""The fonts that the samples are drawn with; their licences stand beside them."""

from functools import cache
from pathlib import Path

from PIL import ImageFont

FOLDER = Path(__file__).parent.parent / "fonts"

HANDS = (
    "caveat",
    "cedarville-cursive",
    "covered-by-your-grace",
    "dawning-of-a-new-day",
    "homemade-apple",
    "just-me-again-down-here",
    "kalam",
    "kristi",
    "la-belle-aurore",
    "nothing-you-could-do",
    "over-the-rainbow",
    "reenie-beanie",
    "rock-salt",
    "shadows-into-light",
    "zeyada",
)
"""Handwriting fonts, each the hand of one invented person."""


@cache
def font(name: str, size: int, weight: int = 400) -> ImageFont.FreeTypeFont:
    """A font of the folder at a size in pixels per em."""
    return ImageFont.truetype(str(FOLDER / f"{name}-latin-{weight}-normal.woff2"), size)


@cache
def font_by_height(name: str, height: float) -> ImageFont.FreeTypeFont:
    """A font whose small letters are `height` pixels high; families differ much at the same size."""
    trial = font(name, 200)
    _, top, _, bottom = trial.getbbox("neoasur", anchor="ls")
    return font(name, max(8, round(200 * height / (bottom - top))))
