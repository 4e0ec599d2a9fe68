"""One encounter: its pages with their ink, and the panel beside them."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from starlette.exceptions import HTTPException

from pipeline.records import Reading
from pipeline.review.chart.view import Chart, chart, day_of
from pipeline.review.desk import Desk
from pipeline.store.review_state import fold
from pipeline.store.rows import ProposedEncounter

UNKNOWN = "There is no such encounter. It may be of another store, or its address was cut short."


def routes(desk: Desk) -> APIRouter:
    """The chart screen and its pictures."""
    router = APIRouter()

    @router.get("/encounters/{id}")
    def show(request: Request, id: str) -> Response:
        return desk.screen(request, "chart/chart.html", {"chart": load_chart(desk, id), "notice": None})

    @router.get("/encounters/{id}/pages/{number}")
    def picture(id: str, number: int) -> Response:
        encounter, reading = find(desk, id)
        if number not in {page.number for page in reading.pages}:
            raise HTTPException(404, "This file has no such page.")
        try:
            file = desk.picture(encounter.document, number)
        except KeyError:
            raise HTTPException(404, "There is no picture of this page.") from None
        if not file.is_file():
            raise HTTPException(404, "There is no picture of this page.")
        return FileResponse(file, media_type="image/png" if file.suffix.lower() == ".png" else "image/jpeg")

    return router


def find(desk: Desk, id: str) -> tuple[ProposedEncounter, Reading]:
    """An encounter with the reading that proposes it; a page with a sentence where there is none."""
    encounter = desk.store.readings.encounter(id)
    if encounter is None:
        raise HTTPException(404, UNKNOWN)
    reading = desk.reading(encounter.document, encounter.reading)
    if reading is None:
        raise HTTPException(404, "What was read of this file is missing from the store; run `inkchart reconcile`.")
    return encounter, reading


def load_chart(desk: Desk, id: str) -> Chart:
    """The chart screen of an encounter as it stands now."""
    encounter, reading = find(desk, id)
    decisions = desk.store.decisions.of(id)
    names = {}
    if encounter.same_visit:
        names = {other.id: other.document_name for other in desk.store.readings.encounters()}
    review = fold(decisions)
    day = review.date_of_service or day_of(encounter.proposal.date_of_service)
    warnings = desk.check(day, review.patient, review.accepted(), reading, encounter.proposal)
    return chart(encounter, reading, review, decisions, names, warnings, desk.codebooks.modifiers())


def answer(
    desk: Desk,
    request: Request,
    id: str,
    *,
    seen: int,
    entity: str = "",
    notice: str | None = None,
    status: str | None = None,
    asked: str | None = None,
) -> Response:
    """What follows a form: with htmx the new panel, else the chart again.

    Args:
        seen: number of the reading that the page showed; where another one is current, the page is loaded anew.
        entity: where the coder was.
        notice: why nothing was decided.
        status: what was done, where the panel does not say it by itself.
        asked: what to look at before signing off all the same.
    """
    htmx = request.headers.get("HX-Request") == "true"
    refused = notice is not None or asked is not None
    if not refused and not htmx:
        return RedirectResponse(f"/encounters/{id}" + (f"#card-{entity}" if entity else ""), status_code=303)
    view = load_chart(desk, id)
    template = "chart/panel.html" if htmx else "chart/chart.html"
    context: dict[str, object] = {"chart": view, "notice": notice, "status": status, "asked": asked}
    response = desk.screen(request, template, context, status=409 if refused else 200)
    if htmx and view.reading != seen:
        response.headers["HX-Refresh"] = "true"
    return response
