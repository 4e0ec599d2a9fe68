import json
from pathlib import Path

import pytest
from PIL import Image

from pipeline.errors import UsageError
from pipeline.evaluation.evaluate import Evaluation, evaluate, rows
from pipeline.evaluation.report import write_report
from pipeline.records import Label, LineKind, Reading
from tests.evaluation.made import (
    candidate,
    encounter,
    entity,
    page,
    read_line,
    reading,
    truth,
    truth_encounter,
    truth_line,
)

TRUE = truth(
    [truth_line("Diagnosis", 0, "print"), truth_line("otitis media", 1)],
    entities=[("DIAGNOSIS", "otitis media", 1, "")],
    encounters=[truth_encounter(codes=(("ICD9CM", "382.9"),), date_of_service="2014-02-20")],
)


def read(path: Path) -> Reading:
    """What a reader with one misread letter in each chart makes of it."""
    return reading(
        (page((read_line("Diagnosis", 0, LineKind.PRINT), read_line("otitis nedia", 1, confidence=0.6))),),
        entities=(entity("n1", Label.DIAGNOSIS, "otitis nedia", 1),),
        encounters=(encounter("e1", date_of_service="2014-02-20"),),
        candidates=(candidate("ICD9CM", "382.9", 3),),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        (tmp_path / f"{name}.png").touch()
        text = json.dumps({**TRUE.model_dump(mode="json"), "file": f"{name}.png"})
        (tmp_path / f"{name}.truth.json").write_text(text)
    return tmp_path


def values(evaluation: Evaluation) -> dict[str, float | None]:
    return {one.name: one.value for one in evaluation.measures}


def test_every_chart_is_read_and_measured(folder: Path, tmp_path: Path) -> None:
    named: list[str] = []

    evaluation = evaluate(folder, read, out=tmp_path / "out", on_chart=named.append)

    assert named == ["a.png", "b.png"]
    assert (evaluation.charts, evaluation.pages) == (2, 2)
    found = values(evaluation)
    assert found["CER print"] == 0.0
    assert found["CER hand"] == pytest.approx(1 / 12)
    assert found["kind right"] == 1.0
    assert found["entity F1"] == 1.0
    assert (found["code recall@1"], found["code recall@5"], found["code recall@10"]) == (0.0, 1.0, 1.0)
    assert found["date of service right"] == 1.0
    assert found["patient name right"] is None
    assert found["word ECE"] == pytest.approx((2 * 0.1 + 4 * 0.1) / 6)


def test_rows_are_what_people_read(folder: Path, tmp_path: Path) -> None:
    table = {row[0]: row[1:] for row in rows(evaluate(folder, read, out=tmp_path / "out"))}

    assert table["CER hand"] == ("0.083", "0.083 to 0.083", "24 characters")
    assert table["patient name right"] == ("-", "-", "0 encounters")


def test_lines_are_written_beside_what_was_read(folder: Path, tmp_path: Path) -> None:
    evaluate(folder, read, out=tmp_path / "out")

    lines = (tmp_path / "out" / "lines.tsv").read_text().splitlines()
    assert lines[2] == "a.png\t1\thand\totitis media\totitis nedia"


def test_what_went_wrong_is_written_by_chart(folder: Path, tmp_path: Path) -> None:
    evaluate(folder, read, out=tmp_path / "out")

    findings = (tmp_path / "out" / "findings.tsv").read_text().splitlines()
    assert findings == [
        "file\twhat\tof\ttruth\tread",
        "a.png\tcode not first\tICD9CM\t382.9 \trank 3",
        "b.png\tcode not first\tICD9CM\t382.9 \trank 3",
    ]


def test_a_report_is_json_and_a_picture(folder: Path, tmp_path: Path) -> None:
    evaluation = evaluate(folder, read, out=tmp_path / "out")

    numbers, picture = write_report(evaluation, tmp_path / "out")

    stored = json.loads(numbers.read_text())
    assert stored["measures"][1]["name"] == "CER hand"
    assert stored["measures"][1]["interval"]["low"] == pytest.approx(1 / 12)
    assert stored["by_chart"][0]["file"] == "a.png"
    with Image.open(picture) as image:
        assert image.size == (1430, 990)


def test_the_same_readings_give_the_same_evaluation(folder: Path, tmp_path: Path) -> None:
    assert evaluate(folder, read, out=tmp_path / "1") == evaluate(folder, read, out=tmp_path / "2")


def test_a_folder_that_cannot_be_written_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").touch()

    with pytest.raises(UsageError, match="taken cannot be written"):
        evaluate(folder, read, out=tmp_path / "taken")


def test_a_missing_truth_is_told_before_anything_is_read(folder: Path, tmp_path: Path) -> None:
    (folder / "b.truth.json").unlink()

    def never(path: Path) -> Reading:
        raise AssertionError(path)

    with pytest.raises(UsageError, match=r"b\.png has no truth"):
        evaluate(folder, never, out=tmp_path / "out")
