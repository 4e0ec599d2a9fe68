"""Fit the curves from a reader's measures to the probability that a word is right.

    python -m models.confidence.fit --data FOLDER --fonts FOLDER

The folder of data holds `handwriting_lines.tsv`, `handwriting_words.tsv` and `notes_mtsamples.tsv`; the fonts are
those of `models.handwriting.synth.fetch`. Curves are fitted on writers and fonts that the recogniser was not trained
on, and their figures taken on others still. A word is right where it equals the word of the truth that it is paired
with, as `inkchart evaluate reading` counts it.
"""

import argparse
import csv
import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from sklearn.linear_model import LogisticRegression

from models.handwriting.real import read_split
from models.handwriting.synth.lines import Lines
from pipeline import onnx
from pipeline.evaluation.calibration import expected_error, judged, separation
from pipeline.evaluation.words import align, plain
from pipeline.reading.confidence import INK_MEASURES, PRINT_MEASURES, ink_measures, print_measures
from pipeline.reading.field_label import words_of_label
from pipeline.reading.language import load_language
from pipeline.reading.reader import evened
from pipeline.reading.recognizer import Recognizer
from pipeline.reading.tesseract import Tesseract
from pipeline.reading.words import decode
from pipeline.records import Pixels

HERE = Path(__file__).parent
SPLIT = HERE.parent / "handwriting" / "split.tsv"
DRAWN = 500
SEED = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """A line or word with its truth."""

    collection: str
    hand: bool
    text: str
    pixels: Pixels
    fits: bool
    """Whether curves are fitted on it; figures are taken on the others."""
    alone: bool = False
    """Whether it is a single word, now and then with its field's label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A word that was read."""

    collection: str
    measures: tuple[float, ...]
    right: bool
    covered: bool
    """Wrong, and the truth is among its alternatives."""
    fits: bool
    alone: bool


def real_lines(data: Path) -> Iterator[Crop]:
    """Lines of writers that the recogniser did not see."""
    parts = read_split(SPLIT)
    with (data / "handwriting_lines.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if parts[row["writer"]] != "train":
                yield Crop(
                    collection=f"{row['writer'].split('_')[0]} {row['style']}",
                    hand=row["style"] == "handwritten",
                    text=row["text"],
                    pixels=_grey(data / row["file"]),
                    fits=parts[row["writer"]] == "tune",
                )


def single_words(data: Path) -> Iterator[Crop]:
    """Single words; of each drug or name all go to one side."""
    with (data / "handwriting_words.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            half = hashlib.sha256(row["text"].lower().encode()).digest()[0] % 2
            yield Crop(
                collection=" ".join(row["kind"].split()[:2]),
                hand=True,
                text=row["text"],
                pixels=_grey(data / row["file"]),
                fits=half == 0,
                alone=True,
            )


def drawn_lines(data: Path, fonts: Path) -> Iterator[Crop]:
    """Drawn lines in hands that the recogniser did not see, and in print."""
    lines = iter(Lines(fonts=fonts, texts=data / "notes_mtsamples.tsv", seed=SEED, validation=True))
    for place in range(DRAWN):
        image, text, kind = next(lines)
        yield Crop(
            collection=f"drawn {kind}", hand=kind == "hand", text=text, pixels=evened(image), fits=place % 2 == 0
        )


def main() -> None:
    """Read, fit, print the figures, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--fonts", type=Path, required=True)
    arguments = parser.parse_args()
    crops = [*real_lines(arguments.data), *single_words(arguments.data), *drawn_lines(arguments.data, arguments.fonts)]
    manifest = onnx.read_manifest()
    model = manifest["handwriting"]
    recognizer = Recognizer(onnx.Model(model.path, threads=1, sha256=None))
    language = load_language(manifest["language"].path, manifest["language_weights"].path)
    found: dict[str, list[Judgement]] = {"hand": [], "print": [], "tesseract": []}
    for crop in crops:
        words = decode(recognizer(crop.pixels), recognizer.characters, language)
        if crop.alone:
            words = words[words_of_label([word.text for word in words]) :]
        read = [(word.text, measures) for word, measures in zip(words, ink_measures(words), strict=True)]
        options = [{plain(text) for text, _ in word.others[:4]} for word in words]
        found["hand" if crop.hand else "print"] += judgements(crop, read, options)
    printed = [crop for crop in crops if not crop.hand]
    with tempfile.TemporaryDirectory() as work:
        sheets = Tesseract(work=Path(work), seconds=600)([crop.pixels for crop in printed])
    for crop, seen in zip(printed, sheets, strict=True):
        read = [(word.text, print_measures(word)) for word in seen]
        found["tesseract"] += judgements(crop, read, [set() for _ in seen])
    out = ["# Written by fit.py: from a reader's measures to the probability that a word is right.", ""]
    for reader, words_read in found.items():
        names = PRINT_MEASURES if reader == "tesseract" else INK_MEASURES
        out += _curve(reader, names, words_read)
    (HERE / "curves.toml").write_text("\n".join(out), encoding="utf-8")


def judgements(
    crop: Crop, read: Sequence[tuple[str, tuple[float, ...]]], options: Sequence[set[str]]
) -> Iterator[Judgement]:
    """The words of one crop, judged; those without letters or digits do not count."""
    counting = [place for place, (text, _) in enumerate(read) if plain(text)]
    truth = plain(crop.text).split()
    for place, partner in align([plain(read[at][0]) for at in counting], truth):
        # What is read beside a single word is the label of its field, of which the truth does not tell.
        if place is not None and (partner is not None or not crop.alone):
            text, measures = read[counting[place]]
            right = partner is not None and plain(text) == truth[partner]
            covered = partner is not None and not right and truth[partner] in options[counting[place]]
            yield Judgement(
                collection=crop.collection,
                measures=measures,
                right=right,
                covered=covered,
                fits=crop.fits,
                alone=crop.alone,
            )


def _curve(reader: str, names: Sequence[str], words: Sequence[Judgement]) -> list[str]:
    fitted = [word for word in words if word.fits]
    # Each collection counts alike, for no scanner or writer is the usual one; lines twice, for charts are made of them.
    sizes = {word.collection: sum(other.collection == word.collection for other in fitted) for word in fitted}
    curve = LogisticRegression(C=100.0, max_iter=10_000).fit(
        [word.measures for word in fitted],
        [word.right for word in fitted],
        sample_weight=[(1 if word.alone else 2) * len(fitted) / len(sizes) / sizes[word.collection] for word in fitted],
    )
    for collection in [*sorted({word.collection for word in words}), ""]:
        for part, fits in (("fitted on", True), ("others", False)):
            some = [w for w in words if w.fits is fits and (not collection or w.collection == collection)]
            if some:
                chances = curve.predict_proba([word.measures for word in some])[:, 1]
                pairs = judged(list(zip(chances.tolist(), [word.right for word in some], strict=True)))
                area = separation(pairs)
                covered = np.mean([word.right or word.covered for word in some])
                print(
                    f"{reader:10} {collection or 'all':18} {part:10} {len(some):5} words, "
                    f"{np.mean([word.right for word in some]):.3f} right, ECE {expected_error(pairs):.3f}, "
                    f"AUROC {'-' if area is None else format(area, '.3f')}, among five {covered:.3f}",
                    flush=True,
                )
    wrong = [word.covered for word in fitted if not word.right]
    weights = ", ".join(f"{weight:.5g}" for weight in curve.coef_[0])
    return [
        f"[{reader}]",
        f"# {', '.join(names)}",
        f"weights = [{weights}]",
        f"bias = {float(curve.intercept_[0]):.5f}",
        f"covered = {float(np.mean(wrong)):.4f}",
        "",
    ]


def _grey(path: Path) -> Pixels:
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise SystemExit(f"{path.name} is missing")
    return evened(image.astype(np.uint8))


if __name__ == "__main__":
    main()
