"""What notes say of the visit: status, level, time, signature, sex, dates and addenda, and what they do not."""

import csv
from pathlib import Path

import pytest

from pipeline.entities import EncounterFinder, pages_from_text
from pipeline.records import Finding

NOTES = Path(__file__).with_name("encounter_notes.tsv")
"""Notes in own words, `\\n` for a line end; an empty field is not written in the note, `?` is an undated addendum."""
with NOTES.open(encoding="utf-8", newline="") as table:
    ROWS = tuple(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def said(findings: list[Finding | None]) -> str:
    return ",".join(finding.value if finding else "?" for finding in findings)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["note"][:50])
def test_a_note_says_of_its_visit_what_is_written_and_no_more(
    find_encounters: EncounterFinder, row: dict[str, str]
) -> None:
    pages = pages_from_text(row["note"].replace("\\n", "\n"))
    encounters = find_encounters(pages, ())
    first = encounters[0]
    found = {
        "status": first.patient_status.value if first.patient_status else "",
        "level": first.visit_level.value if first.visit_level else "",
        "minutes": first.time_spent.value if first.time_spent else "",
        "signature": first.signature.value if first.signature else "",
        "sex": first.sex.value if first.sex else "",
        "dates": ",".join(e.date_of_service.value if e.date_of_service else "" for e in encounters),
        "addenda": said([addendum.written for addendum in first.addenda]),
    }
    assert found == {name: (row[name] or "").strip() for name in found}
    lines = {line.id: line.text for line in pages[0].lines}
    for finding in (first.patient_status, first.visit_level, first.time_spent, first.signature):
        if finding is not None:
            (span, *_) = finding.spans
            assert finding.text.startswith(lines[span.line][span.start : span.end])


def test_the_table_holds_cases_of_every_field_and_as_many_that_look_like_one() -> None:
    assert len(ROWS) >= 60
    for name in ("status", "level", "minutes", "signature", "sex", "addenda"):
        assert sum(bool(row[name]) for row in ROWS) >= 6
