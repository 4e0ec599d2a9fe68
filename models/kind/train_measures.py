"""Fit the weights that tell print from handwriting: `python models/kind/train.py DATA FONTS`.

DATA holds `handwriting_lines.tsv` and `notes_mtsamples.tsv`; FONTS holds `hand/` and `print/` with font
files of open licence. Prints accuracy on writers, documents and fonts that nothing was fitted on, then fits
on everything and writes `weights.toml`.
"""

import csv
import re
import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

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
    text = (data / "notes_mtsamples.tsv").read_text(encoding="utf-8").replace("\\n", " ").replace("\t", " ")
    words = re.findall(r"[A-Za-z0-9./%:,-]{1,16}", text)
    found = []
    for name, hand in (("hand", 1), ("print", 0)):
        for path in sorted((fonts / name).iterdir()):
            for _ in range(PER_FONT[name]):
                line = _text(words, rng)
                found += _views(f"font-{name}:{path.stem}", hand, draw_line(line, path, rng), rng, most=2)
    return found


def _text(words: list[str], rng: np.random.Generator) -> str:
    """What stands on charts: running words, dates, numbers, and the labels of forms."""
    chance = rng.random()
    start = int(rng.integers(0, len(words) - 12))
    if chance < 0.1:
        separator = str(rng.choice(["/", "-", "."]))
        return separator.join(str(int(n)) for n in (rng.integers(1, 13), rng.integers(1, 32), rng.integers(1930, 2030)))
    if chance < 0.16:
        letters = "".join(rng.choice(list("ABCDEFGHKLMNPRSTW"), int(rng.integers(0, 3))))
        return f"{letters} {int(rng.integers(100, 999999))}".strip()
    if chance < 0.3:
        return " ".join(words[start : start + int(rng.integers(1, 3))]).title() + str(rng.choice([":", "", "#", "?"]))
    line = " ".join(words[start : start + int(rng.integers(1, 11))])
    return line.upper() if rng.random() < 0.15 else line


def draw_line(line: str, font: Path, rng: np.random.Generator) -> Pixels:
    """A line of text in a font, at a random size and grey, sometimes on a rule."""
    size = int(rng.integers(28, 72))
    face = ImageFont.truetype(str(font), size)
    left, top, right, bottom = face.getbbox(line)
    room = int(0.25 * size)
    picture = Image.new("L", (max(16, int(right - left)) + 2 * room, max(16, int(bottom - top)) + 2 * room), 255)
    draw = ImageDraw.Draw(picture)
    draw.text((room - left, room - top), line, font=face, fill=int(rng.integers(0, 110)))
    if rng.random() < 0.2:
        y = picture.height - int(rng.integers(2, room + 2))
        draw.line([(0, y), (picture.width, y)], fill=int(rng.integers(0, 160)), width=int(rng.integers(1, 4)))
    pixels: Pixels = np.array(picture, np.uint8)
    return pixels


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


def spoil(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """What scanners and fax machines do to a line: a slight turn, few pixels, blur, noise, margins."""
    height, width = pixels.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.normal(0, 0.8)), 1.0)
    spoilt = cv2.warpAffine(pixels, turn, (width, height), borderValue=255)
    low = float(rng.uniform(0.35, 1.0))
    if rng.random() < 0.6 and height * low > 14:
        small = cv2.resize(spoilt, None, fx=low, fy=low, interpolation=cv2.INTER_AREA)
        if rng.random() < 0.4:
            small = np.where(small < rng.integers(120, 210), 0, 255).astype(np.uint8)
        spoilt = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.25:
        spoilt = _faxed(spoilt.astype(np.uint8), rng)
    if rng.random() < 0.5:
        spoilt = cv2.GaussianBlur(spoilt, (0, 0), float(rng.uniform(0.3, 1.4)))
    noisy = spoilt + rng.normal(0, rng.uniform(0, 9), spoilt.shape)
    room = rng.integers(0, max(2, height // 4), 2)
    padded = cv2.copyMakeBorder(
        np.clip(noisy, 0, 255).astype(np.uint8), int(room[0]), int(room[1]), 4, 4, cv2.BORDER_CONSTANT, value=255
    )
    spoilt_line: Pixels = padded.astype(np.uint8)
    return spoilt_line


def _faxed(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Black and white with ragged edges, specks, at times a scratch; then turned a little, as deskewing does."""
    height, width = pixels.shape
    scale = float(rng.uniform(22, 40)) / height
    small = cv2.resize(
        pixels, (max(8, round(width * scale)), max(8, round(height * scale))), interpolation=cv2.INTER_AREA
    )
    ragged = small + rng.normal(0, rng.uniform(10, 45), small.shape)
    black = np.where(ragged < rng.integers(120, 200), 0, 255).astype(np.uint8)
    black[rng.random(black.shape) < rng.uniform(0, 0.004)] = 0
    if rng.random() < 0.15:
        scratch = int(rng.integers(0, black.shape[1]))
        black[rng.random(black.shape[0]) < 0.6, scratch] = 0
    turn = cv2.getRotationMatrix2D((black.shape[1] / 2, black.shape[0] / 2), float(rng.normal(0, 0.6)), 1.0)
    turned = cv2.warpAffine(black, turn, black.shape[::-1], flags=cv2.INTER_CUBIC, borderValue=255)
    faxed: Pixels = cv2.resize(turned, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    return faxed


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
    lines = ["# Written by train.py: print or hand from the measures of pipeline/layout/strokes.py.", "[weights]"]
    for name, value in (("mean", mean), ("spread", spread), ("hidden_bias", network.intercepts_[0])):
        lines.append(f"{name} = {_row(value)}")
    lines += [f"out = {_row(out[:, 0])}", f"out_bias = {_row(network.intercepts_[1])}", "hidden = ["]
    lines += [f"    {_row(row)}," for row in hidden] + ["]", ""]
    path.write_text("\n".join(lines), encoding="utf-8")


def _row(values: NDArray[np.float64]) -> str:
    return "[" + ", ".join(f"{value:.5g}" if value else "0.0" for value in values) + "]"


if __name__ == "__main__":
    main()
