"""The worker's word to the clerk's page: that it lives, and how far each chart is.

At most one write a second, however many pages are read; and what cannot be written is left out, since it is only
for show: whatever is wrong with the store, the worker's own writes will say it.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from pipeline.errors import InkchartError, SetupError
from pipeline.inbox.scan import Snapshot
from pipeline.pool import PageDone
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.store.progress import Asides

EVERY_SECONDS = 1.0
PATIENCE_SECONDS = 30.0
"""A large file is copied and hashed between two words."""
BUG = "Inkchart's worker stopped by a fault of its own; start it again with `inkchart run`."


class Live:
    """What the worker tells of itself."""

    def __init__(self, settings: Settings, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._folders = (settings.data_dir, settings.inbox_dir)
        self._within = timedelta(seconds=PATIENCE_SECONDS + 2 * settings.inbox.poll_seconds)
        self._progress = store.progress
        self._clerk = store.clerk
        self._clock = clock
        self._next = 0.0
        self._pages: dict[str, tuple[int, int | None]] = {}
        self._told: dict[str, tuple[int, int | None]] = {}
        self._asides = Asides()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Tell that the worker begins and, however it ends, that it ended and why."""
        with suppress(SetupError):
            self._progress.starts(self._within)
        why: str | None = BUG
        try:
            yield
            why = None
        except (KeyboardInterrupt, SystemExit):
            why = None
            raise
        except InkchartError as error:
            why = str(error)
            raise
        finally:
            with suppress(SetupError):
                self._progress.stops(why)

    def reads(self, document: str, arrival: int, *, again: bool, crashes: int) -> None:
        """A chart goes to a reading process."""
        self._pages[document] = self._told[document] = (0, None)
        with suppress(SetupError):
            tries = 1 + crashes + (0 if again else self._clerk.tries(arrival))
            self._progress.reads(document, arrival=arrival, again=again, attempt=tries)

    def page(self, page: PageDone) -> None:
        """A page is done; written with the next beat."""
        if page.document in self._pages:
            done, of = self._pages[page.document]
            self._pages[page.document] = (max(done, page.number), page.of or of)

    def ends(self, document: str) -> None:
        """A chart is read or cannot be; the store knows it by what was kept."""
        self._pages.pop(document, None)

    def breaks_off(self, document: str) -> None:
        """A chart is not being read for now."""
        self._pages.pop(document, None)
        with suppress(SetupError):
            self._progress.ends(document)

    def looked(self, snapshot: Snapshot, unmoved: tuple[str, ...]) -> None:
        """What lies in the inbox and is not read."""
        self._asides = Asides(passed_over=snapshot.passed_over, unfinished=snapshot.unfinished, unmoved=unmoved)

    def beat(self) -> None:
        """Tell that the worker lives, at most once a second."""
        if self._clock() < self._next:
            return
        self._next = self._clock() + EVERY_SECONDS
        further = {document: pages for document, pages in self._pages.items() if self._told.get(document) != pages}
        self._told = dict(self._pages)
        with suppress(SetupError):
            self._progress.beats(self._within, asides=self._asides, free_bytes=self._free(), pages=further)

    def _free(self) -> int | None:
        """Room on the fuller disk; None where it cannot be told."""
        try:
            return min(shutil.disk_usage(folder).free for folder in self._folders)
        except OSError:
            return None
