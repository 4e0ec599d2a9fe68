"""What a coder corrects of the reading: the text of a line, a box that was missed, how a finding is meant."""

import re
from typing import Annotated, Unpack

from fastapi import APIRouter, Form, Request, Response
from starlette.exceptions import HTTPException

from pipeline.errors import DecisionRefusedError
from pipeline.records import Box, Context, Label, Page, WrittenLine
from pipeline.review.chart.screen import Refusal, Standing, answer, changes_since, load_chart, stand
from pipeline.review.deciding.page_text import closeup, text_line, text_of
from pipeline.review.desk import Desk, coder, user_of
from pipeline.review.forms import Number, Text
from pipeline.store.decided import Action
from pipeline.store.decisions import What
from pipeline.store.matching import anchors_of
from pipeline.store.review_state import effective

LONGEST = 1000
"""Characters of a line that a person writes."""
OUTDATED = "The page is out of date; load it again."
_BOX = re.compile(r"(\d{1,6})[,-](\d{1,6})[,-](\d{1,6})[,-](\d{1,6})", re.ASCII)
Holds = Annotated[bool, Form()]


def routes(desk: Desk) -> APIRouter:
    """The text of the pages, the editor of a line, and the forms that correct."""
    router = APIRouter()

    @router.get("/encounters/{id}/text")
    def text(request: Request, id: str) -> Response:
        chart = load_chart(desk, id, user_of(request))
        pages = text_of(stand(desk, id).seen, chart.corrections)
        template = "chart/text.html" if _htmx(request) else "chart/text_page.html"
        return desk.screen(request, template, {"chart": chart, "pages": pages})

    @router.get("/encounters/{id}/lines/{page}/{box}")
    def line(request: Request, id: str, page: int, box: str) -> Response:
        found = box_on(_page(stand(desk, id), page), box)
        if found is None:
            raise HTTPException(404, "This page has no such line.")
        return _editor(desk, request, id, page, found)

    @router.post("/encounters/{id}/lines")
    def on_line(
        request: Request,
        id: str,
        page: Number,
        box: Text,
        reading: Number,
        decision: Number,
        text: Text = "",
        nothing: Text = "",
    ) -> Response:
        words = "" if nothing else " ".join(text.split())
        return _write(desk, request, id, reading, decision, page, box, words, drawn=False)

    @router.post("/encounters/{id}/drawings")
    def on_drawing(
        request: Request, id: str, page: Number, box: Text, reading: Number, decision: Number, text: Text = ""
    ) -> Response:
        return _write(desk, request, id, reading, decision, page, box, " ".join(text.split()), drawn=True)

    @router.post("/encounters/{id}/contexts")
    def on_context(
        request: Request,
        id: str,
        entity: Text,
        label: Annotated[Label, Form()],
        reading: Number,
        decision: Number,
        negated: Holds = False,
        uncertain: Holds = False,
        historical: Holds = False,
        hypothetical: Holds = False,
        family: Holds = False,
    ) -> Response:
        context = Context(
            negated=negated, uncertain=uncertain, historical=historical, hypothetical=hypothetical, family=family
        )
        try:
            _mean(desk, coder(request) or "", id, reading, decision, entity, label, context)
        except DecisionRefusedError as error:
            return answer(desk, request, id, seen=reading, entity=entity, notice=error)
        return answer(desk, request, id, seen=reading, entity=entity)

    @router.post("/encounters/{id}/corrections/undoing")
    def on_undoing(request: Request, id: str, about: Number, reading: Number, decision: Number) -> Response:
        try:
            standing = _current(desk, id, reading)
            corrected = {d.id for d in standing.decisions if d.action in {Action.WRITE_LINE, Action.SET_CONTEXT}}
            if about not in corrected:
                raise DecisionRefusedError("That is no correction of this chart.")
            _append(desk, coder(request) or "", id, reading, decision, Action.UNDO, about=about)
        except DecisionRefusedError as error:
            return answer(desk, request, id, seen=reading, notice=error)
        return answer(desk, request, id, seen=reading)

    return router


def box_on(page: Page, text: str) -> Box | None:
    """A box given as four numbers, in pixels of the page as rendered; None where it is no box on the page."""
    found = _BOX.fullmatch(text.strip())
    if found is None:
        return None
    x0, y0, x1, y1 = map(int, found.groups())
    return Box(x0, y0, x1, y1) if x0 < x1 <= page.width and y0 < y1 <= page.height else None


def _write(
    desk: Desk,
    request: Request,
    id: str,
    reading: int,
    decision: int,
    page: int,
    box: str,
    words: str,
    *,
    drawn: bool,
) -> Response:
    """Append what a person says stands at a place; what was typed is shown again where that is refused."""
    place: Box | None = None
    try:
        standing = _current(desk, id, reading)
        if page not in standing.seen.encounter.proposal.pages:
            raise DecisionRefusedError("That page does not belong to this encounter.")
        place = box_on(_page(standing, page), box)
        if place is None:
            raise DecisionRefusedError("That box does not lie on the page.")
        if len(words) > LONGEST:
            raise DecisionRefusedError(f"A line has room for {LONGEST:,} characters; write it as several.")
        if drawn and not words:
            raise DecisionRefusedError("Type what the box says.")
        written = WrittenLine(page=page, box=place, text=words, drawn=drawn or _was_drawn(standing, page, place))
        if standing.review.lines[-1:] != (written,):  # a double click decides once
            _append(desk, coder(request) or "", id, reading, decision, Action.WRITE_LINE, line=written)
    except DecisionRefusedError as error:
        if place is None or _htmx(request):  # with htmx the editor is still open beside the panel
            return answer(desk, request, id, seen=reading, notice=error)
        return _editor(desk, request, id, page, place, typed=words, notice=error)
    return answer(desk, request, id, seen=reading)


def _mean(
    desk: Desk, who: str, id: str, reading: int, decision: int, entity: str, label: Label, context: Context
) -> None:
    standing = _current(desk, id, reading)
    found = next((each for each in standing.seen.reading.entities if each.id == entity), None)
    if found is None or found.label is not label or found.id not in standing.seen.encounter.proposal.entities:
        raise DecisionRefusedError("That finding is not on the page any more; look again.")
    if found.context != context:
        anchors = anchors_of(found.spans)
        _append(desk, who, id, reading, decision, Action.SET_CONTEXT, anchors=anchors, label=label, context=context)


def _current(desk: Desk, id: str, reading: int) -> Standing:
    """The chart as it stands; it must be of the reading that the coder saw, or of one that followed it."""
    standing = stand(desk, id)
    if not 0 < reading <= standing.proposed.latest_reading:
        raise DecisionRefusedError(OUTDATED)
    return standing


def _append(desk: Desk, who: str, id: str, reading: int, decision: int, action: Action, **what: Unpack[What]) -> None:
    desk.store.decisions.append(who=who, encounter=id, reading=reading, action=action, seen=decision, **what)


def _was_drawn(standing: Standing, page: int, box: Box) -> bool:
    """Whether a person drew the line that is written anew: it stays a drawn one."""
    lines = [d.line for d in effective(standing.decisions) if d.line is not None]
    return any(line.drawn for line in lines if (line.page, line.box) == (page, box))


def _editor(
    desk: Desk, request: Request, id: str, number: int, box: Box, *, typed: str | None = None, notice: Refusal = None
) -> Response:
    standing, chart = stand(desk, id), load_chart(desk, id, user_of(request))
    page = _page(standing, number)
    line = next((line for line in page.lines if line.box == box), None)
    shown = None if line is None else text_line(page, line, chart.corrections)
    sheets = (*chart.sheets.own, *chart.sheets.empty, *chart.sheets.others)
    context: dict[str, object] = {
        "chart": chart,
        "line": shown,
        "page": number,
        "box": ",".join(map(str, box)),
        "closeup": closeup(page, box),
        "transform": next(sheet.transform for sheet in sheets if sheet.number == number),
        "typed": typed if typed is not None else shown.text if shown else "",
        "notice": notice,
        "difference": changes_since(desk, request, notice),
    }
    template = "chart/line.html" if _htmx(request) else "chart/line_page.html"
    return desk.screen(request, template, context, status=409 if notice else 200)


def _page(standing: Standing, number: int) -> Page:
    page = next((page for page in standing.seen.reading.pages if page.number == number), None)
    if page is None:
        raise HTTPException(404, "This file has no such page.")
    return page


def _htmx(request: Request) -> bool:
    return request.headers.get("HX-Request") == "true"
