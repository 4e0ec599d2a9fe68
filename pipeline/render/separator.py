"""The sheet that scanning staff lay between two charts, and how it is known again."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pipeline.records import PageImage, Pixels

SEPARATOR_TEXT = "INKCHART-SEPARATOR"
"""What the sheet's code says; nothing else is a separator."""

_LONG_SIDES = (600, 1200)
"""Pixels to which a page is brought to look for a code: the first averages dirt away, the second finds a small one."""
_CODE_SIDE = 420
"""Pixels to which a code that was found is brought to be read."""
_MARGIN = 0.35
"""Of a code's side, taken along around it."""

_PAPER_INCHES = (8.5, 11.0)
_CODE_INCHES = 4.0
_TITLE = "Next chart"
_SENTENCE = (
    "Lay this sheet between two charts before you scan them together.\n"
    "The file is split here; the sheet itself is not read."
)


def is_separator(image: PageImage) -> bool:
    """Whether a page carries the separator's code, whichever way it was laid or faxed.

    A code is looked for on small copies of the page, and read from its own place on the page.
    """
    grey = np.asarray(cv2.cvtColor(image.pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    return any(_says_separator(grey, min(1.0, side / max(grey.shape))) for side in _LONG_SIDES)


def separator_sheet(dpi: int = 300) -> Image.Image:
    """Draw the sheet, letter size, to be printed.

    Args:
        dpi: resolution; a large code survives a fax.

    Returns:
        A grey image.
    """
    width, height = (round(inches * dpi) for inches in _PAPER_INCHES)
    sheet = Image.new("L", (width, height), 255)
    settings = cv2.QRCodeEncoder.Params()
    settings.correction_level = cv2.QRCODE_ENCODER_CORRECT_LEVEL_Q  # a quarter of it may be smudged
    modules = np.asarray(cv2.QRCodeEncoder.create(settings).encode(SEPARATOR_TEXT), dtype=np.uint8)
    side = round(_CODE_INCHES * dpi)
    code = Image.fromarray(modules).resize((side, side), Image.Resampling.NEAREST)
    sheet.paste(code, ((width - side) // 2, (height - side) // 2))
    draw = ImageDraw.Draw(sheet)
    draw.text((width // 2, dpi * 1.6), _TITLE, fill=0, font=ImageFont.load_default(dpi * 0.6), anchor="mm")
    draw.multiline_text(
        (width // 2, height - dpi * 2),
        _SENTENCE,
        fill=0,
        font=ImageFont.load_default(dpi * 0.17),
        anchor="mm",
        align="center",
        spacing=dpi * 0.08,
    )
    return sheet


def _says_separator(grey: Pixels, scale: float) -> bool:
    """Whether one of the codes seen on the page at this scale is the separator's."""
    detector = cv2.QRCodeDetector()
    found, corners = detector.detectMulti(_resized(grey, scale))
    if not found or corners is None:
        return False
    places = [np.asarray(quad / scale, dtype=np.float32) for quad in corners]
    return any(_text(detector, grey, place) == SEPARATOR_TEXT for place in places)


def _resized(grey: Pixels, scale: float) -> Pixels:
    if scale == 1:
        return grey
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _text(detector: cv2.QRCodeDetector, grey: Pixels, corners: NDArray[np.float32]) -> str:
    """Read the code at a place, or give an empty text.

    Args:
        detector: OpenCV's reader.
        grey: the page, height x width.
        corners: 4 x 2, pixels.
    """
    low, high = corners.min(axis=0), corners.max(axis=0)
    margin = _MARGIN * float((high - low).max())
    x0, y0 = (max(0, int(value)) for value in low - margin)
    x1, y1 = (int(value) for value in high + margin)
    crop = grey[y0:y1, x0:x1]
    if crop.size == 0:
        return ""
    crop = _resized(crop, min(1.0, _CODE_SIDE * (1 + 2 * _MARGIN) / max(crop.shape)))
    text, _, _ = detector.detectAndDecode(crop)
    return text
