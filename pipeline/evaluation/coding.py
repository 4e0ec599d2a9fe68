"""`inkchart evaluate coding`: candidates held against the codes that coders chose.

For each table or folder (`coding_data` says what they are) it writes into a folder `NAME.errors.tsv`, what was missed
and what was wrongly proposed, the worst first, and for all of them `coding.json`.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from pipeline.evaluation import coding_notes, coding_terms
from pipeline.evaluation.coding_data import CodingData
from pipeline.evaluation.coding_figures import CodingFigures
from pipeline.evaluation.details import write_table
from pipeline.evaluation.note_data import Told
from pipeline.evaluation.note_entities import prepare
from pipeline.process import TextStages


def evaluate_coding(
    chosen: Sequence[CodingData],
    stages: TextStages,
    suggest: coding_terms.Suggest,
    *,
    disturb: Callable[[str], str] | None,
    out: Path,
    on_row: Told,
) -> tuple[tuple[CodingFigures, ...], tuple[Path, ...]]:
    """Measure every table and folder; returns the figures and what was written.

    Args:
        chosen: texts and notes with their codes.
        stages: what notes go through.
        suggest: what bare texts are asked of.
        disturb: misreads bare texts; None leaves them as they are.
        out: folder for what is written.
        on_row: told how far it is.

    Raises:
        UsageError: `out` cannot be written.
    """
    prepare(out, [data.path for data in chosen])
    measured, files = [], []
    for data in chosen:
        one = _measure(data, stages, suggest, disturb, on_row)
        table = out / f"{data.path.stem}.errors.tsv"
        rows = ((m.id, m.of, m.what, _flat(m.text), m.wanted, _flat(m.shown)) for m in one.misses)
        write_table(table, ("id", "system", "what", "text", "wanted", "shown"), rows)
        files.append(table)
        measured.append(one)
    numbers = out / "coding.json"
    numbers.write_text(json.dumps([asdict(one) for one in measured], indent=1) + "\n", encoding="utf-8")
    return tuple(measured), (numbers, *files)


def _measure(
    data: CodingData,
    stages: TextStages,
    suggest: coding_terms.Suggest,
    disturb: Callable[[str], str] | None,
    on_row: Told,
) -> CodingFigures:
    terms, notes = [], []
    for place, asked in enumerate(data.asked):
        on_row(data.path.name, data.count, place)
        terms.append(coding_terms.answer(asked, suggest, disturb))
    for place, note in enumerate(data.notes):
        on_row(data.path.name, data.count, place)
        notes.append(coding_notes.answer(note, stages))
    if terms:
        figures, misses = coding_terms.figures(terms), coding_terms.misses(terms)
    else:
        of_notes = coding_notes.report_figures if data.kind == "reports" else coding_notes.note_figures
        figures, misses = of_notes(notes), coding_notes.misses(notes)
    return CodingFigures(
        file=data.path.name, kind=data.kind, count=data.count, figures=tuple(figures), misses=tuple(misses)
    )


def _flat(text: str) -> str:
    return " ".join(text.split())
