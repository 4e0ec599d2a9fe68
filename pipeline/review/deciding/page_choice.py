"""What the dialog “Pages” offers: pages to choose, and encounters that they may go to or come from."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.records import PageRole
from pipeline.review.desk import Desk
from pipeline.review.rights import is_within
from pipeline.store.arranging import name_of
from pipeline.store.placed import LoosePage, Placed
from pipeline.store.readings import may_be_one
from pipeline.store.rows import EncounterState
from pipeline.store.worklist import Narrowing, Order

FOUND = 12
"""Encounters that a search shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageShown:
    """A page to choose."""

    number: int
    """In the encounter that has it."""
    picture: str
    from_file: str | None
    """Where it was brought from; None for a page of the encounter's own file."""
    decided: int
    """Decisions on its ink."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherShown:
    """Another encounter that pages can go to, or come from."""

    id: str
    name: str
    patient: str | None
    pages: tuple[PageShown, ...]
    latest_decision: int
    signed: bool
    doubt: str | None
    """Why it may be somebody else's, or another visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseShown:
    """A page in no encounter."""

    key: str
    """Document and page, as the form sends it back."""
    page: int
    file: str
    picture: str
    blank: bool


def near_encounters(
    desk: Desk, here: Placed, linked: Iterable[Placed], batches: frozenset[str] | None
) -> tuple[OtherShown, ...]:
    """The others of its files, and those that may be the same visit, of these batches; None for all."""
    proposed = desk.store.readings.encounter(here.id)
    near = {other.id: other for other in linked}
    for id in proposed.same_visit if proposed else ():
        visit = desk.store.arranging.placed(id)
        if visit is not None:
            near.setdefault(id, visit)
    seen = (other for other in near.values() if other.pages and is_within(batches, other.batch))
    return tuple(_other(desk, here, other, batches) for other in seen)


def search_encounters(desk: Desk, here: Placed, words: str, batches: frozenset[str] | None) -> tuple[OtherShown, ...]:
    """Encounters that all words name: those of the same patient first. No words find those of the same patient.

    Only those of the batches are looked through; None for all.
    """
    own = _patient(here) or ""
    found: dict[str, Placed] = {}
    for wanted in (f"{own} {words}" if own else "", words):
        if not wanted.strip():
            continue
        narrowing = Narrowing(words=wanted, batches=batches)
        rows = desk.store.worklist.page(narrowing, Order.DAY, overdue_before=None, start=0, limit=2 * FOUND)
        for row in rows:
            other = desk.store.arranging.placed(row.encounter)
            if other is not None and other.pages and other.id != here.id:
                found.setdefault(other.id, other)
    return tuple(_other(desk, here, other, batches) for other in list(found.values())[:FOUND])


def _other(desk: Desk, here: Placed, other: Placed, batches: frozenset[str] | None) -> OtherShown:
    return OtherShown(
        id=other.id,
        name=name_of(other),
        patient=_patient(other),
        pages=pages_shown(desk, other, batches),
        latest_decision=latest_of(other),
        signed=other.review.state is EncounterState.CONFIRMED,
        doubt=_difference(here, other),
    )


def pages_shown(desk: Desk, encounter: Placed, batches: frozenset[str] | None) -> tuple[PageShown, ...]:
    """The pages of an encounter; files of other batches than these are not named."""
    marks = [a.page for v in encounter.review.codes.values() for a in v.anchors]
    names = {}
    for document in {page.document for page in encounter.pages} - {encounter.document}:
        known = desk.store.arrivals.document(document)
        is_named = known is not None and is_within(batches, known.batch)
        names[document] = f"“{known.name}”" if known is not None and is_named else "another file"
    return tuple(
        PageShown(
            number=page.number,
            picture=f"/encounters/{encounter.id}/thumbnails/{page.number}",
            from_file=None if page.document == encounter.document else f"page {page.page} of {names[page.document]}",
            decided=marks.count(page.number),
        )
        for page in encounter.pages
    )


def loose_shown(here: Placed, page: LoosePage) -> LooseShown:
    """A page in no encounter, to be taken into this one."""
    return LooseShown(
        key=f"{page.document}:{page.page}",
        page=page.page,
        file=page.document_name,
        picture=f"/encounters/{here.id}/thumbnails/{page.page}" if page.document == here.document else "",
        blank=page.role is not PageRole.CONTENT,
    )


def doubt_about(desk: Desk, here: Placed, other: str) -> str | None:
    """Why an encounter that was chosen may not belong to this one; None where nothing speaks against it."""
    there = desk.store.arranging.placed(other) if other else None
    return None if there is None else _difference(here, there)


def _difference(here: Placed, there: Placed) -> str | None:
    """Why two encounters may be of two patients or two visits; None where nothing that they state differs."""
    names = {_folded(name) for e in (here, there) if (name := _patient(e))}
    if len(names) > 1:
        return f"{name_of(there)} names another patient: {_patient(there)}."
    if not may_be_one(here.proposal, there.proposal):
        return f"{name_of(there)} states another birth date, record number, sex or provider."
    days = {f.value for e in (here, there) if (f := e.proposal.date_of_service) is not None}
    return f"{name_of(there)} is of another day." if len(days) > 1 else None


def _patient(encounter: Placed) -> str | None:
    if encounter.review.patient is not None:
        return encounter.review.patient.name
    name = encounter.proposal.patient_name
    return None if name is None else name.value


def _folded(name: str | None) -> str:
    return " ".join((name or "").casefold().split())


def latest_of(encounter: Placed) -> int:
    """Id of its latest decision, 0 before the first."""
    return encounter.journal[-1].id if encounter.journal else 0
