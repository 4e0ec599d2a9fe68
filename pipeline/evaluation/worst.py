"""A sheet of the lines that were read worst: the ink, what it says, what was read and how sure that was."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from pipeline.records import Pixels

MOST = 50
_ACROSS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine:
    """A line as it was read."""

    collection: str
    picture: Callable[[], Pixels]
    """Cuts its ink out again: only the worst are looked at."""
    truth: str
    text: str
    confidence: float | None
    errors: float
    """Share of what is written that was read wrong."""


def worst(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """The lines with the largest share of errors, the surest first among equals; lines without errors stay out."""
    wrong = [line for line in lines if line.errors > 0]
    return sorted(wrong, key=lambda line: (-line.errors, -(line.confidence or 0.0)))[:MOST]


def write_worst(lines: Sequence[ReadLine], path: Path) -> None:
    """Draw lines onto a sheet, two beside each other, as PNG."""
    down = max(1, -(-len(lines) // _ACROSS))
    figure = Figure(figsize=(8 * _ACROSS, 1.25 * down), layout="constrained")
    FigureCanvasAgg(figure)
    places = figure.subplots(down, _ACROSS, squeeze=False).ravel()
    for axes in places:
        axes.set_axis_off()
    for axes, line in zip(places, lines, strict=False):
        axes.set_anchor("W")
        axes.imshow(line.picture(), cmap="gray", vmin=0, vmax=255, aspect="equal")
        sure = "?" if line.confidence is None else f"{line.confidence:.2f}"
        words = f"{line.collection}, {line.errors:.2f} wrong, {sure} sure\nis    {line.truth}\nread  {line.text}"
        axes.set_title(words, fontsize=7, loc="left", family="monospace", parse_math=False)
    figure.savefig(path, dpi=110, metadata={"Software": None})
