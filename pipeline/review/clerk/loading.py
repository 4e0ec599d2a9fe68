"""From the store to the clerk's page: only what one screen shows is loaded."""

import os
from datetime import datetime
from pathlib import Path

from pipeline.review.clerk.scans import scans_wanted
from pipeline.review.clerk.view import (
    CONCERNS,
    FILES,
    FIRST,
    ROWS,
    TITLES,
    Aside,
    Chip,
    Inbox,
    Listing,
    Row,
    Show,
    banners,
    concern_row,
    file_row,
    in_line,
    listing,
    reading,
)
from pipeline.review.desk import Desk
from pipeline.review.rights import is_within
from pipeline.store import Store
from pipeline.store.concerns import ConcernKind
from pipeline.store.decided import HoldKind
from pipeline.store.progress import WorkerAtWork
from pipeline.store.rows import ArrivalState

ON_OVERVIEW = (Show.REJECTED, Show.PAGES, Show.UNPLACED, Show.WAITING, Show.READ, Show.DUPLICATES)
ALARMING = {Show.REJECTED, Show.PAGES, Show.UNPLACED}
LINE = 8
"""Names of charts that are told to be next."""


def load_inbox(desk: Desk, show: Show | None, screen: int, batches: frozenset[str] | None = None) -> Inbox:
    """The page as it stands now.

    Args:
        desk: of the review.
        show: the one list to show; None for the beginning of each.
        screen: which screenful of it, from 1.
        batches: that the account may see; None for all. The worker's asides are of no batch, and only shown with all.
    """
    store, now = desk.store, desk.clock()
    counts = _counts(store, batches)
    worker = store.progress.worker()
    being_read = tuple(b for b in store.progress.being_read() if is_within(batches, b.batch))
    works = worker is not None and worker.runs(now)
    if not works:
        being_read = ()
    again = tuple(each for each in store.clerk.wanted() if is_within(batches, each.arrival.batch))
    next = in_line(store.inbox.files(ArrivalState.READING, limit=LINE, batches=batches), again, being_read)
    shown = [each for each in ON_OVERVIEW if counts[each]] if show is None else [show]
    failures = store.inbox.concerns(ConcernKind.AGAIN, limit=FIRST, batches=batches) if show is None else ()
    return Inbox(
        banners=banners(worker, now, inbox_readable=desk.inbox is None or _readable(desk.inbox)),
        chips=tuple(
            Chip(show=s, label=TITLES[s], count=counts[s], chosen=s is show, alarming=s in ALARMING)
            for s in Show
            if counts[s] or s is show
        ),
        reading=reading(being_read, now),
        next=next[:LINE],
        listings=tuple(_listing(store, each, counts[each], show is not None, screen, now, batches) for each in shown),
        asides=_asides(worker) if works and show is None and batches is None else (),
        failures=tuple(concern_row(concern, now)[1] for concern in failures),
        wanted=scans_wanted(store.waiting.holds(HoldKind.RESCAN, batches), now) if show is None else (),
        show=show,
        works=works,
        empty=not any(counts.values()) and not being_read and not next,
        said=_said(counts),
    )


def _counts(store: Store, batches: frozenset[str] | None) -> dict[Show, int]:
    by_state, by_kind = store.arrivals.counts(batches), store.inbox.counts(batches)
    return {
        **{show: by_state[state] for show, state in FILES.items()},
        **{show: by_kind[kind] for show, kind in CONCERNS.items()},
        Show.DEALT: store.inbox.dealt_count(batches),
    }


def _listing(
    store: Store, show: Show, count: int, alone: bool, screen: int, now: datetime, batches: frozenset[str] | None
) -> Listing:
    rows = ROWS if alone else FIRST
    screens = max(1, -(-count // rows)) if alone else 1
    screen = min(max(1, screen), screens)
    skip = (screen - 1) * rows
    found: list[tuple[str, Row]]
    if show in FILES:
        files = store.inbox.files(FILES[show], limit=rows, skip=skip, batches=batches)
        found = [file_row(arrival, now) for arrival in files]
    elif show in CONCERNS:
        concerns = store.inbox.concerns(CONCERNS[show], limit=rows, skip=skip, batches=batches)
        pages = {c.document for c in concerns if c.kind is ConcernKind.PAGE and c.document is not None}
        newer = store.inbox.newer_scans(pages, batches) if pages else {}
        found = [concern_row(concern, now, newer.get(concern.document or "")) for concern in concerns]
    else:
        found = [concern_row(concern, now) for concern in store.inbox.dealt(limit=rows, skip=skip, batches=batches)]
    return listing(show, found, count, screen, screens)


def _asides(worker: WorkerAtWork | None) -> tuple[Aside, ...]:
    if worker is None:
        return ()
    asides = worker.asides
    found = [
        Aside(title="Could not be moved", sentences=asides.unmoved),
        Aside(title="Passed over", sentences=asides.passed_over),
        Aside(title="Hidden or still being copied", sentences=asides.unfinished),
    ]
    if asides.more:
        found.append(Aside(title=f"And {asides.more:,} more", sentences=("Look into the inbox folder.",)))
    return tuple(aside for aside in found if aside.sentences)


def _said(counts: dict[Show, int]) -> str:
    """What changed for good: how far a chart is would be told every other second."""
    words = {
        Show.READ: "read",
        Show.DUPLICATES: "second copies",
        Show.REJECTED: "rejected",
        Show.PAGES: "pages to scan again",
    }
    return ", ".join(f"{counts[show]} {word}" for show, word in words.items() if counts[show])


def _readable(inbox: Path) -> bool:
    return inbox.is_dir() and os.access(inbox, os.R_OK | os.X_OK)
