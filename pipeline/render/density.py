"""Dots per inch as files state them, and what is wrong with it."""

import math
from typing import NamedTuple

from PIL import ExifTags, Image

_SQUARE_WITHIN = 0.02
_SCREEN_DPI = 96


class Density(NamedTuple):
    """Dots per unit across and down; in inches or, where the file does not say, a ratio only."""

    x: float
    y: float
    in_inches: bool


def stated_density(image: Image.Image, *, turned: bool) -> Density | None:
    """What the file says of an image that was opened and not yet decoded.

    Args:
        image: the image.
        turned: its rows will become columns, so that the two values change places.
    """
    density = _tiff_density(image) if image.format == "TIFF" else _info_density(image)
    if density is None or not all(math.isfinite(value) and value > 0 for value in density[:2]):
        return None
    if not 0.25 <= density.x / density.y <= 4:
        return None
    return density._replace(x=density.y, y=density.x) if turned else density


def _tiff_density(image: Image.Image) -> Density | None:
    tags = image.tag_v2  # type: ignore[attr-defined]
    x, y = tags.get(282), tags.get(283)
    if x is None or y is None:
        return None
    unit = tags.get(296, 2)
    scale = 2.54 if unit == 3 else 1.0
    return Density(float(x) * scale, float(y) * scale, unit in {2, 3})


def _info_density(image: Image.Image) -> Density | None:
    if image.info.get("jfif_unit") == 0 and "jfif_density" in image.info:
        x, y = image.info["jfif_density"]
        return Density(float(x), float(y), False)
    if "aspect" in image.info:
        x, y = image.info["aspect"]
        return Density(float(x), float(y), False)
    if "dpi" in image.info:
        x, y = image.info["dpi"]
        return Density(float(x), float(y), True)
    return None


def is_photo(image: Image.Image) -> bool:
    """Whether a camera took it: its dots per inch are then a convention and say nothing of the paper."""
    shot = image.getexif().get_ifd(ExifTags.IFD.Exif)
    return any(tag in shot for tag in (ExifTags.Base.ExposureTime, ExifTags.Base.FNumber, ExifTags.Base.FocalLength))


def square_size(size: tuple[int, int], density: Density | None) -> tuple[int, int]:
    """The size at which pixels are square, so that a fax of 204 x 98 dpi is not squeezed; never smaller."""
    width, height = size
    if density is None or abs(density.x / density.y - 1) <= _SQUARE_WITHIN:
        return size
    if density.x > density.y:
        return width, max(1, round(height * density.x / density.y))
    return max(1, round(width * density.y / density.x)), height


def plausible_dpi(size: tuple[int, int], density: Density | None) -> float | None:
    """Dots per inch of a picture of this size, or None where they would make an impossible sheet.

    Screens' 72 and 96 dpi stand in many files that nobody measured, so those must fit a legal sheet.
    """
    if density is None or not density.in_inches:
        return None
    dpi = max(density.x, density.y)
    longest = 14.2 if dpi <= _SCREEN_DPI else 20.0
    if not 50 <= dpi <= 1200 or max(size) / dpi > longest:
        return None
    return round(dpi, 1)
