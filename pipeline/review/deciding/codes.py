"""What the coder decides, appended to the store with who, when and the ink that it is about."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from pipeline.errors import DecisionRefusedError
from pipeline.records import CLAIMED, Anchor, Code, CodeSystem, Patient, Reading
from pipeline.review.chart.screen import answer, find
from pipeline.review.chart.view import day_of
from pipeline.review.desk import Desk, coder
from pipeline.store.decided import Action
from pipeline.store.matching import anchors_of
from pipeline.store.review_state import Review, Verdict, fold
from pipeline.store.rows import ProposedEncounter

ON_CODES = {Action.ACCEPT, Action.REJECT, Action.REPLACE, Action.ADD, Action.CLEAR}
Text = Annotated[str, Form()]


def routes(desk: Desk) -> APIRouter:
    """The forms of the panel."""
    router = APIRouter()

    @router.post("/encounters/{id}/codes")
    def on_code(
        request: Request,
        id: str,
        action: Annotated[Action, Form()],
        system: Annotated[CodeSystem, Form()],
        code: Text,
        reading: Annotated[int, Form()],
        entity: Text = "",
        replaces: Text = "",
    ) -> Response:
        try:
            decide(desk, coder(request) or "", id, action, system, code, reading, entity, replaces)
        except DecisionRefusedError as error:
            return answer(desk, request, id, seen=reading, entity=entity, notice=str(error))
        return answer(desk, request, id, seen=reading, entity=entity)

    @router.post("/encounters/{id}/identity")
    def on_identity(
        request: Request,
        id: str,
        reading: Annotated[int, Form()],
        patient_name: Text = "",
        birth_date: Text = "",
        record_number: Text = "",
        sex: Text = "",
        date_of_service: Text = "",
    ) -> Response:
        encounter, _ = find(desk, id)
        today = desk.clock().date()
        try:
            born = _day(birth_date, "birth date")
            served = _day(date_of_service, "date of service")
            _check_days(born, served, today)
            patient = Patient(
                name=" ".join(patient_name.split()),
                birth_date=born,
                record_number=record_number.strip() or None,
                sex=sex if sex in {"F", "M"} else None,
            )
            _identify(desk, coder(request) or "", encounter, reading, patient, served)
        except DecisionRefusedError as error:
            return answer(desk, request, id, seen=reading, notice=str(error))
        return answer(desk, request, id, seen=reading)

    @router.post("/encounters/{id}/confirmation")
    def on_confirmation(request: Request, id: str, reading: Annotated[int, Form()]) -> Response:
        return _sign(desk, request, id, reading, Action.CONFIRM_ENCOUNTER)

    @router.post("/encounters/{id}/reopening")
    def on_reopening(request: Request, id: str, reading: Annotated[int, Form()]) -> Response:
        return _sign(desk, request, id, reading, Action.REOPEN)

    return router


def decide(
    desk: Desk,
    who: str,
    id: str,
    action: Action,
    system: CodeSystem,
    code: str,
    seen: int,
    entity: str,
    replaces: str,
) -> None:
    """Append a decision on a code.

    Raises:
        DecisionRefusedError: the code is in no book, was not proposed, or the encounter's state forbids it.
    """
    encounter, _ = find(desk, id)
    if action not in ON_CODES:
        raise DecisionRefusedError("This is not a decision on a code.")
    review = fold(desk.store.decisions.of(id))
    shown = _shown(desk, encounter, seen)
    if action is Action.CLEAR:
        _take_back(desk, who, id, review, system, code, seen)
        return
    day = review.date_of_service or day_of(encounter.proposal.date_of_service)
    known = _from_book(desk, system, code, day)
    if action in {Action.ACCEPT, Action.REJECT} and not _is_proposed(shown, encounter, known):
        raise DecisionRefusedError("That code is not among the candidates of this encounter; add it instead.")
    verdict = review.codes.get((system, known.code))
    wanted = Verdict.REJECTED if action is Action.REJECT else Verdict.ACCEPTED
    if verdict is not None and verdict.verdict is wanted and action is not Action.REPLACE:
        return  # a double click decides once
    if action is Action.REPLACE and replaces == known.code:
        raise DecisionRefusedError("A code cannot be replaced by itself.")
    desk.store.decisions.append(
        who=who,
        encounter=id,
        reading=seen,
        action=action,
        system=system,
        code=known.code,
        display=known.display,
        replaces=replaces or None if action is Action.REPLACE else None,
        anchors=_anchors(shown, entity),
    )


def _take_back(desk: Desk, who: str, id: str, review: Review, system: CodeSystem, code: str, seen: int) -> None:
    verdict = review.codes.get((system, code))
    if verdict is None:
        return
    # A replacement decided on two codes, so taking it back frees both.
    for taken in (code, verdict.replaces):
        if taken is not None:
            desk.store.decisions.append(
                who=who, encounter=id, reading=seen, action=Action.CLEAR, system=system, code=taken
            )


def _from_book(desk: Desk, system: CodeSystem, code: str, on: date | None) -> Code:
    known = desk.codebooks.get(system, code, on) if system in CLAIMED else None
    if known is None:
        raise DecisionRefusedError("That code is in no loaded code book, so it cannot be used.")
    return known


def _shown(desk: Desk, encounter: ProposedEncounter, seen: int) -> Reading:
    """The reading that the coder saw, which a newer one may have followed by now."""
    reading = desk.reading(encounter.document, seen) if seen > 0 else None
    if reading is None:
        raise DecisionRefusedError("The page is out of date; load it again.")
    return reading


def _is_proposed(reading: Reading, encounter: ProposedEncounter, code: Code) -> bool:
    # Ids of encounters are those of the reading, so on an older reading any of its candidates will do.
    return any(c.system is code.system and c.code == code.code for c in reading.candidates)


def _anchors(reading: Reading, entity: str) -> tuple[Anchor, ...]:
    return next((anchors_of(found.spans) for found in reading.entities if found.id == entity), ())


def _identify(
    desk: Desk, who: str, encounter: ProposedEncounter, seen: int, patient: Patient, served: date | None
) -> None:
    review = fold(desk.store.decisions.of(encounter.id))
    _shown(desk, encounter, seen)
    if patient != review.patient:
        desk.store.decisions.append(
            who=who, encounter=encounter.id, reading=seen, action=Action.CONFIRM_PATIENT, patient=patient
        )
    if served is None:
        raise DecisionRefusedError("The patient is confirmed. Now say the date of service.")
    if served != review.date_of_service:
        desk.store.decisions.append(
            who=who, encounter=encounter.id, reading=seen, action=Action.CONFIRM_DATE, date_of_service=served
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


def _sign(desk: Desk, request: Request, id: str, seen: int, action: Action) -> Response:
    encounter, _ = find(desk, id)
    try:
        _shown(desk, encounter, seen)
        if action is Action.CONFIRM_ENCOUNTER and seen != encounter.reading:
            raise DecisionRefusedError("This chart was read again meanwhile; look at it once more before confirming.")
        desk.store.decisions.append(who=coder(request) or "", encounter=id, reading=seen, action=action)
    except DecisionRefusedError as error:
        return answer(desk, request, id, seen=seen, notice=str(error))
    return answer(desk, request, id, seen=seen)
