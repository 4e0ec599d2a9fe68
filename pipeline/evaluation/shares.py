"""A share: how many of how many, and over several charts."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many right of so many."""

    right: int
    of: int


def rate(shares: Sequence[Share]) -> float | None:
    """The share over all; None where there was nothing to get right."""
    of = sum(share.of for share in shares)
    return sum(share.right for share in shares) / of if of else None


def together(parts: Sequence[Share]) -> Share:
    """Several shares as one."""
    return Share(right=sum(part.right for part in parts), of=sum(part.of for part in parts))
