from pathlib import Path

import pytest

from pipeline.codebooks.entries import Source
from pipeline.codebooks.importing import import_file, read_stored, stored
from pipeline.codebooks.importing.cpt_file import read_cpt
from pipeline.codebooks.importing.imported import joined


def test_the_three_lengths_of_a_year_are_one_edition(tmp_path: Path) -> None:
    for name, visit, other in (
        ("SHORTU2012.txt", "VISIT", "NEW"),
        ("MEDU2012.txt", "A VISIT OF SOME LENGTH", "SOMETHING NEW"),
        ("LONGULT2012.txt", "A visit of some length, in my words", "Something new that nobody knows"),
    ):
        path = tmp_path / name
        path.write_text(f"99213\t{visit}\n0001T\t{other}\n")
        import_file(path, tmp_path / "data", licensed=True)
    files = stored(tmp_path / "data")
    assert len(files) == 3
    (volume,) = joined([read_stored(file) for file in files])
    assert volume.book.count == 2
    assert {entry.display for entry in volume.entries} == {
        "A visit of some length, in my words",
        "Something new that nobody knows",
    }
    visits = [(wording.source, wording.text) for wording in volume.wordings if wording.code == "99213"]
    assert visits == [
        (Source.DESCRIPTION, "A visit of some length, in my words"),
        (Source.SHORT, "A VISIT OF SOME LENGTH"),
        (Source.SHORT, "VISIT"),
    ]


def test_the_long_file_in_fixed_columns_goes_on_over_lines() -> None:
    content = "9921300A visit that goes\n9921301on and on\n0001T00Something new\n"
    imported = read_cpt("LONGULF2012.txt", content.encode())
    assert imported is not None
    assert [(row[0], row[-1]) for row in imported.tables["codes"]] == [
        ("99213", "A visit that goes on and on"),
        ("0001T", "Something new"),
    ]


@pytest.mark.parametrize(("length", "part"), [(20, "short"), (40, "medium"), (90, "long")])
def test_the_length_is_told_by_the_texts_where_the_name_does_not(length: int, part: str) -> None:
    imported = read_cpt("codes2012.txt", f"99213\t{'x' * length}\n99214\ty\n".encode())
    assert imported is not None
    assert imported.part == part
