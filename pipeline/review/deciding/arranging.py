"""The dialog “Pages”: splitting, merging and moving, said in a sentence before it is done."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.exceptions import HTTPException

from pipeline.errors import DecisionRefusedError
from pipeline.records import PageRole
from pipeline.review.chart.screen import answer, find
from pipeline.review.deciding.casework import casework
from pipeline.review.deciding.dialogs import dialog, go_to, is_htmx
from pipeline.review.desk import Desk, coder
from pipeline.store.arranging import Hand, last_arranged, name_of
from pipeline.store.decided import Action, Decision
from pipeline.store.placed import LoosePage, Placed
from pipeline.store.readings import may_be_one
from pipeline.store.review_state import Verdict
from pipeline.store.rows import EncounterState

Text = Annotated[str, Form()]
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


def routes(desk: Desk) -> APIRouter:
    """What is done with the pages of an encounter."""
    router = APIRouter()

    @router.get("/encounters/{id}/arrangement")
    def show(request: Request, id: str) -> Response:
        return _dialog(desk, request, id)

    @router.post("/encounters/{id}/arrangement/search")
    def search(request: Request, id: str, q: Text = "") -> Response:
        here, others, _ = _known(desk, id)
        found = _search(desk, here, q)
        if not is_htmx(request):
            return _dialog(desk, request, id, q=q, found=found)
        context: dict[str, object] = {"others": found or _near(desk, here, others), "id": id, "q": q}
        context["nothing"] = bool(q.strip()) and not found
        return desk.screen(request, "chart/arrange_others.html", context)

    @router.post("/encounters/{id}/arrangement")
    def arrange(
        request: Request,
        id: str,
        verb: Text,
        page: Annotated[list[int] | None, Form()] = None,
        loose: Annotated[list[str] | None, Form()] = None,
        target: Text = "",
        seen: Annotated[list[str] | None, Form()] = None,
        sure: Text = "",
    ) -> Response:
        here, _, _ = _known(desk, id)
        word, _, about = verb.partition(" ")
        other = about or target
        chosen = set(page or ())
        try:
            hand = Hand(who=coder(request) or "", seen=_seen(seen or ()))
            doubt = _doubt(desk, here, other) if word in {"move", "merge"} else None
            if doubt and sure != other:
                return _dialog(
                    desk, request, id, chosen=chosen, asked=f"{doubt} Do it all the same?", again=verb, target=other
                )
            _arrange(desk, hand, here, word, other, chosen, loose or ())
        except DecisionRefusedError as error:
            return _dialog(desk, request, id, chosen=chosen, notice=str(error), target=other)
        return go_to(request, f"/encounters/{id}")

    @router.post("/encounters/{id}/taken-over")
    def take_over(
        request: Request, id: str, reading: Annotated[int, Form()], system: Text, code: Text, source: Text
    ) -> Response:
        encounter, _ = find(desk, id)
        view = casework(desk.store, desk.clock(), encounter, undecided=0)
        offer = next((o for o in view.offers if (o.system, o.code, o.source) == (system, code, source)), None)
        if offer is None:
            return answer(desk, request, id, seen=reading, notice="That decision was taken over already.")
        try:
            desk.store.decisions.append(
                who=coder(request) or "",
                encounter=id,
                reading=encounter.reading,
                action=Action.REJECT if offer.verdict is Verdict.REJECTED else Action.ADD,
                system=offer.system,
                code=offer.code,
                display=offer.display,
                anchors=offer.anchors,
                other=offer.source,
            )
        except DecisionRefusedError as error:
            return answer(desk, request, id, seen=reading, notice=str(error))
        return answer(desk, request, id, seen=reading)

    return router


def _arrange(
    desk: Desk, hand: Hand, here: Placed, verb: str, other: str, pages: Collection[int], loose: Iterable[str]
) -> None:
    store = desk.store.arranging
    match verb:
        case "split":
            store.split(hand, here.id, pages)
        case "move" if other:
            store.move(hand, here.id, other, pages)
        case "merge" if other:
            store.merge(hand, here.id, other)
        case "put-out":
            store.put_out(hand, here.id, pages)
        case "take-in":
            store.take_in(hand, here.id, {_source(key) for key in loose})
        case "move-back":
            store.move_back(hand, here.id)
        case "move":
            raise DecisionRefusedError("Choose the encounter that the pages go to.")
        case _:
            raise DecisionRefusedError("Choose what is to be done with the pages.")


def _dialog(
    desk: Desk,
    request: Request,
    id: str,
    *,
    q: str = "",
    found: tuple[OtherShown, ...] = (),
    chosen: Collection[int] = (),
    notice: str | None = None,
    asked: str | None = None,
    again: str = "",
    target: str = "",
) -> Response:
    here, others, loose = _known(desk, id)
    last = last_arranged(here)
    context: dict[str, object] = {
        "id": id,
        "document_name": here.document_name,
        "pages": _pages(desk, here),
        "chosen": chosen,
        "others": found or _near(desk, here, others),
        "nothing": bool(q.strip()) and not found,
        "loose": tuple(_loose(here, each) for each in loose),
        "latest_decision": _latest(here),
        "moved": None if last is None else last.text,
        "signed": here.review.state is EncounterState.CONFIRMED,
        "q": q,
        "asked": asked,
        "again": again,
        "target": target,
    }
    return dialog(desk, request, "chart/arrange.html", context, notice=notice or asked)


def _known(desk: Desk, id: str) -> tuple[Placed, tuple[Placed, ...], tuple[LoosePage, ...]]:
    known = desk.store.arranging.of(id)
    if known is None:
        raise HTTPException(
            404, "There is no such encounter. It may be of another store, or its address was cut short."
        )
    return known


def _near(desk: Desk, here: Placed, linked: Iterable[Placed]) -> tuple[OtherShown, ...]:
    """The others of its files, and those that may be the same visit."""
    proposed = desk.store.readings.encounter(here.id)
    near = {other.id: other for other in linked}
    for id in proposed.same_visit if proposed else ():
        visit = desk.store.arranging.placed(id)
        if visit is not None:
            near.setdefault(id, visit)
    return tuple(_other(desk, here, other) for other in near.values() if other.pages)


def _search(desk: Desk, here: Placed, words: str) -> tuple[OtherShown, ...]:
    """Encounters that all words name: those of the same patient first. No words find those of the same patient."""
    own = _folded(_patient(here))
    wanted = words.casefold().split()
    found: list[tuple[bool, str]] = []
    for encounter in desk.store.readings.encounters():
        proposal = encounter.proposal
        facts = (proposal.patient_name, proposal.record_number, proposal.date_of_service, proposal.provider)
        text = " ".join((encounter.document_name, encounter.batch, *(f.value for f in facts if f is not None)))
        same = bool(own) and _folded(proposal.patient_name.value if proposal.patient_name else None) == own
        named = all(word in text.casefold() for word in wanted) if wanted else same
        if named and encounter.id != here.id:
            found.append((not same, encounter.id))
    shown = []
    for _, id in sorted(found, key=lambda each: each[0]):
        other = desk.store.arranging.placed(id)
        if other is not None and other.pages:
            shown.append(_other(desk, here, other))
        if len(shown) == FOUND:
            break
    return tuple(shown)


def _other(desk: Desk, here: Placed, other: Placed) -> OtherShown:
    return OtherShown(
        id=other.id,
        name=name_of(other),
        patient=_patient(other),
        pages=_pages(desk, other),
        latest_decision=_latest(other),
        signed=other.review.state is EncounterState.CONFIRMED,
        doubt=_difference(here, other),
    )


def _pages(desk: Desk, encounter: Placed) -> tuple[PageShown, ...]:
    marks = [a.page for v in encounter.review.codes.values() for a in v.anchors]
    names = {}
    for document in {page.document for page in encounter.pages} - {encounter.document}:
        known = desk.store.arrivals.document(document)
        names[document] = known.name if known else "another file"
    return tuple(
        PageShown(
            number=page.number,
            picture=f"/encounters/{encounter.id}/pages/{page.number}",
            from_file=None if page.document == encounter.document else f"page {page.page} of “{names[page.document]}”",
            decided=marks.count(page.number),
        )
        for page in encounter.pages
    )


def _loose(here: Placed, page: LoosePage) -> LooseShown:
    return LooseShown(
        key=f"{page.document}:{page.page}",
        page=page.page,
        file=page.document_name,
        picture=f"/encounters/{here.id}/pages/{page.page}" if page.document == here.document else "",
        blank=page.role is not PageRole.CONTENT,
    )


def _doubt(desk: Desk, here: Placed, other: str) -> str | None:
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


def _latest(encounter: Placed) -> int:
    newest: Decision | None = encounter.journal[-1] if encounter.journal else None
    return newest.id if newest else 0


def _seen(sent: Iterable[str]) -> dict[str, int]:
    """What the form says that the person saw: encounter and latest decision, by a blank."""
    seen = {}
    for each in sent:
        id, _, decision = each.rpartition(" ")
        if decision.isdigit():
            seen[id] = int(decision)
    return seen


def _source(key: str) -> tuple[str, int]:
    document, _, page = key.rpartition(":")
    if not page.isdigit():
        raise DecisionRefusedError("Choose the pages first.")
    return document, int(page)
