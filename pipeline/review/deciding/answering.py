"""A question that was asked: its page to print, its answer written down later, and the list of all that are open."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from pipeline.errors import DecisionRefusedError
from pipeline.review.chart.screen import Refusal, answer, find
from pipeline.review.chart.view import value_of
from pipeline.review.deciding.asking import unwritten
from pipeline.review.deciding.casework import QueryShown, query_shown
from pipeline.review.deciding.dialogs import dialog, go_to, is_htmx
from pipeline.review.deciding.questions import parted
from pipeline.review.deciding.quoting import quotes_of
from pipeline.review.deciding.words import a_day, one_line
from pipeline.review.desk import Desk, batches_of, coder
from pipeline.review.forms import Text
from pipeline.store.arranging import name_of
from pipeline.store.decided import Action, HoldKind
from pipeline.store.placed import Placed
from pipeline.store.review_state import Review, fold
from pipeline.store.rows import ProposedEncounter
from pipeline.store.waits import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A question in the list of all charts."""

    encounter: str
    chart: str
    patient: str | None
    query: QueryShown
    text: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """What identifies the chart on a printed question: as confirmed, else as read."""

    patient: str
    born: str
    record_number: str
    day: str
    provider: str


def routes(desk: Desk) -> APIRouter:
    """Questions after they were asked."""
    router = APIRouter()

    @router.get("/encounters/{id}/questions/{number}")
    def show(request: Request, id: str, number: int) -> Response:
        """The page to print."""
        encounter, read = find(desk, id)
        review = fold(desk.store.decisions.of(id))
        query = _query(review, number)
        text, options = parted(query.question)
        context: dict[str, object] = {
            "id": id,
            "encounter": encounter,
            "query": query_shown(query, desk.clock()),
            "question": text,
            "choices": options,
            "quotes": quotes_of(read, query.anchors),
            "whose": _whose(encounter, review, query),
        }
        return desk.screen(request, "chart/query_print.html", context)

    @router.get("/encounters/{id}/questions/{number}/answer")
    def ask_answer(request: Request, id: str, number: int) -> Response:
        return _answering(desk, request, id, number)

    @router.post("/encounters/{id}/questions/{number}/answer")
    def write_answer(
        request: Request,
        id: str,
        number: int,
        text: Text = "",
        picked: Text = "",
        answered_by: Text = "",
        answered_on: Text = "",
        release: Text = "",
        back: Text = "",
    ) -> Response:
        encounter, _ = find(desk, id)
        review = fold(desk.store.decisions.of(id))
        _query(review, number)
        who = coder(request) or ""
        try:
            day = a_day(answered_on, "day of the answer")
            if day is not None and day > desk.clock().date():
                raise DecisionRefusedError("The day of the answer lies in the future; please check it.")
            whence = ", ".join(part for part in (one_line(answered_by), str(day or "")) if part)
            said = ": ".join(part for part in (one_line(picked), one_line(text)) if part)
            words = said + (f" ({whence})" if whence and said else "")
            made = [unwritten(who, id, encounter.reading, Action.ANSWER, about=number, text=words)]
            others_open = any(q.answer is None and q.id != number for q in review.queries)
            if release and not others_open and review.hold is not None and review.hold.kind is HoldKind.QUERY:
                made.append(unwritten(who, id, encounter.reading, Action.RELEASE, text="The provider answered."))
            desk.store.decisions.append_all(tuple(made))
        except DecisionRefusedError as error:
            typed = {"text": text, "picked": picked, "answered_by": answered_by, "answered_on": answered_on}
            return _answering(desk, request, id, number, notice=error, typed=typed, back=back)
        if back == "list":
            return go_to(request, "/questions")
        return answer(desk, request, id, seen=encounter.reading)

    @router.get("/questions")
    def every(request: Request, show: str = "") -> Response:
        """The questions of all charts."""
        asked = desk.store.waiting.questions(batches_of(request))
        now = desk.clock()
        shown = [
            OpenQuestion(
                encounter=each.encounter.id,
                chart=name_of(each.encounter),
                patient=_patient(each.encounter),
                query=query_shown(each.query, now),
                text=parted(each.query.question)[0],
                choices=parted(each.query.question)[1],
            )
            for each in asked
            if (each.query.answer is None) != (show == "answered")
        ]
        counts = {
            "open": sum(q.query.answer is None for q in asked),
            "answered": sum(q.query.answer is not None for q in asked),
        }
        ordered = list(reversed(shown)) if show == "answered" else shown
        context: dict[str, object] = {"questions": ordered, "counts": counts, "answered": show == "answered"}
        return desk.screen(request, "chart/query_list.html", context)

    return router


def _answering(
    desk: Desk,
    request: Request,
    id: str,
    number: int,
    *,
    notice: Refusal = None,
    typed: dict[str, str] | None = None,
    back: str = "",
) -> Response:
    encounter, _ = find(desk, id)
    review = fold(desk.store.decisions.of(id))
    query = _query(review, number)
    text, options = parted(query.question)
    begun = {"text": "", "picked": "", "answered_by": query.provider, "answered_on": desk.clock().date().isoformat()}
    held = review.hold is not None and review.hold.kind is HoldKind.QUERY
    context: dict[str, object] = {
        "id": id,
        "document_name": encounter.document_name,
        "number": number,
        "question": text,
        "choices": tuple(option.partition(":")[0] for option in options),
        "typed": begun if typed is None else typed,
        "held": held,
        "back": back or ("" if is_htmx(request) else "list"),
    }
    return dialog(desk, request, "chart/query_answer.html", context, notice=notice)


def _query(review: Review, number: int) -> Query:
    found = next((query for query in review.queries if query.id == number), None)
    if found is None:
        raise HTTPException(404, "There is no such question on this chart. It may have been taken back.")
    return found


def _whose(encounter: ProposedEncounter, review: Review, query: Query) -> Whose:
    proposal, patient = encounter.proposal, review.patient
    born = patient.birth_date.isoformat() if patient and patient.birth_date else value_of(proposal.birth_date)
    day = review.date_of_service.isoformat() if review.date_of_service else value_of(proposal.date_of_service)
    return Whose(
        patient=(patient.name if patient else value_of(proposal.patient_name)) or "",
        born=born or "",
        record_number=(patient.record_number if patient else value_of(proposal.record_number)) or "",
        day=day or "",
        provider=query.provider or value_of(proposal.provider) or "",
    )


def _patient(encounter: Placed) -> str | None:
    confirmed = encounter.review.patient
    return confirmed.name if confirmed else value_of(encounter.proposal.patient_name)
