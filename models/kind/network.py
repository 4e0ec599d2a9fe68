"""The network: a crop to the log odds that it, and each 8 pixels of its width, are handwriting."""

import torch
from torch import Tensor, nn
from torch.nn import functional as f

from pipeline.layout.kind import COLUMN, HEIGHT

WIDTHS = (16, 32, 48, 64)


def _block(inputs: int, outputs: int, size: tuple[int, int], stride: int = 1, dilation: int = 1) -> nn.Module:
    padding = (size[0] // 2, dilation * (size[1] // 2))
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, padding, (1, dilation), bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class KindNetwork(nn.Module):
    """n x 1 x `HEIGHT` x W darkness (0 paper, 1 ink; W a multiple of `COLUMN`) to n x (1 + W / `COLUMN`) log odds."""

    def __init__(self) -> None:
        super().__init__()
        a, b, c, d = WIDTHS
        self.strokes = nn.Sequential(
            _block(1, a, (3, 3), 2), _block(a, b, (3, 3), 2), _block(b, c, (3, 3), 2), _block(c, d, (3, 3))
        )
        self.column = nn.Sequential(
            nn.Conv2d(d, d, (HEIGHT // 8, 3), padding=(0, 1), bias=False), nn.BatchNorm2d(d), nn.ReLU()
        )
        self.around = _block(d, d, (1, 3), dilation=2)
        self.drop = nn.Dropout(0.1)
        self.of_column = nn.Conv1d(d, 1, 1)
        self.of_whole = nn.Sequential(nn.Linear(d, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, darkness: Tensor) -> Tensor:
        """Log odds, the whole first."""
        inked = (f.avg_pool2d(darkness, (HEIGHT, COLUMN)) * 30).clamp(0, 1)[:, :, 0]
        found = self.column(self.strokes(darkness))
        found = self.drop((found + self.around(found))[:, :, 0])
        # Paper beside the writing has no say; nor, as in a maximum, has one odd place in a long line.
        mean = (found * inked).sum(2) / (inked.sum(2) + 1e-3)
        return torch.cat([self.of_whole(mean), self.of_column(found)[:, 0]], 1)
