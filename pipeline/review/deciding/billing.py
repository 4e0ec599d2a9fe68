"""How accepted services are billed: units, modifiers, and the diagnoses that justify them."""

import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from pipeline.errors import DecisionRefusedError
from pipeline.records import SYSTEM_NAMES, CodeSystem
from pipeline.review.chart.lines import LETTERS
from pipeline.review.chart.screen import find
from pipeline.review.deciding.outcome import outcome, reading_shown
from pipeline.review.desk import Desk, coder
from pipeline.review.forms import Number, Shown, Text
from pipeline.store.decided import Action, Decision
from pipeline.store.review_state import Review, fold

_BETWEEN = re.compile(r"[\s,;/-]+")


def routes(desk: Desk) -> APIRouter:
    """The fields of a service, and the key that takes all suggested pointers."""
    router = APIRouter()

    @router.post("/encounters/{id}/billing")
    def on_billing(
        request: Request,
        id: str,
        system: Annotated[CodeSystem, Form()],
        code: Text,
        reading: Number,
        decision: Shown = None,
        units: Text = "",
        modifiers: Text = "",
        points: Text = "",
        order: Text = "",
    ) -> Response:
        encounter, _ = find(desk, id)

        def bill() -> None:
            reading_shown(desk, encounter, reading)
            written = fold(desk.store.decisions.of(id)).codes.get((system, code))
            given = (_units(units), _modifiers(modifiers, desk.codebooks.modifiers()), _pointers(points, order))
            if written is not None and given == (written.units, written.modifiers, written.points_to):
                return  # a field was left as it was
            desk.store.decisions.append(
                who=coder(request) or "",
                encounter=id,
                reading=reading,
                action=Action.BILL,
                seen=decision,
                system=system,
                code=code,
                units=given[0],
                modifiers=given[1],
                points_to=given[2],
            )

        what = f"setting how {SYSTEM_NAMES.get(system, system)} {code} is billed"
        return outcome(desk, request, id, bill, reading=reading, what=what)

    @router.post("/encounters/{id}/pointers")
    def on_pointers(
        request: Request,
        id: str,
        reading: Number,
        decision: Shown = None,
        suggested: Annotated[list[str] | None, Form()] = None,
    ) -> Response:
        encounter, _ = find(desk, id)

        def point() -> str | None:
            reading_shown(desk, encounter, reading)
            tied = pointing(desk, coder(request) or "", id, reading, tuple(suggested or ()))
            desk.store.decisions.append_all(tied, seen=decision)
            return f"Tied as suggested: {', '.join(each.code or '' for each in tied)}." if tied else None

        return outcome(desk, request, id, point, reading=reading, what="tying services to diagnoses")

    return router


def pointing(desk: Desk, who: str, id: str, reading: int, suggested: tuple[str, ...]) -> tuple[Decision, ...]:
    """The decisions that take suggested pointers as the page showed them.

    Args:
        suggested: each as `SYSTEM CODE DIAGNOSIS,DIAGNOSIS`; one whose service was tied or taken away since is left.
    """
    review = fold(desk.store.decisions.of(id))
    waiting = {(service.system, service.code): service for service in review.services() if not service.points_to}
    known = {diagnosis.code for diagnosis in review.diagnoses()}
    tied = []
    for each in suggested:
        system, _, rest = each.partition(" ")
        code, _, diagnoses = rest.partition(" ")
        points = tuple(diagnosis for diagnosis in diagnoses.split(",") if diagnosis in known)
        service = waiting.get((CodeSystem(system), code)) if system in set(CodeSystem) else None
        if service is None or not points:
            continue
        tied.append(
            Decision(
                id=0,
                at=desk.clock(),
                who=who,
                encounter=id,
                reading=reading,
                action=Action.BILL,
                system=service.system,
                code=service.code,
                units=service.units,
                modifiers=service.modifiers,
                points_to=points,
            )
        )
    return tuple(tied)


def unfinished(review: Review, tied: tuple[Decision, ...] = ()) -> tuple[str, ...]:
    """Codes of the services that point to no diagnosis, and will not once `tied` is decided."""
    now = {(each.system, each.code) for each in tied}
    return tuple(s.code for s in review.services() if not s.points_to and (s.system, s.code) not in now)


def _units(text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isascii() or not text.strip().isdigit() or len(text.strip()) > 6:
        raise DecisionRefusedError("Units are a whole number.")
    return int(text)


def _modifiers(text: str, known: Mapping[str, str]) -> tuple[str, ...]:
    given = tuple(dict.fromkeys(part for part in _BETWEEN.split(text.upper()) if part))
    strange = [modifier for modifier in given if modifier not in known]
    if strange:
        raise DecisionRefusedError(f"{', '.join(strange)[:40]}: no modifier of the loaded books; please check it.")
    return given


def _pointers(text: str, order: str) -> tuple[str, ...]:
    """Diagnosis codes for letters as typed (`BA`, `B, A`), by the order that the page showed."""
    letters = dict(zip(LETTERS, order.split(","), strict=False)) if order else {}
    typed = "".join(_BETWEEN.split(text.upper()))
    strange = [letter for letter in typed if letter not in letters]
    if strange:
        raise DecisionRefusedError(f"{strange[0]} is the letter of no diagnosis here.")
    return tuple(dict.fromkeys(letters[letter] for letter in typed))
