"""Fit the weights that tell print from handwriting: `python -m models.kind.train_measures DATA FONTS`.

DATA holds `handwriting_lines.tsv` and `notes_mtsamples.tsv`; FONTS holds `hand/` and `print/` with font
files of open licence. Prints accuracy on writers, documents and fonts that nothing was fitted on, then fits
on everything and writes `weights.toml`.
"""

import csv
import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from models.kind.drawn import chart_text, draw_line, spoil, words_of
from pipeline.layout.strokes import measure
from pipeline.records import Pixels

SEED = 7
PER_FONT = {"hand": 90, "print": 50}
HIDDEN = 32
VIEWS = 5


def main() -> None:
    """Measure, fit, write."""
    data, fonts = Path(sys.argv[1]), Path(sys.argv[2])
    rng = np.random.default_rng(SEED)
    samples = [*_real(data, rng), *_drawn(data, fonts, rng)]
    groups = sorted({group for group, _, _ in samples})
    # Groups stay together, so that no writer, document or font is on both sides.
    fold_of = {group: place % 5 for place, group in enumerate(rng.permutation(groups))}
    x = np.stack([found for _, _, found in samples])
    y = np.array([hand for _, hand, _ in samples])
    folds = np.array([fold_of[group] for group, _, _ in samples])
    sources = np.array([group.split(":")[0] for group, _, _ in samples])
    right = np.zeros(len(y), bool)
    for fold in range(5):
        mean, spread, network = _fit(x[folds != fold], y[folds != fold])
        right[folds == fold] = network.predict(_scaled(x[folds == fold], mean, spread)) == y[folds == fold]
    for source in sorted(set(sources)):
        chosen = sources == source
        count = len({group for group, _, _ in samples if group.startswith(source + ":")})
        print(f"{source:24} right {right[chosen].mean():.4f} of {chosen.sum()} crops, {count} groups, held out")
    print(f"all: {right.mean():.4f} of {len(right)}")
    _write(Path(__file__).with_name("weights.toml"), *_fit(x, y))


def _real(data: Path, rng: np.random.Generator) -> list[tuple[str, int, NDArray[np.float64]]]:
    found = []
    with (data / "handwriting_lines.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            pixels = cv2.imread(str(data / row["file"]), cv2.IMREAD_GRAYSCALE)
            if pixels is None:
                raise SystemExit(f"{row['file']} is missing")
            collection = "csafe" if row["writer"].startswith("csafe") else f"stanford-{row['style']}"
            hand = int(row["style"] == "handwritten")
            found += _views(f"{collection}:{row['writer']}", hand, pixels.astype(np.uint8), rng)
    return found


def _drawn(data: Path, fonts: Path, rng: np.random.Generator) -> list[tuple[str, int, NDArray[np.float64]]]:
    words = words_of(data / "notes_mtsamples.tsv")
    found = []
    for name, hand in (("hand", 1), ("print", 0)):
        for path in sorted((fonts / name).iterdir()):
            for _ in range(PER_FONT[name]):
                line = chart_text(words, rng)
                found += _views(f"font-{name}:{path.stem}", hand, draw_line(line, path, rng), rng, most=2)
    return found


def _views(
    group: str, hand: int, pixels: Pixels, rng: np.random.Generator, most: int = VIEWS
) -> list[tuple[str, int, NDArray[np.float64]]]:
    """A line whole and in pieces, each spoilt in its own way, measured."""
    views = [pixels]
    for _ in range(most - 1):
        width = int(rng.uniform(1.0, 8.0) * pixels.shape[0])
        start = int(rng.integers(0, max(1, pixels.shape[1] - width)))
        views.append(spoil(pixels[:, start : start + width], rng))
    measured = [measure(view) for view in views]
    return [(group, hand, found) for found in measured if found is not None]


def _scaled(x: NDArray[np.float64], mean: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.float64]:
    scaled: NDArray[np.float64] = np.clip((x - mean) / spread, -4.0, 4.0)
    return scaled


def _fit(
    x: NDArray[np.float64], y: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], MLPClassifier]:
    scaler = StandardScaler().fit(x)
    mean, spread = np.asarray(scaler.mean_), np.asarray(scaler.scale_)
    network = MLPClassifier((HIDDEN,), alpha=1.0, max_iter=80, random_state=SEED, learning_rate_init=2e-3)
    network.fit(_scaled(x, mean, spread), y)
    return mean, spread, network


def _write(path: Path, mean: NDArray[np.float64], spread: NDArray[np.float64], network: MLPClassifier) -> None:
    hidden, out = network.coefs_
    lines = [
        "# Written by train_measures.py: print or hand from the measures of pipeline/layout/strokes.py.",
        "[weights]",
    ]
    for name, value in (("mean", mean), ("spread", spread), ("hidden_bias", network.intercepts_[0])):
        lines.append(f"{name} = {_row(value)}")
    lines += [f"out = {_row(out[:, 0])}", f"out_bias = {_row(network.intercepts_[1])}", "hidden = ["]
    lines += [f"    {_row(row)}," for row in hidden] + ["]", ""]
    path.write_text("\n".join(lines), encoding="utf-8")


def _row(values: NDArray[np.float64]) -> str:
    return "[" + ", ".join(f"{value:.5g}" if value else "0.0" for value in values) + "]"


if __name__ == "__main__":
    main()
