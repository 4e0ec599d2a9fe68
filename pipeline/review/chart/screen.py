"""One encounter: its pages with their ink, and the panel beside them."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from starlette.exceptions import HTTPException

from pipeline.records import Reading
from pipeline.review.chart.view import Chart, chart
from pipeline.review.desk import Desk, user_of
from pipeline.review.rights import NO_ENCOUNTER, may_see
from pipeline.store.review_state import fold
from pipeline.store.rows import ProposedEncounter, User


def routes(desk: Desk) -> APIRouter:
    """The chart screen and its pictures."""
    router = APIRouter()

    @router.get("/encounters/{id}")
    def show(request: Request, id: str) -> Response:
        return desk.screen(
            request, "chart/chart.html", {"chart": load_chart(desk, id, user_of(request)), "notice": None}
        )

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


def find(desk: Desk, id: str, user: User | None = None) -> tuple[ProposedEncounter, Reading]:
    """An encounter with the reading that proposes it; a page with a sentence where there is none.

    The encounter of an address was checked when its route let somebody in; where an id comes from a form, say the
    user, and one of a batch that they may not see is answered as if it did not exist.
    """
    encounter = desk.store.readings.encounter(id)
    if encounter is None or (user is not None and not may_see(user, encounter)):
        raise HTTPException(404, NO_ENCOUNTER)
    reading = desk.reading(encounter.document, encounter.reading)
    if reading is None:
        raise HTTPException(404, "What was read of this file is missing from the store; run `inkchart reconcile`.")
    return encounter, reading


def load_chart(desk: Desk, id: str, user: User | None = None) -> Chart:
    """The chart screen of an encounter as it stands now; for a user, it names no other chart they may not see."""
    encounter, reading = find(desk, id)
    decisions = desk.store.decisions.of(id)
    names = {}
    if encounter.same_visit:
        names = {
            other.id: other.document_name
            for other in desk.store.readings.encounters()
            if user is None or may_see(user, other)
        }
        encounter = replace(encounter, same_visit=tuple(id for id in encounter.same_visit if id in names))
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
        return RedirectResponse(f"/encounters/{id}" + (f"#card-{entity}" if entity else ""), status_code=303)
    view = load_chart(desk, id, user_of(request))
    template = "chart/panel.html" if htmx else "chart/chart.html"
    response = desk.screen(request, template, {"chart": view, "notice": notice}, status=409 if notice else 200)
    if htmx and view.reading != seen:
        response.headers["HX-Refresh"] = "true"
    return response
