"""What people see: consoles, JSON Lines and the progress of the worker."""

import json
import sys
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from pipeline.inbox.scan import REJECTED
from pipeline.progress import Progress as Told
from pipeline.progress import Step, Tally

out = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def print_json(value: dict[str, object]) -> None:
    """One object on one line, as UTF-8; what has no UTF-8 (a broken file name) is escaped as JSON does."""
    line = json.dumps(value, ensure_ascii=False)
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


class Board:
    """The worker's progress on a terminal: one line a chart that is being read, one when it is done."""

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=12, pulse_style="cyan"),
            TextColumn("{task.fields[pages]}"),
            TimeElapsedColumn(),
            console=out,
            transient=True,
        )
        self._tasks: dict[int, TaskID] = {}

    def __enter__(self) -> "Board":
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._progress.stop()

    def __call__(self, told: Told) -> None:
        """Show one thing that happened."""
        name, id = escape(told.arrival.name), told.arrival.id
        match told.step:
            case Step.STARTED:
                if id not in self._tasks:
                    self._tasks[id] = self._progress.add_task(name, total=None, pages="")
            case Step.PAGE:
                if id in self._tasks:
                    self._progress.update(self._tasks[id], pages=f"page {told.page}")
            case Step.READ:
                self._end(id, f"[green]read[/]       {name}")
                for advice in told.advice:
                    out.print(f"[yellow]scan again[/] {name}, page {advice.page}: {escape(advice.sentence)}")
            case Step.DUPLICATE:
                self._end(id, f"[yellow]duplicate[/]  {name}")
            case Step.REJECTED:
                self._end(id, f"[red]rejected[/]   {name}: {escape(told.arrival.sentence or '')}")

    def _end(self, id: int, line: str) -> None:
        if id in self._tasks:
            self._progress.remove_task(self._tasks.pop(id))
        self._progress.console.print(line)


def print_tally(tally: Tally) -> None:
    """What one run did, in a few lines."""
    duplicates = f", {tally.duplicates} duplicate" + "s" * (tally.duplicates != 1) if tally.duplicates else ""
    rejected = f", {tally.rejected} rejected (see {REJECTED}/)" if tally.rejected else ""
    out.print(f"{tally.read} read ({tally.pages} pages){duplicates}{rejected}.")
    if tally.advised:
        pages = "1 page is" if tally.advised == 1 else f"{tally.advised} pages are"
        out.print(f"{pages} better scanned again; what was read of them is kept.")
    for name in tally.waiting:
        out.print(f"[yellow]waiting[/]    {escape(name)}: it is not whole yet.")
    for sentence in tally.unmoved:
        out.print(f"[yellow]not moved[/]  {escape(sentence)}")
    for sentence in tally.passed_over:
        out.print(f"[yellow]passed over[/] {escape(sentence)}")
