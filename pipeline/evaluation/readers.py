"""Two readers to compare with, as they come: Tesseract the program, and the PP-OCRv6 small recogniser.

They share nothing with the product's own reading but the weights' file, so that they stay what they are when
the product changes.
"""

import math
import os
import subprocess

import cv2
import numpy as np

from pipeline.errors import MissingModelError, MissingProgramError, ReadingFailedError
from pipeline.onnx import Model
from pipeline.records import Pixels

_HEIGHT = 48
_NARROWEST = 320
"""The recogniser's own pipeline fills narrower crops up with grey."""
_SECONDS = 120


class TesseractAlone:
    """The program `tesseract` with its English data and nothing else set."""

    def __init__(self, mode: int) -> None:
        """Take the page segmentation mode: 7 for a single line, 3 for a page."""
        self._mode = mode

    def __call__(self, pixels: Pixels, *, table: bool = False) -> str:
        """Read a picture.

        Args:
            pixels: grey or RGB.
            table: give Tesseract's table of words with their boxes, TSV, instead of the text.

        Raises:
            MissingProgramError: it is not installed.
            ReadingFailedError: it took too long or broke off.
        """
        colour = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR) if pixels.ndim == 3 else pixels
        command = ["tesseract", "stdin", "stdout", "-l", "eng", "--psm", str(self._mode)]
        try:
            done = subprocess.run(
                command + (["tsv"] if table else []),
                input=cv2.imencode(".png", colour)[1].tobytes(),
                capture_output=True,
                timeout=_SECONDS,
                check=True,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )
        except FileNotFoundError as error:
            raise MissingProgramError("Tesseract is not installed; run `make install`.") from error
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            raise ReadingFailedError from error
        return done.stdout.decode("utf-8", "replace").strip()


class PlainRecognizer:
    """The PP-OCRv6 small recogniser with its full head: 48 pixels high, the best path over all its characters."""

    def __init__(self, model: Model) -> None:
        """Take over the loaded network.

        Raises:
            MissingModelError: the network does not say which characters it knows.
        """
        if "character" not in model.metadata:
            raise MissingModelError("The recogniser does not say which characters it knows; run `make install`.")
        self._model = model
        self._characters = ["", *model.metadata["character"].split("\n"), " "]

    def __call__(self, crop: Pixels) -> str:
        """Read a crop of one line, grey or RGB, upright."""
        height, width = crop.shape[:2]
        colour = cv2.cvtColor(crop, cv2.COLOR_RGB2BGR if crop.ndim == 3 else cv2.COLOR_GRAY2BGR)
        wide = math.ceil(_HEIGHT * width / height)
        seen = cv2.resize(colour, (wide, _HEIGHT)).astype(np.float32) / 127.5 - 1.0
        batch = np.zeros((1, 3, _HEIGHT, max(wide, _NARROWEST)), np.float32)
        batch[0, :, :, :wide] = seen.transpose(2, 0, 1)
        best = self._model(batch)[0].argmax(axis=1)
        kept = best[(best != 0) & (best != np.concatenate([[-1], best[:-1]]))]
        return "".join(self._characters[place] for place in kept.tolist())
