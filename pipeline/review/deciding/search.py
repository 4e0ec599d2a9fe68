"""Looking a code up in the loaded books, to add it or to put it in another's place."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from pipeline.records import CLAIMED, CodeSystem
from pipeline.review.chart.cards import SYSTEM_NAMES
from pipeline.review.chart.screen import load_chart
from pipeline.review.desk import Desk, user_of

RESULTS = 20
Text = Annotated[str, Form()]


def routes(desk: Desk) -> APIRouter:
    """The search, by POST: what a coder types may be of the chart and belongs in no address."""
    router = APIRouter()

    @router.post("/encounters/{id}/search")
    def search(
        request: Request,
        id: str,
        reading: Annotated[int, Form()],
        q: Text = "",
        system: Annotated[CodeSystem | None, Form()] = None,
        entity: Text = "",
        replaces: Text = "",
        results_only: Text = "",
    ) -> Response:
        """The search form with its results; with htmx and `results_only`, the results alone."""
        chart = load_chart(desk, id, user_of(request))
        words = q.strip()
        asked = bool(words) and system in (None, *CLAIMED)
        found = desk.codebooks.search(words, system=system, on=chart.day, limit=RESULTS) if asked else ()
        subject = next((card for card in chart.cards if card.id == entity), None)
        htmx = request.headers.get("HX-Request") == "true"
        template = (
            "chart/results.html" if htmx and results_only else "chart/search.html" if htmx else "chart/search_page.html"
        )
        context: dict[str, object] = {
            "chart": chart,
            "q": words,
            "system": system,
            "systems": SYSTEM_NAMES,
            "entity": entity if subject else "",
            "subject": subject,
            "replaces": replaces,
            "reading": reading,
            "found": tuple(found),
            "limit": RESULTS,
            "taken": {(line.system, line.code) for line in chart.accepted},
        }
        return desk.screen(request, template, context)

    return router
