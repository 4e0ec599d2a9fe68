"""Choose how much the language counts beside the ink, and say what it gives on writers that nothing was chosen on.

`python -m models.language.tune DATA SPLIT CACHE [PART...]`: DATA holds `handwriting_lines.tsv` and
`handwriting_words.tsv`, SPLIT says of each writer `train`, `tune` or `held-out`; CACHE is a file that keeps what the
recogniser gives for each crop (made if missing, of the recogniser in the manifest). Chosen on the lines of the PARTs
(`tune`) and on one half of the single words (prescriptions by brand, names by form); reported on the held-out
writers and the other half. Writes `weights.toml`.
"""

import csv
import random
import re
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from pipeline import onnx
from pipeline.reading.candidates import Candidates, candidates, within
from pipeline.reading.ctc import InkWord
from pipeline.reading.field_label import words_of_label
from pipeline.reading.language import Language, Weights, load_language
from pipeline.reading.reader import evened
from pipeline.reading.recognizer import Recognizer
from pipeline.reading.words import choose

HERE = Path(__file__).parent
SEED = 3
MOST = {"csafe": 60, "letters": 50, "typed": 20, "print": 10, "prescriptions": 120, "names": 100}
"""Crops of each kind that weights are chosen on."""
COUNT = {"csafe": 2.0, "letters": 1.0, "typed": 2.0, "print": 0.5, "prescriptions": 0.5, "names": 0.7}
"""How much each kind counts: errors of lines by character, of single words by word."""
STEPS: dict[str, tuple[float, ...]] = {
    "language": (0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0),
    "name": (0.0, 0.1, 0.2, 0.3, 0.45, 0.6),
    "word": (-1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
    "sign": (0.0, 0.3, 0.6, 0.9, 1.2, 1.5, 1.8, 2.1, 2.4),
    "name_sign": (-0.3, 0.0, 0.3, 0.6, 0.9, 1.2),
    "novel": (0.003, 0.01, 0.03, 0.1, 0.2, 0.4),
    "novel_name": (0.1, 0.3, 0.5, 0.8, 0.95),
    "reach": (5.0, 7.0, 9.0, 11.0, 14.0),
    "drug_reach": (2.0, 3.5, 5.0, 7.0, 10.0),
}
WIDEST = 14.0
SINGLE = ("prescriptions", "names")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A crop as the recogniser sees it."""

    kind: str
    part: str
    truth: str
    rows: NDArray[np.float32]


Pools = list[tuple[Sample, tuple[Candidates, ...]]]


def main() -> None:
    """Choose, write, report."""
    data, split, cache = (Path(argument) for argument in sys.argv[1:4])
    parts = set(sys.argv[4:]) or {"tune"}
    characters, samples = _samples(data, split, cache)
    language = load_language(HERE / "language.npz", HERE / "weights.toml")
    random.Random(SEED).shuffle(samples)
    counts: Counter[str] = Counter()
    chosen = []
    for sample in samples:
        if sample.part in parts and counts[sample.kind] < MOST[sample.kind]:
            counts[sample.kind] += 1
            chosen.append(sample)
    wide = replace(language.weights, reach=WIDEST, drug_reach=WIDEST)
    pools = [(sample, candidates(sample.rows, characters, language, wide)) for sample in chosen]
    loss, best = _climb(language.weights, lambda weights: _loss(pools, language, weights))
    print(f"{loss:.4f} {best}", flush=True)
    out = ["# Written by tune.py: how much the language counts beside the ink."]
    out += [f"{name} = {value}" for name, value in asdict(best).items()]
    (HERE / "weights.toml").write_text("\n".join(out) + "\n", encoding="utf-8")
    alone = Weights(language=0, name=0, word=0, sign=0, name_sign=0, reach=0, drug_reach=0)
    held = [sample for sample in samples if sample.part == "held-out"]
    for label, weights in (("ink alone", alone), ("with language", best)):
        report([(s, candidates(s.rows, characters, language, weights)) for s in held], language, weights, label)


def _climb(start: Weights, loss: Callable[[Weights], float]) -> tuple[float, Weights]:
    """From a start to weights that no single step makes better."""
    at, low = start, loss(start)
    better = True
    while better:
        better = False
        for name, steps in STEPS.items():
            for direction in (1, -1):
                while True:
                    now = getattr(at, name)
                    further = [step for step in steps[::direction] if (step - now) * direction > 1e-9]
                    if not further:
                        break
                    other = replace(at, **{name: further[0]})
                    found = loss(other)
                    if found >= low - 1e-4:
                        break
                    at, low, better = other, found, True
    return low, at


def _samples(data: Path, split: Path, cache: Path) -> tuple[str, list[Sample]]:
    with split.open(encoding="utf-8") as file:
        part_of = {row["writer"]: row["part"] for row in csv.DictReader(file, delimiter="\t")}
    crops = [(row, *_place(row, part_of)) for name in ("lines", "words") for row in _table(data, name)]
    entry = onnx.read_manifest()["handwriting"]
    recognizer = Recognizer(onnx.Model(entry.checked(), threads=1, sha256=entry.sha256))
    if not cache.exists():
        rows = {}
        for row, _, part in crops:
            if part != "train":
                pixels = cv2.imread(str(data / row["file"]), cv2.IMREAD_GRAYSCALE)
                assert pixels is not None
                rows[row["id"]] = recognizer(evened(pixels.astype(np.uint8))).astype(np.float16)
        np.savez_compressed(cache, **rows)
    with np.load(cache) as kept:
        seen = {name: kept[name].astype(np.float32) for name in kept.files}
    return recognizer.characters, [
        Sample(kind=kind, part=part, truth=plain(row["text"]), rows=seen[row["id"]])
        for row, kind, part in crops
        if row["id"] in seen
    ]


def _table(data: Path, name: str) -> Iterator[dict[str, str]]:
    with (data / f"handwriting_{name}.tsv").open(encoding="utf-8") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _place(row: dict[str, str], part_of: dict[str, str]) -> tuple[str, str]:
    """Kind and part of a crop."""
    if "writer" in row:
        kind = {"handwritten": "letters"}.get(row["style"], row["style"])
        return "csafe" if row["writer"].startswith("csafe") else kind, part_of.get(row["writer"], "train")
    if row["kind"].startswith("prescription"):
        return "prescriptions", "tune" if zlib.crc32(row["text"].lower().encode()) % 2 else "held-out"
    return "names", "held-out" if int(row["id"][-4:]) % 2 else "tune"


def plain(text: str) -> str:
    """Lower case, letters, digits and single spaces."""
    return " ".join(re.sub(r"[^a-z0-9 ]", "", text.lower()).split())


def _text(kind: str, words: Sequence[InkWord]) -> str:
    """What `recognize` says: without the label of the field that a name stands in."""
    texts = [word.text for word in words]
    return plain(" ".join(texts[words_of_label(texts) if kind in SINGLE else 0 :]))


def _read(pools: Pools, language: Language, weights: Weights) -> Iterator[tuple[Sample, tuple[InkWord, ...]]]:
    for sample, found in pools:
        near = [within(pool, weights) for pool in found]
        yield sample, choose(near, len(sample.rows), language, weights)


def _loss(pools: Pools, language: Language, weights: Weights) -> float:
    wrong: dict[str, float] = defaultdict(float)
    total: dict[str, float] = defaultdict(float)
    for sample, words in _read(pools, language, weights):
        text = _text(sample.kind, words)
        if sample.kind in SINGLE:
            # Half for the word, half for its characters, so that near misses count.
            wrong[sample.kind] += (text != sample.truth) + Levenshtein.normalized_distance(text, sample.truth)
            total[sample.kind] += 2
        else:
            wrong[sample.kind] += Levenshtein.distance(text, sample.truth)
            total[sample.kind] += len(sample.truth)
    return sum(COUNT[kind] * wrong[kind] / total[kind] for kind in total)


def report(pools: Pools, language: Language, weights: Weights, label: str) -> None:
    """Print errors by kind."""
    table: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for sample, words in _read(pools, language, weights):
        text = _text(sample.kind, words)
        last = words[-1:] if words and plain(words[-1].text) == text else ()
        others = {plain(other) for word in last for other, _ in word.others[:4]}
        row = table[sample.kind]
        row[0] += 1
        row[1] += text == sample.truth
        row[2] += text == sample.truth or sample.truth in others
        row[3] += Levenshtein.distance(text, sample.truth)
        row[4] += len(sample.truth)
    for kind, (crops, right, among, wrong, signs) in sorted(table.items()):
        print(
            f"{label:14} {kind:14} {crops:4} crops: CER {wrong / signs:.4f}, "
            f"right {right / crops:.3f}, among five {among / crops:.3f}"
        )


if __name__ == "__main__":
    main()
