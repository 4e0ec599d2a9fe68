"""An encounter's way through the office, as its chart tells it: holds, questions, moved pages, what blocks signing.

Frozen records, computed from the store's records.
"""

from dataclasses import dataclass
from datetime import datetime

from pipeline.records import SYSTEM_NAMES, Anchor, CodeSystem, PageSource
from pipeline.review.chart.sentences import WAITS_FOR
from pipeline.review.deciding.hindrances import NOTHING, SignOff, why_not_signed
from pipeline.review.hidden import nameless_placed
from pipeline.review.rights import is_within
from pipeline.store import Store
from pipeline.store.arranging import last_arranged, name_of
from pipeline.store.decided import HoldKind
from pipeline.store.placed import Placed
from pipeline.store.review_state import CodeVerdict, Verdict
from pipeline.store.rows import EncounterState, ProposedEncounter
from pipeline.store.waits import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another encounter that this one has to do with."""

    id: str
    name: str
    pages: int
    latest_decision: int
    open: bool
    """It has pages of its own and nobody signed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldShown:
    """The hold that stands."""

    kind: HoldKind
    waits_for: str
    reason: str
    owner: str
    who: str
    since: datetime
    age: str
    due: str | None
    """YYYY-MM-DD."""
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryShown:
    """A question to the provider."""

    id: int
    question: str
    provider: str
    who: str
    asked_at: datetime
    age: str
    answer: str | None
    answered_at: datetime | None
    answered_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A decision that another encounter's coder made on ink that is here now."""

    system: CodeSystem
    system_name: str
    code: str
    display: str
    verdict: Verdict
    who: str
    source: str
    """Id of the encounter that it was made in."""
    source_name: str
    anchors: tuple[Anchor, ...]
    """With the numbers that the pages have here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Casework:
    """All of it, for one encounter."""

    merged_into: Other | None = None
    reopened: str | None = None
    """Why, while it is open again."""
    reopened_for: Other | None = None
    """The encounter whose arrival reopened it."""
    unsettled: str | None = None
    """How its pages changed since patient and date were confirmed."""
    moved: str | None = None
    """The latest arrangement of its pages, which can be moved back."""
    set_aside: tuple[Offer, ...] = ()
    """Decisions on pages that left; they count no more."""
    offers: tuple[Offer, ...] = ()
    same_visit: tuple[Other, ...] = ()
    hold: HoldShown | None = None
    queries: tuple[QueryShown, ...] = ()
    """Open ones first, then the latest."""
    sign_off: SignOff = NOTHING


def casework(
    store: Store,
    now: datetime,
    encounter: ProposedEncounter,
    *,
    undecided: int,
    batches: frozenset[str] | None,
) -> Casework:
    """How an encounter stands in the office.

    Args:
        store: the open store.
        now: the time.
        encounter: as a coder sees it.
        undecided: findings with a proposed code on which nobody decided.
        batches: that the account may see, None for all; encounters of others are not named.
    """
    here = store.arranging.placed(encounter.id)
    if here is None:
        return Casework()
    here = nameless_placed(store, here, batches)
    review = here.review
    last = last_arranged(here)
    sources = dict.fromkeys(d.other for d in here.journal if d.other is not None and d.pages)
    near = {id: found for id in sources if (found := _seen(store, id, batches)) is not None}
    signed = review.state is EncounterState.CONFIRMED
    hold = review.hold
    return Casework(
        merged_into=_other(store, review.merged_into, batches),
        reopened=None if signed else review.reopened,
        reopened_for=None if signed else _other(store, review.reopened_for, batches),
        unsettled=review.unsettled,
        moved=None if last is None else last.text,
        set_aside=tuple(_offer(v, here, v.anchors) for v in review.set_aside.values()),
        offers=_offers(here, near),
        same_visit=tuple(o for id in encounter.same_visit if (o := _other(store, id, batches)) is not None and o.pages),
        hold=None
        if hold is None
        else HoldShown(
            kind=hold.kind,
            waits_for=WAITS_FOR[hold.kind],
            reason=hold.reason,
            owner=hold.owner,
            who=hold.who,
            since=hold.since,
            age=days_since(hold.since, now),
            due=None if hold.due is None else hold.due.isoformat(),
            overdue=hold.due is not None and hold.due <= now.date(),
        ),
        queries=tuple(
            query_shown(query, now) for query in sorted(review.queries, key=lambda q: (q.answer is not None, -q.id))
        ),
        sign_off=why_not_signed(encounter, review, undecided=undecided),
    )


def query_shown(query: Query, now: datetime) -> QueryShown:
    """A question as screens show it."""
    return QueryShown(
        id=query.id,
        question=query.question,
        provider=query.provider,
        who=query.who,
        asked_at=query.asked_at,
        age=days_since(query.asked_at, now),
        answer=query.answer,
        answered_at=query.answered_at,
        answered_by=query.answered_by,
    )


def days_since(since: datetime, now: datetime) -> str:
    """How long something waits, by the calendar: `today`, `1 day`, `12 days`."""
    days = max(0, (now.date() - since.date()).days)
    return "today" if not days else "1 day" if days == 1 else f"{days} days"


def anchors_here(anchors: tuple[Anchor, ...], there: tuple[PageSource, ...], here: Placed) -> tuple[Anchor, ...]:
    """Anchors of another encounter with the page numbers of this one; without those whose page is not here.

    Args:
        anchors: with the page numbers of the other encounter.
        there: every page that the other encounter ever had.
        here: this encounter.
    """
    source = {page.number: (page.document, page.page) for page in there}
    number = {(page.document, page.page): page.number for page in here.pages}
    found = ((number.get(source.get(a.page, ("", 0))), a.boxes) for a in anchors)
    return tuple(Anchor(page=page, boxes=boxes) for page, boxes in found if page is not None)


def _offers(here: Placed, near: dict[str, Placed]) -> tuple[Offer, ...]:
    known = {*here.review.codes, *here.review.set_aside}
    offers = []
    for other in near.values():
        verdicts = {**other.review.set_aside}
        if other.review.state is EncounterState.MERGED:
            verdicts |= other.review.codes
        ever = (
            *(PageSource(number=n, document=other.document, page=n) for n in other.proposal.pages),
            *(page for decision in other.journal for page in decision.pages),
        )
        for key, verdict in verdicts.items():
            anchors = anchors_here(verdict.anchors, ever, here)
            if key not in known and (anchors or not verdict.anchors):
                offers.append(_offer(verdict, other, anchors))
    return tuple(offers)


def _offer(verdict: CodeVerdict, source: Placed, anchors: tuple[Anchor, ...]) -> Offer:
    return Offer(
        system=verdict.system,
        system_name=SYSTEM_NAMES[verdict.system],
        code=verdict.code,
        display=verdict.display,
        verdict=verdict.verdict,
        who=verdict.who,
        source=source.id,
        source_name=name_of(source),
        anchors=anchors,
    )


def _seen(store: Store, id: str, batches: frozenset[str] | None) -> Placed | None:
    found = store.arranging.placed(id)
    return found if found is not None and is_within(batches, found.batch) else None


def _other(store: Store, id: str | None, batches: frozenset[str] | None) -> Other | None:
    found = None if id is None else _seen(store, id, batches)
    return None if found is None else other_of(found)


def other_of(found: Placed) -> Other:
    """An encounter as a link to it is shown."""
    return Other(
        id=found.id,
        name=name_of(found),
        pages=len(found.pages),
        latest_decision=found.journal[-1].id if found.journal else 0,
        open=bool(found.pages) and found.review.state is not EncounterState.CONFIRMED,
    )
