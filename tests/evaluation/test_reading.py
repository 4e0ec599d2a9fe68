import json
from pathlib import Path

import pytest
from PIL import Image

from pipeline.errors import UsageError
from pipeline.evaluation import comparison
from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.reading import Choice, Measured, as_object, evaluate_reading
from tests import ink
from tests.evaluation.compared import readers

ALL = Choice(split={}, part="", limit=None)
LINES = ink.NOTE[:4]


@pytest.fixture
def crops(tmp_path: Path) -> Path:
    """Four printed lines of two writers and two handwritten words."""
    rows = ["file\ttext\twriter\tstyle"]
    for place, text in enumerate(LINES):
        Image.fromarray(ink.line(text)).save(tmp_path / f"{place}.png")
        rows.append(f"{place}.png\t{text}\tw{place % 2}\tprint")
    for text in ("fever", "cough"):
        Image.fromarray(ink.line(text, font=ink.HAND, size=60)).save(tmp_path / f"{text}.png")
        rows.append(f"{text}.png\t{text}\t{text}\thandwritten")
    path = tmp_path / "crops.tsv"
    path.write_text("\n".join(rows) + "\n")
    return path


def measured(path: Path, out: Path, choice: Choice = ALL) -> Measured:
    return evaluate_reading([path], readers(out), choice=choice, out=out, on_row=lambda name, of, done: None)


def figures(found: Measured, collection: str) -> dict[str, Comparison]:
    return {one.name: one for one in found.figures[0].comparisons if one.collection == collection}


def test_crops_are_measured_beside_other_readers(crops: Path, tmp_path: Path) -> None:
    found = figures(measured(crops, tmp_path / "out"), "print")

    assert found["CER"].inkchart.value == 0.0
    assert found["CER"].inkchart.interval is not None
    assert found["CER"].count == sum(len(text.replace(":", "").replace(".", "").replace(",", "")) for text in LINES)
    assert found["CER"].plain is not None
    assert found["CER"].plain.value == 0.0
    assert found["CER"].tesseract is not None
    assert found["CER"].tesseract.value == pytest.approx(0.0, abs=0.1)
    assert found["print or hand right"].inkchart.value == 1.0
    assert found["right word among 5"].inkchart.value == 1.0
    assert found["word ECE"].inkchart.value == pytest.approx(0.0, abs=0.2)
    assert "exactly right" not in found
    assert "times as fast as PP-OCRv6" not in found


def test_words_are_counted_whole_and_handwriting_is_timed(crops: Path, tmp_path: Path) -> None:
    found = figures(measured(crops, tmp_path / "out"), "handwritten")

    assert (found["exactly right"].count, found["exactly right"].unit) == (2, "crops")
    ratio, pace = found["times as fast as PP-OCRv6"].inkchart.value, found["lines a second"]
    assert ratio is not None
    assert pace.inkchart.value is not None
    assert pace.plain is not None
    assert pace.plain.value is not None
    assert ratio == pytest.approx(pace.inkchart.value / pace.plain.value)


def test_figures_pictures_and_readings_are_written(crops: Path, tmp_path: Path) -> None:
    found = measured(crops, tmp_path / "out")

    assert [path.name for path in found.files] == [
        "reading.json",
        "crops.reliability.png",
        "crops.worst.png",
        "crops.lines.tsv",
    ]
    assert json.loads(found.files[0].read_text()) == [json.loads(json.dumps(as_object(one))) for one in found.figures]
    for path in found.files[1:3]:
        with Image.open(path) as picture:
            assert picture.width > 1000
    assert found.files[3].read_text().splitlines()[1].split("\t")[:5] == ["0.png", "print", *[LINES[0]] * 3]


def test_two_tables_of_one_name_are_refused(crops: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="same name"):
        evaluate_reading(
            [crops, crops], readers(tmp_path), choice=ALL, out=tmp_path, on_row=lambda name, of, done: None
        )


def test_rows_are_what_people_read(crops: Path, tmp_path: Path) -> None:
    table = comparison.rows(measured(crops, tmp_path / "out").figures[0].comparisons)

    assert ("print or hand right", "-", "-", "1.000", "1.000 to 1.000", "4 lines") in table


def test_only_the_chosen_part_is_read(crops: Path, tmp_path: Path) -> None:
    choice = Choice(split={"w0": "train", "fever": "train", "cough": "train"}, part="held-out", limit=None)

    assert measured(crops, tmp_path / "out", choice).figures[0].rows == 2


def test_a_part_without_rows_is_told(crops: Path, tmp_path: Path) -> None:
    split = dict.fromkeys(("w0", "w1", "fever", "cough"), "train")

    with pytest.raises(UsageError, match="held-out"):
        measured(crops, tmp_path / "out", Choice(split=split, part="held-out", limit=None))


def test_a_folder_that_cannot_be_written_is_told(crops: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").touch()

    with pytest.raises(UsageError, match="taken cannot be written"):
        evaluate_reading(
            [crops], readers(tmp_path), choice=ALL, out=tmp_path / "taken", on_row=lambda name, of, done: None
        )
