"""Measuring the pipeline against charts whose truth is known. Imported only to measure: drawing takes long to load."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.evaluation.evaluate import evaluate as evaluate_charts
from pipeline.evaluation.evaluate import rows
from pipeline.evaluation.report import write_report
from pipeline.settings import Settings
from pipeline.wiring.inputs import chart_reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What `inkchart evaluate` shows."""

    rows: tuple[tuple[str, str, str, str], ...]
    """Measure, value, 95 % interval and count, for people."""
    files: tuple[Path, ...]
    """What was written."""


def evaluate(settings: Settings, folder: Path, out: Path, on_chart: Callable[[str], None]) -> Measured:
    """Read every chart of a folder that has its truth beside it, and compare.

    Raises:
        UsageError: the folder has no truth, or `out` cannot be written.
    """
    read = chart_reader(settings)
    measured = evaluate_charts(folder, lambda path: read(path, None), out=out, on_chart=on_chart)
    return Measured(rows=rows(measured), files=(*write_report(measured, out), out / "lines.tsv", out / "findings.tsv"))
