"""An evaluation as files: JSON for programs, a picture for people."""

import json
from dataclasses import asdict
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from pipeline.evaluation.evaluate import Evaluation, Measure
from pipeline.evaluation.reliability import draw_reliability

GOOD_LOW, GOOD_HIGH = "#b3562b", "#2b6f8a"
"""Bars of figures that are better low, and of those that are better high."""


def write_report(evaluation: Evaluation, out: Path) -> tuple[Path, Path]:
    """Write `report.json` and `report.png` into a folder; returns their paths."""
    out.mkdir(parents=True, exist_ok=True)
    numbers, picture = out / "report.json", out / "report.png"
    numbers.write_text(json.dumps(asdict(evaluation), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    figure = Figure(figsize=(13, 9), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(f"{evaluation.charts} charts, {evaluation.pages} pages", fontsize=11)
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    _bars(left, [one for one in evaluation.measures if one.value is not None])
    draw_reliability(right, evaluation.reliability, "Are words as sure as they are right? (numbers: words)")
    figure.savefig(picture, dpi=110, metadata={"Software": None})
    return numbers, picture


def _bars(axes: Axes, measures: list[Measure]) -> None:
    """Every figure as a bar with its interval, in the table's order."""
    values = [one.value or 0.0 for one in measures]
    places = range(len(measures))
    axes.barh(places, values, color=[GOOD_LOW if one.better == "low" else GOOD_HIGH for one in measures], height=0.7)
    for place, one in zip(places, measures, strict=True):
        if one.interval is not None:
            axes.plot([one.interval.low, one.interval.high], [place, place], color="#222222", linewidth=1.4)
        edge = max(one.value or 0.0, one.interval.high if one.interval else 0.0)
        axes.text(edge + 0.012, place, f"{one.value:.3f}", va="center", fontsize=8)
    axes.set_yticks(list(places), [one.name for one in measures], fontsize=8.5)
    axes.set_xlim(0, max(1.12, *(value + 0.1 for value in values)) if values else 1.12)
    axes.invert_yaxis()
    axes.set_title("Figures with 95 % intervals (brown: better low, blue: better high)", fontsize=9.5)
    axes.spines[["top", "right"]].set_visible(False)
