"""The order of the diagnoses on the claim: the first one is the primary."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response

from pipeline.errors import DecisionRefusedError
from pipeline.records import SYSTEM_NAMES, CodeSystem
from pipeline.review.chart.screen import find
from pipeline.review.deciding.outcome import outcome, reading_shown
from pipeline.review.desk import Desk, coder
from pipeline.review.forms import Number, Shown, Text
from pipeline.store.decided import Action
from pipeline.store.review_state import fold


def routes(desk: Desk) -> APIRouter:
    """The arrows beside a diagnosis."""
    router = APIRouter()

    @router.post("/encounters/{id}/order")
    def on_order(
        request: Request,
        id: str,
        system: Annotated[CodeSystem, Form()],
        code: Text,
        move: Annotated[Literal["up", "down"], Form()],
        reading: Number,
        decision: Shown = None,
    ) -> Response:
        encounter, _ = find(desk, id)

        def put() -> str | None:
            reading_shown(desk, encounter, reading)
            before = tuple(diagnosis.code for diagnosis in fold(desk.store.decisions.of(id)).diagnoses())
            after = moved(before, code, -1 if move == "up" else 1)
            if after == before:
                return None
            desk.store.decisions.append(
                who=coder(request) or "",
                encounter=id,
                reading=reading,
                action=Action.ORDER,
                seen=decision,
                system=system,
                order=after,
            )
            return f"{code} stands {'first' if after[0] == code else f'at place {after.index(code) + 1}'} now."

        what = f"moving {SYSTEM_NAMES.get(system, system)} {code} {move}"
        return outcome(desk, request, id, put, reading=reading, what=what)

    return router


def moved(order: tuple[str, ...], code: str, by: int) -> tuple[str, ...]:
    """An order with one code a place further up or down; the same where it stands at the end already.

    Raises:
        DecisionRefusedError: the code is not among them.
    """
    if code not in order:
        raise DecisionRefusedError("That diagnosis is not accepted in this encounter.")
    rest = [other for other in order if other != code]
    place = min(len(rest), max(0, order.index(code) + by))
    return (*rest[:place], code, *rest[place:])
