"""The proof that nothing was lost: inbox, originals, store and receipts are held against each other.

Every file that was seen is in exactly one state, every page of a file that was read is accounted
for, and whatever does not fit is named.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ChartError
from pipeline.inbox.moves import WHY, is_receipt
from pipeline.inbox.originals import Originals
from pipeline.inbox.scan import DONE, REJECTED, Snapshot, look, shown
from pipeline.records import PageRole
from pipeline.store import Store
from pipeline.store.rows import Arrival, ArrivalState, Document, DocumentState, PageCount


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What was found."""

    states: dict[ArrivalState, int]
    """Files that were seen, by state."""
    not_yet_seen: int
    """Files in the inbox that the worker has not looked at."""
    pages: PageCount
    """Pages of the documents that were read."""
    passed_over: tuple[str, ...]
    """What is in the inbox and never opened; no exception, but somebody should look."""
    exceptions: tuple[str, ...]
    """One sentence for each thing that does not fit."""


def reconcile(
    inbox: Path, store: Store, originals: Originals, count_pages: Callable[[Path], int] | None = None
) -> Account:
    """Hold everything against everything; originals are hashed again.

    Args:
        inbox: the inbox.
        store: the open store.
        originals: the folder of originals.
        count_pages: how many pages an original has; without it, readings are not held against their originals.

    Raises:
        SetupError: the inbox or the store cannot be read.
    """
    snapshot = look(inbox)
    arrivals = store.arrivals.all()
    documents = store.arrivals.documents()
    counts = store.readings.page_counts()
    exceptions = [
        *_inbox_exceptions(snapshot, arrivals),
        *_receipt_exceptions(inbox, arrivals),
        *_original_exceptions(documents, originals),
        *(
            sentence
            for document in documents
            for sentence in _reading_exceptions(document, arrivals, store, originals, count_pages)
        ),
        *(
            f"The queue shows encounter {id} otherwise than its readings and decisions say; run `inkchart migrate`."
            for id in store.worklist.differences()
        ),
    ]
    known = {arrival.path for arrival in arrivals if arrival.moved_at is None}
    return Account(
        states=store.arrivals.counts(),
        not_yet_seen=sum(file.path not in known for file in snapshot.files),
        pages=PageCount(
            content=sum(count.content for count in counts.values()),
            blank=sum(count.blank for count in counts.values()),
            separator=sum(count.separator for count in counts.values()),
        ),
        passed_over=(*snapshot.passed_over, *(f"{name} is not finished or hidden." for name in snapshot.unfinished)),
        exceptions=tuple(exceptions),
    )


def _inbox_exceptions(snapshot: Snapshot, arrivals: tuple[Arrival, ...]) -> list[str]:
    here = {file.path for file in snapshot.files}
    return [
        f"“{arrival.name}” was seen waiting on {arrival.first_seen:%Y-%m-%d %H:%M} UTC and is gone from the inbox; "
        "it was never taken, please look where it went."
        for arrival in arrivals
        if arrival.state is ArrivalState.WAITING and arrival.path not in here
    ]


def _receipt_exceptions(inbox: Path, arrivals: tuple[Arrival, ...]) -> list[str]:
    """Decided files must lie where the store says; what lies there must be known."""
    exceptions = []
    expected: set[Path] = set()
    for arrival in arrivals:
        if arrival.moved_at is None and is_receipt(arrival.path):  # rejected before, and being tried again
            expected |= {arrival.path, arrival.path.with_name(arrival.path.name + WHY)}
        if arrival.moved_to is None or arrival.purged_at is not None:
            continue
        expected |= {arrival.moved_to, arrival.moved_to.with_name(arrival.moved_to.name + WHY)}
        if arrival.moved_at is None:
            exceptions.append(f"“{arrival.name}” is decided but did not move yet; start the worker once more.")
        # done/ is only the clerk's receipt and may be emptied; a rejected file may be the only copy.
        elif arrival.document is None and not (inbox / arrival.moved_to).is_file():
            exceptions.append(f"“{arrival.name}” was rejected and is gone from {REJECTED}/.")
    for folder in (DONE, REJECTED):
        for path in sorted((inbox / folder).rglob("*")):
            below = path.relative_to(inbox)
            if path.is_file() and below not in expected and not _of_the_system(path.name):
                exceptions.append(f"{shown(str(below))} is not a file that the worker put there.")
    return exceptions


def _of_the_system(name: str) -> bool:
    """Files that desktops leave in every folder they show."""
    return name.startswith(".") or name.lower() in {"thumbs.db", "desktop.ini"}


def _original_exceptions(documents: tuple[Document, ...], originals: Originals) -> list[str]:
    exceptions = []
    for document in documents:
        try:
            intact = originals.intact(document.sha256)
        except (OSError, ChartError):
            intact = False
        if not intact:
            exceptions.append(f"The original of “{document.name}” (document {document.id}) is missing or damaged.")
    strangers = originals.names() - {document.sha256 for document in documents}
    exceptions += [f"originals/{name} belongs to no document of the store." for name in sorted(strangers)]
    return exceptions


def _reading_exceptions(
    document: Document,
    arrivals: tuple[Arrival, ...],
    store: Store,
    originals: Originals,
    count_pages: Callable[[Path], int] | None,
) -> list[str]:
    """A document that was read has every page in its reading, and every page with content in an encounter."""
    what = f"“{document.name}” (document {document.id})"
    of_it = [arrival for arrival in arrivals if arrival.document == document.id]
    if document.state is DocumentState.READING:
        being_read = any(arrival.state is ArrivalState.READING for arrival in of_it)
        return [] if being_read else [f"{what} is to be read, but no file stands for it."]
    if document.state is DocumentState.REJECTED:
        return []
    reading = store.readings.get(document.id)
    if reading is None:
        return [f"{what} counts as read and has no reading."]
    exceptions = []
    numbers = [page.number for page in reading.pages]
    if numbers != list(range(1, len(numbers) + 1)) or not numbers:
        exceptions.append(f"{what} has pages missing in its reading.")
    elif count_pages is not None and originals.path(document.sha256).is_file():
        try:
            count = count_pages(originals.path(document.sha256))
        except ChartError:
            exceptions.append(f"{what} was read, and its original cannot be opened any more.")
        else:
            if count != len(numbers):
                exceptions.append(f"{what} has {count} pages, and {len(numbers)} in its reading.")
    placed = {number for encounter in reading.encounters for number in encounter.pages}
    content = {page.number for page in reading.pages if page.role is PageRole.CONTENT}
    for number in sorted(content - placed):
        exceptions.append(f"Page {number} of {what} belongs to no encounter.")
    return exceptions
