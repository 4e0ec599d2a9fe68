"""Measuring the pipeline against what is known to be true. Imported only to measure: drawing takes long to load."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.evaluation import comparison, reading
from pipeline.evaluation.evaluate import evaluate as evaluate_charts
from pipeline.evaluation.evaluate import rows
from pipeline.evaluation.plain_pages import PlainPages, tesseract_lines
from pipeline.evaluation.readers import PlainRecognizer, TesseractAlone
from pipeline.evaluation.reading_crops import CropReaders
from pipeline.evaluation.reading_data import load_split
from pipeline.evaluation.reading_pages import PageReaders
from pipeline.evaluation.report import write_report
from pipeline.layout.detector import TextDetector
from pipeline.onnx import Model, read_manifest
from pipeline.process import read_page
from pipeline.settings import Settings
from pipeline.wiring.assembly import ink_stages
from pipeline.wiring.inputs import chart_reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as people read it."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What `inkchart evaluate` shows."""

    tables: tuple[Table, ...]
    objects: tuple[dict[str, object], ...]
    """The same for programs."""
    files: tuple[Path, ...]
    """What was written."""


def evaluate(settings: Settings, folder: Path, out: Path, on_chart: Callable[[str], None]) -> Measured:
    """Read every chart of a folder that has its truth beside it, and compare.

    Raises:
        UsageError: the folder has no truth, or `out` cannot be written.
    """
    read = chart_reader(settings)
    measured = evaluate_charts(folder, lambda path: read(path, None), out=out, on_chart=on_chart)
    table = Table(title="", head=("measure", "value", "95 % interval", "count"), rows=rows(measured))
    files = (*write_report(measured, out), out / "lines.tsv", out / "findings.tsv")
    return Measured(tables=(table,), objects=(asdict(measured),), files=files)


def evaluate_reading(
    settings: Settings,
    paths: Sequence[Path],
    out: Path,
    on_row: reading.ToldOf,
    *,
    split: Path | None,
    part: str,
    limit: int | None,
    turns: bool,
) -> Measured:
    """Measure how lines, pages and forms are read.

    Args:
        settings: of the product.
        paths: tables as `pipeline.evaluation.reading_data` describes them.
        out: folder for what is written.
        on_row: told how far it is.
        split: table that says which part each writer belongs to.
        part: the part that is measured.
        limit: rows of each collection at most.
        turns: whether pages are also turned about.

    Raises:
        UsageError: a table or picture cannot be read, or `out` cannot be written.
        SetupError: a program or model is missing.
    """
    choice = reading.Choice(split={} if split is None else load_split(split), part=part, limit=limit, turns=turns)
    measured = reading.evaluate_reading(paths, _readers(settings), choice=choice, out=out, on_row=on_row)
    head = ("measure", "Tesseract", "PP-OCRv6", "Inkchart", "95 % interval", "count")
    tables = tuple(
        Table(
            title=f"{one.file}: {collection}",
            head=head,
            rows=comparison.rows(row for row in one.comparisons if row.collection == collection),
        )
        for one in measured.figures
        for collection in dict.fromkeys(row.collection for row in one.comparisons)
    )
    return Measured(tables=tables, objects=tuple(map(reading.as_object, measured.figures)), files=measured.files)


def _readers(settings: Settings) -> reading.Readers:
    """All that are compared, the networks on as many threads as the product's."""
    manifest, ink = read_manifest(), ink_stages(settings)

    def network(name: str) -> Model:
        return Model(manifest[name].path, threads=settings.reading.threads, sha256=manifest[name].sha256)

    alone, page_alone = PlainRecognizer(network("recognizer")), TesseractAlone(mode=3)
    pages = PlainPages(TextDetector(network("detector")), alone)
    return reading.Readers(
        crops=CropReaders(tesseract=TesseractAlone(mode=7), plain=alone, inkchart=ink.reader.recognize),
        pages=PageReaders(
            tesseract=page_alone,
            tesseract_lines=lambda pixels: tesseract_lines(page_alone, pixels),
            plain=pages.text,
            plain_lines=pages.lines,
            clean=ink.stages.clean,
            inkchart=lambda page: read_page(page, 1, ink.stages)[0],
        ),
    )
