"""The clerk's page as frozen records, computed from the store's records by pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.review.clerk.scans import ScanWanted
from pipeline.review.queue.view import batch_key
from pipeline.store.clerk import Wanted, refusal
from pipeline.store.concerns import Concern, ConcernKind, Measures
from pipeline.store.progress import BeingRead, WorkerAtWork
from pipeline.store.rows import Arrival, ArrivalState, DocumentState

FIRST = 6
"""Rows of a list on the page that shows all lists."""
ROWS = 50
"""Rows of a list that is shown alone."""
NEARLY_FULL = 2_000_000_000
"""Bytes of room below which the clerk is told: a single file may be this large."""


class Show(StrEnum):
    """A list that can be shown alone."""

    REJECTED = "rejected"
    PAGES = "pages"
    UNPLACED = "unplaced"
    WAITING = "waiting"
    READ = "read"
    DUPLICATES = "duplicates"
    DEALT = "dealt"


TITLES = {
    Show.REJECTED: "Rejected",
    Show.PAGES: "Better scanned again",
    Show.UNPLACED: "Read, without an encounter",
    Show.WAITING: "Waiting",
    Show.READ: "Read",
    Show.DUPLICATES: "Second copies",
    Show.DEALT: "Dealt with",
}
FILES = {
    Show.WAITING: ArrivalState.WAITING,
    Show.READ: ArrivalState.READ,
    Show.DUPLICATES: ArrivalState.DUPLICATE,
}
CONCERNS = {
    Show.REJECTED: ConcernKind.REJECTED,
    Show.PAGES: ConcernKind.PAGE,
    Show.UNPLACED: ConcernKind.UNPLACED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A file or a page of one in a list."""

    key: str
    """Unique on the page."""
    name: str
    at: str
    sentence: str | None
    document: str | None
    concern: str | None = None
    """Id of what can be dealt with."""
    page: int | None = None
    measured: str | None = None
    """What a page's advice rests on, in numbers."""
    newer: str | None = None
    """Name of a chart of the same visit that came later: it may hold the new scan."""
    retry: bool = False
    note: str | None = None
    """Why it cannot be tried again, or who dealt with it."""
    readable_again: bool = False
    """A lead may ask for a new reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows of one batch."""

    batch: str
    key: str
    """Stands for the batch in addresses."""
    retries: int
    """Of its rows, those that can be tried again."""
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list."""

    show: Show
    title: str
    count: int
    groups: tuple[Group, ...]
    screen: int
    screens: int
    grouped: bool
    """Whether batches are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A chart that is being read."""

    key: str
    name: str
    batch: str
    since: str
    told: str
    """How far it is, in words."""
    done: int
    of: int | None
    attempt: int
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A count that leads to its list."""

    show: Show
    label: str
    count: int
    chosen: bool
    alarming: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """What stops the work, or soon will."""

    sentence: str
    command: str | None = None
    bad: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """What lies in the inbox and is not read, of one kind."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """All that the page shows."""

    banners: tuple[Banner, ...]
    chips: tuple[Chip, ...]
    reading: tuple[Reading, ...]
    next: tuple[str, ...]
    """Names of charts that are read next."""
    listings: tuple[Listing, ...]
    asides: tuple[Aside, ...]
    failures: tuple[Row, ...]
    """Charts that were to be read again and could not be."""
    wanted: tuple[ScanWanted, ...]
    """What coders wait for."""
    show: Show | None
    works: bool
    """Whether the worker is at work."""
    empty: bool
    """No file ever came."""
    said: str
    """For a screen reader, when it changes."""


def banners(worker: WorkerAtWork | None, now: datetime, *, inbox_readable: bool) -> tuple[Banner, ...]:
    """What stops the work, or soon will; the gravest first."""
    found = []
    start = "start it with"
    if worker is None or not worker.runs(now):
        if worker is not None and worker.stopped_why is not None:
            found.append(Banner(sentence=f"The worker stopped: {worker.stopped_why}"))
        elif not inbox_readable:
            found.append(Banner(sentence="The inbox cannot be read; check that its folder is there and may be opened."))
        found.append(Banner(sentence=f"The worker is not running, so nothing is read; {start}", command="inkchart run"))
    if worker is not None and worker.free_bytes is not None and worker.free_bytes < NEARLY_FULL:
        left = size(worker.free_bytes)
        sentence = f"The disk is nearly full: {left} are left. Make room, or Inkchart will stop taking files."
        found.append(Banner(sentence=sentence))
    return tuple(found)


def reading(charts: Iterable[BeingRead], now: datetime) -> tuple[Reading, ...]:
    """What is being read."""
    return tuple(
        Reading(
            key=chart.document,
            name=chart.name,
            batch=chart.batch,
            since=clock(chart.started_at, now),
            told=_told(chart.pages_done, chart.pages),
            done=chart.pages_done,
            of=chart.pages,
            attempt=chart.attempt,
            again=chart.again,
        )
        for chart in charts
    )


def _told(done: int, of: int | None) -> str:
    if of is None:
        return "opening the file" if done == 0 else f"page {done} done"
    if done >= of:
        return "finding the codes"
    return f"page {done + 1} of {of}"


def in_line(arrivals: Sequence[Arrival], wanted: Sequence[Wanted], being_read: Sequence[BeingRead]) -> tuple[str, ...]:
    """Names of charts that the worker takes up next."""
    taken = {chart.document for chart in being_read}
    return tuple(a.name for a in (*arrivals, *(w.arrival for w in wanted)) if a.document not in taken)


def listing(show: Show, rows: Sequence[tuple[str, Row]], count: int, screen: int, screens: int) -> Listing:
    """Rows, each with its batch, newest first, as a list grouped by batch."""
    batches: dict[str, list[Row]] = {}
    for batch, row in rows:
        batches.setdefault(batch, []).append(row)
    return Listing(
        show=show,
        title=TITLES[show],
        count=count,
        groups=tuple(
            Group(batch=batch, key=batch_key(batch), retries=sum(row.retry for row in of_it), rows=tuple(of_it))
            for batch, of_it in batches.items()
        ),
        screen=screen,
        screens=screens,
        grouped=any(batches),
    )


def file_row(arrival: Arrival, now: datetime) -> tuple[str, Row]:
    """A file with its batch."""
    row = Row(
        key=f"f{arrival.id}",
        name=arrival.name,
        at=clock(arrival.finished_at or arrival.first_seen, now),
        sentence=arrival.sentence,
        document=arrival.document,
        readable_again=arrival.state is ArrivalState.READ,
    )
    return arrival.batch, row


def concern_row(concern: Concern, now: datetime, newer: str | None = None) -> tuple[str, Row]:
    """What needs a hand, with its batch."""
    note = refusal(concern) if concern.kind is ConcernKind.REJECTED and concern.dealt_at is None else None
    if concern.dealt_at is not None:
        who = f"{concern.dealt_by} dealt with it" if concern.dealt_by else "Settled: the same content was read"
        note = f"{who}, {clock(concern.dealt_at, now)}."
    row = Row(
        key=f"c{concern.id}",
        name=concern.name,
        at=clock(concern.at, now),
        sentence=concern.sentence
        or (
            "No encounter was found on its pages; they may be blank." if concern.kind is ConcernKind.UNPLACED else None
        ),
        document=concern.document,
        concern=concern.id,
        page=concern.page,
        measured=measured(concern.measures) if concern.kind is ConcernKind.PAGE else None,
        newer=newer,
        retry=concern.kind is ConcernKind.REJECTED and refusal(concern) is None and concern.dealt_at is None,
        note=note,
        readable_again=concern.document_state is DocumentState.READ,
    )
    return concern.batch, row


def measured(measures: Measures) -> str:
    """A page's measures in a line: `sharpness 21 %, contrast 80 %, letters 12 px high`."""
    said = []
    for name in ("sharpness", "contrast", "brightness"):
        value = getattr(measures, name)
        if value is not None:
            said.append(f"{name} {100 * value:.0f} %")
    if measures.letter_height is not None:
        said.append(f"letters {measures.letter_height:.0f} px high")
    if measures.cut_letters:
        said.append(f"{measures.cut_letters} letters cut off")
    return ", ".join(said)


def clock(at: datetime, now: datetime) -> str:
    """A time that is told as briefly as it can be: `14:03` today, else `Mar 1, 14:03` or `Mar 1, 2025`."""
    if at.date() == now.date():
        return f"{at:%H:%M}"
    return f"{at:%b} {at.day}, {at:%H:%M}" if at.year == now.year else f"{at:%b} {at.day}, {at.year}"


def size(count: int) -> str:
    """Bytes for people."""
    return f"{count / 1e9:.1f} GB" if count >= 1_000_000_000 else f"{count // 1_000_000} MB"
