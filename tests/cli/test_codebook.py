"""`codebook`: what a coder sees of the books, and what a practice brings along."""

from pathlib import Path

import pytest

from pipeline.errors import ExitCode
from tests.cli.command import inkchart


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("codebook")


def test_list_tells_starter_sets_licence_counts_and_origin(folder: Path) -> None:
    books = inkchart("codebook", "list", "--json", folder=folder).objects()
    assert {book["system"]: book["starter"] for book in books} == {
        "ICD9CM": False,
        "ICD9PCS": False,
        "ICD10CM": False,
        "CPT": True,
        "HCPCS": True,
    }
    for book in books:
        assert book["codes"]
        assert len(str(book["sha256"])) == 64
    shown = inkchart("codebook", "list", folder=folder).out
    assert "starter set" in shown
    assert "American Medical Association" in shown
    assert str(books[0]["sha256"])[:12] in shown.replace("\n", "")


def test_show_prints_a_code_for_people_and_for_programs(folder: Path) -> None:
    shown = inkchart("codebook", "show", "E11.9", folder=folder).out
    for part in (
        "E11  ",
        "ICD10CM E11.9",
        "proven from 2015-10-01",
        "Use additional code",
        "Also called",
        "approximate",
    ):
        assert part in shown
    (page,) = inkchart("codebook", "show", "250.6", "--json", folder=folder).objects()
    assert page["billable"] is False
    children = page["children"]
    assert isinstance(children, list)
    assert [child["code"] for child in children] == ["250.60", "250.61", "250.62", "250.63"]
    assert "Volume 3" in inkchart("codebook", "show", "47.01", folder=folder).out
    assert "no loaded book proves" in inkchart("codebook", "show", "99213", folder=folder).out


def test_the_practice_list_and_edits_are_taken_whole_or_not_at_all(folder: Path, tmp_path: Path) -> None:
    ours, wrong, limits = (
        tmp_path / "ours.csv",
        tmp_path / "wrong.csv",
        tmp_path / "MUE_Practitioner_Eff_04-01-2015.csv",
    )
    ours.write_text("name,code,fee\nQuickie recheck,99213,85\n")
    wrong.write_text("name,code,fee\nQuickie recheck,99213,85\nNo such thing,99999,1\n")
    limits.write_text(
        "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n"
        "36415,2,3 Day,Made up\n"
    )
    refused = inkchart("codebook", "import", wrong, folder=folder)
    assert refused.code == ExitCode.USAGE
    assert "line 3 has 99999" in refused.err.replace("\n", " ")
    assert not (folder / "data" / "codebooks" / "practice.csv").exists()
    assert "codes: 1" in inkchart("codebook", "import", limits, folder=folder).out
    assert "names: 1, fees: 1" in inkchart("codebook", "import", ours, folder=folder).out
    assert (folder / "data" / "codebooks" / "practice.csv").exists()
    shown = inkchart("codebook", "list", folder=folder).out.replace("\n", " ")
    assert "most units (MUE), 2015-04-01 to 2015-06-30" in shown
    assert "practice's own list" in shown
