import csv
from pathlib import Path

import pytest

from pipeline.entities import EntityFinder
from pipeline.evaluation.note_context import (
    Flag,
    concept_place,
    evaluate_context,
    f1,
    judge,
    precision,
    recall,
    specificity,
)
from pipeline.evaluation.note_data import Statement, load_statements
from tests import findings

ROWS = (
    "id\tconcept\tsentence\tnegation\ttemporality\texperiencer",
    "1\tPNEUMONIA\tThere is no pneumonia today.\tNegated\tRecent\tPatient",
    "2\tpneumonia\tPneumonia of the left lung.\tAffirmed\tRecent\tPatient",
    "3\tchest  pain\tHe denies chest pain.\tAffirmed\tRecent\tPatient",
    "4\tquaddle\tA quaddle was seen.\tAffirmed\tRecent\tPatient",
    "5\tasthma\tAnother sentence.\tAffirmed\tRecent\tPatient",
    "6\tasthma\tMother with asthma.\tAffirmed\tRecent\tFamily member",
)


@pytest.fixture(scope="module")
def find() -> EntityFinder:
    return findings.entity_finder()


def statement(concept: str, sentence: str) -> Statement:
    return Statement(id="1", concept=concept, sentence=sentence, flags={})


def test_flags_are_measured_of_the_concepts_that_are_found(find: EntityFinder, tmp_path: Path) -> None:
    table = tmp_path / "said.tsv"
    table.write_text("\n".join(ROWS))

    (got,), files = evaluate_context(
        [(table, load_statements(table))], find, out=tmp_path / "out", on_row=lambda name, of, done: None
    )

    values = {(one.flag, one.measure): (one.estimate.value, one.count) for one in got.figures}
    assert (got.sentences, got.not_found, got.not_in_sentence) == (6, 1, 1)
    assert values["concept", "found"] == (0.8, 5)
    assert values["negated", "precision"] == (0.5, 2)
    assert values["negated", "recall"] == (1.0, 1)
    assert values["negated", "specificity"] == (2 / 3, 3)
    assert values["family", "F1"] == (1.0, 1)
    assert values["historical", "recall"] == (None, 0)
    assert ("uncertain", "F1") not in values
    assert [(one.flag, one.what, one.concept, one.times) for one in got.errors] == [
        ("negated", "invented", "chest pain", 1)
    ]
    assert [path.name for path in files] == ["context.json", "said.errors.tsv"]
    with files[1].open() as file:
        rows = list(csv.reader(file, delimiter="\t"))[1:]
    assert [(row[0], row[2]) for row in rows] == [("3", "invented"), ("4", "not found"), ("5", "not in the sentence")]


def test_whole_words_come_before_parts_of_words() -> None:
    assert concept_place(statement("pe", "Type 2, no PE.")) == (11, 13)
    assert concept_place(statement("effusion", "No effusions.")) == (3, 11)
    assert concept_place(statement("left  arm", "LEFT\tARM pain")) == (0, 8)
    assert concept_place(statement("rash", "No fever.")) is None


def test_the_finding_that_shares_most_with_the_concept_is_judged(find: EntityFinder) -> None:
    judged = judge(statement("fever and acute bronchitis", "No fever and acute bronchitis."), find)

    assert judged.found is not None
    assert "bronchitis" in judged.found.text


def test_figures_of_flags() -> None:
    yes, no = True, False
    flags = [Flag(stated=stated, read=read) for stated, read in ((yes, yes), (yes, no), (no, yes), (no, no), (no, no))]

    assert (precision(flags), recall(flags), f1(flags), specificity(flags)) == (0.5, 0.5, 0.5, 2 / 3)
    assert [rate([]) for rate in (precision, recall, f1, specificity)] == [None] * 4


def test_a_long_sentence_is_written_short(find: EntityFinder, tmp_path: Path) -> None:
    table = tmp_path / "long.tsv"
    sentence = "words before it " * 30 + "quaddle" + " words after it" * 30
    table.write_text(f"concept\tsentence\tnegation\nquaddle\t{sentence}\tNegated\n")

    _, files = evaluate_context(
        [(table, load_statements(table))], find, out=tmp_path, on_row=lambda name, of, done: None
    )

    (row,) = files[1].read_text().splitlines()[1:]
    assert "quaddle" in row
    assert len(row) < 300
