"""`inkchart evaluate coding`: candidates held against the codes that coders chose.

For each table or folder (`coding_data` says what they are) it writes into a folder `NAME.errors.tsv`, what was missed
and what was wrongly proposed, the worst first, and for all of them `coding.json`. Notes that are also drawn and read
have a `NAME.by-hand.errors.tsv` besides.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from pipeline.entities import pages_from_text
from pipeline.evaluation import coding_notes, coding_terms
from pipeline.evaluation.coding_data import CodingData
from pipeline.evaluation.coding_figures import CodingFigures
from pipeline.evaluation.details import write_table
from pipeline.evaluation.note_data import Told
from pipeline.evaluation.note_entities import prepare
from pipeline.process import TextStages
from pipeline.records import Page

ToPages = Callable[[str], tuple[Page, ...]]
"""How a note comes to its pages."""
TYPED, BY_HAND = "typed", "by-hand"


def evaluate_coding(
    chosen: Sequence[CodingData],
    stages: TextStages,
    suggest: coding_terms.Suggest,
    *,
    disturb: Callable[[str], str] | None,
    by_hand: ToPages | None,
    out: Path,
    on_row: Told,
) -> tuple[tuple[CodingFigures, ...], tuple[Path, ...]]:
    """Measure every table and folder; returns the figures and what was written.

    Args:
        chosen: texts and notes with their codes.
        stages: what notes go through.
        suggest: what bare texts are asked of.
        disturb: misreads bare texts; None leaves them as they are.
        by_hand: draws a note in handwriting and reads its pages; None leaves that out.
        out: folder for what is written.
        on_row: told how far it is.

    Raises:
        UsageError: `out` cannot be written.
    """
    prepare(out, [data.path for data in chosen])
    measured, files = [], []
    for data in chosen:
        if data.notes:
            parts = [_notes(data, stages, TYPED, pages_from_text, on_row)]
            if by_hand is not None:
                parts.append(_notes(data, stages, BY_HAND, by_hand, on_row))
        else:
            parts = [_terms(data, suggest, disturb, on_row)]
        for one in parts:
            table = out / f"{data.path.stem}{'' if one.way == TYPED else '.' + one.way}.errors.tsv"
            rows = ((m.id, m.of, m.what, _flat(m.text), m.wanted, _flat(m.shown)) for m in one.misses)
            write_table(table, ("id", "system", "what", "text", "wanted", "shown"), rows)
            files.append(table)
            measured.append(one)
    numbers = out / "coding.json"
    numbers.write_text(json.dumps([asdict(one) for one in measured], indent=1) + "\n", encoding="utf-8")
    return tuple(measured), (numbers, *files)


def _terms(
    data: CodingData, suggest: coding_terms.Suggest, disturb: Callable[[str], str] | None, on_row: Told
) -> CodingFigures:
    answers = []
    for place, asked in enumerate(data.asked):
        on_row(data.path.name, data.count, place)
        answers.append(coding_terms.answer(asked, suggest, disturb))
    return CodingFigures(
        file=data.path.name,
        kind=data.kind,
        way=TYPED,
        count=data.count,
        figures=tuple(coding_terms.figures(answers)),
        misses=tuple(coding_terms.misses(answers)),
    )


def _notes(data: CodingData, stages: TextStages, way: str, to_pages: ToPages, on_row: Told) -> CodingFigures:
    answers = []
    for place, note in enumerate(data.notes):
        on_row(f"{data.path.name}, {way}", data.count, place)
        answers.append(coding_notes.answer(note, to_pages(note.text), stages))
    figures = coding_notes.report_figures if data.kind == "reports" else coding_notes.note_figures
    return CodingFigures(
        file=data.path.name,
        kind=data.kind,
        way=way,
        count=data.count,
        figures=tuple(figures(answers)),
        misses=tuple(coding_notes.misses(answers)),
    )


def _flat(text: str) -> str:
    return " ".join(text.split())
