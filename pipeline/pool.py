"""Reading processes: charts are read side by side, and one that takes its process down takes no other with it."""

import ctypes
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING

from pipeline.errors import SetupError
from pipeline.process import Stages, process
from pipeline.records import Reading
from pipeline.settings import Settings

if TYPE_CHECKING:
    from multiprocessing.queues import Queue

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDone:
    """A page was read."""

    document: str
    number: int
    """Of the page; 0 where the file was opened and none is read yet."""
    of: int | None = None
    """Pages of the file, where this is known."""


class ReadingPool:
    """Processes that each hold one set of stages and read one chart at a time."""

    def __init__(self, settings: Settings, build: Callable[[Settings], Stages], workers: int) -> None:
        """Take what is needed; the processes start with the first chart.

        Args:
            settings: given to `build` in each process.
            build: makes the stages; a function of a module, since it is called in other processes.
            workers: how many processes.
        """
        self.workers = workers
        self._settings = settings
        self._build = build
        self._context = get_context("spawn")
        self._done: Queue[PageDone] = self._context.Queue()
        self._executor: ProcessPoolExecutor | None = None

    def submit(self, document: str, source: Path) -> "Future[Reading]":
        """Read a chart; the future ends with its reading, with an InkchartError, or with BrokenProcessPool."""
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                self.workers,
                mp_context=self._context,
                initializer=_set_up,
                initargs=(os.getpid(), self._settings, self._build, self._done),
            )
        try:
            return self._executor.submit(_read, document, source)
        except BrokenProcessPool as error:  # another chart's process died a moment ago
            future: Future[Reading] = Future()
            future.set_exception(error)
            return future

    def pages_done(self) -> Iterator[PageDone]:
        """Pages that were read since the last call."""
        while True:
            try:
                yield self._done.get_nowait()
            except Empty:
                return

    def restart(self) -> None:
        """Replace the processes after one of them died."""
        self.close()

    def close(self) -> None:
        """End the processes at once; what they were reading is not finished."""
        if self._executor is not None:
            processes = list((self._executor._processes or {}).values())
            for child in processes:
                child.kill()
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None


def die_with_parent(number: signal.Signals) -> None:
    """Get this signal when the parent is gone, however it went; a process left over would hold its locks."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


_stages: Stages | SetupError | None = None
_pages: "Queue[PageDone] | None" = None


def _set_up(parent: int, settings: Settings, build: Callable[[Settings], Stages], done: "Queue[PageDone]") -> None:
    """Runs once in each reading process."""
    global _stages, _pages
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    die_with_parent(signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    os.nice(5)  # the review screen stays quick while charts are read
    _pages = done
    try:
        _stages = build(settings)
    except SetupError as error:
        _stages = error  # told with the first chart: from here it would only break the pool


def _read(document: str, source: Path) -> Reading:
    assert _stages is not None and _pages is not None  # the initializer ran
    if isinstance(_stages, SetupError):
        raise _stages
    pages = _pages
    return process(
        document,
        source,
        _stages,
        on_page=lambda number: pages.put(PageDone(document=document, number=number)),
        on_count=lambda count: pages.put(PageDone(document=document, number=0, of=count)),
    )
