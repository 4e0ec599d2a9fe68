"""Where the figures come from: the truth beside the reading, as tables to look through.

`lines.tsv` holds every line of the truth with what was read in its place, and every word that was read
where nothing is written. `findings.tsv` holds what went wrong further on: entities missed or invented,
contexts, codes and fields of encounters that are not as they should be.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path

from pipeline.evaluation import entities
from pipeline.evaluation.codes import match_encounters
from pipeline.evaluation.encounters import Field, says_the_same
from pipeline.evaluation.places import PlacedChart
from pipeline.evaluation.truth import TruthContext
from pipeline.records import Context

Row = tuple[str, ...]


def write_details(charts: Sequence[PlacedChart], out: Path) -> tuple[Path, Path]:
    """Write both tables into a folder that exists; returns their paths."""
    lines, findings = out / "lines.tsv", out / "findings.tsv"
    write_table(lines, ("file", "page", "kind", "truth", "read"), (row for chart in charts for row in _lines(chart)))
    write_table(
        findings, ("file", "what", "of", "truth", "read"), (row for chart in charts for row in _findings(chart))
    )
    return lines, findings


def write_table(path: Path, head: Row, rows: Iterable[Row]) -> None:
    """Write a table with tabs between its columns."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, escapechar="\\")
        table.writerow(head)
        table.writerows(rows)


def _lines(chart: PlacedChart) -> Iterable[Row]:
    for line in chart.lines:
        yield chart.truth.file, str(line.page), line.truth.kind.value, line.truth.text, line.text
    for placed in chart.extra:
        yield chart.truth.file, "", placed.kind.value, "", placed.word.text


def _findings(chart: PlacedChart) -> Iterable[Row]:
    file = chart.truth.file
    matches = entities.match(chart)
    for missed in matches.missed:
        yield file, "entity missed", missed.label.value, missed.text, ""
    for invented in matches.invented:
        yield file, "entity invented", invented.label.value, "", invented.text
    for true, found in matches.pairs:
        stated, read = _flags(true.context), _flags(found.context)
        if stated != read:
            yield file, "context wrong", true.text, stated, read
    for expected, encounter in match_encounters(chart.truth.encounters, chart.reading.encounters):
        candidates = [c for c in chart.reading.candidates if encounter is not None and c.encounter == encounter.id]
        for code in expected.codes:
            ranks = [c.rank for c in candidates if (c.system, c.code) == (code.system, code.code)]
            if not ranks or min(ranks) > 1:
                rank = f"rank {min(ranks)}" if ranks else ""
                yield file, "code not first", code.system.value, f"{code.code} {code.text}", rank
        codes = {(code.system, code.code) for code in expected.codes}
        for wrong in sorted({(c.system, c.code) for c in candidates if c.proposed} - codes):
            yield file, "code proposed", wrong[0].value, "", wrong[1]
        for field in Field:
            value: str | None = getattr(expected, field)
            finding = getattr(encounter, field) if encounter is not None else None
            if value is not None and not says_the_same(finding, value, field):
                yield file, "field wrong", field.value, value, finding.value if finding is not None else ""


def _flags(context: Context | TruthContext) -> str:
    return ", ".join(flag.name for flag in fields(Context) if getattr(context, flag.name))
