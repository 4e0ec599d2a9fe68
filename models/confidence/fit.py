"""Fit the curves from a reader's measures to the probability that a word is right.

`python models/confidence/fit.py DATA FONTS`: DATA holds `handwriting_lines.tsv` and `notes_mtsamples.tsv`, FONTS
holds `print/` with font files of open licence. A word is right where it equals the truth that it is aligned
with, letters and digits only, case ignored. Prints the calibration error on writers, documents and fonts
that no curve was fitted on, then fits on everything and writes `curves.toml`.
"""

import csv
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from models.kind.train import draw_line, spoil
from pipeline import onnx
from pipeline.reading.confidence import MEASURES, ink_measures, print_measures
from pipeline.reading.language import load_language
from pipeline.reading.reader import evened
from pipeline.reading.recognizer import Recognizer
from pipeline.reading.tesseract import Tesseract
from pipeline.reading.words import decode
from pipeline.records import Pixels

SEED = 11
PER_FONT = 8
FOLDS = 5

Rows = list[tuple[str, tuple[float, ...], bool, bool]]
"""Group, measures, right, and whether the truth is among the alternatives."""


def main() -> None:
    """Measure, fit, write."""
    data, fonts = Path(sys.argv[1]), Path(sys.argv[2])
    manifest = onnx.read_manifest()
    model = manifest["recognizer"]
    recognizer = Recognizer(onnx.Model(model.checked(), threads=1, sha256=model.sha256))
    language = load_language(manifest["language"].checked(), manifest["language_weights"].checked())
    rows: dict[str, Rows] = {"hand": [], "print": [], "tesseract": []}
    with tempfile.TemporaryDirectory() as work:
        tesseract = Tesseract(work=Path(work), seconds=600)
        lines = [*_real(data), *_drawn(data, fonts)]
        for group, style, text, pixels in lines:
            words = decode(recognizer(pixels), recognizer.characters, language)
            reader = "hand" if style == "handwritten" else "print"
            truths = _aligned(text, [word.text for word in words])
            for word, truth in zip(words, truths, strict=True):
                others = {_plain(other) for other, _ in word.others[:5]}
                if _plain(word.text):
                    right = _plain(word.text) == truth
                    rows[reader].append((group, ink_measures(word), right, not right and truth in others))
        printed = [line for line in lines if line[1] != "handwritten"]
        for (group, _, text, _), seen in zip(printed, tesseract([line[3] for line in printed]), strict=True):
            for sheet_word, truth in zip(seen, _aligned(text, [word.text for word in seen]), strict=True):
                if _plain(sheet_word.text):
                    right = _plain(sheet_word.text) == truth
                    rows["tesseract"].append((group, print_measures(sheet_word), right, False))
    out = ["# Written by fit.py: from a reader's measures to the probability that a word is right.", ""]
    for name, found in rows.items():
        _report(name, found)
        curve = _fit(found)
        wrong = [covered for _, _, right, covered in found if not right]
        weights = ", ".join(f"{weight:.5g}" for weight in curve.coef_[0])
        out += [f"[{name}]", f"# {', '.join(MEASURES)}", f"weights = [{weights}]"]
        out += [f"bias = {float(curve.intercept_[0]):.5f}", f"covered = {float(np.mean(wrong)):.4f}", ""]
    Path(__file__).with_name("curves.toml").write_text("\n".join(out), encoding="utf-8")


def _real(data: Path) -> Iterator[tuple[str, str, str, Pixels]]:
    with (data / "handwriting_lines.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            pixels = cv2.imread(str(data / row["file"]), cv2.IMREAD_GRAYSCALE)
            if pixels is None:
                raise SystemExit(f"{row['file']} is missing")
            yield row["writer"], row["style"], row["text"], evened(pixels.astype(np.uint8))


def _drawn(data: Path, fonts: Path) -> Iterator[tuple[str, str, str, Pixels]]:
    rng = np.random.default_rng(SEED)
    text = (data / "notes_mtsamples.tsv").read_text(encoding="utf-8").replace("\\n", " ").replace("\t", " ")
    words = re.findall(r"[A-Za-z0-9./%:,-]{1,16}", text)
    for path in sorted((fonts / "print").iterdir()):
        for _ in range(PER_FONT):
            start = int(rng.integers(0, len(words) - 12))
            line = " ".join(words[start : start + int(rng.integers(1, 11))])
            yield f"font:{path.stem}", "drawn", line, spoil(draw_line(line, path, rng), rng)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _aligned(truth: str, read: list[str]) -> list[str | None]:
    """The word of the truth that each read word stands for, by the cheapest alignment of the characters."""
    words = truth.split()
    owner = [place for place, word in enumerate(words) for _ in f"{word} "]
    aligned: list[str | None] = []
    source = " ".join(read)
    to_truth = [-1] * (len(source) + 1)
    for part in Levenshtein.opcodes(source, " ".join(words)):
        if part.tag in ("equal", "replace"):
            for step in range(part.src_end - part.src_start):
                to_truth[part.src_start + step] = part.dest_start + step
    start = 0
    for word in read:
        places = [to_truth[at] for at in range(start, start + len(word)) if to_truth[at] >= 0]
        owners = [owner[min(place, len(owner) - 1)] for place in places]
        aligned.append(_plain(words[max(set(owners), key=owners.count)]) if owners else None)
        start += len(word) + 1
    return aligned


def _fit(rows: Rows) -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=500).fit([row[1] for row in rows], [row[2] for row in rows])


def _report(name: str, rows: Rows) -> None:
    groups = sorted({row[0] for row in rows})
    fold_of = {group: place % FOLDS for place, group in enumerate(np.random.default_rng(SEED).permutation(groups))}
    folds = np.array([fold_of[row[0]] for row in rows])
    right = np.array([row[2] for row in rows])
    chance = np.zeros(len(rows))
    for fold in range(FOLDS):
        curve = _fit([row for row, at in zip(rows, folds, strict=True) if at != fold])
        chance[folds == fold] = curve.predict_proba([r[1] for r, at in zip(rows, folds, strict=True) if at == fold])[
            :, 1
        ]
    error, area = _calibration_error(chance, right), roc_auc_score(right, chance)
    covered = np.mean([right or covered for _, _, right, covered in rows])
    print(
        f"{name:10} {len(rows)} words, {len(groups)} groups: {right.mean():.3f} right, ECE {error:.3f}, "
        f"AUROC {area:.3f}, right or among five others {covered:.3f}"
    )


def _calibration_error(chance: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    bins = np.minimum((chance * 10).astype(int), 9)
    return float(sum(abs(chance[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in set(bins)))


if __name__ == "__main__":
    main()
