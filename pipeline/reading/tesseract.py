"""The only door to Tesseract: many lines of print in, their words out, by one call.

The lines are set level, at one height, under each other on one sheet, so that Tesseract need not find
its way about the page and each word belongs to the line on whose row it stands. The sheet is a file in
a folder of the work folder and is gone when the call ends.
"""

import csv
import io
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytesseract

from pipeline.errors import MissingProgramError, ReadingFailedError
from pipeline.reading.crops import WHITE
from pipeline.records import Part, Pixels

_LINE_HEIGHT = 52
"""Pixels of a line on the sheet: capitals come out at about 30, which Tesseract reads best."""
_MARGIN = 26
_WIDEST = 6_000
_TALLEST = 30_000
_MISSING = "Tesseract is not installed, or lacks English; run `make install`."


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedWord:
    """A word as Tesseract read it."""

    text: str
    x0: float
    """Left end, as a share of the line's width."""
    x1: float
    y0: float
    """Top, as a share of the line's height."""
    y1: float
    sureness: float
    """Tesseract's own, 0 to 1; not a probability."""


class Tesseract:
    """Reads lines of print."""

    def __init__(self, *, work: Path, seconds: float) -> None:
        """Look that Tesseract is there.

        Args:
            work: folder for the sheets; they hold text of charts, so it lies where the product keeps its data.
            seconds: one call may take this long.

        Raises:
            MissingProgramError: Tesseract or its English data is missing.
        """
        # It would otherwise start a thread for each core, beside every other worker's.
        os.environ["OMP_THREAD_LIMIT"] = "1"
        self._work = work
        self._seconds = seconds
        try:
            self.version = str(pytesseract.get_tesseract_version())
            languages = pytesseract.get_languages()
        except (pytesseract.TesseractNotFoundError, pytesseract.TesseractError, SystemExit) as error:
            raise MissingProgramError(_MISSING) from error
        if "eng" not in languages:
            raise MissingProgramError(_MISSING)

    def part(self) -> Part:
        """What a reading's provenance says of it."""
        return Part(name="Tesseract", edition=self.version, sha256=None)

    def __call__(self, lines: Sequence[Pixels]) -> list[tuple[PrintedWord, ...]]:
        """Read lines of print.

        Args:
            lines: crops of one line each, grey, upright.

        Returns:
            the words of each line, left to right; none where Tesseract saw none.

        Raises:
            ReadingFailedError: it took too long or broke off.
            MissingProgramError: it is gone.
        """
        found: list[tuple[PrintedWord, ...]] = []
        scaled = [_scaled(line) for line in lines]
        rows = _TALLEST // (_LINE_HEIGHT + _MARGIN)
        for start in range(0, len(scaled), rows):
            found += self._read_sheet(scaled[start : start + rows])
        return found

    def _read_sheet(self, lines: Sequence[Pixels]) -> list[tuple[PrintedWord, ...]]:
        width = max(line.shape[1] for line in lines) + 2 * _MARGIN
        pitch = _LINE_HEIGHT + _MARGIN
        sheet = np.full((len(lines) * pitch + _MARGIN, width), WHITE, np.uint8)
        for place, line in enumerate(lines):
            top = _MARGIN + place * pitch
            sheet[top : top + _LINE_HEIGHT, _MARGIN : _MARGIN + line.shape[1]] = line
        words: list[list[PrintedWord]] = [[] for _ in lines]
        for row in csv.DictReader(io.StringIO(self._run(sheet)), delimiter="\t", quoting=csv.QUOTE_NONE):
            text = (row["text"] or "").strip()
            if row["level"] != "5" or not text:
                continue
            left, top, wide, high = (int(row[name]) for name in ("left", "top", "width", "height"))
            place = int((top + high / 2 - _MARGIN / 2) // pitch)
            if not 0 <= place < len(lines):
                continue
            y, line_width = _MARGIN + place * pitch, lines[place].shape[1]
            words[place].append(
                PrintedWord(
                    text=text,
                    x0=float(np.clip((left - _MARGIN) / line_width, 0, 1)),
                    x1=float(np.clip((left + wide - _MARGIN) / line_width, 0, 1)),
                    y0=float(np.clip((top - y) / _LINE_HEIGHT, 0, 1)),
                    y1=float(np.clip((top + high - y) / _LINE_HEIGHT, 0, 1)),
                    sureness=float(np.clip(float(row["conf"]) / 100, 0, 1)),
                )
            )
        return [tuple(sorted(line, key=lambda word: word.x0)) for line in words]

    def _run(self, sheet: Pixels) -> str:
        """Tesseract's table of words; its own files never leave the work folder."""
        self._work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="print-", dir=self._work) as folder:
            source, target = Path(folder) / "sheet.png", Path(folder) / "words"
            source.write_bytes(cv2.imencode(".png", sheet, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes())
            try:
                pytesseract.pytesseract.run_tesseract(
                    str(source),
                    str(target),
                    extension="tsv",
                    lang="eng",
                    config="--psm 6 --dpi 300 -c tessedit_create_tsv=1",
                    timeout=self._seconds,
                )
                return target.with_suffix(".tsv").read_text(encoding="utf-8", errors="replace")
            except pytesseract.TesseractNotFoundError as error:
                raise MissingProgramError(_MISSING) from error
            except (RuntimeError, FileNotFoundError) as error:
                # Its message may quote the page.
                raise ReadingFailedError from error


def _scaled(line: Pixels) -> Pixels:
    height, width = line.shape
    scale = _LINE_HEIGHT / height
    size = (int(np.clip(round(width * scale), 4, _WIDEST)), _LINE_HEIGHT)
    return cv2.resize(line, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC).astype(np.uint8)
