"""`inkchart evaluate reading`: how well lines, pages and forms are read, beside other readers.

For each table of `reading_data` it writes into a folder, by the table's name: `NAME.reliability.png`,
`NAME.worst.png` and `NAME.lines.tsv` (the truth beside what each reader made of it), and for all of them
`reading.json`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.evaluation import reading_crops
from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.details import write_table
from pipeline.evaluation.reading_crops import CropReaders
from pipeline.evaluation.reading_data import Data, DataKind, Row, choose, load_data
from pipeline.evaluation.reliability import write_reliability
from pipeline.evaluation.worst import worst, write_worst

ToldOf = Callable[[str, int, int], None]
"""Told the table's name, how many rows are done and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which rows are measured, and how."""

    split: Mapping[str, str]
    """Part of each writer; empty for no split."""
    part: str
    limit: int | None
    """Rows of each collection at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFigures:
    """What was measured of one table."""

    file: str
    kind: DataKind
    rows: int
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured and written."""

    figures: tuple[DataFigures, ...]
    files: tuple[Path, ...]


def evaluate_reading(
    paths: Sequence[Path], readers: CropReaders, *, choice: Choice, out: Path, on_row: ToldOf
) -> Measured:
    """Measure every table.

    Raises:
        UsageError: a table or a picture cannot be read, nothing is left to measure, or `out` cannot be written.
        SetupError: a program or model is missing.
    """
    tables = [load_data(path) for path in paths]
    chosen = [(data, choose(data, split=choice.split, part=choice.part, limit=choice.limit)) for data in tables]
    for data, rows in chosen:
        if not rows:
            raise UsageError(f"No row of {data.path} belongs to the part {choice.part}.")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}.") from error
    figures, files = [], []
    for data, rows in chosen:
        comparisons, written = _crops(data, rows, readers, out, on_row)
        files += written
        figures.append(DataFigures(file=data.path.name, kind=data.kind, rows=len(rows), comparisons=comparisons))
    numbers = out / "reading.json"
    numbers.write_text(json.dumps([as_object(one) for one in figures], indent=1) + "\n", encoding="utf-8")
    return Measured(figures=tuple(figures), files=(numbers, *files))


def as_object(figures: DataFigures) -> dict[str, object]:
    """The figures of one table as JSON has them."""
    return asdict(figures)


def _crops(
    data: Data, rows: Sequence[Row], readers: CropReaders, out: Path, on_row: ToldOf
) -> tuple[tuple[Comparison, ...], list[Path]]:
    name = data.path.stem
    crops = list(reading_crops.read_crops(rows, readers, lambda done: on_row(data.path.name, done, len(rows))))
    diagram, sheet, table = (out / f"{name}.{ending}" for ending in ("reliability.png", "worst.png", "lines.tsv"))
    write_reliability(reading_crops.words_by_collection(crops), diagram)
    write_worst(worst(reading_crops.read_lines(crops)), sheet)
    write_table(
        table,
        ("file", "collection", "kind", "truth", "inkchart", "confidence", "plain", "tesseract"),
        (
            (
                crop.row.values["file"],
                crop.row.collection,
                crop.inkchart.kind.value,
                crop.row.text,
                crop.inkchart.text,
                "" if crop.inkchart.confidence is None else f"{crop.inkchart.confidence:.3f}",
                crop.plain,
                crop.tesseract,
            )
            for crop in crops
        ),
    )
    return reading_crops.compare(crops), [diagram, sheet, table]
