"""How long a mention takes from its words to candidates, and what finding and coding take to load, in time and memory.

Loading is measured in a process of its own, the books compiled before: `python -m pipeline.evaluation.coding_speed
FOLDER`. Times depend on the machine and on what else it does.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import numpy as np

from pipeline.codebooks import load_books
from pipeline.coding import Suggester
from pipeline.entities import EncounterFinder, EntityFinder, load_packaged
from pipeline.errors import SetupError
from pipeline.evaluation.coding_data import Asked
from pipeline.evaluation.coding_terms import Suggest
from pipeline.lexicon import Term, load_lexicon
from pipeline.onnx import read_manifest
from pipeline.settings import CodingSettings

WARM_UP = 20
"""Mentions that are asked before any is timed."""
_LIMIT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """What a fresh process needed to load entities and coding."""

    seconds: float
    """From the start of the process, imports included, to ready stages."""
    megabytes: float
    """Resident memory when they are ready, 2**20 bytes; what is mapped from files counts as far as it was read."""
    peak_megabytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionTimes:
    """Milliseconds a mention."""

    count: int
    median: float
    percentile_95: float


def measure_mentions(asked: Sequence[Asked], suggest: Suggest) -> MentionTimes:
    """Time every mention once, those of the warm-up twice."""
    times = []
    for place, one in enumerate([*asked[:WARM_UP], *asked]):
        before = time.perf_counter()
        suggest(one.text, one.label, one.on, _LIMIT)
        if place >= min(WARM_UP, len(asked)):
            times.append(1000 * (time.perf_counter() - before))
    return MentionTimes(count=len(times), median=median(times), percentile_95=float(np.percentile(times, 95)))


def measure_loading(data: Path) -> Loading:
    """Load entities and coding in a fresh process with one thread.

    Args:
        data: folder whose `cache` holds the compiled code books.

    Raises:
        SetupError: the process did not end well.
    """
    load_books(data / "cache", data_dir=data)
    ran = subprocess.run(
        [sys.executable, "-m", "pipeline.evaluation.coding_speed", str(data)],
        capture_output=True,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    if ran.returncode != 0:
        raise SetupError(f"Loading entities and coding ended with {ran.returncode} while it was measured.")
    return Loading(**json.loads(ran.stdout))


def load(data: Path) -> Loading:
    """Load what a typed note needs, in this process."""
    lexicon, books = load_lexicon(), load_books(data / "cache", data_dir=data)
    terms = (Term(text=text, label=label, normalized=normalized) for text, label, normalized in books.terms())
    stages = (
        EntityFinder(lexicon, load_packaged(read_manifest()["entities"].checked()), terms),
        EncounterFinder(lexicon),
        Suggester(books, CodingSettings()),
    )
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines())
    resident, peak = (int(status[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    del stages
    return Loading(seconds=_alive(), megabytes=resident, peak_megabytes=peak)


def _alive() -> float:
    """Seconds since this process began, so that imports count."""
    fields = Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(load(Path(sys.argv[1])))))
