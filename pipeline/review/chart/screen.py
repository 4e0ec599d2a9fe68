"""One encounter: its pages with their ink, and the panel beside them."""

from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from starlette.exceptions import HTTPException

from pipeline.records import Page, Reading
from pipeline.review.chart.view import Chart, chart
from pipeline.review.desk import Desk
from pipeline.store.review_state import fold
from pipeline.store.rows import ProposedEncounter

UNKNOWN = "There is no such encounter. It may be of another store, or its address was cut short."
NO_PICTURE = "There is no picture of this page."


def routes(desk: Desk) -> APIRouter:
    """The chart screen and its pictures."""
    router = APIRouter()

    @router.get("/encounters/{id}")
    def show(request: Request, id: str) -> Response:
        return desk.screen(request, "chart/chart.html", {"chart": load_chart(desk, id), "notice": None})

    @router.get("/encounters/{id}/pages/{number}")
    def picture(id: str, number: int) -> Response:
        file, _ = find_picture(desk, id, number)
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


def source_of(encounter: ProposedEncounter, number: int) -> tuple[str, int]:
    """Where a page of an encounter comes from: document id, and page number in that document's file."""
    return encounter.document, number


def find_picture(desk: Desk, id: str, number: int) -> tuple[Path, Page]:
    """The picture of an encounter's page, and what was read there; a page with a sentence where there is none."""
    encounter, reading = find(desk, id)
    page = next((page for page in reading.pages if page.number == number), None)
    if page is None:
        raise HTTPException(404, "This file has no such page.")
    try:
        file = desk.picture(*source_of(encounter, number))
    except KeyError:
        raise HTTPException(404, NO_PICTURE) from None
    if not file.is_file():
        raise HTTPException(404, NO_PICTURE)
    return file, page


def load_chart(desk: Desk, id: str) -> Chart:
    """The chart screen of an encounter as it stands now."""
    encounter, reading = find(desk, id)
    decisions = desk.store.decisions.of(id)
    names = {}
    if encounter.same_visit:
        names = {other.id: other.document_name for other in desk.store.readings.encounters()}
    return chart(encounter, reading, fold(decisions), decisions, names)


def answer(
    desk: Desk, request: Request, id: str, *, seen: int, entity: str = "", notice: str | None = None
) -> Response:
    """What follows a form: with htmx the new panel, else the chart again.

    Args:
        seen: number of the reading that the page showed; where another one is current, the page is loaded anew.
        entity: where the coder was.
        notice: why nothing was decided.
    """
    htmx = request.headers.get("HX-Request") == "true"
    if notice is None and not htmx:
        _, reading = find(desk, id)
        # Only an id that the reading has: whatever else a form brings stays out of the header.
        place = f"#card-{entity}" if any(found.id == entity for found in reading.entities) else ""
        return RedirectResponse(f"/encounters/{id}{place}", status_code=303)
    view = load_chart(desk, id)
    template = "chart/panel.html" if htmx else "chart/chart.html"
    response = desk.screen(request, template, {"chart": view, "notice": notice}, status=409 if notice else 200)
    if htmx and view.reading != seen:
        response.headers["HX-Refresh"] = "true"
    return response
