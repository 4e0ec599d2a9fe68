import json
from pathlib import Path

import pytest
from PIL import Image

from tests import ink
from tests.cli.command import inkchart


def test_reading_is_measured_from_a_table(tmp_path: Path) -> None:
    Image.fromarray(ink.line("aspirin 81 mg")).save(tmp_path / "a.png")
    (tmp_path / "a.tsv").write_text("file\ttext\tstyle\na.png\taspirin 81 mg\tprint\n")

    ran = inkchart("evaluate", "reading", tmp_path / "a.tsv", "--to", tmp_path / "out", "--json", folder=tmp_path)

    assert ran.code == 0
    (figures,) = ran.objects()
    assert (figures["file"], figures["kind"], figures["rows"]) == ("a.tsv", "crops", 1)
    assert (tmp_path / "out" / "a.worst.png").is_file()


def test_findings_are_measured_clean_and_disturbed(tmp_path: Path) -> None:
    note = {"id": "1", "text": "Acute bronchitis.", "entities": [[6, 16, "Disease_disorder", "bronchitis"]]}
    (tmp_path / "notes.jsonl").write_text(json.dumps(note))

    arguments = ("evaluate", "entities", tmp_path / "notes.jsonl", "--noise", "1", "--to", tmp_path / "out")
    ran, shown = inkchart(*arguments, "--json", folder=tmp_path), inkchart(*arguments, folder=tmp_path)

    assert (ran.code, shown.code) == (0, 0)
    (figures,) = ran.objects()
    assert (figures["file"], figures["documents"]) == ("notes.jsonl", 1)
    assert (tmp_path / "out" / "notes.errors.tsv").is_file()
    assert "100% misread" in shown.out
    assert "of clean" in shown.out


def test_context_is_measured_from_a_table(tmp_path: Path) -> None:
    (tmp_path / "said.tsv").write_text("concept\tsentence\tnegation\nfever\tDenies fever.\tAffirmed\n")

    arguments = ("evaluate", "context", tmp_path / "said.tsv", "--to", tmp_path / "out")
    ran, shown = inkchart(*arguments, "--json", folder=tmp_path), inkchart(*arguments, folder=tmp_path)

    assert (ran.code, shown.code) == (0, 0)
    (figures,) = ran.objects()
    assert figures["errors"] == [{"flag": "negated", "what": "invented", "concept": "fever", "times": 1}]
    assert "specificity" in shown.out


def test_coding_is_measured_from_tables_and_descriptors(tmp_path: Path) -> None:
    (tmp_path / "said.tsv").write_text("text\tlabel\tsystem\tcode\nasthma\tdiagnosis\tICD9CM\t493.90\n")

    arguments = ("evaluate", "coding", tmp_path / "said.tsv", "--descriptors", "3", "--to", tmp_path / "out")
    ran, shown = inkchart(*arguments, "--json", folder=tmp_path), inkchart(*arguments, folder=tmp_path)

    assert (ran.code, shown.code) == (0, 0)
    assert [(one["kind"], one["count"]) for one in ran.objects()] == [("mentions", 1), ("descriptors", 3)]
    assert "recall@5" in shown.out
    assert (tmp_path / "out" / "descriptors-ICD9CM.errors.tsv").is_file()


@pytest.mark.parametrize(
    "arguments",
    [
        ("reading",),
        ("entities",),
        ("nowhere",),
        ("nowhere", "a.tsv"),
        ("reading", "none.tsv"),
        ("entities", "none.jsonl"),
        ("entities", "none.jsonl", "--turns"),
        ("context", "none.tsv"),
        ("context", "none.tsv", "--noise", "0.1"),
        ("nowhere", "--font", "a.ttf"),
        ("coding",),
        ("coding", "none.tsv"),
        ("context", "none.tsv", "--font", "a.ttf"),
        ("coding", "none.tsv", "--split", "parts.tsv"),
        ("context", "none.tsv", "--speed"),
    ],
)
def test_what_cannot_be_measured_is_told(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = inkchart("evaluate", *arguments, "--to", tmp_path / "out", folder=tmp_path)

    assert ran.code == 2
    assert ran.err.strip()
    assert ran.out == ""
