"""Under which heading each line of a note stands."""

import csv
from itertools import groupby
from pathlib import Path

import pytest

from pipeline.entities import EntityFinder
from tests.entities.written_pages import page

TABLE = Path(__file__).with_name("section_lines.tsv")
WIDE = "Northfield Family Medicine, 12 Mill Lane, Northfield, telephone 555-0100"
"""So wide that no other line reaches the margin."""

Row = tuple[str, str, str]
"""Kind, line and section; a line that begins with a plus goes on with the line before."""


def notes() -> list[tuple[Row, ...]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        tuple((row["kind"], row["line"], row["section"]) for row in group)
        for _, group in groupby(rows, lambda row: row["note"])
    ]


@pytest.mark.parametrize("rows", notes(), ids=lambda rows: rows[0][1])
def test_each_line_stands_under_its_heading(find_entities: EntityFinder, rows: tuple[Row, ...]) -> None:
    lines: list[str] = []
    ends = []
    for _, text, _ in rows:
        if text.startswith("+ "):
            lines[-1] += text[1:]
        else:
            lines.append(text)
        ends.append((len(lines) - 1, len(lines[-1])))
    note = find_entities.note(page(*lines, WIDE, hand=rows[0][0] == "hand"))
    read = []
    for line, end in ends:
        last = max(i for i, token in enumerate(note.tokens) if token.start < note.page.starts[line] + end)
        read.append(note.sections[last].key or "-")
    assert read == [section for _, _, section in rows]


def test_the_last_period_is_no_impression(find_entities: EntityFinder) -> None:
    note = find_entities.note(page("LMP: 3/2", hand=True))
    assert {section.key for section in note.sections} == {None}


def test_a_letter_that_begins_a_line_is_a_heading_only_in_the_order_of_a_note(find_entities: EntityFinder) -> None:
    for alone in ("A fall at work", "P wave normal"):
        note = find_entities.note(page(alone, hand=True))
        assert {section.key for section in note.sections} == {None}
