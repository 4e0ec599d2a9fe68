"""Draw the small committed set by which a test proves that the shipped file reads as its card says.

    python -m models.handwriting.check --fonts FOLDER --notes .../notes_mtsamples.tsv

Its hands are the fonts that training never saw. All lines stand under each other in `check.png`, one strip each.
"""

import argparse
import csv
from pathlib import Path

import cv2
import numpy as np

from models.handwriting.real import evened
from models.handwriting.synth.lines import Lines
from pipeline.reading.recognizer import HEIGHT, at_reading_size

HERE = Path(__file__).parent
COUNT = 60
SEED = 2_015


def main() -> None:
    """Draw and write the set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fonts", type=Path, required=True)
    parser.add_argument("--notes", type=Path, required=True)
    arguments = parser.parse_args()
    drawn = iter(Lines(fonts=arguments.fonts, texts=arguments.notes, seed=SEED, validation=True))
    lines = [(at_reading_size(evened(image)), text, kind) for image, text, kind in (next(drawn) for _ in range(COUNT))]
    widest = max(crop.shape[1] for crop, _, _ in lines)
    sheet = np.full((COUNT * HEIGHT, widest), 255, np.uint8)
    with (HERE / "check.tsv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
        table.writerow(("width", "kind", "text"))
        for place, (crop, text, kind) in enumerate(lines):
            sheet[place * HEIGHT : (place + 1) * HEIGHT, : crop.shape[1]] = crop
            table.writerow((crop.shape[1], kind, text))
    cv2.imwrite(str(HERE / "check.png"), sheet)


if __name__ == "__main__":
    main()
