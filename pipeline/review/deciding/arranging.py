"""The dialog “Pages”: splitting, merging and moving, said in a sentence before it is done."""

from collections.abc import Collection, Iterable
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.exceptions import HTTPException

from pipeline.errors import DecisionRefusedError
from pipeline.review.chart.screen import Refusal, answer, find
from pipeline.review.deciding.casework import casework
from pipeline.review.deciding.dialogs import dialog, go_to, is_htmx
from pipeline.review.deciding.page_choice import (
    OtherShown,
    doubt_about,
    latest_of,
    loose_shown,
    near_encounters,
    pages_shown,
    search_encounters,
)
from pipeline.review.desk import Desk, batches_of, coder
from pipeline.review.forms import Number, Text
from pipeline.review.hidden import is_seen, nameless_placed
from pipeline.review.rights import NO_ENCOUNTER
from pipeline.store.arranging import Hand, last_arranged
from pipeline.store.decided import Action
from pipeline.store.placed import LoosePage, Placed
from pipeline.store.review_state import Verdict
from pipeline.store.rows import EncounterState


def routes(desk: Desk) -> APIRouter:
    """What is done with the pages of an encounter."""
    router = APIRouter()

    @router.get("/encounters/{id}/arrangement")
    def show(request: Request, id: str) -> Response:
        return _dialog(desk, request, id)

    @router.post("/encounters/{id}/arrangement/search")
    def search(request: Request, id: str, q: Text = "") -> Response:
        here, others, _ = _known(desk, request, id)
        batches = batches_of(request)
        found = search_encounters(desk, here, q, batches)
        if not is_htmx(request):
            return _dialog(desk, request, id, q=q, found=found)
        context: dict[str, object] = {"others": found or near_encounters(desk, here, others, batches), "id": id, "q": q}
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
        here, _, _ = _known(desk, request, id)
        word, _, about = verb.partition(" ")
        other = about or target
        for named in {about, target} - {""}:
            _check_seen(desk, request, named)
        chosen = set(page or ())
        try:
            hand = Hand(who=coder(request) or "", seen=_seen(seen or ()), batches=batches_of(request))
            doubt = doubt_about(desk, here, other) if word in {"move", "merge"} else None
            if doubt and sure != other:
                return _dialog(
                    desk, request, id, chosen=chosen, asked=f"{doubt} Do it all the same?", again=verb, target=other
                )
            _arrange(desk, hand, here, word, other, chosen, loose or ())
        except DecisionRefusedError as error:
            return _dialog(desk, request, id, chosen=chosen, notice=error, target=other)
        return go_to(request, f"/encounters/{id}")

    @router.post("/encounters/{id}/taken-over")
    def take_over(request: Request, id: str, reading: Number, system: Text, code: Text, source: Text) -> Response:
        encounter, _ = find(desk, id)
        _check_seen(desk, request, source)
        view = casework(desk.store, desk.clock(), encounter, undecided=0, batches=batches_of(request))
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
            return answer(desk, request, id, seen=reading, notice=error)
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
    notice: Refusal = None,
    asked: str | None = None,
    again: str = "",
    target: str = "",
) -> Response:
    here, others, loose = _known(desk, request, id)
    batches = batches_of(request)
    last = last_arranged(here)
    context: dict[str, object] = {
        "id": id,
        "document_name": here.document_name,
        "pages": pages_shown(desk, here, batches),
        "chosen": chosen,
        "others": found or near_encounters(desk, here, others, batches),
        "nothing": bool(q.strip()) and not found,
        "loose": tuple(loose_shown(here, each) for each in loose),
        "latest_decision": latest_of(here),
        "moved": None if last is None else last.text,
        "signed": here.review.state is EncounterState.CONFIRMED,
        "q": q,
        "asked": asked,
        "again": again,
        "target": target,
    }
    return dialog(desk, request, "chart/arrange.html", context, notice=notice or asked)


def _known(desk: Desk, request: Request, id: str) -> tuple[Placed, tuple[Placed, ...], tuple[LoosePage, ...]]:
    """An encounter and what its pages have to do with, as far as the account may see it."""
    batches = batches_of(request)
    known = desk.store.arranging.of(id, batches)
    if known is None:
        raise HTTPException(404, NO_ENCOUNTER)
    here, others, loose = known
    return nameless_placed(desk.store, here, batches), others, loose


def _check_seen(desk: Desk, request: Request, other: str) -> None:
    """An encounter that a form names and that lies in another batch is answered as if it did not exist."""
    batches = batches_of(request)
    if batches is not None and not is_seen(desk.store, other, batches):
        raise HTTPException(404, NO_ENCOUNTER)


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
