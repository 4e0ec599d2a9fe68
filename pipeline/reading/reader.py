"""Reading: each line of the layout to its reader, and the words back to the page as rendered.

Handwriting is read by the recogniser. Print is read by Tesseract, all lines of a page at once, and by the recogniser,
for Tesseract is sure of many a misread letter; the reading that is surer by its calibrated confidence stands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.reading.confidence import Curve, Curves, alternatives, ink_measures, print_measures
from pipeline.reading.crops import WHITE, Crop, box_on_page, cut
from pipeline.reading.ctc import InkWord
from pipeline.reading.field_label import words_of_label
from pipeline.reading.language import Language
from pipeline.reading.marks import tie_marks
from pipeline.reading.recognizer import Recognizer
from pipeline.reading.struck import is_struck
from pipeline.reading.tesseract import PrintedWord, Tesseract
from pipeline.reading.text_layer import words_by_region
from pipeline.reading.unread import loose_ink, unread_ink
from pipeline.reading.words import decode
from pipeline.records import (
    Alternative,
    Box,
    CleanImage,
    Layout,
    Line,
    LineKind,
    MarkRegion,
    Page,
    Pixels,
    RecognizedLine,
    Region,
    Word,
)
from pipeline.settings import ReadingSettings

_DOUBTED_BELOW = 0.9
"""A lone crop of print with a word less sure than this is read by Tesseract, too."""
_MOST_ALTERNATIVES = 5
_DARK = 160
"""A pixel of a cleaned page darker than this is ink."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A word as one of the readers has it, in shares of its crop."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float
    alternatives: tuple[Alternative, ...]


class Reader:
    """Reads one page, or one crop, at a time."""

    def __init__(
        self,
        settings: ReadingSettings,
        *,
        recognizer: Recognizer,
        language: Language,
        tesseract: Tesseract,
        curves: Curves,
        kind_of: Callable[[Pixels], tuple[LineKind, float]],
    ) -> None:
        """Take what reading needs.

        Args:
            settings: of reading.
            recognizer: reads handwriting, and print that Tesseract doubts.
            language: what words to expect in it.
            tesseract: reads print.
            curves: how sure each of them is, as a probability.
            kind_of: print or hand, of a grey crop, for crops whose kind is not said.
        """
        self._settings = settings
        self._recognizer = recognizer
        self._language = language
        self._tesseract = tesseract
        self._curves = curves
        self._kind_of = kind_of

    def __call__(self, clean: CleanImage, layout: Layout) -> Page:
        """Read a page.

        Raises:
            DecoderFailedError: Tesseract took too long.
            MissingProgramError: Tesseract is gone.
        """
        unread: list[Box] = []
        if clean.page.text_layer is not None:
            words = words_by_region(clean, layout.lines)
        else:
            words, unread = self._words_of_ink(clean, layout)
        lines = tuple(
            Line(
                id=f"p{clean.page.number}l{place}",
                kind=region.kind,
                box=_around_line(region, found, clean),
                text=" ".join(word.text for word in found),
                confidence=_mean_confidence(found),
                words=found,
            )
            for place, (region, found) in enumerate(zip(layout.lines, words, strict=True), start=1)
        )
        height, width = clean.page.pixels.shape[:2]
        marks = tie_marks(layout.marks, layout.lines, lines, clean)
        read = tuple(line for line in lines if line.text)
        return Page(
            number=clean.page.number,
            width=width,
            height=height,
            dpi=clean.page.dpi,
            turn=clean.turn,
            skew_degrees=clean.skew_degrees,
            quality=clean.quality,
            lines=read,
            marks=marks,
            loose_ink=loose_ink(clean, layout, unread),
        )

    def recognize(self, image: Pixels, kind: LineKind | None) -> RecognizedLine:
        """Read a crop of one line or word.

        Args:
            image: grey or RGB, upright.
            kind: who wrote it; None to find out.
        """
        grey = evened(image)
        kind = kind or self._kind_of(grey)[0]
        pieces = self._ink(grey, self._curves.hand if kind is LineKind.HAND else self._curves.print)
        # A single crop is cheaper to the recogniser than a start of Tesseract, so here the order is turned round.
        if kind is LineKind.PRINT and _doubtful(pieces):
            pieces = _surer(self._printed(self._tesseract([grey])[0]), pieces)
        if kind is LineKind.HAND:
            pieces = pieces[words_of_label([piece.text for piece in pieces]) :]
        confidence = sum(piece.confidence for piece in pieces) / len(pieces) if pieces else None
        return RecognizedLine(
            kind=kind,
            text=" ".join(piece.text for piece in pieces),
            confidence=confidence,
            unreadable=confidence is None or confidence < self._settings.unreadable_below,
            alternatives=_other_lines(pieces),
            words=tuple(self._word(piece, None) for piece in pieces),
        )

    def _words_of_ink(self, clean: CleanImage, layout: Layout) -> tuple[list[tuple[Word, ...]], list[Box]]:
        """The words of each line, and the ink in lines that is none."""
        pixels = _without_marks(clean.pixels, layout.marks)
        crops = [cut(pixels, region) for region in layout.lines]
        printed = [place for place, region in enumerate(layout.lines) if region.kind is LineKind.PRINT]
        first = dict(zip(printed, self._tesseract([crops[place].pixels for place in printed]), strict=True))
        words = []
        unread: list[Box] = []
        for place, crop in enumerate(crops):
            if place in first:
                pieces = _surer(self._printed(first[place]), self._ink(crop.pixels, self._curves.print))
            else:
                pieces = self._ink(crop.pixels, self._curves.hand)
            words.append(
                tuple(
                    self._word(piece, _box(piece, crop, clean), struck=_struck(piece, crop.pixels)) for piece in pieces
                )
            )
            unread += unread_ink(crop, [(piece.x0, piece.x1) for piece in pieces], clean)
        return words, unread

    def _ink(self, crop: Pixels, curve: Curve) -> list[_Piece]:
        words = decode(self._recognizer(crop), self._recognizer.characters, self._language)
        sureness = [curve(measures) for measures in ink_measures(words)]
        return [_of_ink(word, crop, sure, curve) for word, sure in zip(words, sureness, strict=True)]

    def _printed(self, words: Sequence[PrintedWord]) -> list[_Piece]:
        return [
            _Piece(
                text=word.text,
                x0=word.x0,
                y0=word.y0,
                x1=word.x1,
                y1=word.y1,
                confidence=self._curves.tesseract(print_measures(word)),
                alternatives=(),
            )
            for word in words
        ]

    def _word(self, piece: _Piece, box: Box | None, *, struck: bool = False) -> Word:
        return Word(
            text=piece.text,
            box=box,
            confidence=piece.confidence,
            unreadable=struck or piece.confidence < self._settings.unreadable_below,
            alternatives=piece.alternatives,
        )


def _box(piece: _Piece, crop: Crop, clean: CleanImage) -> Box:
    """Where a word stands on the page."""
    height, width = crop.pixels.shape
    return box_on_page(crop.corners(piece.x0 * width, piece.y0 * height, piece.x1 * width, piece.y1 * height), clean)


def _struck(piece: _Piece, crop: Pixels) -> bool:
    width = crop.shape[1]
    return is_struck(crop, round(piece.x0 * width), round(piece.x1 * width))


def _of_ink(word: InkWord, crop: Pixels, confidence: float, curve: Curve) -> _Piece:
    height, width = crop.shape
    dark = crop[:, round(word.start * width) : max(round(word.end * width), 1)] < _DARK
    rows = np.flatnonzero(dark.any(axis=1))
    return _Piece(
        text=word.text,
        x0=word.start,
        y0=float(rows[0]) / height if len(rows) else 0.0,
        x1=word.end,
        y1=float(rows[-1] + 1) / height if len(rows) else 1.0,
        confidence=confidence,
        alternatives=alternatives(word, confidence, curve),
    )


def _doubtful(pieces: Sequence[_Piece]) -> bool:
    return not pieces or min(piece.confidence for piece in pieces) < _DOUBTED_BELOW


def _surer(one: list[_Piece], other: list[_Piece]) -> list[_Piece]:
    """The reading with the higher mean confidence by character; the alternative readings stay with their words."""
    return one if _sureness(one) > _sureness(other) else other


def _sureness(pieces: Sequence[_Piece]) -> float:
    letters = sum(len(piece.text) for piece in pieces)
    return sum(piece.confidence * len(piece.text) for piece in pieces) / letters if letters else 0.0


def _around_line(region: Region, words: Sequence[Word], clean: CleanImage) -> Box:
    """The box of print's own region, which is fitted to its ink; of handwriting, the one that holds its words."""
    boxes = [word.box for word in words if word.box is not None]
    if not boxes or region.kind is LineKind.PRINT:
        return box_on_page(np.array(region.corners), clean)
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return Box(min(x0), min(y0), max(x1), max(y1))


def _mean_confidence(words: Sequence[Word]) -> float | None:
    known = [word.confidence for word in words if word.confidence is not None]
    return sum(known) / len(known) if known else None


def _other_lines(pieces: Sequence[_Piece]) -> tuple[Alternative, ...]:
    """The line with one word read another way, best first."""
    total = sum(piece.confidence for piece in pieces)
    found: list[tuple[float, float, str]] = []
    for place, piece in enumerate(pieces):
        for other in piece.alternatives:
            if other.confidence is None:
                continue
            texts = [other.text if at == place else word.text for at, word in enumerate(pieces)]
            mean = (total - piece.confidence + other.confidence) / len(pieces)
            found.append((other.confidence / piece.confidence, mean, " ".join(texts)))
    found.sort(key=lambda entry: -entry[0])
    return tuple(Alternative(text=text, confidence=mean) for _, mean, text in found[:_MOST_ALTERNATIVES])


def _without_marks(pixels: Pixels, marks: Sequence[MarkRegion]) -> Pixels:
    """The page without its checkboxes, which would be read as letters."""
    if not marks:
        return pixels
    cleared = pixels.copy()
    for mark in marks:
        if mark.around:
            continue
        x0, y0, x1, y1 = (round(v) for v in (*mark.corners[0], *mark.corners[2]))
        rim = max(2, round(0.1 * (x1 - x0)))
        cleared[max(0, y0 - rim) : y1 + rim, max(0, x0 - rim) : x1 + rim] = WHITE
    return cleared


def evened(image: Pixels) -> Pixels:
    """A crop in grey, its paper white: the readers and the look at its strokes expect a cleaned page."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) if image.ndim == 3 else image
    paper = max(float(np.percentile(grey, 90)), 1.0)
    evened: Pixels = np.clip(grey * (WHITE / paper), 0, WHITE).astype(np.uint8)
    return evened
