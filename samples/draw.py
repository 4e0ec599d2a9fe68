"""Draws the samples: synthetic charts, each with a file that says what is true of it.

Run from the repository root as `python -m samples.draw [NAME...]`; without names it draws all. The
same names give the same pixels every time. No patient, doctor or practice in them exists.
"""

import json
import re
import sys
from pathlib import Path

from samples.charts.catalogue import CHARTS, draw_chart
from samples.drawing.chart import truth
from samples.drawing.files import encode

FOLDER = Path(__file__).parent
NUMBERS = re.compile(r"\[[\d\s,.\[\]-]+\](?=,?\n)")


def draw(name: str, folder: Path) -> Path:
    """Draw one sample and its truth file into a folder; returns the chart's path."""
    chart = draw_chart(name)
    path = folder / name
    path.write_bytes(encode(chart))
    text = json.dumps(truth(chart), ensure_ascii=False, indent=1)
    (folder / f"{path.stem}.truth.json").write_text(_compact(text) + "\n", encoding="utf-8")
    return path


def _compact(text: str) -> str:
    """Pairs and boxes of numbers on one line, as people read them."""
    return NUMBERS.sub(lambda match: " ".join(match[0].split()), text)


def main(names: list[str]) -> None:
    """Draw the named samples, or all."""
    for name in names or CHARTS:
        path = draw(name, FOLDER)
        print(f"{path.stat().st_size:>9,} bytes  {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
