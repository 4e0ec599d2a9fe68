"""Pages and lines drawn for tests, and the readers that look at them, each loaded once."""

from functools import cache
from pathlib import Path

import cv2
import matplotlib as mpl
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pipeline import onnx
from pipeline.cleanup.clean import Cleaner
from pipeline.layout.detector import TextDetector
from pipeline.layout.finder import LineFinder
from pipeline.layout.kind import KindClassifier
from pipeline.reading.confidence import load_curves
from pipeline.reading.language import Language, load_language
from pipeline.reading.reader import Reader
from pipeline.reading.recognizer import Recognizer
from pipeline.reading.tesseract import Tesseract
from pipeline.records import PageImage, Pixels, TextWord
from pipeline.settings import CleanupSettings, ReadingSettings

PRINT = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf"
HAND = Path(__file__).resolve().parent.parent / "samples" / "fonts" / "homemade-apple-latin-400-normal.woff2"
NOTE = (
    "Patient presents with acute bronchitis",
    "and a productive cough for two weeks.",
    "Lungs: scattered rhonchi on both sides.",
    "Denies fever, chills or chest pain.",
    "Plan: albuterol inhaler, fluids, rest.",
    "Return in ten days if not improved.",
)


@cache
def model(name: str) -> onnx.Model:
    """A network of the manifest."""
    entry = onnx.read_manifest()[name]
    return onnx.Model(entry.path, threads=1, sha256=entry.sha256)


@cache
def detector() -> TextDetector:
    """The text detector."""
    return TextDetector(model("detector"))


@cache
def recognizer() -> Recognizer:
    """The recogniser of lines."""
    return Recognizer(model("handwriting"))


@cache
def language() -> Language:
    """The words that readers expect."""
    files = onnx.read_manifest()
    return load_language(files["language"].checked(), files["language_weights"].checked())


@cache
def kind() -> KindClassifier:
    """Print or hand."""
    return KindClassifier(onnx.read_manifest()["kind"].checked(), model("kind_network"))


def cleaner(**settings: float) -> Cleaner:
    """Cleanup as it is wired."""
    return Cleaner(CleanupSettings(**settings), find_text=detector(), sureness=recognizer().sureness)


def finder() -> LineFinder:
    """Layout as it is wired."""
    return LineFinder(detector(), kind())


def reader(work: Path, **settings: float) -> Reader:
    """Reading as it is wired."""
    return Reader(
        ReadingSettings(**settings),
        recognizer=recognizer(),
        language=language(),
        tesseract=Tesseract(work=work, seconds=60),
        curves=load_curves(onnx.read_manifest()["confidence"].checked()),
        kind_of=kind(),
    )


def line(text: str, *, font: Path = PRINT, size: int = 40, margin: int = 10) -> Pixels:
    """A line of text, black on white, grey."""
    face = ImageFont.truetype(str(font), size)
    left, top, right, bottom = (round(side) for side in face.getbbox(text))
    picture = Image.new("L", (right - left + 2 * margin, bottom - top + 2 * margin), 255)
    ImageDraw.Draw(picture).text((margin - left, margin - top), text, font=face, fill=0)
    return np.array(picture, np.uint8)


def sheet(
    lines: tuple[str, ...] = NOTE, *, font: Path = PRINT, size: int = 40, width: int = 1200, height: int = 1500
) -> Pixels:
    """A page with its lines from the top left, grey."""
    picture = np.full((height, width), 255, np.uint8)
    for place, text in enumerate(lines):
        put(picture, line(text, font=font, size=size), 100, 150 + place * 2 * size)
    return picture


def put(picture: Pixels, ink: Pixels, x: int, y: int) -> None:
    """Draw ink onto a picture, its top left at a point."""
    place = picture[y : y + ink.shape[0], x : x + ink.shape[1]]
    np.minimum(place, ink[: place.shape[0], : place.shape[1]], out=place)


def turned_by(picture: Pixels, degrees: float) -> Pixels:
    """A picture turned counter-clockwise about its middle, white where nothing was."""
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    return cv2.warpAffine(picture, turn, (width, height), borderValue=(255, 255, 255)).astype(np.uint8)


def page(
    picture: Pixels, *, number: int = 1, dpi: float | None = None, text_layer: tuple[TextWord, ...] | None = None
) -> PageImage:
    """A page as rendered."""
    pixels = picture if picture.ndim == 3 else np.repeat(picture[:, :, np.newaxis], 3, axis=2)
    return PageImage(number=number, pixels=np.ascontiguousarray(pixels), dpi=dpi, text_layer=text_layer)


def pen(picture: Pixels, x: int, y: int, length: int, *, high: int = 60, thick: int = 3) -> tuple[int, int, int, int]:
    """Draw a signature with its left end at x, its foot at y; returns left, top, right, bottom of its ink.

    A capital and a row of waves that die away, as a spline through their turning points.
    """
    waves = 7
    turns = [(0.0, 0.2), (0.07, 1.0), (0.14, 0.4), (0.04, -0.1), (0.13, 0.3)]
    for wave in range(waves):
        at = 0.17 + 0.75 * wave / waves
        turns += [(at, 0.5 - 0.04 * wave), (at + 0.05, 0.0)]
    points = np.array([*turns, (1.0, 0.2)]) * (length, -high) + (x, y)
    ends = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    steps = np.linspace(0, 1, 20)[:, np.newaxis]
    curve = np.vstack(
        [
            b
            + (c - a) / 2 * steps
            + (a - 2.5 * b + 2 * c - d / 2) * steps**2
            + (1.5 * (b - c) + (d - a) / 2) * steps**3
            for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False)
        ]
    )
    cv2.polylines(picture, [np.rint(curve * 8).astype(np.int32)], False, 40, thick, cv2.LINE_AA, 3)
    (x0, y0), (x1, y1) = curve.min(axis=0), curve.max(axis=0)
    return round(x0), round(y0), round(x1) + 1, round(y1) + 1
