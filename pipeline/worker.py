"""The loop: what lies in the inbox is taken, read, kept and moved, in this order.

The order is what makes that nothing is lost: the original is on the disk before the store names
it, the store has committed before the inbox file moves. Stopped at any point, the next start goes
on from what the store says.
"""

import logging
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.errors import (
    ChartError,
    DamagedFileError,
    EmptyFileError,
    InkchartError,
    LostOriginalError,
    OversizedFileError,
    ProgramFaultError,
    ReadingFailedError,
    UnmovableFileError,
)
from pipeline.inbox.moves import Outcome, execute, plan, purge
from pipeline.inbox.originals import Originals
from pipeline.inbox.scan import DONE, REJECTED, InboxFile, Snapshot, look
from pipeline.inbox.settling import Settling
from pipeline.inbox.whole import is_complete
from pipeline.pool import ReadingPool
from pipeline.progress import PageAdvice, Progress, Step, Tally
from pipeline.records import Reading
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.store.rows import Arrival, ArrivalState

log = logging.getLogger(__name__)

PURGE_EVERY_SECONDS = 3600.0


class Worker:
    """Works through the inbox."""

    def __init__(
        self,
        *,
        settings: Settings,
        store: Store,
        originals: Originals,
        pool: ReadingPool,
        tell: Callable[[Progress], None] = lambda progress: None,
    ) -> None:
        self._settings = settings
        self._inbox = settings.inbox_dir
        self._store = store
        self._originals = originals
        self._pool = pool
        self._tell = tell
        self._reading: dict[Future[Reading], Arrival] = {}
        self._queue: list[Arrival] = []
        self._suspects: set[str] = set()  # documents that took a process down: read alone, to know who it was
        self._postponed: set[int] = set()  # arrivals whose content another one is just bringing
        self._tally = Tally()
        self._next_purge = 0.0

    def drain(self, stop: threading.Event | None = None) -> Tally:
        """Work until nothing more can be taken, or `stop` is set; files that still grow stay waiting.

        Raises:
            SetupError: the machine is not set up for this, or the disk is full; nothing was lost.
        """
        settling = Settling(self._settings.inbox.settle_seconds, self._settings.inbox.patience_seconds_once)
        self._resume()
        while stop is None or not stop.is_set():
            snapshot = self._pass(settling)
            if not self._reading and not self._queue and all(settling.long_observed(f.path) for f in snapshot.files):
                break
            self._collect(0.2)
        return self._tally

    def watch(self, stop: threading.Event, wake: threading.Event) -> Tally:
        """Work until `stop` is set; `wake` ends a pause early.

        Raises:
            SetupError: the machine is not set up for this, or the disk is full; nothing was lost.
        """
        settling = Settling(self._settings.inbox.settle_seconds, self._settings.inbox.patience_seconds)
        self._resume()
        while not stop.is_set():
            snapshot = self._pass(settling)
            if self._reading:
                self._collect(0.5)
            else:
                wake.wait(0.5 if snapshot.files else self._settings.inbox.poll_seconds)
                wake.clear()
        return self._tally

    def _resume(self) -> None:
        """Go on where the last run stopped."""
        self._originals.clear_unfinished()
        for arrival in self._store.arrivals.unmoved():
            self._move(arrival)
        self._queue = [a for a in self._store.arrivals.undecided() if a.state is ArrivalState.READING]

    def _pass(self, settling: Settling) -> Snapshot:
        """One look through the inbox and all that follows from it."""
        self._purge()
        while self._queue and self._room_for(self._queue[0]):
            self._start(self._queue.pop(0))
        snapshot = look(self._inbox)
        settling.observe(snapshot.files)
        arrivals = self._store.arrivals.sight(snapshot.files)
        waiting = [file for file in snapshot.files if arrivals[file.path].state is ArrivalState.WAITING]
        for file in waiting:
            arrival = arrivals[file.path]
            if arrival.id not in self._postponed and settling.settled(file.path) and self._room_for(arrival):
                self._take(file, arrival, cut_off=settling.out_of_patience(file.path))
        still = {arrival.id for arrival in self._store.arrivals.undecided() if arrival.state is ArrivalState.WAITING}
        self._tally = replace(
            self._tally,
            waiting=tuple(file.name for file in waiting if arrivals[file.path].id in still),
            passed_over=snapshot.passed_over,
        )
        return snapshot

    def _room_for(self, arrival: Arrival) -> bool:
        alone = arrival.document in self._suspects or any(a.document in self._suspects for a in self._reading.values())
        return len(self._reading) < (1 if alone else self._pool.workers)

    def _take(self, file: InboxFile, arrival: Arrival, *, cut_off: bool) -> None:
        """Bring a settled file's content to safety and say what becomes of it."""
        source = self._inbox / file.path
        try:
            if file.size > self._settings.inbox.max_bytes:
                raise OversizedFileError
            complete = is_complete(source)
            if not complete and not cut_off:
                return
            original = self._originals.take(source)
        except ChartError as error:
            self._reject(arrival, error)
            return
        if original is None:
            return  # it changed under our hands: not whole yet
        arrival = self._store.arrivals.take(arrival.id, original.sha256, size=original.size, mtime_ns=original.mtime_ns)
        match arrival.state:
            case ArrivalState.READING if complete:
                self._start(arrival)
            case ArrivalState.READING:
                self._reject(arrival, EmptyFileError() if original.size == 0 else DamagedFileError())
            case ArrivalState.DUPLICATE:
                self._tally = replace(self._tally, duplicates=self._tally.duplicates + 1)
                self._tell(Progress(step=Step.DUPLICATE, arrival=arrival))
                self._move(arrival)
            case _:
                self._postponed.add(arrival.id)

    def _start(self, arrival: Arrival) -> None:
        """Give a chart to a reading process."""
        document = self._store.arrivals.document(arrival.document or "")
        if document is None or not self._originals.path(document.sha256).is_file():
            self._reject(arrival, LostOriginalError())
            return
        self._reading[self._pool.submit(document.id, self._originals.path(document.sha256))] = arrival
        self._tell(Progress(step=Step.STARTED, arrival=arrival))

    def _collect(self, seconds: float) -> None:
        """Wait for readings for a while, keep those that are done, and tell of pages."""
        if not self._reading:
            time.sleep(seconds)
            return
        done, _ = wait(self._reading, timeout=seconds, return_when=FIRST_COMPLETED)
        by_document = {arrival.document: arrival for arrival in self._reading.values()}
        for page in self._pool.pages_done():
            if page.document in by_document:
                self._tell(Progress(step=Step.PAGE, arrival=by_document[page.document], page=page.number))
        broken = [future for future in done if isinstance(future.exception(), BrokenProcessPool)]
        for future in (*(done - set(broken)), *broken):  # what was read before a crash is kept
            arrival = self._reading.pop(future)
            try:
                reading = future.result()
            except ChartError as error:
                self._reject(arrival, error)
            except BrokenProcessPool:
                self._after_crash([arrival, *self._reading.values()])
                return
            except InkchartError:
                raise
            except Exception as error:
                log.error("%s in document %s\n%s", type(error).__name__, arrival.document, _where(error))
                self._tally = replace(self._tally, failed=self._tally.failed + 1)
                self._reject(arrival, ProgramFaultError())
            else:
                self._keep(reading, arrival)

    def _keep(self, reading: Reading, arrival: Arrival) -> None:
        self._store.readings.add(reading, arrival=arrival.id)
        self._postponed.clear()
        self._suspects.discard(reading.document)
        advice = tuple(PageAdvice(page=p.number, sentence=p.quality.advice) for p in reading.pages if p.quality.advice)
        self._tally = replace(
            self._tally,
            read=self._tally.read + 1,
            pages=self._tally.pages + len(reading.pages),
            advised=self._tally.advised + len(advice),
        )
        self._move(self._store.arrivals.of(arrival.id))
        self._tell(Progress(step=Step.READ, arrival=arrival, advice=advice))

    def _reject(self, arrival: Arrival, error: ChartError) -> None:
        arrival = self._store.arrivals.reject(arrival.id, str(error))
        self._postponed.clear()
        self._tally = replace(self._tally, rejected=self._tally.rejected + 1)
        self._move(arrival)
        self._tell(Progress(step=Step.REJECTED, arrival=arrival))

    def _after_crash(self, arrivals: list[Arrival]) -> None:
        """A reading process died and all its neighbours' charts with it: read each again, alone.

        Only a chart that was alone is charged with the crash.
        """
        self._pool.restart()
        self._reading.clear()
        for arrival in arrivals:
            assert arrival.document is not None  # it was being read
            alone = len(arrivals) == 1
            if alone and self._store.arrivals.count_attempt(arrival.document) >= self._settings.worker.attempts:
                self._reject(arrival, ReadingFailedError())
            else:
                self._suspects.add(arrival.document)
                self._queue.append(arrival)

    def _move(self, arrival: Arrival) -> None:
        """Bring a decided file out of the inbox, as the clerk's receipt."""
        rejected = arrival.state is ArrivalState.REJECTED
        moved_to = arrival.moved_to
        while True:
            if moved_to is None:
                id = arrival.document or f"{arrival.id:08d}"
                moved_to = plan(self._inbox, arrival.path, REJECTED if rejected else DONE, id=id)
                self._store.arrivals.plan_move(arrival.id, moved_to)
            try:
                outcome = execute(
                    self._inbox,
                    arrival.path,
                    moved_to,
                    size=arrival.size,
                    mtime_ns=arrival.mtime_ns,
                    sentence=arrival.sentence,
                )
            except UnmovableFileError as error:  # tried again with the next start; reconcile names it until then
                self._tally = replace(self._tally, unmoved=(*self._tally.unmoved, str(error)))
                return
            match outcome:
                case Outcome.MOVED:
                    self._store.arrivals.moved(arrival.id)
                    return
                case Outcome.GONE:
                    self._store.arrivals.gone(arrival.id)
                    return
                case Outcome.TAKEN:
                    moved_to = None

    def _purge(self) -> None:
        """Delete receipts whose time is over, once in a while; each is recorded."""
        days = self._settings.inbox.done_days
        if days == 0 or time.monotonic() < self._next_purge:
            return
        self._next_purge = time.monotonic() + PURGE_EVERY_SECONDS
        for arrival in self._store.arrivals.moved_before(datetime.now(UTC) - timedelta(days=days)):
            document = self._store.arrivals.document(arrival.document or "")
            if arrival.moved_to is not None and document is not None and self._originals.intact(document.sha256):
                try:
                    purge(self._inbox, arrival.moved_to, size=arrival.size, mtime_ns=arrival.mtime_ns)
                except UnmovableFileError as error:  # no reason to leave charts unread
                    self._tally = replace(self._tally, unmoved=(*self._tally.unmoved, str(error)))
                else:
                    self._store.arrivals.purged(arrival.id)


def _where(error: BaseException) -> str:
    """Where an error came from, also in another process; without its message, which may quote the chart."""
    lines = "".join(traceback.format_exception(error)).splitlines()
    return "\n".join(line for line in lines if line.startswith('  File "'))
