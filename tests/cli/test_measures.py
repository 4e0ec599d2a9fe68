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


@pytest.mark.parametrize("arguments", [("reading",), ("nowhere",), ("nowhere", "a.tsv"), ("reading", "none.tsv")])
def test_what_cannot_be_measured_is_told(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = inkchart("evaluate", *arguments, "--to", tmp_path / "out", folder=tmp_path)

    assert ran.code == 2
    assert ran.err.strip()
    assert ran.out == ""
