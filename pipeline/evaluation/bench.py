"""`make bench`: does memory stay flat with a chart's length, how many pages a minute are read, how fast is a note?

Long PDFs are made from the samples' pages in a temporary folder and read by `inkchart run --once`, each
time with a fresh inbox and store. Memory is the resident set of the process and all its children,
summed from /proc four times a second; pages that processes share are counted once for each. Before them, while
the machine does nothing else, a typed note is timed from text to findings.

    python -m pipeline.evaluation.bench [notes=21] [pages=300] [short=30] [charts=12] [workers=1,2] [samples=samples]
        [out=out]
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import cycle, islice
from pathlib import Path

from PIL import Image, ImageOps, ImageSequence
from rich.console import Console
from rich.table import Table

from pipeline.errors import InkchartError, MissingProgramError, SetupError, UsageError
from pipeline.evaluation.note_speed import NoteSpeed, write_speed
from pipeline.evaluation.note_speed import measure as measure_note

PICTURES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".webp"})
DPI = 200
PAGES_A_CHART = 5
POLL_SECONDS = 0.25
AT_ONCE = 20
"""Pages held in memory while a chart is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is measured."""

    notes: int = 21
    """How often the typed note is read; 0 leaves this out."""
    pages: int = 300
    """Of the long chart; 0 leaves it and the short one out."""
    short: int = 30
    """Of the short chart."""
    charts: int = 12
    """Charts of five pages each, for the speed with several workers; 0 leaves this out."""
    workers: tuple[int, ...] = (1, 2)
    samples: Path = Path("samples")
    out: Path = Path("out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of `inkchart run --once`."""

    name: str
    charts: int
    pages: int
    workers: int
    seconds: float
    peak_mb: float
    """Most memory that the process and its children held at once, 2**20 bytes."""

    @property
    def pages_per_minute(self) -> float:
        """With the start of the program and the loading of models."""
        return 60 * self.pages / self.seconds


def plan(arguments: Sequence[str]) -> Plan:
    """Read `name=value` arguments.

    Raises:
        UsageError: a name is unknown or a value does not fit.
    """
    chosen = Plan()
    for argument in arguments:
        name, _, value = argument.partition("=")
        try:
            match name:
                case "notes":
                    chosen = replace(chosen, notes=int(value))
                case "pages":
                    chosen = replace(chosen, pages=int(value))
                case "short":
                    chosen = replace(chosen, short=int(value))
                case "charts":
                    chosen = replace(chosen, charts=int(value))
                case "workers":
                    chosen = replace(chosen, workers=tuple(int(number) for number in value.split(",")))
                case "samples":
                    chosen = replace(chosen, samples=Path(value))
                case "out":
                    chosen = replace(chosen, out=Path(value))
                case _:
                    raise UsageError(
                        f"{argument} is unknown; there are notes=, pages=, short=, charts=, workers=, samples=, out=."
                    )
        except ValueError as error:
            raise UsageError(f"{argument} is not a whole number; workers may be several, as workers=1,2.") from error
    if min(chosen.short, *chosen.workers) < 1 or min(chosen.notes, chosen.pages, chosen.charts) < 0:
        raise UsageError("short and workers are at least 1, notes, pages and charts at least 0.")
    return chosen


def bench(chosen: Plan) -> tuple[Run, ...]:
    """Make the charts and read them.

    Raises:
        UsageError: there are no samples to make charts from.
        SetupError: `inkchart` is not installed, or a run failed.
    """
    with tempfile.TemporaryDirectory(prefix="inkchart-bench-") as folder:
        work = Path(folder)
        runs = []
        for name, pages in (("short chart", chosen.short), ("long chart", chosen.pages)) if chosen.pages else ():
            inbox = work / name.replace(" ", "-")
            inbox.mkdir()
            write_chart(inbox / f"{pages}-pages.pdf", chosen.samples, pages)
            runs.append(read_inbox(name, inbox, work / f"{inbox.name}-data", 1, charts=1, pages=pages))
        for workers in chosen.workers if chosen.charts else ():
            inbox = work / f"inbox-{workers}"
            inbox.mkdir()
            for number in range(chosen.charts):
                write_chart(inbox / f"chart-{number}.pdf", chosen.samples, PAGES_A_CHART, skip=number * PAGES_A_CHART)
            pages = chosen.charts * PAGES_A_CHART
            data = work / f"data-{workers}"
            runs.append(read_inbox("many charts", inbox, data, workers, charts=chosen.charts, pages=pages))
    return tuple(runs)


def write_chart(path: Path, samples: Path, pages: int, *, skip: int = 0) -> None:
    """Write an image-only PDF of so many pages, taken in turn from the samples' pictures.

    Raises:
        UsageError: there are no pictures.
    """
    pictures = islice(_pictures(samples), skip, skip + pages)
    if not (batch := list(islice(pictures, AT_ONCE))):
        raise UsageError(f"{samples} holds no pictures to make a chart from.")
    while batch:
        first, *rest = batch
        first.save(
            path,
            "PDF",
            save_all=True,
            append_images=rest,
            append=path.exists(),
            resolution=DPI,
            quality=60,
            title=path.stem,
        )
        batch = list(islice(pictures, AT_ONCE))


def _pictures(samples: Path) -> Iterator[Image.Image]:
    """Pages of the samples' picture files, over and over; nothing where there are none."""
    files = sorted(path for path in samples.glob("*") if path.suffix in PICTURES)
    for path in cycle(files):
        with Image.open(path) as file:
            for frame in ImageSequence.Iterator(file):
                yield ImageOps.exif_transpose(frame.convert("L"))


def read_inbox(name: str, inbox: Path, data: Path, workers: int, *, charts: int, pages: int) -> Run:
    """Drain an inbox with a fresh store, watching time and memory.

    The store and the code books' cache are made before, by a run over an empty inbox that is not measured.

    Raises:
        SetupError: `inkchart` is not installed, or a run did not end well.
    """
    empty = data.with_name(f"{data.name}-empty")
    empty.mkdir()
    _drain(empty, data, workers)
    seconds, peak = _drain(inbox, data, workers)
    return Run(name=name, charts=charts, pages=pages, workers=workers, seconds=seconds, peak_mb=peak / 2**20)


def _drain(inbox: Path, data: Path, workers: int) -> tuple[float, int]:
    """One `inkchart run --once`; returns its seconds and its most memory, bytes."""
    program = Path(sys.executable).with_name("inkchart")
    if not program.exists():
        raise MissingProgramError(f"{program} is missing; `make install` makes it.")
    settings = {"INKCHART_INBOX": inbox, "INKCHART_DATA": data, "INKCHART_WORKER__WORKERS": workers}
    start, peak = time.monotonic(), 0
    with subprocess.Popen(
        [str(program), "run", "--once"],
        env={**os.environ, **{key: str(value) for key, value in settings.items()}},
        stdout=subprocess.DEVNULL,
    ) as process:
        while process.poll() is None:
            peak = max(peak, resident_bytes(process.pid))
            time.sleep(POLL_SECONDS)
    if process.returncode != 0:
        raise SetupError(f"`inkchart run --once` ended with {process.returncode} while it was measured.")
    return time.monotonic() - start, peak


def resident_bytes(root: int, proc: Path = Path("/proc")) -> int:
    """Resident memory of a process and everything below it; what ends meanwhile counts nothing."""
    parents: dict[int, int] = {}
    resident: dict[int, int] = {}
    page = os.sysconf("SC_PAGE_SIZE")
    for folder in proc.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        parents[int(folder.name)] = int(fields[1])
        resident[int(folder.name)] = int(fields[21]) * page
    return sum(size for pid, size in resident.items() if _below(pid, root, parents))


def _below(pid: int, root: int, parents: dict[int, int]) -> bool:
    """Whether a process is another or comes from it."""
    while pid != root and pid in parents and pid > 1:
        pid = parents[pid]
    return pid == root


def write_runs(runs: Sequence[Run], out: Path) -> Path:
    """Write `bench.json`; returns its path."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "bench.json"
    values = [{**asdict(run), "pages_per_minute": run.pages_per_minute} for run in runs]
    path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    return path


def main(arguments: Sequence[str]) -> int:
    """Measure and show; returns the exit code."""
    console = Console()
    try:
        chosen = plan(arguments)
        if chosen.notes:
            with tempfile.TemporaryDirectory(prefix="inkchart-bench-") as folder:
                speed = measure_note(Path(folder), times=chosen.notes)
            console.print(_note_table(speed))
            console.print(f"Written to {write_speed(speed, chosen.out)}.", markup=False)
        runs = bench(chosen)
    except InkchartError as error:
        console.print(str(error), markup=False)
        return error.exit_code
    if runs:
        console.print(_run_table(runs))
        console.print(f"Written to {write_runs(runs, chosen.out)}.", markup=False)
    return 0


def _note_table(speed: NoteSpeed) -> Table:
    table = Table(f"a typed note of {speed.words} words", f"median of {speed.times}")
    table.add_row("loading the finders", f"{speed.load_seconds:.2f} s")
    table.add_row("to findings and encounters", f"{speed.milliseconds:.1f} ms")
    table.add_row("spaCy's tokenizer alone", f"{speed.tokenizer_milliseconds:.2f} ms")
    table.add_row("ratio", f"{speed.ratio:.1f}")
    return table


def _run_table(runs: Sequence[Run]) -> Table:
    table = Table("run", "charts", "pages", "workers", "seconds", "peak memory, MB", "pages a minute")
    for run in runs:
        cells = (
            run.charts,
            run.pages,
            run.workers,
            f"{run.seconds:.0f}",
            f"{run.peak_mb:.0f}",
            f"{run.pages_per_minute:.1f}",
        )
        table.add_row(run.name, *map(str, cells))
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
