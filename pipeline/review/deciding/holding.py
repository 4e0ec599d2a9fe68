"""Putting an encounter on hold: what it waits for, who sees to it and until when; and letting it go again."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from pipeline.errors import DecisionRefusedError
from pipeline.review.chart.screen import Refusal, answer, find
from pipeline.review.chart.sentences import WAITS_FOR
from pipeline.review.deciding.dialogs import dialog
from pipeline.review.deciding.words import a_day, one_line
from pipeline.review.desk import Desk, coder
from pipeline.review.forms import Number, Shown, Text
from pipeline.store.decided import Action, HoldKind
from pipeline.store.review_state import fold


def routes(desk: Desk) -> APIRouter:
    """The hold of an encounter."""
    router = APIRouter()

    @router.get("/encounters/{id}/hold")
    def show(request: Request, id: str, kind: HoldKind = HoldKind.OTHER) -> Response:
        return _dialog(desk, request, id, kind=kind.value)

    @router.post("/encounters/{id}/hold")
    def hold(
        request: Request,
        id: str,
        reading: Number,
        kind: Annotated[HoldKind, Form()],
        decision: Shown = None,
        reason: Text = "",
        owner: Text = "",
        due: Text = "",
    ) -> Response:
        find(desk, id)
        typed = {"kind": kind.value, "reason": reason, "owner": owner, "due": due}
        try:
            desk.store.decisions.append(
                who=coder(request) or "",
                encounter=id,
                reading=reading,
                action=Action.HOLD,
                seen=decision,
                hold=kind,
                text=one_line(reason),
                owner=one_line(owner) or None,
                due=_due(due, desk.clock().date()),
            )
        except DecisionRefusedError as error:
            return _dialog(desk, request, id, notice=error, **typed)
        return answer(desk, request, id, seen=reading)

    @router.post("/encounters/{id}/release")
    def release(request: Request, id: str, reading: Number, decision: Shown = None, note: Text = "") -> Response:
        find(desk, id)
        try:
            desk.store.decisions.append(
                who=coder(request) or "",
                encounter=id,
                reading=reading,
                action=Action.RELEASE,
                seen=decision,
                text=one_line(note) or None,
            )
        except DecisionRefusedError as error:
            return answer(desk, request, id, seen=reading, notice=error)
        return answer(desk, request, id, seen=reading)

    return router


def _dialog(desk: Desk, request: Request, id: str, *, notice: Refusal = None, **typed: str) -> Response:
    """The form, filled in with what was typed, else with the hold that stands."""
    encounter, _ = find(desk, id)
    decisions = desk.store.decisions.of(id)
    standing = fold(decisions).hold
    if standing is not None and "reason" not in typed:
        typed = {
            "kind": standing.kind.value,
            "reason": standing.reason,
            "owner": standing.owner,
            "due": standing.due.isoformat() if standing.due else "",
        }
    context: dict[str, object] = {
        "id": id,
        "document_name": encounter.document_name,
        "reading": encounter.reading,
        "decision": decisions[-1].id if decisions else 0,
        "kinds": {kind.value: words for kind, words in WAITS_FOR.items()},
        "people": desk.store.waiting.people(),
        "standing": standing,
        "today": desk.clock().date().isoformat(),
        "typed": {"reason": "", "owner": coder(request) or "", "due": "", **typed},
    }
    return dialog(desk, request, "chart/hold.html", context, notice=notice)


def _due(text: str, today: date) -> date | None:
    due = a_day(text, "due day")
    if due is not None and due < today:
        raise DecisionRefusedError("The due day has passed already; choose a later one.")
    return due
