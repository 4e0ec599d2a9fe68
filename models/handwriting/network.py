"""The PP-OCRv6 small recogniser as a PyTorch module, read from its ONNX file and written back into it.

The graph is not converted by a tool: it is small, and since each parameter keeps the name of its initialiser, trained
weights go back into the very graph that is served.

    3 x 48 x W pixels -> stem -> 13 blocks (depthwise, squeeze and excite, expand, project) -> W/8 steps of 384 features
      -> 120 features, through two transformer layers and beside them -> a row of characters a step
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F

_HEADS = 8
_BLOCKS = 13
_EARLY = 3
_LAST_NORM = 4
_TABLE = "linear_8"
"""The last layer: features to characters."""


class Network(nn.Module):
    """The recogniser: batch x 3 x 48 x W in -1..1 to the logits of batch x W/8 x characters."""

    def __init__(self, file: Path) -> None:
        """Take the weights of an ONNX file of this architecture."""
        super().__init__()
        self._model = onnx.load(str(file))
        self.characters = _characters(self._model)
        """What classes 1, 2, ... stand for; class 0 is the blank."""
        trained = {name for node in self._model.graph.node for name in node.input}
        self._weights = nn.ParameterDict()
        for value in self._model.graph.initializer:
            array = numpy_helper.to_array(value)
            if value.name in trained and array.dtype == np.float32 and array.size > 1:
                self._weights[_key(value.name)] = nn.Parameter(torch.from_numpy(array.copy()))
        convolutions = iter(_convolutions(self._model.graph))
        self._stem = [next(convolutions) for _ in range(5)]
        shapes = {value.name: tuple(value.dims) for value in self._model.graph.initializer}
        self._blocks = _blocks(convolutions, shapes)
        self._beside, self._enter, self._mix = (next(convolutions) for _ in range(3))

    def early(self, crops: Tensor) -> Tensor:
        """The stem and the three blocks at full resolution: what all writing shares, left as it is in training."""
        x = F.relu(self._convolve(crops, self._stem[0], stride=2))
        y = F.relu(self._corner(x, self._stem[1]))
        y = F.relu(self._corner(y, self._stem[2]))
        x = torch.cat([F.max_pool2d(F.pad(x, (0, 1, 0, 1)), 2, stride=1), y], dim=1)
        x = F.relu(self._convolve(x, self._stem[3], stride=2))
        x = F.relu(self._convolve(x, self._stem[4], padding=0))
        return self._through(x, self._blocks[:_EARLY])

    def late(self, features: Tensor) -> Tensor:
        """From the early features to the logits."""
        x = self._through(features, self._blocks[_EARLY:])
        x = F.avg_pool2d(x, (3, 2))
        beside = F.silu(self._normalise(x, self._beside))
        x = F.silu(self._normalise(x, self._enter))
        x = x + F.silu(self._normalise(x, self._mix, padding=(0, 3)))
        x = x.flatten(2).transpose(1, 2)
        for place in range(2):
            x = x + self._attend(self._norm(x, 2 * place), 4 * place)
            x = x + self._feed(self._norm(x, 2 * place + 1), 4 * place + 2)
        x = self._norm(x, _LAST_NORM) + beside.squeeze(2).transpose(1, 2)
        return self._linear(x, _TABLE)

    def forward(self, crops: Tensor) -> Tensor:
        """The logits of a batch of crops."""
        return self.late(self.early(crops))

    def late_parameters(self) -> list[nn.Parameter]:
        """The parameters that `late` uses."""
        early = {name for layer in self._stem for name in layer[:2]}
        early |= {name for block in self._blocks[:_EARLY] for layer in block if layer for name in layer[:2]}
        return [value for key, value in self._weights.items() if key not in {_key(name) for name in early}]

    def keep_characters(self, wanted: str) -> None:
        """Cut the last layer down to the blank and the wanted characters; the space stands last.

        Raises:
            ValueError: the network does not know one of them.
        """
        rows = [0, *(1 + self.characters.index(character) for character in wanted)]
        for part in ("w_0", "b_0"):
            key = _key(f"{_TABLE}.{part}")
            self._weights[key] = nn.Parameter(self._weights[key].detach()[..., rows].clone())
        self.characters = wanted

    def save(self, file: Path) -> None:
        """Write the graph with the present weights; the file's metadata names the characters."""
        model = onnx.ModelProto()
        model.CopyFrom(self._model)
        for value in model.graph.initializer:
            if _key(value.name) in self._weights:
                array = self._weights[_key(value.name)].detach().numpy()
                value.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(array), value.name))
        model.graph.output[0].type.tensor_type.shape.dim[2].dim_value = 1 + len(self.characters)
        del model.metadata_props[:]
        onnx.helper.set_model_props(model, {"character": "\n".join(self.characters.rstrip(" "))})
        onnx.checker.check_model(model)
        onnx.save(model, str(file))

    def _weight(self, name: str) -> Tensor:
        return self._weights[_key(name)]

    def _convolve(
        self, x: Tensor, layer: "_Convolution", *, stride: int | tuple[int, int] = 1, padding: int | tuple[int, int] = 1
    ) -> Tensor:
        weight, bias, groups = layer
        if not padding:
            # Over channels-last memory this is one matrix product, several times as fast as a convolution of one pixel.
            return _pointwise(x, self._weight(weight), self._weight(bias).flatten())
        return F.conv2d(x, self._weight(weight), self._weight(bias).flatten(), stride, padding, groups=groups)

    def _corner(self, x: Tensor, layer: "_Convolution") -> Tensor:
        """A convolution of 2 x 2 that looks right and down."""
        weight, bias, _ = layer
        return F.conv2d(F.pad(x, (0, 1, 0, 1)), self._weight(weight), self._weight(bias).flatten())

    def _through(self, x: Tensor, blocks: "Sequence[_Block]") -> Tensor:
        for depthwise, squeeze, excite, expand, project in blocks:
            # A block that widens halves the height; its input has another shape, so nothing is added back.
            widens = self._weight(project[0]).shape[0] != x.shape[1]
            x = self._convolve(x, depthwise, stride=(2, 1) if widens else 1)
            if squeeze and excite:
                scale = F.relu(self._convolve(x.mean((2, 3), keepdim=True), squeeze, padding=0))
                x = x * F.hardsigmoid(self._convolve(scale, excite, padding=0))
            y = F.gelu(self._convolve(x, expand, padding=0))
            y = self._convolve(y, project, padding=0)
            x = y if widens else x + y
        return x

    def _normalise(self, x: Tensor, layer: "_Convolution", padding: tuple[int, int] = (0, 0)) -> Tensor:
        """A convolution and its batch normalisation, with the statistics that the network came with."""
        weight, normalisation, groups = layer
        scale, shift, mean, variance = (
            self._weight(f"{normalisation}.{part}") for part in ("w_0", "b_0", "w_1", "w_2")
        )
        factor = scale / torch.sqrt(variance.detach() + 1e-5)
        kernel, bias = self._weight(weight) * factor.view(-1, 1, 1, 1), shift - mean.detach() * factor
        return F.conv2d(x, kernel, bias, padding=padding, groups=groups) if groups > 1 else _pointwise(x, kernel, bias)

    def _attend(self, x: Tensor, place: int) -> Tensor:
        batch, steps, width = x.shape
        parts = self._linear(x, f"linear_{place}").view(batch, steps, 3, _HEADS, width // _HEADS)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(query, key, value)
        return self._linear(mixed.transpose(1, 2).reshape(batch, steps, width), f"linear_{place + 1}")

    def _feed(self, x: Tensor, place: int) -> Tensor:
        return self._linear(F.silu(self._linear(x, f"linear_{place}")), f"linear_{place + 1}")

    def _linear(self, x: Tensor, name: str) -> Tensor:
        return F.linear(x, self._weight(f"{name}.w_0").t(), self._weight(f"{name}.b_0"))

    def _norm(self, x: Tensor, place: int) -> Tensor:
        weight, bias = (self._weight(f"helper.reshape.{2 * place + part}") for part in range(2))
        return F.layer_norm(x, x.shape[-1:], weight, bias, 1e-6 if place == _LAST_NORM else 1e-5)


_Convolution = tuple[str, str, int]
"""Weights, bias (or the batch normalisation that follows), groups."""
_Block = tuple[_Convolution, _Convolution | None, _Convolution | None, _Convolution, _Convolution]
"""Depthwise, squeeze, excite, expand, project."""


def _pointwise(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return F.linear(x.permute(0, 2, 3, 1), weight.flatten(1), bias).permute(0, 3, 1, 2)


def _key(name: str) -> str:
    """A parameter's key: PyTorch takes no points in it."""
    return name.replace(".", "/")


def _characters(model: onnx.ModelProto) -> str:
    listed = next(entry.value for entry in model.metadata_props if entry.key == "character")
    return "".join(listed.split("\n")) + " "


def _convolutions(graph: onnx.GraphProto) -> list[_Convolution]:
    """Every convolution in the order of the graph."""
    readers = {name: node for node in graph.node for name in node.input}
    found = []
    for node in graph.node:
        if node.op_type == "Conv":
            groups = next(entry.i for entry in node.attribute if entry.name == "group")
            after = readers[node.output[0]]
            found.append((node.input[1], after.input[1].removesuffix(".w_0"), groups))
    return found


def _blocks(convolutions: Iterator[_Convolution], channels: dict[str, tuple[int, ...]]) -> list[_Block]:
    found: list[_Block] = []
    while len(found) < _BLOCKS:
        depthwise, second = next(convolutions), next(convolutions)
        outputs, inputs = channels[second[0]][:2]
        if outputs < inputs:
            found.append((depthwise, second, next(convolutions), next(convolutions), next(convolutions)))
        else:
            found.append((depthwise, None, None, second, next(convolutions)))
    return found
