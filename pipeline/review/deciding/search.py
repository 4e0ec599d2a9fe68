"""Looking a code up in the loaded books, by words, by digits or in its table; to add it or to put it in place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.exceptions import HTTPException

from pipeline.records import CLAIMED, SYSTEM_NAMES, Code, CodeSystem
from pipeline.review.chart.screen import load_chart
from pipeline.review.chart.view import Chart
from pipeline.review.deciding.tabular import tabular
from pipeline.review.desk import Desk, user_of
from pipeline.review.forms import Number, Shown, Text

RESULTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked up, and what for."""

    q: str
    system: CodeSystem | None
    entity: str
    """Finding that the code will be of."""
    replaces: str
    reading: int
    decision: int | None


def routes(desk: Desk) -> APIRouter:
    """The search, by POST: what a coder types may be of the chart and belongs in no address."""
    router = APIRouter()

    @router.post("/encounters/{id}/search")
    def search(
        request: Request,
        id: str,
        reading: Number,
        q: Text = "",
        system: Annotated[CodeSystem | None, Form()] = None,
        entity: Text = "",
        replaces: Text = "",
        decision: Shown = None,
        results_only: Text = "",
    ) -> Response:
        """The search form with its results; with htmx and `results_only`, the results alone."""
        chart = load_chart(desk, id, user_of(request))
        asked = Asked(q=q.strip(), system=system, entity=entity, replaces=replaces, reading=reading, decision=decision)
        found = _found(desk, chart, asked) if asked.q and system in (None, *CLAIMED) else ()
        if not found and system is not None and not replaces and any(c.isdigit() for c in asked.q):
            # Whoever types a code's digits knows what is wanted, and not which system stands in the box.
            asked = replace(asked, system=None)
            found, system = _found(desk, chart, asked), None
        editions = {s: desk.codebooks.edition(s, chart.day) for s in ((system,) if system else CLAIMED)}
        more: dict[str, object] = {"found": tuple(found), "limit": RESULTS, "editions": editions, "table": None}
        return _shown(desk, request, chart, asked, more, results_only=bool(results_only))

    @router.post("/encounters/{id}/table")
    def table(
        request: Request,
        id: str,
        reading: Number,
        system: Annotated[CodeSystem, Form()],
        code: Text,
        q: Text = "",
        entity: Text = "",
        replaces: Text = "",
        decision: Shown = None,
        results_only: Text = "",
    ) -> Response:
        """A code's place in its book."""
        chart = load_chart(desk, id, user_of(request))
        page = desk.codebooks.page(system, code, chart.day) if system in CLAIMED else None
        if page is None:
            raise HTTPException(404, "That code is in no loaded code book.")
        parent = desk.codebooks.page(system, page.parents[-1].code, chart.day) if page.parents else None
        asked = Asked(q=q.strip(), system=system, entity=entity, replaces=replaces, reading=reading, decision=decision)
        shown = tabular(page, parent, edition=desk.codebooks.edition(system, chart.day), taken=_taken(chart))
        more: dict[str, object] = {"found": (), "limit": RESULTS, "editions": {}, "table": shown}
        return _shown(desk, request, chart, asked, more, results_only=bool(results_only))

    return router


def _found(desk: Desk, chart: Chart, asked: Asked) -> Sequence[Code]:
    return desk.codebooks.search(asked.q, system=asked.system, on=chart.day, limit=RESULTS)


def _shown(
    desk: Desk, request: Request, chart: Chart, asked: Asked, more: dict[str, object], *, results_only: bool
) -> Response:
    subject = next((card for card in chart.cards if card.id == asked.entity), None)
    htmx = request.headers.get("HX-Request") == "true"
    part = "chart/table.html" if more["table"] is not None else "chart/results.html"
    template = part if htmx and results_only else "chart/search.html" if htmx else "chart/search_page.html"
    context: dict[str, object] = {
        "chart": chart,
        "q": asked.q,
        "system": asked.system,
        "systems": {system: SYSTEM_NAMES[system] for system in CLAIMED},
        "entity": asked.entity if subject else "",
        "subject": subject,
        "replaces": asked.replaces,
        "reading": asked.reading,
        "decision": chart.latest_decision if asked.decision is None else asked.decision,
        "taken": _taken(chart),
        **more,
    }
    return desk.screen(request, template, context)


def _taken(chart: Chart) -> dict[tuple[CodeSystem, str], bool]:
    return {(line.system, line.code): True for line in (*chart.standing.diagnoses, *chart.standing.services)}
