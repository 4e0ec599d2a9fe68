"""Undoing and doing again, up to the sign-off: both are decisions of their own, so that the journal stays whole."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response

from pipeline.errors import DecisionRefusedError
from pipeline.records import Anchor
from pipeline.review.chart.screen import find
from pipeline.review.chart.sentences import sentence_of
from pipeline.review.deciding.outcome import outcome, reading_shown
from pipeline.review.desk import Desk, coder
from pipeline.review.forms import Number, Shown
from pipeline.store.decided import Action, Decision
from pipeline.store.refusals import LASTING
from pipeline.store.review_state import effective


def routes(desk: Desk) -> APIRouter:
    """Undo of the latest decision, of a chosen one, and redo."""
    router = APIRouter()

    @router.post("/encounters/{id}/undo")
    def on_undo(
        request: Request,
        id: str,
        reading: Number,
        decision: Shown = None,
        about: Shown = None,
        way: Annotated[Literal["undo", "redo"], Form()] = "undo",
    ) -> Response:
        encounter, _ = find(desk, id)
        who = coder(request) or ""

        def undo() -> str:
            reading_shown(desk, encounter, reading)
            made = desk.store.decisions.of(id)
            if about is not None:
                undone = next((each for each in made if each.id == about), None)
            else:
                undone = last_of(made, who) if way == "undo" else undone_last(made, who)
            if undone is None:
                raise DecisionRefusedError(
                    "There is no such decision."
                    if about is not None
                    else f"There is nothing of yours to {'undo' if way == 'undo' else 'do again'} here."
                )
            desk.store.decisions.append(
                who=who, encounter=id, reading=reading, action=Action.UNDO, seen=decision, about=undone.id
            )
            first = next((d for d in made if d.id == undone.about), None) if undone.action is Action.UNDO else None
            if first is not None:
                return f"Done again: {sentence_of(first)}{_where(first.anchors)}."
            return f"Undone: {sentence_of(undone)}{_where(undone.anchors)}."

        what = "doing it again" if way == "redo" else "undoing"
        return outcome(desk, request, id, undo, reading=reading, what=what)

    return router


def last_of(made: tuple[Decision, ...], who: str) -> Decision | None:
    """The latest decision of a person that counts and can be undone; nothing from before the last sign-off."""
    for decision in reversed(effective(made)):
        if decision.action is Action.REOPEN:
            return None
        if decision.who == who and decision.action not in LASTING:
            return decision
    return None


def undone_last(made: tuple[Decision, ...], who: str) -> Decision | None:
    """The latest undoing of a person that stands, with nothing decided after it: the one to take back for a redo."""
    gone: set[int | None] = set()
    for decision in reversed([each for each in made if each.who == who]):
        if decision.id in gone:
            continue
        if decision.action is not Action.UNDO:
            counting = decision in effective(made)
            # What was brought back by a redo does not end the row of things that can be done again.
            if counting and not any(d.action is Action.UNDO and d.about == decision.id for d in made):
                return None
            continue
        about = next((d for d in made if d.id == decision.about), None)
        if about is not None and about.action is Action.UNDO:
            gone.add(about.id)
            continue
        return decision
    return None


def _where(anchors: tuple[Anchor, ...]) -> str:
    pages = sorted({anchor.page for anchor in anchors})
    return f", page {', '.join(map(str, pages))}" if pages else ""
