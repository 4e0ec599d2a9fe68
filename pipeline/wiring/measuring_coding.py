"""Measuring candidates against the codes that coders chose. Imported only to measure."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path

from pipeline.codebooks import CodeBooks
from pipeline.evaluation import reading
from pipeline.evaluation.by_hand import pages_by_hand
from pipeline.evaluation.coding import evaluate_coding as evaluate_tables
from pipeline.evaluation.coding_data import CodingData, load_coding_data
from pipeline.evaluation.coding_figures import CodingFigures
from pipeline.evaluation.coding_speed import measure_loading, measure_mentions
from pipeline.evaluation.coding_terms import Suggest, descriptors
from pipeline.evaluation.comparison import between, number
from pipeline.evaluation.disturb import Misreader
from pipeline.lexicon import load_lexicon
from pipeline.process import read_page
from pipeline.records import CodeSystem
from pipeline.settings import Settings
from pipeline.wiring.assembly import books, ink_stages, text_stages
from pipeline.wiring.measuring import Measured, Table

_WORST = 20
"""Misses of each table that are shown; all are written."""


def evaluate_coding(
    settings: Settings,
    paths: Sequence[Path],
    out: Path,
    on_row: reading.ToldOf,
    *,
    part: str | None,
    limit: int | None,
    noise: float | None,
    fonts: Sequence[Path],
    drawn: int | None,
    system: CodeSystem,
    speed: bool,
) -> Measured:
    """Measure which codes are shown and proposed.

    Args:
        settings: of the product.
        paths: tables and folders as `pipeline.evaluation.coding_data` describes them.
        out: folder for what is written.
        on_row: told how far it is.
        part: the part that is measured; None for all.
        limit: rows or notes of each at most.
        noise: share of the characters of bare texts that are misread.
        fonts: handwriting fonts, for the same notes drawn and read.
        drawn: so many descriptors of the books are asked as well.
        system: whose descriptors.
        speed: whether mentions and loading are also timed.

    Raises:
        UsageError: a table or font cannot be read, or `out` cannot be written.
        SetupError: a program, model or table of the product is missing.
    """
    chosen = [load_coding_data(path, part=part, limit=limit) for path in paths]
    text = text_stages(settings)
    loaded = books(settings)
    if drawn is not None:
        chosen.append(_descriptors(loaded, system, drawn))
    by_hand = None
    if fonts:
        ink = ink_stages(settings).stages
        by_hand = pages_by_hand(lambda page: read_page(page, 1, ink)[0], fonts)
    misread = None if noise is None else Misreader(load_lexicon().confusions, share=noise)
    measured, files = evaluate_tables(
        chosen,
        text.stages,
        text.suggester.for_text,
        disturb=None if misread is None else lambda asked: misread(asked).text,
        by_hand=by_hand,
        out=out,
        on_row=on_row,
    )
    tables = [table for one in measured for table in _tables(one, noise)]
    if speed:
        tables.append(_speed(settings, chosen, text.suggester.for_text))
    return Measured(tables=tuple(tables), objects=tuple(map(asdict, measured)), files=files)


def _descriptors(loaded: CodeBooks, system: CodeSystem, count: int) -> CodingData:
    asked = descriptors(loaded, system, count)
    return CodingData(path=Path(f"descriptors-{system.value}"), kind="descriptors", asked=asked)


def _tables(one: CodingFigures, noise: float | None) -> tuple[Table, Table]:
    disturbed = f", {noise:.0%} of the characters misread" if noise is not None else ""
    rows = tuple(
        (
            figure.of,
            figure.measure,
            number(figure.estimate),
            between(figure.estimate),
            f"{figure.count:,} {figure.unit}",
        )
        for figure in one.figures
    )
    worst = tuple((m.id, m.of, m.what, m.text, m.wanted, m.shown) for m in islice(one.misses, _WORST))
    return (
        Table(
            title=f"{one.file}, {one.way}: {one.count:,} {one.kind}{disturbed}",
            head=("of", "measure", "value", "95 % interval", "count"),
            rows=rows,
        ),
        Table(
            title=f"{one.file}, {one.way}: the worst of {len(one.misses):,} misses",
            head=("id", "system", "what", "text", "wanted", "shown"),
            rows=worst,
        ),
    )


def _speed(settings: Settings, chosen: Sequence[CodingData], suggest: Suggest) -> Table:
    asked = [one for data in chosen for one in data.asked]
    loading = measure_loading(settings.data_dir)
    rows = [
        ("loading entities and coding, fresh process", f"{loading.seconds:.1f} s"),
        ("resident memory when loaded", f"{loading.megabytes:.0f} MB"),
        ("most memory while loading", f"{loading.peak_megabytes:.0f} MB"),
    ]
    if asked:
        times = measure_mentions(asked, suggest)
        rows += [
            (f"a mention, median of {times.count:,}", f"{times.median:.1f} ms"),
            ("a mention, 95th percentile", f"{times.percentile_95:.1f} ms"),
        ]
    return Table(title="speed", head=("what", "value"), rows=tuple(rows))
