"""An evaluation as files: JSON for programs, a picture for people."""

import json
from dataclasses import asdict
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from pipeline.evaluation.evaluate import Evaluation, Measure

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
    _reliability(right, evaluation)
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


def _reliability(axes: Axes, evaluation: Evaluation) -> None:
    """How often words of a confidence are right; on the line they are as sure as they should be."""
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=1, linestyle="--")
    filled = [one for one in evaluation.reliability if one.confidence is not None and one.accuracy is not None]
    most = max((one.count for one in filled), default=1)
    for one in filled:
        axes.bar(
            (one.low + one.high) / 2,
            one.accuracy or 0.0,
            width=0.095,
            color=GOOD_HIGH,
            alpha=0.25 + 0.75 * (one.count / most) ** 0.5,
        )
        axes.text((one.low + one.high) / 2, (one.accuracy or 0.0) + 0.012, str(one.count), ha="center", fontsize=7.5)
    points = [(one.confidence or 0.0, one.accuracy or 0.0) for one in filled]
    axes.plot([x for x, _ in points], [y for _, y in points], "o-", color="#222222", markersize=4)
    axes.set(xlim=(0, 1), ylim=(0, 1.06), xlabel="confidence", ylabel="share of words that are right")
    axes.set_title("Are words as sure as they are right? (numbers: words)", fontsize=9.5)
    axes.spines[["top", "right"]].set_visible(False)
