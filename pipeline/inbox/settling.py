"""Which files have come to rest: copied by a scanner or over a network, a file grows before our eyes.

Modification times are not trusted for this (copying programs set them back), only what changes
between one look and the next.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.inbox.scan import InboxFile


@dataclass(frozen=True, slots=True, kw_only=True)
class _Observed:
    first: float
    """When the path was first seen, seconds of a monotonic clock."""
    since: float
    """Since when it looks the same."""
    looks: tuple[int, int, tuple[int, int]]


class Settling:
    """Watches files between looks.

    It judges by when it looked, never by what time it has become since: how a file is now nobody knows before the next
    look, and on a machine that stood still for a while everything would seem to have waited long.
    """

    def __init__(self, settle: float, patience: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with nothing observed.

        Args:
            settle: seconds for which a file must stay as it is.
            patience: seconds after which an incomplete file that stays as it is counts as cut off.
            clock: seconds that never go back.
        """
        self._settle = settle
        self._patience = max(patience, settle)  # who settles slowly must be waited for
        self._clock = clock
        self._looked = clock()
        self._observed: dict[Path, _Observed] = {}

    def observe(self, files: Iterable[InboxFile]) -> None:
        """Take note of one look; what is gone is forgotten."""
        now = self._looked = self._clock()
        observed = {}
        for file in files:
            looks = (file.size, file.mtime_ns, file.identity)
            known = self._observed.get(file.path)
            if known is None:
                known = _Observed(first=now, since=now, looks=looks)
            elif known.looks != looks:
                known = _Observed(first=known.first, since=now, looks=looks)
            observed[file.path] = known
        self._observed = observed

    def settled(self, path: Path) -> bool:
        """Whether a file was unchanged for the settling time."""
        return self._looked - self._observed[path].since >= self._settle

    def out_of_patience(self, path: Path) -> bool:
        """Whether a file was unchanged for so long that it will not become complete."""
        return self._looked - self._observed[path].since >= self._patience

    def long_observed(self, path: Path) -> bool:
        """Whether a file was in sight for the time of patience, changing or not."""
        return self._looked - self._observed[path].first >= self._patience
