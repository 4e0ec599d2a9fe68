"""Draws contact sheets of lines, to look at: python -m models.handwriting.synth.contact FONTS TEXTS OUT.png [SEED]."""

import sys
import time
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from models.handwriting.synth.lines import Lines


def main() -> None:
    """Write one sheet of forty lines with their texts and say how fast lines come."""
    fonts, texts, out = map(Path, sys.argv[1:4])
    lines = iter(Lines(fonts, texts, seed=int(sys.argv[4]) if len(sys.argv) > 4 else 0))
    started = time.process_time()
    drawn = list(islice(lines, 40))
    print(f"{40 / (time.process_time() - started):.0f} lines a second of one core")
    wide, row = 900, 72
    sheet = np.full((20 * row, 2 * wide), 128, np.uint8)
    for at, (image, text, kind) in enumerate(drawn):
        y, x = at // 2 * row, at % 2 * wide
        scale = min(1.0, (wide - 10) / image.shape[1], (row - 18) / image.shape[0])
        shown = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        sheet[y : y + shown.shape[0], x : x + shown.shape[1]] = shown
        said = f"{kind} {image.shape[0]}: {text}"
        cv2.putText(sheet, said, (x, y + row - 5), cv2.FONT_HERSHEY_SIMPLEX, 0.38, 255, 1, cv2.LINE_AA)
    cv2.imwrite(str(out), sheet)


if __name__ == "__main__":
    main()
