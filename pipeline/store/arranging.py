"""Splitting, merging and moving: which pages an encounter has, decided by people and reversible.

Every arrangement is one transaction on all encounters that it touches, with a sentence in the history of each.
No page gets lost by it: what is in no encounter is told by `loose`.
"""

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from pipeline.errors import DecisionRefusedError
from pipeline.records import PageSource
from pipeline.store import tables
from pipeline.store.arrivals import utc_now
from pipeline.store.connect import snapshot, transaction
from pipeline.store.decided import Action, Decision
from pipeline.store.decisions import Decisions
from pipeline.store.made import is_made, save_made
from pipeline.store.placed import LoosePage, Placed, batch_of, linked, loose_pages, page_count, placed, proposed_pages
from pipeline.store.review_state import fold
from pipeline.store.rows import EncounterState

ARRANGED = frozenset({Action.SET_PAGES, Action.MERGE})
GONE = "Its pages changed meanwhile; look at them again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who arranges, and what they saw."""

    who: str
    seen: Mapping[str, int] = field(default_factory=dict)
    """Id of the latest decision that they saw, by encounter; nothing for one that they did not look at."""
    batches: frozenset[str] | None = None
    """The batches that they may see and arrange pages of; None for all."""

    def sees(self, batch: str) -> bool:
        """Whether a batch is one of theirs."""
        return self.batches is None or batch in self.batches


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pen:
    """Writes one arrangement: all of it at one time, which tells its decisions from those of another."""

    connection: Connection
    decisions: Decisions
    hand: Hand
    at: datetime

    def held(self, *ids: str, gone_too: bool = False) -> tuple[Placed, ...]:
        """These encounters, held against others until the transaction ends."""
        if len(set(ids)) < len(ids):
            raise DecisionRefusedError("Choose another encounter than this one.")
        table = tables.encounter
        # In one order, so that of two people who arrange at once none waits forever.
        rows = select(table.c.id).where(table.c.id.in_(ids)).order_by(table.c.id).with_for_update()
        self.connection.execute(rows).all()
        found = [placed(self.connection, id) for id in ids]
        known = tuple(
            each for each in found if each is not None and (gone_too or each.pages) and self.hand.sees(each.batch)
        )
        if len(known) < len(ids):
            raise DecisionRefusedError("There is no such encounter with pages of its own.")
        for each in known:
            if each.review.state is EncounterState.CONFIRMED:
                raise DecisionRefusedError(f"{name_of(each)} is signed; reopen it before its pages change.")
        return known

    def check_home(self, pages: Iterable[PageSource]) -> None:
        """Pages that go back to their own files must not get into another batch by it."""
        for document in {page.document for page in pages}:
            if not self.hand.sees(batch_of(self.connection, document)):
                raise DecisionRefusedError("A page was brought from another batch; ask somebody who may see that one.")

    def set(self, encounter: Placed, pages: Collection[PageSource], other: str | None, text: str) -> None:
        """Say which pages an encounter has from now on."""
        self._append(encounter, Action.SET_PAGES, other, text, tuple(pages))

    def merge(self, encounter: Placed, other: str | None, text: str) -> None:
        """Say that all pages of an encounter went into another one."""
        self._append(encounter, Action.MERGE, other, text)

    def _append(
        self, encounter: Placed, action: Action, other: str | None, text: str, pages: tuple[PageSource, ...] = ()
    ) -> None:
        decision = Decision(
            id=0,
            at=self.at,
            who=self.hand.who,
            encounter=encounter.id,
            reading=encounter.reading,
            action=action,
            pages=pages,
            other=other,
            text=text,
        )
        self.decisions.append_in(self.connection, decision, seen=self.hand.seen.get(encounter.id))


class Arranging:
    """The pages of encounters."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock
        self._decisions = Decisions(engine, clock)

    def of(
        self, id: str, batches: frozenset[str] | None = None
    ) -> tuple[Placed, tuple[Placed, ...], tuple[LoosePage, ...]] | None:
        """An encounter, the others of its files, and the pages of these files in no encounter; None if unknown.

        Others and pages are those of the batches; None for all.
        """
        with snapshot(self._engine) as connection:
            here = placed(connection, id)
            if here is None:
                return None
            every = linked(connection, id)
            others = tuple(e for e in every if e.id != id and (batches is None or e.batch in batches))
            return here, others, loose_pages(connection, here, every, batches)

    def placed(self, id: str) -> Placed | None:
        """One encounter with its pages; None where there is no such one."""
        with snapshot(self._engine) as connection:
            return placed(connection, id)

    def split(self, hand: Hand, source: str, numbers: Collection[int]) -> str:
        """Give some pages of an encounter to a new one of the same file; its id.

        Raises:
            DecisionRefusedError, OvertakenError: as `Decisions.append`; or nothing is left, or it changed meanwhile.
        """
        with self._pen(hand) as pen:
            (here,) = pen.held(source)
            leaving, staying = _parted(here, numbers)
            pen.check_home(leaving)
            if not staying:
                raise DecisionRefusedError("All pages are chosen, so there is nothing to split; leave at least one.")
            home = here.document if any(p.document == here.document for p in leaving) else leaving[0].document
            id = secrets.token_urlsafe(16)
            save_made(pen.connection, id, home, [page.page for page in leaving if page.document == home])
            made = placed(pen.connection, id)
            assert made is not None  # it was just written
            pages = _joined((), leaving, made, page_count(pen.connection, home))
            pen.set(here, staying, id, f"{_named(leaving)} split off into a new encounter")
            pen.set(made, pages, source, f"{_named(leaving)} split off {name_of(here)}")
            return id

    def move(self, hand: Hand, source: str, target: str, numbers: Collection[int]) -> None:
        """Give some pages of an encounter to another one; where none is left, the whole encounter is merged.

        Raises:
            DecisionRefusedError, OvertakenError: as `split`.
        """
        with self._pen(hand) as pen:
            here, there = pen.held(source, target)
            _move(pen, here, there, numbers)

    def merge(self, hand: Hand, into: str, other: str) -> None:
        """Bring all pages of another encounter here.

        Raises:
            DecisionRefusedError, OvertakenError: as `split`.
        """
        with self._pen(hand) as pen:
            here, there = pen.held(other, into)
            _move(pen, here, there, {page.number for page in here.pages})

    def take_in(self, hand: Hand, encounter: str, sources: Collection[tuple[str, int]]) -> None:
        """Take pages of its files that are in no encounter into one.

        Raises:
            DecisionRefusedError, OvertakenError: as `split`; or a page is in another encounter by now.
        """
        with self._pen(hand) as pen:
            (here,) = pen.held(encounter)
            every = linked(pen.connection, encounter)
            loose = {(page.document, page.page) for page in loose_pages(pen.connection, here, every, hand.batches)}
            if not sources or not set(sources) <= loose:
                raise DecisionRefusedError(GONE)
            coming = [PageSource(number=page, document=document, page=page) for document, page in sorted(sources)]
            pages = _joined(here.pages, coming, here, page_count(pen.connection, here.document))
            pen.set(here, pages, None, f"{_named(coming)}, in no encounter so far, taken in")

    def put_out(self, hand: Hand, encounter: str, numbers: Collection[int]) -> None:
        """Say that pages belong to no encounter: they stay listed beside it.

        Raises:
            DecisionRefusedError, OvertakenError: as `split`.
        """
        with self._pen(hand) as pen:
            (here,) = pen.held(encounter)
            leaving, staying = _parted(here, numbers)
            pen.check_home(leaving)
            pen.set(here, staying, None, f"{_named(leaving)} put out, in no encounter now")

    def move_back(self, hand: Hand, encounter: str) -> None:
        """Undo the latest arrangement of an encounter, in both encounters that it touched.

        Raises:
            DecisionRefusedError, OvertakenError: as `split`; or the other one was arranged again since.
        """
        with self._pen(hand) as pen:
            known = placed(pen.connection, encounter)
            last = None if known is None else last_arranged(known)
            if last is None:
                raise DecisionRefusedError("No page of this encounter was ever moved.")
            ids = (encounter,) if last.other is None else (encounter, last.other)
            for each in pen.held(*ids, gone_too=True):
                undone = last_arranged(each)
                if undone is None or undone.at != last.at or undone.other not in (None, *ids):
                    raise DecisionRefusedError(f"Pages of {name_of(each)} were moved since; move those back first.")
                _restore(pen, each, undone)

    @contextmanager
    def _pen(self, hand: Hand) -> Iterator[_Pen]:
        with transaction(self._engine) as connection:
            yield _Pen(connection=connection, decisions=self._decisions, hand=hand, at=self._clock())


def last_arranged(encounter: Placed) -> Decision | None:
    """The latest arrangement of an encounter's pages; None where nobody arranged them."""
    return next((d for d in reversed(encounter.journal) if d.action in ARRANGED), None)


def name_of(encounter: Placed) -> str:
    """An encounter for people: its file, and the day of the visit where it is known."""
    day = encounter.review.date_of_service or (
        encounter.proposal.date_of_service and encounter.proposal.date_of_service.value
    )
    return f"“{encounter.document_name}”" + (f" of {day}" if day else "")


def _move(pen: _Pen, here: Placed, there: Placed, numbers: Collection[int]) -> None:
    leaving, staying = _parted(here, numbers)
    pages = _joined(there.pages, leaving, there, page_count(pen.connection, there.document))
    if staying:
        pen.set(here, staying, there.id, f"{_named(leaving)} moved to {name_of(there)}")
        pen.set(there, pages, here.id, f"{_named(leaving)} came from {name_of(here)}")
    else:
        pen.merge(here, there.id, f"all its pages moved to {name_of(there)}")
        pen.set(there, pages, here.id, f"all pages of {name_of(here)} came here")


def _restore(pen: _Pen, each: Placed, undone: Decision) -> None:
    earlier = tuple(d for d in each.journal if d.id < undone.id)
    before = fold(earlier)
    # What began with a split had no page before it.
    began = not any(d.action in ARRANGED for d in earlier) and is_made(pen.connection, each.id)
    if began or before.state is EncounterState.MERGED:
        pen.merge(each, undone.other, "its pages moved back")
    else:
        pages = proposed_pages(each.proposal, each.document) if before.pages is None else before.pages
        pen.set(each, pages, undone.other, "its pages moved back")


def _parted(encounter: Placed, numbers: Collection[int]) -> tuple[list[PageSource], list[PageSource]]:
    """Its pages that are chosen, and the others."""
    if not numbers:
        raise DecisionRefusedError("Choose the pages first.")
    if not set(numbers) <= {page.number for page in encounter.pages}:
        raise DecisionRefusedError(GONE)
    chosen = [page for page in encounter.pages if page.number in numbers]
    return chosen, [page for page in encounter.pages if page.number not in numbers]


def _joined(
    before: Collection[PageSource], coming: Collection[PageSource], encounter: Placed, count: int
) -> list[PageSource]:
    """Pages of an encounter with further ones.

    A page of its own file keeps the number that it has there; another one gets the next that no page of this
    encounter ever had, or the one that it had here before.
    """
    ever = [page for decision in encounter.journal for page in decision.pages]
    numbers = {(page.document, page.page): page.number for page in ever}
    free = max((count, *(page.number for page in (*ever, *before)))) + 1
    pages = list(before)
    for page in coming:
        number = page.page if page.document == encounter.document else numbers.get((page.document, page.page))
        if number is None:
            number, free = free, free + 1
        pages.append(PageSource(number=number, document=page.document, page=page.page))
    return sorted(pages, key=lambda page: page.number)


def _named(pages: Collection[PageSource]) -> str:
    numbers = [str(page.number) for page in pages]
    return f"page {numbers[0]}" if len(numbers) == 1 else f"pages {', '.join(numbers[:-1])} and {numbers[-1]}"
