"""Charts that are coded twice: taking one, comparing the two, and how far coders agree."""

import csv
import io

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from pipeline.errors import DecisionRefusedError
from pipeline.records import SYSTEM_NAMES
from pipeline.review.chart.screen import find
from pipeline.review.desk import Desk, coder, user_of
from pipeline.review.numbers.kappa import Agreement
from pipeline.review.rights import may_see
from pipeline.review.second.comparing import Compared, agreement, compare
from pipeline.store.decided import FIRST_ROUND, SECOND_ROUND
from pipeline.store.review_state import fold
from pipeline.store.rows import Role
from pipeline.store.seconds import SecondReview

TAKEN = "This chart cannot be taken: another coder has it, or you signed it yourself."


def routes(desk: Desk) -> APIRouter:
    """`/second`: what waits for a second coder, the agreement so far, and single comparisons."""
    router = APIRouter()

    @router.get("/second")
    def show(request: Request) -> Response:
        who, lead = coder(request) or "", _is_lead(request)
        reviews = _seen(desk, request)
        open_ = [review for review in reviews if review.done_at is None]
        return desk.screen(
            request,
            "second/second.html",
            {
                "mine": [review for review in open_ if review.second == who],
                "free": [review for review in open_ if review.second is None and review.first != who],
                "done": [
                    review for review in reviews if review.done_at is not None and _may_compare(review, who, lead)
                ],
                "agreement": _agreement(desk, reviews) if lead else {},
                "lead": lead,
            },
        )

    @router.post("/second/{id}")
    def take(request: Request, id: str) -> Response:
        find(desk, id)
        if not desk.store.seconds.take(id, coder(request) or ""):
            raise DecisionRefusedError(TAKEN)
        return RedirectResponse(f"/encounters/{id}", status_code=303)

    @router.get("/second/{id}")
    def one(request: Request, id: str) -> Response:
        review = desk.store.seconds.of(id)
        if (
            review is None
            or review.done_at is None
            or not _may_compare(review, coder(request) or "", _is_lead(request))
        ):
            raise HTTPException(404, "There is no comparison of two coders here.")
        codes = _compared(desk, id)
        context: dict[str, object] = {
            "review": review,
            "codes": codes,
            "systems": SYSTEM_NAMES,
            "agreement": agreement([codes]),
        }
        return desk.screen(request, "second/comparison.html", context)

    @router.get("/second.csv")
    def table(request: Request) -> Response:
        text = io.StringIO()
        rows = csv.writer(text)
        rows.writerow(("chapter", "codes", "both", "first_only", "second_only", "neither", "percentage", "kappa"))
        for name, told in _agreement(desk, _seen(desk, request)).items():
            kappa = "" if told.kappa is None else f"{told.kappa:.3f}"
            counts = (told.both, told.first_only, told.second_only, told.neither)
            rows.writerow((name, told.count, *counts, f"{told.percentage or 0:.1f}", kappa))
        return Response(
            text.getvalue(),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="agreement.csv"'},
        )

    return router


def _seen(desk: Desk, request: Request) -> tuple[SecondReview, ...]:
    """Those of encounters that the account may see."""
    user, reviews = user_of(request), desk.store.seconds.all()
    if user is None or user.batches is None:
        return reviews
    found = ((review, desk.store.readings.encounter(review.encounter)) for review in reviews)
    return tuple(review for review, encounter in found if encounter is not None and may_see(user, encounter))


def _agreement(desk: Desk, reviews: tuple[SecondReview, ...]) -> dict[str, Agreement]:
    return agreement(_compared(desk, review.encounter) for review in reviews if review.done_at is not None)


def _compared(desk: Desk, id: str) -> tuple[Compared, ...]:
    encounter, reading = find(desk, id, round=FIRST_ROUND)
    first, second = (fold(desk.store.decisions.of(id, round)) for round in (FIRST_ROUND, SECOND_ROUND))
    return compare(encounter.proposal, reading, first, second)


def _is_lead(request: Request) -> bool:
    user = user_of(request)
    return user is not None and Role.LEAD in user.roles


def _may_compare(review: SecondReview, who: str, lead: bool) -> bool:
    return lead or who in {review.first, review.second}
