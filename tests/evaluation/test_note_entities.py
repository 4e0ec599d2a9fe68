import csv
import json
from pathlib import Path

import pytest

from pipeline.entities import EntityFinder
from pipeline.errors import UsageError
from pipeline.evaluation.disturb import Misreader
from pipeline.evaluation.note_data import load_documents
from pipeline.evaluation.note_entities import CLEAN, FileFigures, Way, clean, disturbed, evaluate_entities
from tests import findings

NOTES = (
    "Patient has pneumonia and hypertension. Chest x-ray done.",
    "Acute bronchitis with cough. No pneumonia today, a quaddle of the skin.",
    "Type 2 diabetes, hypertension, cough.",
)
TRUE = ("pneumonia", "hypertension", "bronchitis", "cough", "quaddle", "diabetes")


@pytest.fixture(scope="module")
def find() -> EntityFinder:
    return findings.entity_finder()


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Notes in which only diagnoses are annotated."""
    path = tmp_path / "notes.jsonl"
    lines = []
    for number, text in enumerate(NOTES):
        places = [(text.index(word), word) for word in TRUE if word in text]
        entities = [[start, start + len(word), "DIAGNOSIS", word] for start, word in places]
        lines.append(json.dumps({"id": str(number), "text": text, "entities": entities}))
    path.write_text("\n".join(lines))
    return path


def measured(path: Path, ways: dict[str, Way], out: Path) -> FileFigures:
    (figures,), _ = evaluate_entities([load_documents(path)], ways, out=out, on_row=lambda name, of, done: None)
    return figures


def test_findings_are_measured_by_label_and_errors_are_written(notes: Path, find: EntityFinder, tmp_path: Path) -> None:
    got = measured(notes, {CLEAN: clean(find)}, tmp_path / "out")

    values = {(one.label, one.measure): one.clean.value for one in got.figures}
    assert got.documents == 3
    assert {label for label, _ in values} == {"DIAGNOSIS"}
    assert values["DIAGNOSIS", "recall"] == 8 / 9
    assert values["DIAGNOSIS", "precision"] == 1.0
    assert values["DIAGNOSIS", "F1 of exact places"] < values["DIAGNOSIS", "F1"] < 1.0  # type: ignore[operator]
    assert [(one.what, one.text, one.times) for one in got.errors] == [("missed", "quaddle", 1)]
    with (tmp_path / "out" / "notes.errors.tsv").open() as file:
        assert list(csv.reader(file, delimiter="\t")) == [
            ["notes", "label", "what", "text", "times"],
            ["clean", "DIAGNOSIS", "missed", "quaddle", "1"],
        ]
    assert json.loads((tmp_path / "out" / "entities.json").read_text())[0]["documents"] == 3


def test_disturbed_notes_stand_beside_the_clean_ones(notes: Path, find: EntityFinder, tmp_path: Path) -> None:
    ways = {
        CLEAN: clean(find),
        "as they are": disturbed(find, Misreader((), share=0.0)),
        "all wrong": disturbed(find, Misreader((), share=1.0)),
    }

    got = measured(notes, ways, tmp_path / "out")

    recall = next(one for one in got.figures if one.measure == "recall")
    same, wrong = recall.beside
    assert (same.way, same.estimate, same.of_clean.value) == ("as they are", recall.clean, 1.0)
    assert same.of_clean.interval is not None
    assert same.of_clean.interval.low == 1.0
    assert wrong.of_clean.value is not None
    assert wrong.of_clean.value < 0.5


def test_files_of_one_name_and_a_folder_that_cannot_be_are_refused(notes: Path, find: EntityFinder) -> None:
    data, ways = load_documents(notes), {CLEAN: clean(find)}

    with pytest.raises(UsageError, match="same name"):
        evaluate_entities([data, data], ways, out=notes.parent / "out", on_row=lambda name, of, done: None)
    with pytest.raises(UsageError, match="cannot be written"):
        evaluate_entities([data], ways, out=notes, on_row=lambda name, of, done: None)
