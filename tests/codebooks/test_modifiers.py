from pathlib import Path

import pytest

from pipeline.codebooks.modifiers import TABLE, load_modifiers
from pipeline.errors import SetupError


def test_the_modifiers_that_a_practice_bills_most_are_known() -> None:
    known = load_modifiers()
    for modifier in ("25", "59", "LT", "RT", "50", "26", "TC", "QW"):
        assert known[modifier], modifier


@pytest.mark.parametrize("row", ["2\tTwo", "lt\tLeft", "LT\t", "LT\tLeft\nLT\tLeft again"])
def test_a_row_that_names_no_modifier_is_told_with_its_place(tmp_path: Path, row: str) -> None:
    table = tmp_path / "modifiers.tsv"
    header = next(line for line in TABLE.read_text().splitlines() if not line.startswith("#"))
    table.write_text(f"{header}\n{row}\n")
    with pytest.raises(SetupError, match=r"modifiers\.tsv"):
        load_modifiers(path=table)
