"""A page as it is put into the packet: masked for good, upright, at a resolution that can be read.

Masks are burnt into the pixels before anything else happens to them, so that nothing lies below the black.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.errors import ExportError
from pipeline.export.evidence.packet import PacketPage
from pipeline.records import Box, Pixels

DPI = 200
"""At most, of the page as it is drawn."""
QUALITY = 80
MARGIN = 0.15
"""Of a mask's lower side: strokes reach out of the box that was found around them."""
SHAPE_OFF = 0.01
"""By which a picture's sides may miss those of the page that was read."""
INK_BELOW = 50
"""Grey levels below the paper's from which a pixel is ink."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page ready to be drawn."""

    jpeg: bytes
    width: int
    """Upright, in its own pixels."""
    height: int
    ink: NDArray[np.bool_]
    """Where something is written, height x width; masks count as ink."""


def picture(page: PacketPage, width: float, height: float) -> Picture:
    """The picture of a page, no larger than it is drawn at `DPI`.

    Args:
        page: of the packet.
        width: room that it is scaled into, in points.
        height: the same.

    Raises:
        ExportError: there is no picture, or it is not the one that was read.
    """
    pixels = page.image()
    if pixels is None:
        raise ExportError(f"Page {page.number} of the chart cannot be drawn; run `inkchart reconcile`.")
    tall, wide = pixels.shape[:2]
    if abs(wide * page.height - tall * page.width) > SHAPE_OFF * tall * page.width:
        raise ExportError(f"Page {page.number} of the chart has another shape than when it was read; read it again.")
    image = Image.fromarray(_upright(_masked(pixels, page), page.turn))
    most = (max(1, round(width * DPI / 72)), max(1, round(height * DPI / 72)))
    image.thumbnail(most, Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=QUALITY)
    grey = np.asarray(image.convert("L"))
    ink = grey < max(1, int(np.median(grey)) - INK_BELOW)
    return Picture(jpeg=file.getvalue(), width=image.width, height=image.height, ink=ink)


def upright_box(box: Box, page: PacketPage) -> Box:
    """A box of the page as rendered, in pixels of the upright page."""
    match page.turn:
        case 90:
            return Box(page.height - box.y1, box.x0, page.height - box.y0, box.x1)
        case 180:
            return Box(page.width - box.x1, page.height - box.y1, page.width - box.x0, page.height - box.y0)
        case 270:
            return Box(box.y0, page.width - box.x1, box.y1, page.width - box.x0)
    return box


def upright_size(page: PacketPage) -> tuple[int, int]:
    """Width and height of the upright page, in pixels as it was read."""
    return (page.height, page.width) if page.turn in {90, 270} else (page.width, page.height)


def _masked(pixels: Pixels, page: PacketPage) -> Pixels:
    burnt = pixels.copy()
    tall, wide = burnt.shape[:2]
    for box in _widened(mask.box for mask in page.masks):
        x0, x1 = (edge * wide / page.width for edge in (box.x0, box.x1))
        y0, y1 = (edge * tall / page.height for edge in (box.y0, box.y1))
        burnt[max(0, int(y0)) : max(0, int(np.ceil(y1))), max(0, int(x0)) : max(0, int(np.ceil(x1)))] = 0
    return burnt


def _widened(boxes: Iterable[Box]) -> Iterable[Box]:
    for box in boxes:
        more = round(MARGIN * min(box.x1 - box.x0, box.y1 - box.y0))
        yield Box(box.x0 - more, box.y0 - more, box.x1 + more, box.y1 + more)


def _upright(pixels: Pixels, turn: int) -> Pixels:
    return np.ascontiguousarray(np.rot90(pixels, k=-(turn // 90)))
