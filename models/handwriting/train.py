"""Fine-tune the PP-OCRv6 small recogniser on English handwriting; see README.md beside this file.

    python -m models.handwriting.train --lines .../handwriting_lines.tsv --notes .../notes_mtsamples.tsv --fonts FOLDER

A run can be stopped and taken up again: `last.pt` in the work folder holds all that it needs.
"""

import argparse
import copy
import math
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from rapidfuzz.distance import Levenshtein
from torch import nn
from torch.nn import functional as F

from models.handwriting.network import Network
from models.handwriting.real import RealLine, RealLines, as_input, evened, read_lines, read_split, with_cuts
from models.handwriting.synth.lines import Lines
from pipeline.reading.recognizer import at_reading_size

HERE = Path(__file__).parent
CHARACTERS = "".join(chr(code) for code in range(33, 127)) + "°µ½é£§–’“” "
REAL_SHARE = 0.33
POOL = 384
"""Crops that are drawn at a time and put into batches of like width."""
BATCH_WIDTH = 5_000
"""Columns of a batch, all crops together."""
BATCHES = 2
"""Batches of a step."""
CHARACTERS_A_STEP = 600
STEP = 8
"""Columns a step of the network's output."""
Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]
"""Crops, their steps, the classes of all texts in a row, the length of each text."""


class Batches(torch.utils.data.IterableDataset[Batch]):
    """Batches of like width, real and drawn lines mixed; each worker has a seed of its own."""

    def __init__(self, real: list[RealLine], fonts: Path, notes: Path, seed: int) -> None:
        self._real, self._fonts, self._notes, self._seed = real, fonts, notes, seed

    def __iter__(self) -> Iterator[Batch]:
        worker = torch.utils.data.get_worker_info()
        seed = self._seed + (worker.id if worker else 0)
        rng = np.random.default_rng(seed)
        real = iter(RealLines(self._real, seed))
        drawn = iter(Lines(fonts=self._fonts, texts=self._notes, seed=seed))
        while True:
            pool = []
            while len(pool) < POOL:
                if rng.random() < REAL_SHARE:
                    image, text = next(real)
                else:
                    image, text, _ = next(drawn)
                    image = evened(image) if rng.random() < 0.7 else image
                crop = at_reading_size(image, math.exp(rng.normal(0.0, 0.16)))
                classes = [CHARACTERS.find(character) + 1 for character in text]
                # The network must have a step for each character and one between two alike.
                if min(classes, default=0) > 0 and crop.shape[1] // STEP > 1.15 * len(classes):
                    pool.append((crop, classes))
            pool.sort(key=lambda entry: entry[0].shape[1])
            batches, start = [], 0
            for place in range(len(pool)):
                if (place + 1 - start) * pool[place][0].shape[1] > BATCH_WIDTH and place > start:
                    batches.append(pool[start:place])
                    start = place
            batches.append(pool[start:])
            for place in rng.permutation(len(batches)):
                yield _batch(batches[place])


def _batch(entries: list[tuple[np.ndarray, list[int]]]) -> Batch:
    crops = as_input([crop for crop, _ in entries])
    steps = torch.tensor([min(crop.shape[1] // STEP + 1, crops.shape[3] // STEP) for crop, _ in entries])
    classes = torch.tensor([place for _, text in entries for place in text])
    return crops, steps, classes, torch.tensor([len(text) for _, text in entries])


def loss_of(network: Network, batch: Batch) -> torch.Tensor:
    """Loss of a batch, all its characters together."""
    crops, steps, classes, lengths = batch
    with torch.no_grad():
        features = network.early(crops)
    rows = network.late(features).log_softmax(-1).transpose(0, 1)
    return F.ctc_loss(rows, classes, steps.clamp(max=rows.shape[0]), lengths, reduction="sum", zero_infinity=True)


def read_greedily(network: Network, image: np.ndarray) -> str:
    """The best path's text of a crop, as the product reads it."""
    with torch.no_grad():
        classes = network(as_input([at_reading_size(evened(image))]))[0].argmax(-1).tolist()
    kept = [now for before, now in zip([0, *classes], classes, strict=False) if now and now != before]
    return " ".join("".join(network.characters[place - 1] for place in kept).split())


def plain(text: str) -> str:
    """A text as character error rates take it: lower case, letters, digits and single spaces."""
    return " ".join("".join(c for c in text.lower() if c.isalnum() or c == " ").split())


def error_rate(network: Network, lines: list[RealLine]) -> float:
    """Edits by character of the best path."""
    pairs = [(plain(line.text), plain(read_greedily(network, line.image))) for line in lines]
    return sum(Levenshtein.distance(*pair) for pair in pairs) / max(1, sum(len(truth) for truth, _ in pairs))


def error_rates(network: Network, lines: list[RealLine]) -> dict[str, float]:
    """The error rate of each collection and style."""
    groups: dict[str, list[RealLine]] = {}
    for line in lines:
        groups.setdefault(f"{line.writer.split('_')[0]} {line.style}", []).append(line)
    return {name: round(error_rate(network, found), 4) for name, found in sorted(groups.items())}


def train(arguments: argparse.Namespace) -> None:
    """Train, write `last.pt` and the averaged weights as ONNX every so often."""
    torch.manual_seed(arguments.seed)
    network = Network(arguments.base)
    network.keep_characters(CHARACTERS)
    split = read_split(HERE / "split.tsv")
    lines = {
        part: read_lines(arguments.lines, {writer for writer, its in split.items() if its == part})
        for part in ("train", "tune")
    }
    real = with_cuts(lines["train"], network)
    print(f"{len(real)} real lines, {sum(bool(line.cuts) for line in real)} cut into words", flush=True)
    mean = copy.deepcopy(network)
    weights = network.late_parameters()
    optimizer = torch.optim.AdamW(weights, lr=arguments.rate, weight_decay=0.01, betas=(0.9, 0.995))
    done, last = 0, arguments.work / "last.pt"
    if last.exists():
        state = torch.load(last, weights_only=True)
        network.load_state_dict(state["network"])
        mean.load_state_dict(state["mean"])
        optimizer.load_state_dict(state["optimizer"])
        done = state["done"]
    batches = Batches(real, arguments.fonts, arguments.notes, arguments.seed + 1_000 * done)
    loader = iter(torch.utils.data.DataLoader(batches, batch_size=None, num_workers=1, prefetch_factor=24))
    torch.set_num_threads(arguments.threads)
    began, total, characters, crops = time.time(), 0.0, 0, 0
    for step in range(done + 1, arguments.steps + 1):
        for group in optimizer.param_groups:
            group["lr"] = arguments.rate * rate_share(step, arguments.steps)
        optimizer.zero_grad()
        # A batch holds crops of one width. Several make a step, each character counting alike, or short words would
        # pull one way and long lines the other.
        for batch in (next(loader) for _ in range(BATCHES)):
            loss = loss_of(network, batch)
            (loss / CHARACTERS_A_STEP).backward()
            total, characters, crops = total + loss.item(), characters + int(batch[3].sum()), crops + len(batch[3])
        nn.utils.clip_grad_norm_(weights, 10.0)
        optimizer.step()
        keep = min(0.995, step / (step + 20))
        with torch.no_grad():
            for average, value in zip(mean.late_parameters(), weights, strict=True):
                average.lerp_(value, 1 - keep)
        if step % 25 == 0:
            pace = crops / (time.time() - began) * 60
            print(f"{step} loss {total / characters:.4f}, {pace:.0f} crops a minute", flush=True)
            began, total, characters, crops = time.time(), 0.0, 0, 0
        if step % arguments.every == 0 or step == arguments.steps:
            state = {"network": network.state_dict(), "mean": mean.state_dict(), "optimizer": optimizer.state_dict()}
            torch.save({**state, "done": step}, last.with_suffix(".part"))
            last.with_suffix(".part").replace(last)
            mean.save(arguments.work / "handwriting.onnx")
            print(step, "tune:", error_rates(mean, lines["tune"]), flush=True)


def rate_share(step: int, steps: int) -> float:
    """Share of the full learning rate: a short warm-up, then a cosine down to a fiftieth."""
    return min(step / 100, 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / steps)))


def main() -> None:
    """Parse what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="PP-OCRv6_rec_small.onnx of the package rapidocr")
    parser.add_argument("--lines", type=Path, required=True, help="table of real lines")
    parser.add_argument("--notes", type=Path, required=True, help="table of clinical notes, for texts to draw")
    parser.add_argument("--fonts", type=Path, required=True, help="fonts, from models.handwriting.synth.fetch")
    parser.add_argument("--work", type=Path, required=True, help="folder for what the run writes")
    parser.add_argument("--steps", type=int, default=6_000)
    parser.add_argument("--every", type=int, default=300)
    parser.add_argument("--rate", type=float, default=7e-5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    train(arguments)


if __name__ == "__main__":
    main()
