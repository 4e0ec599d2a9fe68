"""Questions to the provider: asked from the chart, printed, listed while they are open, and answered later."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.exceptions import HTTPException

from pipeline.errors import DecisionRefusedError
from pipeline.records import Anchor, Reading
from pipeline.review.chart.screen import answer, find
from pipeline.review.chart.view import day_of, value_of
from pipeline.review.deciding.casework import QueryShown, query_shown
from pipeline.review.deciding.dialogs import dialog, go_to, is_htmx
from pipeline.review.deciding.questions import joined, leading, load_templates, parted
from pipeline.review.deciding.quoting import Quote, quote_of_line, quotes, quotes_of
from pipeline.review.deciding.words import a_day, one_line
from pipeline.review.desk import Desk, coder
from pipeline.store.arranging import name_of
from pipeline.store.decided import Action, Decision, HoldKind
from pipeline.store.placed import Placed
from pipeline.store.review_state import Query, Review, fold
from pipeline.store.rows import ProposedEncounter

Text = Annotated[str, Form()]
Seen = Annotated[int | None, Form()]
Several = Annotated[list[str] | None, Form()]


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
    """Everything about questions."""
    router = APIRouter()
    templates = load_templates()

    @router.post("/encounters/{id}/question")
    def compose(
        request: Request,
        id: str,
        entity: Text = "",
        line: Text = "",
        template: Text = "",
        quoted: Several = None,
        provider: Annotated[str | None, Form()] = None,
        question: Text = "",
        choices: Text = "",
    ) -> Response:
        """The form; with a template, its words in it."""
        subject = entity or line
        chosen = tuple(quoted or ()) or ((subject,) if subject else ())
        begun = next((t for t in templates if t.key == template), None)
        if begun is not None and begun.key != "own":
            words = next((q.words for q in _quotes(desk, id, line) if q.key in chosen), "")
            question, choices = begun.about(words), "\n".join(begun.choices)
        return _form(
            desk, request, id, line=line, template=template, quoted=chosen, provider=provider, question=question,
            choices=choices,
        )  # fmt: skip

    @router.post("/encounters/{id}/questions")
    def ask(
        request: Request,
        id: str,
        reading: Annotated[int, Form()],
        decision: Seen = None,
        line: Text = "",
        template: Text = "",
        quoted: Several = None,
        provider: Text = "",
        question: Text = "",
        choices: Text = "",
        hold: Text = "",
        sure: Text = "",
    ) -> Response:
        encounter, read = find(desk, id)
        review = fold(desk.store.decisions.of(id))
        chosen = tuple(quoted or ())
        options = tuple(one_line(each) for each in choices.splitlines() if each.strip())
        typed: dict[str, object] = {
            "line": line, "template": template, "quoted": chosen, "provider": provider, "question": question,
            "choices": choices, "hold": bool(hold),
        }  # fmt: skip
        day = review.date_of_service or day_of(encounter.proposal.date_of_service)
        warnings = leading(question, options, _note(encounter, read), desk.codebooks, day)
        if warnings and one_line(sure) != one_line(question):
            return _form(desk, request, id, warnings=warnings, **typed)  # type: ignore[arg-type]
        anchors = tuple(a for q in _quotes(desk, id, line) if q.key in chosen for a in q.anchors)
        who = coder(request) or ""
        asked = _decision(who, id, reading, Action.ASK, text=joined(question, options) if question.strip() else None,
                          anchors=_once(anchors), owner=one_line(provider) or None)  # fmt: skip
        held = _decision(who, id, reading, Action.HOLD, hold=HoldKind.QUERY, text="A question to the provider is open.",
                         owner=one_line(provider) or who)  # fmt: skip
        try:
            desk.store.decisions.append_all((asked, held) if hold and review.hold is None else (asked,), seen=decision)
        except DecisionRefusedError as error:
            return _form(desk, request, id, notice=str(error), **typed)  # type: ignore[arg-type]
        return answer(desk, request, id, seen=reading)

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
            made = [_decision(who, id, encounter.reading, Action.ANSWER, about=number, text=words)]
            others_open = any(q.answer is None and q.id != number for q in review.queries)
            if release and not others_open and review.hold is not None and review.hold.kind is HoldKind.QUERY:
                made.append(_decision(who, id, encounter.reading, Action.RELEASE, text="The provider answered."))
            desk.store.decisions.append_all(tuple(made))
        except DecisionRefusedError as error:
            typed = {"text": text, "picked": picked, "answered_by": answered_by, "answered_on": answered_on}
            return _answering(desk, request, id, number, notice=str(error), typed=typed, back=back)
        if back == "list":
            return go_to(request, "/questions")
        return answer(desk, request, id, seen=encounter.reading)

    @router.get("/questions")
    def every(request: Request, show: str = "") -> Response:
        """The questions of all charts."""
        asked = desk.store.waiting.questions()
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

    def _form(
        desk: Desk,
        request: Request,
        id: str,
        *,
        line: str,
        template: str,
        quoted: tuple[str, ...],
        provider: str | None,
        question: str,
        choices: str,
        hold: bool = True,
        warnings: tuple[str, ...] = (),
        notice: str | None = None,
    ) -> Response:
        encounter, _ = find(desk, id)
        decisions = desk.store.decisions.of(id)
        every = _quotes(desk, id, line)
        context: dict[str, object] = {
            "id": id,
            "document_name": encounter.document_name,
            "reading": encounter.reading,
            "decision": decisions[-1].id if decisions else 0,
            "templates": templates,
            "template": template,
            "quotes": tuple(sorted(every, key=lambda q: q.key not in quoted)),
            "quoted": quoted,
            "line": line,
            "provider": (value_of(encounter.proposal.provider) or "") if provider is None else provider,
            "question": question,
            "choices": choices,
            "hold": hold,
            "held": fold(decisions).hold is not None,
            "warnings": warnings,
        }
        told = notice or ("This question may lead." if warnings else None)
        return dialog(desk, request, "chart/query.html", context, notice=told)

    return router


def _answering(
    desk: Desk,
    request: Request,
    id: str,
    number: int,
    *,
    notice: str | None = None,
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


def _quotes(desk: Desk, id: str, line: str) -> tuple[Quote, ...]:
    """What can be quoted: the line that the coder was at, then the findings."""
    encounter, reading = find(desk, id)
    chosen = quote_of_line(reading, line) if line else None
    return (*((chosen,) if chosen else ()), *quotes(encounter.proposal, reading))


def _note(encounter: ProposedEncounter, reading: Reading) -> str:
    """All words of the encounter, with what abbreviations among them were taken for."""
    lines = [line.text for page in reading.pages if page.number in encounter.proposal.pages for line in page.lines]
    meant = [entity.normalized for entity in reading.entities if entity.id in encounter.proposal.entities]
    return "\n".join((*lines, *meant))


def _once(anchors: tuple[Anchor, ...]) -> tuple[Anchor, ...]:
    return tuple(dict.fromkeys(anchors))


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


def _decision(who: str, encounter: str, reading: int, action: Action, **what: object) -> Decision:
    unset = datetime.min.replace(tzinfo=UTC)  # the journal sets the time
    return Decision(id=0, at=unset, who=who, encounter=encounter, reading=reading, action=action, **what)  # type: ignore[arg-type]
