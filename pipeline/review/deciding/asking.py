"""Questions to the provider: asked from the chart, printed, listed while they are open, and answered later."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from pipeline.errors import DecisionRefusedError
from pipeline.records import Anchor, Reading
from pipeline.review.chart.screen import Refusal, answer, find
from pipeline.review.chart.view import day_of, value_of
from pipeline.review.deciding.dialogs import dialog
from pipeline.review.deciding.questions import joined, leading, load_templates
from pipeline.review.deciding.quoting import Quote, quote_of_line, quotes
from pipeline.review.deciding.words import one_line
from pipeline.review.desk import Desk, coder
from pipeline.review.forms import Number, Shown, Text
from pipeline.store.decided import Action, Decision, HoldKind
from pipeline.store.review_state import fold
from pipeline.store.rows import ProposedEncounter

Several = Annotated[list[str] | None, Form()]


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
        reading: Number,
        decision: Shown = None,
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
        asked = unwritten(who, id, reading, Action.ASK, text=joined(question, options) if question.strip() else None,
                          anchors=_once(anchors), owner=one_line(provider) or None)  # fmt: skip
        held = unwritten(who, id, reading, Action.HOLD, hold=HoldKind.QUERY, text="A question to the provider is open.",
                         owner=one_line(provider) or who)  # fmt: skip
        try:
            desk.store.decisions.append_all((asked, held) if hold and review.hold is None else (asked,), seen=decision)
        except DecisionRefusedError as error:
            return _form(desk, request, id, notice=error, **typed)  # type: ignore[arg-type]
        return answer(desk, request, id, seen=reading)

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
        notice: Refusal = None,
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


def unwritten(who: str, encounter: str, reading: int, action: Action, **what: object) -> Decision:
    """A decision that the journal gives its id and its time."""
    unset = datetime.min.replace(tzinfo=UTC)  # the journal sets the time
    return Decision(id=0, at=unset, who=who, encounter=encounter, reading=reading, action=action, **what)  # type: ignore[arg-type]
