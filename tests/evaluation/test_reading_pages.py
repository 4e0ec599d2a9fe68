import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.plain_pages import in_rows
from pipeline.evaluation.reading import Choice, evaluate_reading
from pipeline.evaluation.reading_data import Row
from pipeline.evaluation.reading_pages import ReadPage, compare, read_lines
from pipeline.evaluation.shares import Share
from pipeline.records import LineKind
from tests import ink
from tests.evaluation.compared import readers
from tests.evaluation.made import page, read_line


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A printed page, as it is, with its words' boxes, and skewed and turned."""
    sheet = ink.sheet()
    Image.fromarray(sheet).save(tmp_path / "a.png")
    skewed = np.rot90(ink.turned_by(sheet, 3.0), k=1)  # by 90 degrees counter-clockwise
    Image.fromarray(np.ascontiguousarray(skewed)).save(tmp_path / "b.png")
    (tmp_path / "pages.tsv").write_text("file\ttext\tkind\na.png\t" + r"\n".join(ink.NOTE) + "\tprinted note\n")
    (tmp_path / "skew.tsv").write_text("file\tskew_ccw_deg\tquarter_turn\nb.png\t3.0\t90\n")
    words = []
    for place, text in enumerate(ink.NOTE):
        height, width = ink.line(text, margin=0).shape
        box = [110, 160 + place * 80, 110 + width, 160 + place * 80 + height]
        words.append({"words": [{"box": box, "text": text}], "box": box, "text": text})
    (tmp_path / "a.json").write_text(json.dumps({"form": words}))
    (tmp_path / "forms.tsv").write_text("file\ttruth\na.png\ta.json\n")
    return tmp_path


def measure(folder: Path, table: str, *, turns: bool = False) -> dict[str, Comparison]:
    choice = Choice(split={}, part="", limit=None, turns=turns)
    found = evaluate_reading(
        [folder / table], readers(folder), choice=choice, out=folder / "out", on_row=lambda name, of, done: None
    )
    return {one.name: one for one in found.figures[0].comparisons}


def test_a_page_is_measured_beside_other_readers_and_turned_about(folder: Path) -> None:
    found = measure(folder, "pages.tsv", turns=True)

    cer = found["CER of the page"]
    assert cer.inkchart.value == pytest.approx(0.0, abs=0.02)
    assert cer.plain is not None
    assert cer.plain.value == pytest.approx(0.0, abs=0.02)
    assert cer.tesseract is not None
    assert cer.tesseract.value == pytest.approx(0.0, abs=0.02)
    assert found["print or hand right"].inkchart.value == 1.0
    assert found["left upright"].inkchart.value == 1.0
    assert (found["set upright when turned"].inkchart.value, found["set upright when turned"].count) == (1.0, 3)


def test_lines_of_a_form_are_found(folder: Path) -> None:
    found = measure(folder, "forms.tsv")

    assert found["lines found, F1"].inkchart.value == 1.0
    assert found["lines of entities found, F1"].count == len(ink.NOTE)


def test_skew_and_turn_are_taken_out(folder: Path) -> None:
    found = measure(folder, "skew.tsv")

    assert found["skew left, median degrees"].inkchart.value == pytest.approx(0.0, abs=0.15)
    assert found["set upright"].inkchart.value == 1.0


def read_page(kind: LineKind | None = LineKind.HAND) -> ReadPage:
    """Two lines, of which the second has two misread words and one too many."""
    row = Row(
        folder=Path(),
        file=Path("a.png"),
        collection="a",
        writer="w",
        kind=kind,
        text="acute otitis\nleft ear",
        values={},
    )
    lines = (read_line("acute otitis", 0), read_line("lelt eir x", 1, LineKind.PRINT))
    return ReadPage(
        row=row, tesseract="acute", plain="acute otitis left ear", inkchart=page(lines), turned=Share(right=0, of=0)
    )


def test_a_line_is_held_against_the_words_that_its_words_stand_for() -> None:
    first, second = read_lines(read_page())

    assert (first.truth, first.errors) == ("acute otitis", 0.0)
    assert (second.truth, second.errors) == ("left ear", 0.5)


def test_figures_of_a_page() -> None:
    found = {one.name: one for one in compare([read_page()])}

    cer = found["CER of the page"]
    assert cer.inkchart.value == pytest.approx(4 / 21)
    assert cer.plain is not None
    assert cer.plain.value == 0.0
    assert found["print or hand right"].inkchart.value == 0.5
    assert found["left upright"].inkchart.value == 1.0
    assert "set upright when turned" not in found
    assert found["right word among 5"].inkchart.value == 0.5
    assert "print or hand right" not in {one.name for one in compare([read_page(kind=None)])}


def test_boxes_are_sorted_into_rows() -> None:
    def box(x: int, y: int) -> list[list[int]]:
        return [[x, y], [x + 50, y], [x + 50, y + 20], [x, y + 20]]

    rows = in_rows(np.array([box(200, 104), box(100, 140), box(100, 100)], np.float32))

    assert [[tuple(corners[0]) for corners in row] for row in rows] == [[(100, 100), (200, 104)], [(100, 140)]]
    assert in_rows(np.zeros((0, 4, 2), np.float32)) == []
