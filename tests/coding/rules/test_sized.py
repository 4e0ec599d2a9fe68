"""The table of services that are measured or counted."""

from pathlib import Path

import pytest

from pipeline.codebooks import CodeBooks
from pipeline.coding.rules.sized import load_sized
from pipeline.errors import SetupError
from pipeline.records import CodeSystem

HEAD = "names\twith\tsites\tmeasure\tup_to\tfrom\tto\tcode\tfurther\n"


def test_every_number_of_the_table_is_in_the_starter_book(books: CodeBooks) -> None:
    numbers = {row.code for row in load_sized()} | {row.further[0] for row in load_sized() if row.further}
    assert {number for number in numbers if books.row(CodeSystem.CPT, number, None) is None} == set()


@pytest.mark.parametrize(
    "row",
    [
        "\t\t\tcount\t1\t\t\t17000\t",
        "cryotherapy\t\t\tyards\t1\t\t\t17000\t",
        "cryotherapy\t\t\tcount\tone\t\t\t17000\t",
        "cryotherapy\t\t\tcount\t1\t\t\t17000\t17003",
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_its_place(tmp_path: Path, row: str) -> None:
    table = tmp_path / "sized.tsv"
    table.write_text(f"{HEAD}{row}\n", encoding="utf-8")
    with pytest.raises(SetupError, match=r"sized\.tsv"):
        load_sized(table)
