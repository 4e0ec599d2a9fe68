"""Measuring the pipeline against what is known to be true. Imported only to measure: drawing takes long to load."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.evaluation import comparison, note_context, note_entities, reading
from pipeline.evaluation.comparison import between, number
from pipeline.evaluation.disturb import Misreader
from pipeline.evaluation.evaluate import evaluate as evaluate_charts
from pipeline.evaluation.evaluate import rows
from pipeline.evaluation.note_data import chosen_documents, chosen_statements
from pipeline.evaluation.plain_pages import PlainPages, tesseract_lines
from pipeline.evaluation.readers import PlainRecognizer, TesseractAlone
from pipeline.evaluation.reading_crops import CropReaders
from pipeline.evaluation.reading_data import load_split
from pipeline.evaluation.reading_pages import PageReaders
from pipeline.evaluation.report import write_report
from pipeline.layout.detector import TextDetector
from pipeline.lexicon import load_lexicon
from pipeline.onnx import Model, read_manifest
from pipeline.process import read_page
from pipeline.settings import Settings
from pipeline.wiring.assembly import ink_stages, text_stages
from pipeline.wiring.inputs import chart_reader

_COMMONEST = 10
"""Of each label or flag, wordings that are shown as missed and as many as invented."""


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


def evaluate_entities(
    settings: Settings,
    paths: Sequence[Path],
    out: Path,
    on_row: reading.ToldOf,
    *,
    split: Path | None,
    part: str,
    limit: int | None,
    noise: float | None,
    fonts: Sequence[Path],
) -> Measured:
    """Measure which findings of annotated notes are found.

    Args:
        settings: of the product.
        paths: files of notes as `pipeline.evaluation.note_data` describes them.
        out: folder for what is written.
        on_row: told how far it is.
        split: table that says which part each note belongs to.
        part: the part that is measured.
        limit: notes of each file at most.
        noise: share of the characters that are misread, for the same notes disturbed.
        fonts: handwriting fonts, for the same notes drawn and read.

    Raises:
        UsageError: a file or font cannot be read, or `out` cannot be written.
        SetupError: a program, model or table is missing.
    """
    parts = {} if split is None else load_split(split)
    chosen = chosen_documents(paths, split=parts, part=part, limit=limit)
    find = text_stages(settings).stages.find_entities
    ways = {note_entities.CLEAN: note_entities.clean(find)}
    if noise is not None:
        ways[f"{noise:.0%} misread"] = note_entities.disturbed(find, Misreader(load_lexicon().confusions, share=noise))
    if fonts:
        ink = ink_stages(settings).stages
        ways["by hand"] = note_entities.handwritten(find, lambda page: read_page(page, 1, ink)[0], fonts)
    measured, files = note_entities.evaluate_entities(chosen, ways, out=out, on_row=on_row)
    beside = [column for way in list(ways)[1:] for column in (way, "of clean", "95 % interval")]
    tables = []
    for one in measured:
        rows = tuple(
            (
                figure.label,
                figure.measure,
                number(figure.clean),
                between(figure.clean),
                *(cell for other in figure.beside for cell in _beside(other)),
                f"{figure.count:,} {figure.unit}",
            )
            for figure in one.figures
        )
        head = ("label", "measure", note_entities.CLEAN, "95 % interval", *beside, "count")
        tables.append(Table(title=f"{one.file}: {one.documents} notes", head=head, rows=rows))
        wrong = ((error.label.value, error.what, error.text, error.times) for error in one.errors)
        tables.append(_commonest(one.file, "label", wrong))
    return Measured(tables=tuple(tables), objects=tuple(map(asdict, measured)), files=files)


def evaluate_context(
    settings: Settings,
    paths: Sequence[Path],
    out: Path,
    on_row: reading.ToldOf,
    *,
    split: Path | None,
    part: str,
    limit: int | None,
) -> Measured:
    """Measure whether negation, history, family and the like are understood.

    Args:
        settings: of the product.
        paths: tables of sentences as `pipeline.evaluation.note_data` describes them.
        out: folder for what is written.
        on_row: told how far it is.
        split: table that says which part each sentence belongs to.
        part: the part that is measured.
        limit: sentences of each table at most.

    Raises:
        UsageError: a table cannot be read, or `out` cannot be written.
        SetupError: a table of the product is missing.
    """
    parts = {} if split is None else load_split(split)
    chosen = chosen_statements(paths, split=parts, part=part, limit=limit)
    find = text_stages(settings).stages.find_entities
    measured, files = note_context.evaluate_context(chosen, find, out=out, on_row=on_row)
    tables = []
    for one in measured:
        rows = tuple(
            (figure.flag, figure.measure, number(figure.estimate), between(figure.estimate), _count(figure))
            for figure in one.figures
        )
        title = (
            f"{one.file}: {one.sentences:,} sentences, {one.not_found:,} concepts not found, "
            f"{one.not_in_sentence:,} not in their sentence"
        )
        tables.append(Table(title=title, head=("flag", "measure", "value", "95 % interval", "count"), rows=rows))
        wrong = ((error.flag, error.what, error.concept, error.times) for error in one.errors)
        tables.append(_commonest(one.file, "flag", wrong))
    return Measured(tables=tuple(tables), objects=tuple(map(asdict, measured)), files=files)


def _beside(other: note_entities.Beside) -> tuple[str, str, str]:
    return number(other.estimate), number(other.of_clean), between(other.of_clean)


def _count(figure: note_context.Figure) -> str:
    return f"{figure.count:,} {figure.unit}"


def _commonest(file: str, of: str, errors: Iterable[tuple[str, str, str, int]]) -> Table:
    """The first few errors of each label or flag, missed and invented apart; they come with the commonest first."""
    shown: dict[tuple[str, str], list[tuple[str, ...]]] = {}
    for name, what, text, times in errors:
        rows = shown.setdefault((name, what), [])
        if len(rows) < _COMMONEST:
            rows.append((name, what, text, str(times)))
    rows_of = (row for key in sorted(shown) for row in shown[key])
    return Table(title=f"{file}: the commonest errors", head=(of, "what", "text", "times"), rows=tuple(rows_of))


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
