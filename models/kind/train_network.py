"""Train the network that tells print from handwriting: `python -m models.kind.train_network DATA FONTS FACES`.

DATA holds `handwriting_lines.tsv`, `lines/` and `notes_mtsamples.tsv`; FONTS the fonts of models/handwriting/synth;
FACES `print/` and `script/` with further print faces of open licence (faces.py). Trains on the part `train` of
models/handwriting/split.tsv and on drawn lines, keeps the running mean of the weights, prints what it gets right of the
part `tune`, and writes `kind.onnx`. One thread; about ten minutes of an idle core.
"""

import sys
import time
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as f
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from models.kind.crops import NO_KIND, Crop, crops, drawn_lines, real_lines
from models.kind.network import KindNetwork
from pipeline.layout.kind import COLUMN, HEIGHT, darkness

SEED = 7
DRAWN = 12_000
CROPS = 60_000
STEPS = 9_000
BATCH = 48
RATE = 2e-3
SMOOTHED = 0.03
"""So far from 0 and 1 the targets stay: a sure answer on a strange crop costs less."""


def main() -> None:
    """Draw, train, look, write."""
    data, fonts, faces = (Path(argument) for argument in sys.argv[1:4])
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    rng = np.random.default_rng(SEED)
    pool = real_lines(data, "train") | drawn_lines(data, fonts, faces, DRAWN, rng)
    print({name: len(lines) for name, lines in pool.items()}, flush=True)
    shown = list(islice(crops(pool, rng), CROPS))
    print(f"{len(shown)} crops", flush=True)
    network = fit(shown, rng)
    tune = real_lines(data, "tune")
    for name, lines in tune.items():
        print(f"{name} right {right(network, lines, int(name in ('csafe', 'letters-hand')))} of {len(lines)}")
    export(network, Path(__file__).with_name("kind.onnx"))


def fit(shown: list[Crop], rng: np.random.Generator) -> KindNetwork:
    """Train from scratch; returns the averaged weights, ready to be asked."""
    network = KindNetwork().to(memory_format=torch.channels_last)
    print(sum(weights.numel() for weights in network.parameters()), "weights", flush=True)
    averaged = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(0.999), use_buffers=True)
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=STEPS, pct_start=0.08)
    batches = _batches(shown)
    started, losses = time.thread_time(), []
    for step in range(STEPS):
        seen, columns, hand = batches[int(rng.integers(len(batches)))]
        network.train()
        odds = network(_varied(seen))
        loss = _loss(odds[:, 0], hand) + 0.5 * _loss(odds[:, 1:], columns)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimizer.step()
        schedule.step()
        averaged.update_parameters(network)
        losses.append(loss.item())
        if step % 250 == 249:
            print(f"{step + 1} {np.mean(losses[-250:]):.4f} {time.thread_time() - started:.0f} s", flush=True)
    trained: KindNetwork = averaged.module.eval()
    return trained


def _batches(shown: list[Crop]) -> list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """Darkness, kinds of the columns and kinds of the crops; crops of about the same width go together."""
    seen = [(dark[0, 0], crop) for crop in shown if (dark := darkness(crop.pixels)) is not None]
    seen.sort(key=lambda pair: pair[0].shape[1])
    batches = []
    for start in range(0, len(seen) - BATCH + 1, BATCH):
        batch = seen[start : start + BATCH]
        width = batch[-1][0].shape[1]
        darks = np.stack([np.pad(dark, ((0, 0), (0, width - dark.shape[1]))) for dark, _ in batch])
        kinds = np.full((BATCH, width // COLUMN), NO_KIND, np.int8)
        for row, (_, crop) in zip(kinds, batch, strict=True):
            row[: len(crop.columns)] = crop.columns
        hand = torch.tensor([crop.hand for _, crop in batch])
        batches.append((torch.from_numpy((darks * 255).astype(np.uint8))[:, None], torch.from_numpy(kinds), hand))
    return batches


def _varied(seen: torch.Tensor) -> torch.Tensor:
    """Each crop of a batch darker or paler, the batch at times a little lower, noisy, or black and white."""
    dark = seen.float() / 255
    dark = dark ** torch.exp(0.35 * torch.randn(len(dark), 1, 1, 1))
    dark = torch.roll(dark, int(torch.randint(-1, 2, ())), dims=2)
    chance = float(torch.rand(()))
    if chance < 0.25:
        return (dark + 0.06 * torch.rand(()) * torch.randn_like(dark)).clamp(0, 1)
    return (dark > 0.25 + 0.35 * torch.rand(())).float() if chance < 0.35 else dark


def _loss(odds: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
    """Cross-entropy over what is of one kind."""
    known = kinds >= 0
    wanted = kinds[known].float() * (1 - 2 * SMOOTHED) + SMOOTHED
    return f.binary_cross_entropy_with_logits(odds[known], wanted) if known.any() else odds.sum() * 0


def right(network: KindNetwork, lines: list[np.ndarray], hand: int) -> int:
    """How many whole lines are taken for what they are."""
    with torch.no_grad():
        seen = [darkness(line) for line in lines]
        return sum(int((float(network(torch.from_numpy(x))[0, 0]) >= 0) == hand) for x in seen if x is not None)


def export(network: KindNetwork, path: Path) -> None:
    """Write the network as ONNX, any number of crops of any width."""
    axes = {"darkness": {0: "n", 3: "width"}, "odds": {0: "n", 1: "columns"}}
    torch.onnx.export(
        network,
        (torch.zeros(1, 1, HEIGHT, 160),),
        str(path),
        input_names=["darkness"],
        output_names=["odds"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


if __name__ == "__main__":
    main()
