"""Whose visit it is and of which day; signing the encounter off, and opening it again."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from pipeline.errors import DecisionRefusedError
from pipeline.records import Patient
from pipeline.review.chart.screen import answer, find
from pipeline.review.deciding.billing import pointing, unfinished
from pipeline.review.deciding.codes import Seen, Text
from pipeline.review.deciding.outcome import outcome, reading_shown
from pipeline.review.desk import Desk, coder
from pipeline.store.decided import Action, Decision
from pipeline.store.review_state import fold


def routes(desk: Desk) -> APIRouter:
    """The forms above and below the codes."""
    router = APIRouter()

    @router.post("/encounters/{id}/identity")
    def on_identity(
        request: Request,
        id: str,
        reading: Annotated[int, Form()],
        decision: Seen = None,
        patient_name: Text = "",
        birth_date: Text = "",
        record_number: Text = "",
        sex: Text = "",
        date_of_service: Text = "",
    ) -> Response:
        find(desk, id)

        def identify() -> None:
            born, served = _day(birth_date, "birth date"), _day(date_of_service, "date of service")
            _check_days(born, served, desk.clock().date())
            patient = Patient(
                name=" ".join(patient_name.split()),
                birth_date=born,
                record_number=record_number.strip() or None,
                sex=sex if sex in {"F", "M"} else None,
            )
            _identify(desk, coder(request) or "", id, reading, decision, patient, served)

        return outcome(desk, request, id, identify, reading=reading, what="confirming patient and date")

    @router.post("/encounters/{id}/confirmation")
    def on_confirmation(
        request: Request,
        id: str,
        reading: Annotated[int, Form()],
        decision: Seen = None,
        suggested: Annotated[list[str] | None, Form()] = None,
        sure: Text = "",
    ) -> Response:
        encounter, _ = find(desk, id)
        who = coder(request) or ""
        tied = pointing(desk, who, id, reading, tuple(suggested or ()))
        open_services = unfinished(fold(desk.store.decisions.of(id)), tied)
        if open_services and not sure and encounter.reading == reading:
            asked = f"{', '.join(open_services)}: tied to no diagnosis. A payer will ask for it."
            return answer(desk, request, id, seen=reading, asked=asked)

        def sign() -> None:
            reading_shown(desk, encounter, reading)
            if reading != encounter.reading:
                raise DecisionRefusedError(
                    "This chart was read again meanwhile; look at it once more before confirming."
                )
            signature = Decision(
                id=0, at=desk.clock(), who=who, encounter=id, reading=reading, action=Action.CONFIRM_ENCOUNTER
            )
            desk.store.decisions.append_all((*tied, signature), seen=decision)

        return outcome(desk, request, id, sign, reading=reading, what="confirming the encounter")

    @router.post("/encounters/{id}/reopening")
    def on_reopening(
        request: Request, id: str, reading: Annotated[int, Form()], decision: Seen = None, reason: Text = ""
    ) -> Response:
        encounter, _ = find(desk, id)

        def reopen() -> None:
            reading_shown(desk, encounter, reading)
            if not reason.strip():
                raise DecisionRefusedError("Say why it is reopened; the reason stays in the history.")
            desk.store.decisions.append(
                who=coder(request) or "",
                encounter=id,
                reading=reading,
                action=Action.REOPEN,
                seen=decision,
                text=" ".join(reason.split()),
            )

        return outcome(desk, request, id, reopen, reading=reading, what="reopening the encounter")

    return router


def _identify(
    desk: Desk, who: str, id: str, reading: int, seen: int | None, patient: Patient, served: date | None
) -> None:
    encounter, _ = find(desk, id)
    review = fold(desk.store.decisions.of(id))
    reading_shown(desk, encounter, reading)
    if patient != review.patient:
        desk.store.decisions.append(
            who=who, encounter=id, reading=reading, action=Action.CONFIRM_PATIENT, seen=seen, patient=patient
        )
    if served is None:
        raise DecisionRefusedError("The patient is confirmed. Now say the date of service.")
    if served != review.date_of_service:
        desk.store.decisions.append(
            who=who, encounter=id, reading=reading, action=Action.CONFIRM_DATE, seen=seen, date_of_service=served
        )


def _day(text: str, what: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise DecisionRefusedError(f"The {what} is no day of the calendar; write it as YYYY-MM-DD.") from None


def _check_days(born: date | None, served: date | None, today: date) -> None:
    # A day's grace: today is the server's, in UTC, and somewhere it is tomorrow already.
    if served is not None and served > today + timedelta(days=1):
        raise DecisionRefusedError("The date of service lies in the future; please check it.")
    if born is not None and born > (served or today + timedelta(days=1)):
        raise DecisionRefusedError("The birth date comes after the visit; please check both.")
