"""TIFF, JPEG, PNG, BMP, WebP and HEIC to drawn pages."""

import mmap
import warnings
from pathlib import Path

import pi_heif
from PIL import ExifTags, Image, ImageOps

from pipeline.errors import DamagedFileError, OversizedPageError
from pipeline.render.density import is_photo, plausible_dpi, square_size, stated_density
from pipeline.render.drawn import DrawnPage, Limits
from pipeline.render.failures import decoding
from pipeline.render.formats import Format
from pipeline.render.tones import to_rgb

_TURNED = frozenset({5, 6, 7, 8})
"""EXIF orientations that exchange rows and columns."""


class Pictures:
    """An opened picture file; a TIFF or HEIC may hold several pages, the others hold one."""

    def __init__(self, path: Path, format: Format, limits: Limits) -> None:
        self._limits = limits
        self._format = format
        # The pixel limit is ours, with our sentence; Pillow's only warns between one and two times its own.
        Image.MAX_IMAGE_PIXELS = None
        if format is Format.JPEG:
            _refuse_cut_jpeg(path)
        if format is Format.TIFF:
            # A directory that points outside the file is only warned of, and the pages behind it are then lost.
            warnings.filterwarnings("error", message=".*(orrupt EXIF|Tag data larger|Tag offset too large|truncated)")
        with decoding():
            if format is Format.HEIC:
                self._heif = pi_heif.open_heif(path)
            else:
                self._image = Image.open(path, formats=[format.value])

    def count(self) -> int:
        """Number of pages: frames of a TIFF, pictures of a HEIC; an animation counts as its first frame."""
        with decoding():
            if self._format is Format.HEIC:
                return len(self._heif)
            return int(getattr(self._image, "n_frames", 1)) if self._format is Format.TIFF else 1

    def draw(self, number: int) -> DrawnPage:
        """Decode one page, upright as its EXIF says, with square pixels.

        Raises:
            OversizedPageError: it has more pixels than allowed; nothing was decoded.
            DamagedFileError: it is cut off or broken.
        """
        with decoding():
            image = self._frame(number)
            _refuse_oversized(image.size, self._limits)
            orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
            density = stated_density(image, turned=orientation in _TURNED)
            photo = is_photo(image)
            bits = _bits(image)
            image.load()
            # Pillow turns a TIFF while it loads it, and forgets the orientation.
            upright = image if self._format is Format.TIFF else ImageOps.exif_transpose(image)
            page = to_rgb(upright, bits=bits)
            size = square_size(page.size, density)
            if size != page.size:
                _refuse_oversized(size, self._limits)
                page = page.resize(size, Image.Resampling.BICUBIC)
        return DrawnPage(image=page, dpi=None if photo else plausible_dpi(page.size, density))

    def _frame(self, number: int) -> Image.Image:
        if self._format is Format.HEIC:
            picture = self._heif[number - 1]
            _refuse_oversized(picture.size, self._limits)
            return picture.to_pillow()  # type: ignore[no-any-return]
        if self._format is Format.TIFF:
            self._image.seek(number - 1)
        return self._image


def _refuse_oversized(size: tuple[int, int], limits: Limits) -> None:
    width, height = size
    if width * height > limits.max_pixels:
        raise OversizedPageError


def _bits(image: Image.Image) -> int:
    """Bits a sample, where it matters for the tones: deep grey TIFFs say, others use 16."""
    if image.format != "TIFF":
        return 16
    stated = image.tag_v2.get(258, (16,))  # type: ignore[attr-defined]
    bits = int(stated[0] if isinstance(stated, tuple) else stated)
    return bits if 8 < bits <= 32 else 16


def _refuse_cut_jpeg(path: Path) -> None:
    """Refuse a JPEG without an end, which the decoder would fill up with grey.

    Inside compressed data an end marker cannot occur by chance, so the first one after the first
    scan is the true one; a preview's end stands before it, inside a segment.

    Raises:
        DamagedFileError: there is no end marker.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = 2
        while at + 4 <= len(data) and data[at] == 0xFF:
            marker = data[at + 1]
            if marker == 0xFF:
                at += 1
            elif marker == 0xDA:
                if data.find(b"\xff\xd9", at) < 0:
                    raise DamagedFileError
                return
            else:
                at += 2 if 0xD0 <= marker <= 0xD8 else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        raise DamagedFileError
