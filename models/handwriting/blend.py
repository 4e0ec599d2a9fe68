"""Blend the weights of recognisers of one graph.

    python -m models.handwriting.blend OUT.onnx FILE=SHARE FILE=SHARE...

Fine-tuned weights forget a little of what they came with; the middle between them and the weights they started from, or
between two runs of other seeds, reads better than either.
"""

import sys
from pathlib import Path

import torch

from models.handwriting.network import Network
from models.handwriting.train import CHARACTERS


def blend(shares: list[tuple[Path, float]]) -> Network:
    """The network whose weights are the weighted mean."""
    total = sum(share for _, share in shares)
    networks = []
    for file, _ in shares:
        network = Network(file)
        if network.characters != CHARACTERS:
            network.keep_characters(CHARACTERS)
        networks.append(network)
    mean, others = networks[0], [dict(network.named_parameters()) for network in networks]
    with torch.no_grad():
        for name, value in mean.named_parameters():
            parts = [other[name] * (share / total) for other, (_, share) in zip(others, shares, strict=True)]
            value.copy_(torch.stack(parts).sum(0))
    return mean


if __name__ == "__main__":
    out, *named = sys.argv[1:]
    pairs = [name.rsplit("=", 1) for name in named]
    blend([(Path(file), float(share)) for file, share in pairs]).save(Path(out))
