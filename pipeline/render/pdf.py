"""PDF pages drawn by poppler; pdfium opens the file and knows its text."""

import math
import re
import shutil
from pathlib import Path

import pdf2image
import pypdfium2
import pypdfium2.raw as pdfium
from pdf2image.exceptions import (
    PDFInfoNotInstalledError,
    PDFPageCountError,
    PDFPopplerTimeoutError,
    PDFSyntaxError,
)
from PIL import Image

from pipeline.errors import (
    DamagedFileError,
    DecoderFailedError,
    MissingProgramError,
    OversizedPageError,
    ProtectedFileError,
)
from pipeline.render.drawn import DrawnPage, Limits
from pipeline.render.failures import decoding
from pipeline.render.text_layer import text_layer

_POINTS_PER_INCH = 72
_LONGEST_SIDE = 14_400.0
"""Points; the largest page that the PDF standard allows, 200 inches."""
_LOWEST_DPI = 72
"""A large page is drawn coarser, down to this; then it is refused."""
_TAIL_BYTES = 65_536
_PAGES_AN_OPENING = 50
"""pdfium keeps what it parsed until it closes the file."""
_MISSING = "Poppler is not installed (pdftoppm, pdfinfo); install the Debian package poppler-utils and start again."


class Pdf:
    """An opened PDF."""

    def __init__(self, path: Path, limits: Limits) -> None:
        if shutil.which("pdftoppm") is None or shutil.which("pdfinfo") is None:
            raise MissingProgramError(_MISSING)
        _refuse_cut(path)
        self._path = path
        self._limits = limits
        self._seconds = math.ceil(limits.page_seconds)
        self._document = _open(path)
        self._drawn = 0
        if len(self._document) != self._pages_of_poppler():
            raise DamagedFileError

    def count(self) -> int:
        """Number of pages."""
        return len(self._document)

    def draw(self, number: int) -> DrawnPage:
        """Draw one page at the wanted resolution, or as fine as the pixel limit allows.

        Raises:
            OversizedPageError: it is no sheet of paper.
            DecoderFailedError: poppler gave nothing in the time or memory that it had.
            DamagedFileError: the page cannot be opened.
        """
        if self._drawn == _PAGES_AN_OPENING:
            self._document.close()
            self._document = _open(self._path)
            self._drawn = 0
        self._drawn += 1
        with decoding():
            page = self._document[number - 1]
        width, height = page.get_size()
        dpi = _fitting_dpi(width, height, self._limits)
        image = self._poppler(number, dpi)
        with decoding():
            words = text_layer(page, image)
            page.close()
        return DrawnPage(image=image, dpi=float(dpi), words=words)

    def _poppler(self, number: int, dpi: int) -> Image.Image:
        try:
            with decoding():
                images = pdf2image.convert_from_path(
                    self._path,
                    dpi=dpi,
                    first_page=number,
                    last_page=number,
                    fmt="ppm",  # nothing is packed that is unpacked at once
                    use_cropbox=True,
                    timeout=self._seconds,
                )
                if len(images) != 1:
                    raise DecoderFailedError
                images[0].load()  # RGB, as poppler wrote it
                return images[0]
        except (PDFPageCountError, PDFSyntaxError) as error:
            raise DamagedFileError from error
        except PDFPopplerTimeoutError as error:
            raise DecoderFailedError from error
        except PDFInfoNotInstalledError as error:
            raise MissingProgramError(_MISSING) from error

    def _pages_of_poppler(self) -> int:
        try:
            return int(pdf2image.pdfinfo_from_path(str(self._path), timeout=self._seconds)["Pages"])
        except PDFPageCountError as error:
            raise DamagedFileError from error
        except PDFPopplerTimeoutError as error:
            raise DecoderFailedError from error
        except PDFInfoNotInstalledError as error:
            raise MissingProgramError(_MISSING) from error


def _open(path: Path) -> pypdfium2.PdfDocument:
    """Open with the empty password.

    Raises:
        ProtectedFileError: another password is needed.
        DamagedFileError: it cannot be opened, or has no page.
    """
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}:
            raise ProtectedFileError from error
        raise DamagedFileError from error
    if len(document) == 0:
        raise DamagedFileError
    return document


def _fitting_dpi(width: float, height: float, limits: Limits) -> int:
    """Resolution for a page of this size in points.

    Raises:
        OversizedPageError: it does not fit even when drawn coarsely.
    """
    if not (0 < width <= _LONGEST_SIDE and 0 < height <= _LONGEST_SIDE):
        raise OversizedPageError
    # Rounding up on both sides must not step over the limit.
    fitting = math.sqrt(limits.max_pixels / (width * height)) * _POINTS_PER_INCH * 0.999
    if fitting < _LOWEST_DPI:
        raise OversizedPageError
    return min(limits.dpi, int(fitting))


def _refuse_cut(path: Path) -> None:
    """Refuse a PDF whose end is missing, which both libraries would mend by leaving pages out.

    The end is `%%EOF`; after it junk is tolerated, the beginning of another revision is not. A file
    saved for the web carries an end near its beginning too, but states its length.

    Raises:
        DamagedFileError: it was cut off.
    """
    with path.open("rb") as file:
        head = file.read(1024)
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL_BYTES))
        tail = file.read()
    linear = re.search(rb"/Linearized\b[^>]*?/L\s+(\d+)", head)
    if linear and int(linear[1]) > size:
        raise DamagedFileError
    before, end, after = tail.rpartition(b"%%EOF")
    if not end or b"startxref" not in before or re.search(rb"\d\s+\d+\s+obj\b", after):
        raise DamagedFileError
