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
from dataclasses import dataclass, replace

from pipeline.errors import (
    ChartError,
    DamagedFileError,
    EmptyFileError,
    InkchartError,
    LostOriginalError,
    OversizedFileError,
    ProgramFaultError,
    ReadingFailedError,
)
from pipeline.inbox.originals import Originals
from pipeline.inbox.scan import InboxFile, Snapshot, look
from pipeline.inbox.settling import Settling
from pipeline.inbox.whole import is_complete
from pipeline.pool import ReadingPool
from pipeline.progress import PageAdvice, Progress, Step, Tally
from pipeline.records import Reading
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.store.rows import Arrival, ArrivalState
from pipeline.worker.live import Live
from pipeline.worker.receipts import Receipts

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A chart that is to be read."""

    arrival: Arrival
    document: str
    again: bool = False
    """It was read before, and somebody asked for a new reading."""


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
        self._receipts = Receipts(settings, store, originals)
        self._live = Live(settings, store)
        self._reading: dict[Future[Reading], Job] = {}
        self._queue: list[Job] = []
        self._suspects: set[str] = set()  # documents that took a process down: read alone, to know who it was
        self._postponed: set[int] = set()  # arrivals whose content another one is just bringing
        self._tally = Tally()

    def drain(self, stop: threading.Event | None = None) -> Tally:
        """Work until nothing more can be taken, or `stop` is set; files that still grow stay waiting.

        Raises:
            SetupError: the machine is not set up for this, or the disk is full; nothing was lost.
        """
        settling = Settling(self._settings.inbox.settle_seconds, self._settings.inbox.patience_seconds_once)
        with self._live.working():
            self._resume()
            while stop is None or not stop.is_set():
                files = self._pass(settling).files
                if not self._reading and not self._queue and all(settling.long_observed(f.path) for f in files):
                    break
                self._collect(0.2)
        return self._tally

    def watch(self, stop: threading.Event, wake: threading.Event) -> Tally:
        """Work until `stop` is set; `wake` ends a pause early.

        Raises:
            SetupError: the machine is not set up for this, or the disk is full; nothing was lost.
        """
        settling = Settling(self._settings.inbox.settle_seconds, self._settings.inbox.patience_seconds)
        with self._live.working():
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

    def _queue_what_is_asked(self) -> None:
        """What was begun before a stop, what is to be tried again, and what is to be read again."""
        arrivals = {job.arrival.id for job in (*self._reading.values(), *self._queue)}
        for arrival in self._store.arrivals.undecided(ArrivalState.READING):
            if arrival.id not in arrivals and arrival.document is not None:
                self._queue.append(Job(arrival=arrival, document=arrival.document))
        documents = {job.document for job in (*self._reading.values(), *self._queue)}
        for wanted in self._store.clerk.wanted():
            if wanted.arrival.document is not None and wanted.arrival.document not in documents:
                self._queue.append(Job(arrival=wanted.arrival, document=wanted.arrival.document, again=True))

    def _pass(self, settling: Settling) -> Snapshot:
        """One look through the inbox and all that follows from it."""
        self._live.beat()
        self._not_moved(*self._receipts.purge())
        self._queue_what_is_asked()
        while self._queue and self._room_for(self._queue[0].document):
            self._start(self._queue.pop(0))
        snapshot = look(self._inbox)
        settling.observe(snapshot.files)
        arrivals = self._store.arrivals.sight(snapshot.files)
        waiting = [file for file in snapshot.files if arrivals[file.path].state is ArrivalState.WAITING]
        for file in waiting:
            arrival = arrivals[file.path]
            if arrival.id not in self._postponed and settling.settled(file.path) and self._room_for(arrival.document):
                self._take(file, arrival, cut_off=settling.out_of_patience(file.path))
        still = {arrival.id for arrival in self._store.arrivals.undecided(ArrivalState.WAITING)}
        self._tally = replace(
            self._tally,
            waiting=tuple(file.name for file in waiting if arrivals[file.path].id in still),
            passed_over=snapshot.passed_over,
        )
        self._live.looked(snapshot, self._tally.unmoved)
        return snapshot

    def _room_for(self, document: str | None) -> bool:
        alone = document in self._suspects or any(job.document in self._suspects for job in self._reading.values())
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
            self._reject_file(arrival, error)
            return
        if original is None:
            return  # it changed under our hands: not whole yet
        arrival = self._store.arrivals.take(arrival.id, original.sha256, size=original.size, mtime_ns=original.mtime_ns)
        match arrival.state:
            case ArrivalState.READING if complete:
                self._start(Job(arrival=arrival, document=arrival.document or ""))
            case ArrivalState.READING:
                self._reject_file(arrival, EmptyFileError() if original.size == 0 else DamagedFileError())
            case ArrivalState.DUPLICATE:
                self._tally = replace(self._tally, duplicates=self._tally.duplicates + 1)
                self._tell(Progress(step=Step.DUPLICATE, arrival=arrival))
                self._move(arrival)
            case _:
                self._postponed.add(arrival.id)

    def _start(self, job: Job) -> None:
        """Give a chart to a reading process."""
        document = self._store.arrivals.document(job.document)
        if document is None or not self._originals.path(document.sha256).is_file():
            self._reject(job, LostOriginalError())
            return
        self._live.reads(job.document, job.arrival.id, again=job.again, crashes=document.attempts)
        self._reading[self._pool.submit(document.id, self._originals.path(document.sha256))] = job
        self._tell(Progress(step=Step.STARTED, arrival=job.arrival))

    def _collect(self, seconds: float) -> None:
        """Wait for readings for a while, keep those that are done, and tell of pages."""
        if not self._reading:
            time.sleep(seconds)
            return
        done, _ = wait(self._reading, timeout=seconds, return_when=FIRST_COMPLETED)
        by_document = {job.document: job for job in self._reading.values()}
        for page in self._pool.pages_done():
            self._live.page(page)
            if page.number and page.document in by_document:
                self._tell(Progress(step=Step.PAGE, arrival=by_document[page.document].arrival, page=page.number))
        self._live.beat()
        broken = [future for future in done if isinstance(future.exception(), BrokenProcessPool)]
        for future in (*(done - set(broken)), *broken):  # what was read before a crash is kept
            job = self._reading.pop(future)
            try:
                reading = future.result()
            except ChartError as error:
                self._reject(job, error)
            except BrokenProcessPool:
                self._after_crash([job, *self._reading.values()])
                return
            except InkchartError:
                raise
            except Exception as error:
                log.error("%s in document %s\n%s", type(error).__name__, job.document, _where(error))
                self._tally = replace(self._tally, failed=self._tally.failed + 1)
                self._reject(job, ProgramFaultError())
            else:
                self._keep(reading, job)

    def _keep(self, reading: Reading, job: Job) -> None:
        self._store.readings.add(reading, arrival=None if job.again else job.arrival.id)
        self._postponed.clear()
        self._suspects.discard(reading.document)
        advice = tuple(PageAdvice(page=p.number, sentence=p.quality.advice) for p in reading.pages if p.quality.advice)
        self._tally = replace(
            self._tally,
            read=self._tally.read + 1,
            pages=self._tally.pages + len(reading.pages),
            advised=self._tally.advised + len(advice),
        )
        if not job.again:
            self._move(self._store.arrivals.of(job.arrival.id))
        self._live.ends(job.document)
        self._tell(Progress(step=Step.READ, arrival=job.arrival, advice=advice))

    def _reject(self, job: Job, error: ChartError) -> None:
        """A chart cannot be read; one that was read before keeps that reading."""
        self._suspects.discard(job.document)
        self._live.ends(job.document)
        if not job.again:
            self._reject_file(job.arrival, error)
            return
        self._store.clerk.not_read_again(job.document, str(error))
        self._tally = replace(self._tally, rejected=self._tally.rejected + 1)
        self._tell(Progress(step=Step.REJECTED, arrival=replace(job.arrival, sentence=str(error))))

    def _reject_file(self, arrival: Arrival, error: ChartError) -> None:
        arrival = self._store.arrivals.reject(arrival.id, str(error))
        self._postponed.clear()
        self._tally = replace(self._tally, rejected=self._tally.rejected + 1)
        self._move(arrival)
        self._tell(Progress(step=Step.REJECTED, arrival=arrival))

    def _after_crash(self, jobs: list[Job]) -> None:
        """A reading process died and all its neighbours' charts with it: read each again, alone.

        Only a chart that was alone is charged with the crash.
        """
        self._pool.restart()
        self._reading.clear()
        for job in jobs:
            alone = len(jobs) == 1
            if alone and self._store.arrivals.count_attempt(job.document) >= self._settings.worker.attempts:
                self._reject(job, ReadingFailedError())
            else:
                self._live.breaks_off(job.document)
                self._suspects.add(job.document)
                self._queue.append(job)

    def _move(self, arrival: Arrival) -> None:
        """Bring a decided file out of the inbox, as the clerk's receipt."""
        problem = self._receipts.move(arrival)
        if problem is not None:
            self._not_moved(problem)

    def _not_moved(self, *sentences: str) -> None:
        self._tally = replace(self._tally, unmoved=(*self._tally.unmoved, *sentences))


def _where(error: BaseException) -> str:
    """Where an error came from, also in another process; without its message, which may quote the chart."""
    lines = "".join(traceback.format_exception(error)).splitlines()
    return "\n".join(line for line in lines if line.startswith('  File "'))
