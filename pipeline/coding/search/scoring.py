"""From measures to a probability that a code is right.

Two steps, both fitted (see `calibration.toml` for the numbers and the data they come from): a weighed sum
ranks the codes of a system against each other and gives each its share; the share, with how much of text
and wording agree, gives the chance that it is right at all.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.coding.search.features import NAMES
from pipeline.errors import SetupError

Real: TypeAlias = NDArray[np.float64]

_TABLE = Path(__file__).parent / "calibration.toml"
CHANCE = ("share", "letters", "asked", "told", "exact")
"""What the chance is made of, besides its bias."""
_EDGE = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The fitted numbers."""

    rank: Real
    """One for each of `features.NAMES`."""
    none: float
    """The weighed sum of "none of these": what a code must beat to have a share at all."""
    chance: Real
    """One for each of `CHANCE`, then the bias."""


def load_weights(path: Path = _TABLE) -> Weights:
    """Read the fitted numbers.

    Raises:
        SetupError: the file is missing or does not hold them.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        none = float(values["rank"]["none"])
        rank = np.array([float(values["rank"][name]) for name in NAMES])
        chance = np.array([float(values["chance"][name]) for name in (*CHANCE, "bias")])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetupError(f"The table {path.name} does not hold the weights of every measure: {error}.") from error
    return Weights(rank=rank, none=none, chance=chance)


def shares(sums: Real, none: float) -> Real:
    """Each code's share: softmax over the codes of one system and "none of these"."""
    top = max(float(sums.max(initial=none)), none)
    powers = np.exp(sums - top)
    return np.asarray(powers / (powers.sum() + np.exp(none - top)))


def chance_inputs(share: Real, measures: NDArray[np.float32]) -> Real:
    """The columns that the chance is made of: the share as its log-odds, the measures of `CHANCE`, the bias."""
    clipped = np.clip(share, _EDGE, 1 - _EDGE)
    wanted = measures[:, [NAMES.index(name) for name in CHANCE[1:]]].astype(np.float64)
    return np.column_stack([np.log(clipped / (1 - clipped)), wanted, np.ones_like(clipped)])


def chances(weights: Weights, inputs: Real) -> Real:
    """The chance of each code to be right, 0 to 1."""
    return np.asarray(1 / (1 + np.exp(-(inputs @ weights.chance))))
