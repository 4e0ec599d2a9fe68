"""What is cut out of page pictures and made small from them; the page itself is not rendered again for it."""

import threading
from collections import OrderedDict
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image

from pipeline.records import Box

THUMBNAIL = (168, 336)
"""Most pixels across and down of a thumbnail as shown: twice its place on the screen, for dense screens."""
SMALL = 900
"""Most pixels of a small page's longer side: enough to see what is wrong with a scan."""
CROP_LONGEST = 1600
"""Most pixels of a crop's longer side."""
PAGES_KEPT = 4
"""Decoded pages held in memory, some 25 MB each: the crops of a page are asked for all at once."""
THUMBNAILS_KEPT = 2000
SMALL_KEPT = 200
CROPS_KEPT = 1000

_TURNS = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
"""Pillow turns the other way round."""


class Cuttings:
    """Small pages and crops of page pictures. All are kept, and a page is decoded once for all its crops."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._decoded: OrderedDict[Path, Image.Image] = OrderedDict()
        self.thumbnail = lru_cache(maxsize=THUMBNAILS_KEPT)(_thumbnail)
        """A small JPEG of a picture, by its file and the degrees clockwise to upright."""
        self.small = lru_cache(maxsize=SMALL_KEPT)(_small)
        """A JPEG of a picture as it lies, by its file; OSError where it cannot be read."""
        self.crop = lru_cache(maxsize=CROPS_KEPT)(self._crop)
        """A JPEG of a part of a page: see `_crop`."""

    def _crop(self, file: Path, box: Box, width: int, turn: int) -> bytes:
        """Cut a box out with a little margin, and set it upright.

        Args:
            file: the page's picture.
            box: in pixels of the page as rendered.
            width: of the page as rendered, from which the picture may differ in scale.
            turn: degrees clockwise to upright.
        """
        picture = self._picture(file)
        scale = picture.width / width
        margin = 6 + (box.y1 - box.y0 if turn in {0, 180} else box.x1 - box.x0) * 0.2
        part = picture.crop(
            (
                max(0, round((box.x0 - margin) * scale)),
                max(0, round((box.y0 - margin) * scale)),
                min(picture.width, round((box.x1 + margin) * scale)),
                min(picture.height, round((box.y1 + margin) * scale)),
            )
        )
        part = _upright(part, turn)
        part.thumbnail((CROP_LONGEST, CROP_LONGEST))
        return _jpeg(part)

    def _picture(self, file: Path) -> Image.Image:
        with self._lock:  # cards ask for their crops at once; the first decodes, the others find it done
            picture = self._decoded.pop(file, None)
            if picture is None:
                with Image.open(file) as opened:
                    picture = opened.convert("RGB")
            self._decoded[file] = picture
            while len(self._decoded) > PAGES_KEPT:
                self._decoded.popitem(last=False)
            return picture


def _thumbnail(file: Path, turn: int) -> bytes:
    return _jpeg(_upright(_shrunk(file, *(THUMBNAIL if turn in {0, 180} else THUMBNAIL[::-1])), turn))


def _small(file: Path) -> bytes:
    return _jpeg(_shrunk(file, SMALL, SMALL))


def _shrunk(file: Path, across: int, down: int) -> Image.Image:
    with Image.open(file) as opened:
        opened.draft("RGB", (across * 2, down * 2))  # a JPEG is decoded at a fraction of its size
        small = opened.convert("RGB")
    small.thumbnail((across, down))
    return small


def _upright(picture: Image.Image, turn: int) -> Image.Image:
    return picture.transpose(_TURNS[turn]) if turn in _TURNS else picture


def _jpeg(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()
