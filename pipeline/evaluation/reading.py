"""`inkchart evaluate reading`: how well lines, pages and forms are read, beside other readers.

For each table of crops or pages (`reading_data` says what they are) it writes into a folder `NAME.reliability.png`,
`NAME.worst.png` and `NAME.lines.tsv` (the truth beside what each reader made of it), by the table's name, and for
all tables `reading.json`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.evaluation import reading_crops, reading_forms, reading_pages, reading_skew
from pipeline.evaluation.calibration import Judged, together
from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.details import write_table
from pipeline.evaluation.reading_crops import CropReaders
from pipeline.evaluation.reading_data import Data, DataKind, Row, choose, load_data
from pipeline.evaluation.reading_pages import PageReaders
from pipeline.evaluation.reliability import write_reliability
from pipeline.evaluation.worst import ReadLine, worst, write_worst

ToldOf = Callable[[str, int, int], None]
"""Told the table's name, how many rows there are and how many are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """All that are compared."""

    crops: CropReaders
    pages: PageReaders


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which rows are measured, and how."""

    split: Mapping[str, str]
    """Part of each writer; empty for no split."""
    part: str
    limit: int | None
    """Rows of each collection at most."""
    turns: bool = False
    """Whether each page is also set upright from every quarter turn."""


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


def evaluate_reading(paths: Sequence[Path], readers: Readers, *, choice: Choice, out: Path, on_row: ToldOf) -> Measured:
    """Measure every table.

    Raises:
        UsageError: a table or a picture cannot be read, nothing is left to measure, or `out` cannot be written.
        SetupError: a program or model is missing.
    """
    tables = [load_data(path) for path in paths]
    chosen = [(data, choose(data, split=choice.split, part=choice.part, limit=choice.limit)) for data in tables]
    if len({path.stem for path in paths}) < len(paths):
        raise UsageError("Two tables have the same name, as what is written of them would have; rename one.")
    for data, rows in chosen:
        if not rows:
            raise UsageError(f"No row of {data.path} belongs to the part {choice.part}.")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}.") from error
    figures, files = [], []
    for data, rows in chosen:
        comparisons, written = _measure(
            data, rows, readers, choice.turns, out, partial(on_row, data.path.name, len(rows))
        )
        files += written
        figures.append(DataFigures(file=data.path.name, kind=data.kind, rows=len(rows), comparisons=comparisons))
    numbers = out / "reading.json"
    numbers.write_text(json.dumps([as_object(one) for one in figures], indent=1) + "\n", encoding="utf-8")
    return Measured(figures=tuple(figures), files=(numbers, *files))


def as_object(figures: DataFigures) -> dict[str, object]:
    """The figures of one table as JSON has them."""
    return asdict(figures)


def _measure(
    data: Data, rows: Sequence[Row], readers: Readers, turns: bool, out: Path, on_row: Callable[[int], None]
) -> tuple[tuple[Comparison, ...], list[Path]]:
    """The figures of one table, and what was written beside them."""
    name = out / data.path.stem
    match data.kind:
        case DataKind.CROPS:
            crops = list(reading_crops.read_crops(rows, readers.crops, on_row))
            words = [(crop.row.collection, reading_crops.words(crop)) for crop in crops]
            lines = [reading_crops.read_line(crop) for crop in crops]
            texts = [(crop.row, crop.inkchart.text, crop.plain, crop.tesseract) for crop in crops]
            return reading_crops.compare(crops), _write(name, words, lines, texts)
        case DataKind.PAGES:
            around = reading_pages.TURNS if turns else ()
            pages = list(reading_pages.read_pages(rows, readers.pages, on_row, turns=around))
            words = [(page.row.collection, reading_pages.words(page)) for page in pages]
            lines = [line for page in pages for line in reading_pages.read_lines(page)]
            texts = [(page.row, page.text, page.plain, page.tesseract) for page in pages]
            return reading_pages.compare(pages), _write(name, words, lines, texts)
        case DataKind.FORMS:
            return reading_forms.compare(list(reading_forms.read_forms(rows, readers.pages, on_row))), []
        case DataKind.DESKEW:
            return reading_skew.compare(list(reading_skew.straighten(rows, readers.pages, on_row))), []


def _write(
    name: Path,
    words: Sequence[tuple[str, Judged]],
    lines: Sequence[ReadLine],
    texts: Sequence[tuple[Row, str, str, str]],
) -> list[Path]:
    """The pictures and the readings of one table; `name` is their path without an ending."""
    diagram, sheet, table = (
        name.with_name(f"{name.name}.{end}") for end in ("reliability.png", "worst.png", "lines.tsv")
    )
    collections = [
        (collection, together([judged for of, judged in words if of == collection]))
        for collection in dict.fromkeys(of for of, _ in words)
    ]
    write_reliability(collections, diagram)
    write_worst(worst(lines), sheet)
    write_table(
        table,
        ("file", "collection", "truth", "inkchart", "pp-ocrv6", "tesseract"),
        (
            (row.values["file"], row.collection, *(text.replace("\n", " / ") for text in (row.text, *read)))
            for row, *read in texts
        ),
    )
    return [diagram, sheet, table]
