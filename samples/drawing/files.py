"""Charts as files, the same bytes every time."""

import io
import time
from pathlib import Path

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from PIL import Image, ImageFont

from samples.drawing.chart import Chart, ChartPage, TypedPage
from samples.drawing.effects import Scan
from samples.drawing.sheet import DrawnLine, parse

EPOCH = time.struct_time((2020, 1, 1, 0, 0, 0, 2, 1, 0))
"""PDF files carry a time; always this one."""

ORIENTATION = 0x0112
QUARTER_TURN = 6
"""EXIF: turn a quarter clockwise to show it upright."""


def encode(chart: Chart) -> bytes:
    """The bytes of the chart's file, in the format that its name asks for."""
    out = io.BytesIO()
    if isinstance(chart.pages[0], TypedPage):
        _write_text(chart, out)
        return out.getvalue()
    pictures = [_picture(page.scan) for page in chart.pages if isinstance(page, ChartPage)]
    first, rest = pictures[0], pictures[1:]
    dpi = (chart.dpi, chart.dpi)
    match Path(chart.name).suffix:
        case ".pdf":
            first.save(
                out,
                "PDF",
                save_all=True,
                append_images=rest,
                resolution=float(chart.dpi),
                quality=chart.quality,
                creationDate=EPOCH,
                modDate=EPOCH,
            )
        case ".tif":
            if first.mode == "1":
                first.save(out, "TIFF", save_all=True, append_images=rest, compression="group4", dpi=dpi)
            else:
                first.save(
                    out, "TIFF", save_all=True, append_images=rest, compression="jpeg", quality=chart.quality, dpi=dpi
                )
        case ".jpg":
            first.save(out, "JPEG", quality=chart.quality, dpi=dpi)
        case ".jpeg":
            exif = Image.Exif()
            exif[ORIENTATION] = QUARTER_TURN
            stored = first.transpose(Image.Transpose.ROTATE_90)
            stored.save(out, "JPEG", quality=chart.quality, exif=exif.tobytes())
        case ".png":
            first.save(out, "PNG", optimize=True, dpi=dpi)
        case ".bmp":
            first.save(out, "BMP", dpi=dpi)
        case ".webp":
            first.save(out, "WEBP", quality=chart.quality, method=6)
    return out.getvalue()


def _picture(scan: Scan) -> Image.Image:
    """The picture with as few bits as it needs: 1 bit, grey or colour."""
    pixels = scan.pixels
    if np.ptp(pixels.astype(np.int16), axis=2).max() < 24:
        grey = pixels[..., 1]
        if np.isin(grey, (0, 255)).all():
            return Image.fromarray(grey).convert("1", dither=Image.Dither.NONE)
        return Image.fromarray(grey)
    return Image.fromarray(pixels)


# ---------------------------------------------------------------------------------------------
# Pages of real text


def _typeface(bold: bool) -> str:
    """Path of the font that matplotlib brings along."""
    weight = "bold" if bold else "normal"
    return str(findfont(FontProperties(family="DejaVu Sans", weight=weight)))


def typed_line(
    x: float, baseline: float, text: str, *, size: int = 10, bold: bool = False
) -> tuple[float, float, int, bool, DrawnLine]:
    """A line of real text: x and baseline in points from the top left, its corners in pixels at 300 dpi."""
    plain, mentions = parse(text)
    scale = 300 / 72
    left, top, right, bottom = ImageFont.truetype(_typeface(bold), size * scale).getbbox(plain, anchor="ls")
    x0, x1 = x * scale + left, x * scale + right
    y0, y1 = baseline * scale + top, baseline * scale + bottom
    line = DrawnLine(text=plain, kind="print", corners=[(x0, y0), (x1, y0), (x1, y1), (x0, y1)], mentions=mentions)
    return x, baseline, size, bold, line


def _write_text(chart: Chart, out: io.BytesIO) -> None:
    options = rc_context({"pdf.fonttype": 42})
    with options, PdfPages(out, metadata={"CreationDate": None}) as document:
        for page in chart.pages:
            if not isinstance(page, TypedPage):
                raise TypeError("a file holds either scans or typed pages")
            figure = Figure(figsize=(page.width / 72, page.height / 72))
            for x, baseline, size, bold, line in page.lines:
                face = FontProperties(fname=_typeface(bold), size=size)
                figure.text(x / page.width, 1 - baseline / page.height, line.text, fontproperties=face)
            document.savefig(figure)
