"""The clerk's receipts: decided files go to `done/` or `rejected/`, and old ones are purged."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from pipeline.errors import UnmovableFileError
from pipeline.inbox.moves import Outcome, execute, plan, purge
from pipeline.inbox.originals import Originals
from pipeline.inbox.scan import DONE, REJECTED
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.store.rows import Arrival, ArrivalState

PURGE_EVERY_SECONDS = 3600.0


class Receipts:
    """Moves what is decided; each move is planned and committed before it is done."""

    def __init__(self, settings: Settings, store: Store, originals: Originals) -> None:
        self._inbox = settings.inbox_dir
        self._days = settings.inbox.done_days
        self._arrivals = store.arrivals
        self._originals = originals
        self._next_purge = 0.0

    def move(self, arrival: Arrival) -> str | None:
        """Bring a decided file out of the inbox, or from `rejected/` to `done/`; a sentence where that fails."""
        folder = REJECTED if arrival.state is ArrivalState.REJECTED else DONE
        moved_to = arrival.moved_to
        while True:
            if moved_to is None:
                moved_to = plan(self._inbox, arrival.path, folder, id=arrival.document or f"{arrival.id:08d}")
                self._arrivals.plan_move(arrival.id, moved_to)
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
                return str(error)
            match outcome:
                case Outcome.MOVED:
                    self._arrivals.moved(arrival.id)
                    return None
                case Outcome.GONE:
                    self._arrivals.gone(arrival.id)
                    return None
                case Outcome.TAKEN:
                    moved_to = None

    def purge(self) -> Iterator[str]:
        """Delete receipts whose time is over, once in a while; each is recorded, and what fails is told."""
        if self._days == 0 or time.monotonic() < self._next_purge:
            return
        self._next_purge = time.monotonic() + PURGE_EVERY_SECONDS
        for arrival in self._arrivals.moved_before(datetime.now(UTC) - timedelta(days=self._days)):
            document = self._arrivals.document(arrival.document or "")
            if arrival.moved_to is not None and document is not None and self._originals.intact(document.sha256):
                try:
                    purge(self._inbox, arrival.moved_to, size=arrival.size, mtime_ns=arrival.mtime_ns)
                except UnmovableFileError as error:  # no reason to leave charts unread
                    yield str(error)
                else:
                    self._arrivals.purged(arrival.id)
