"""Whose visit it is and of which day."""

from datetime import date, timedelta

from fastapi import APIRouter, Request, Response

from pipeline.errors import DecisionRefusedError
from pipeline.records import Patient
from pipeline.review.chart.screen import find
from pipeline.review.deciding.outcome import outcome, reading_shown
from pipeline.review.desk import Desk, coder
from pipeline.review.forms import Number, Shown, Text
from pipeline.store.decided import Action
from pipeline.store.review_state import fold


def routes(desk: Desk) -> APIRouter:
    """The form above the codes."""
    router = APIRouter()

    @router.post("/encounters/{id}/identity")
    def on_identity(
        request: Request,
        id: str,
        reading: Number,
        decision: Shown = None,
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
