"""The reliability diagram: how often words of a confidence are right."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from pipeline.evaluation.calibration import Bin, Judged, bins, expected_error

COLOUR = "#2b6f8a"
_ACROSS = 3


def draw_reliability(axes: Axes, words: Sequence[Bin], title: str) -> None:
    """A bar for each tenth of confidence, its words as a number; on the dashed line they are as sure as right."""
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=1, linestyle="--")
    filled = [one for one in words if one.confidence is not None and one.accuracy is not None]
    most = max((one.count for one in filled), default=1)
    for one in filled:
        axes.bar(
            (one.low + one.high) / 2,
            one.accuracy or 0.0,
            width=0.095,
            color=COLOUR,
            alpha=0.25 + 0.75 * (one.count / most) ** 0.5,
        )
        axes.text((one.low + one.high) / 2, (one.accuracy or 0.0) + 0.012, str(one.count), ha="center", fontsize=7.5)
    points = [(one.confidence or 0.0, one.accuracy or 0.0) for one in filled]
    axes.plot([x for x, _ in points], [y for _, y in points], "o-", color="#222222", markersize=4)
    axes.set(xlim=(0, 1), ylim=(0, 1.06), xlabel="confidence", ylabel="share of words that are right")
    axes.set_title(title, fontsize=9.5)
    axes.spines[["top", "right"]].set_visible(False)


def write_reliability(collections: Sequence[tuple[str, Judged]], path: Path) -> None:
    """One diagram a collection, in one PNG."""
    down = -(-len(collections) // _ACROSS)
    figure = Figure(figsize=(5 * _ACROSS, 4.4 * down), layout="constrained")
    FigureCanvasAgg(figure)
    places = figure.subplots(down, _ACROSS, squeeze=False).ravel()
    for axes, (name, words) in zip(places, collections, strict=False):
        error = expected_error(words)
        draw_reliability(axes, bins(words), name if error is None else f"{name}\nECE {error:.3f}")
    for axes in places[len(collections) :]:
        axes.set_visible(False)
    figure.savefig(path, dpi=110, metadata={"Software": None})
