"""The page of numbers and its tables."""

from datetime import UTC, datetime, time, timedelta

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from pipeline.review.chart.screen import find
from pipeline.review.desk import Desk, batches_of, user_of
from pipeline.review.numbers.outcomes import keep_outcomes
from pipeline.review.numbers.tables import OF_PEOPLE, TABLES, as_csv
from pipeline.review.numbers.view import MOST, Numbers, numbers
from pipeline.store.decided import FIRST_ROUND
from pipeline.store.review_state import fold
from pipeline.store.rows import Role
from pipeline.store.worklist import Narrowing

PERIODS = (7, 30, 90, 365)
CAUGHT_UP = 500
"""Signed encounters that are worked into the figures at most, each time the page is asked for."""


def routes(desk: Desk) -> APIRouter:
    """`/numbers`, and each of its tables as CSV."""
    router = APIRouter()

    @router.get("/numbers")
    def show(request: Request, days: int = 30) -> Response:
        view = load_numbers(desk, days, batches_of(request))
        lead = Role.LEAD in _roles(request)
        return desk.screen(
            request, "numbers/numbers.html", {"numbers": view, "periods": PERIODS, "lead": lead, "most": MOST}
        )

    @router.get("/numbers/{table}.csv")
    def table(request: Request, table: str, days: int = 30) -> Response:
        if table not in TABLES:
            raise HTTPException(404, "There is no such table of numbers.")
        if table in OF_PEOPLE and Role.LEAD not in _roles(request):
            raise HTTPException(403, "Figures of single coders are for leads.")
        return Response(
            as_csv(TABLES[table](load_numbers(desk, days, batches_of(request)))),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{table}.csv"'},
        )

    return router


def load_numbers(desk: Desk, days: int, batches: frozenset[str] | None) -> Numbers:
    """The figures of the last days, after what was signed since the last look was worked in.

    Args:
        desk: of the review.
        days: one of the periods.
        batches: that the account may see; None for all.
    """
    days = days if days in PERIODS else PERIODS[1]
    for id in desk.store.figures.missing(CAUGHT_UP):
        encounter, reading = find(desk, id, round=FIRST_ROUND)
        decisions = desk.store.decisions.of(id, FIRST_ROUND)
        keep_outcomes(desk.store, encounter, reading, fold(decisions), decisions)
    today = desk.clock().date()
    since = datetime.combine(today - timedelta(days=days - 1), time.min, UTC)
    states = desk.store.worklist.counts(Narrowing(batches=batches))
    return numbers(
        desk.store.figures.signed(since, batches),
        desk.store.figures.outcomes(since, batches),
        desk.store.figures.moments(since, batches),
        {state.value: count for state, count in states.items()},
        today,
        days,
    )


def _roles(request: Request) -> frozenset[Role]:
    user = user_of(request)
    return frozenset() if user is None else user.roles
