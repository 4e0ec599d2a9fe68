from pathlib import Path

import numpy as np
from PIL import Image

from pipeline.evaluation.calibration import judged
from pipeline.evaluation.reliability import write_reliability
from pipeline.evaluation.worst import MOST, ReadLine, worst, write_worst
from tests import ink


def line(errors: float, confidence: float | None = 0.5) -> ReadLine:
    return ReadLine(
        collection="a $ b",
        picture=lambda: ink.line("cough"),
        truth="cough $5 $6",
        text="caugh",
        confidence=confidence,
        errors=errors,
    )


def test_the_worst_come_first_and_the_surest_among_equals() -> None:
    lines = [line(0.2, 0.9), line(0.5, 0.3), line(0.5, 0.8), line(0.0), line(0.5, None)]

    assert [(one.errors, one.confidence) for one in worst(lines)] == [(0.5, 0.8), (0.5, 0.3), (0.5, None), (0.2, 0.9)]
    assert len(worst([line(1.0)] * (MOST + 5))) == MOST


def test_a_sheet_is_drawn_of_any_number_of_lines(tmp_path: Path) -> None:
    for number in (0, 1, 3):
        write_worst([line(1.0)] * number, tmp_path / f"{number}.png")

    with Image.open(tmp_path / "0.png") as empty, Image.open(tmp_path / "3.png") as full:
        assert full.height > empty.height
        assert np.array(full.convert("L")).min() < 100


def test_a_reliability_diagram_holds_every_collection(tmp_path: Path) -> None:
    words = judged([(0.95, True)] * 8 + [(0.3, False)] * 2)

    write_reliability([(f"collection {n}", words) for n in range(4)] + [("none", judged([]))], tmp_path / "a.png")

    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (1650, 968)
