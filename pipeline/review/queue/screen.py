"""The list of encounters, and the way to the next one."""

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from pipeline.review.desk import Desk, user_of
from pipeline.review.queue.chosen import Chosen, Only, chosen_in
from pipeline.review.queue.view import NEAR_DAYS, ROWS, batch_key, overdue_before, queue, screens_of
from pipeline.store.worklist import Narrowing

COOKIE = "inkchart-list"
"""Which list the coder looked at last, so that the next chart comes from it; nothing of a chart is in it."""
Words = Annotated[str, Form(max_length=200)]


async def chosen_by(request: Request) -> Chosen:
    """What the address chooses, or the form, or the list that was looked at last.

    Raises:
        HTTPException: 422, with a sentence.
    """
    values: dict[str, object] = {k: v for k, v in request.query_params.items() if k != "after"}
    if not values and request.method == "POST":
        values = dict((await request.form()).items())
    elif not values and request.url.path == "/next":
        values = dict(parse_qsl(request.cookies.get(COOKIE, "")))
    try:
        return chosen_in(values)
    except ValueError:
        raise HTTPException(422, "There is no such list; go back to all encounters.") from None


Chose = Annotated[Chosen, Depends(chosen_by)]


def routes(desk: Desk) -> APIRouter:
    """`/` and `/next`; words of a search come in the body of a form only."""
    router = APIRouter()

    @router.get("/")
    def show(request: Request, chosen: Chose, none: bool = False) -> Response:
        return _list(desk, request, chosen, "", none=none)

    @router.post("/")
    def search(request: Request, chosen: Chose, q: Words = "") -> Response:
        return _list(desk, request, chosen, q)

    @router.get("/next")
    def next_one(request: Request, chosen: Chose, after: str = "") -> Response:
        """The next chart of the list that was looked at last, after the one just left."""
        return _next(desk, request, chosen, "", after)

    @router.post("/next")
    def next_found(request: Request, chosen: Chose, q: Words = "") -> Response:
        """The first chart of a list that may be one of a search."""
        return _next(desk, request, chosen, q, "")

    return router


def _narrowing(desk: Desk, request: Request, chosen: Chosen, words: str) -> Narrowing:
    user = user_of(request)
    assert user is not None  # the guard let nobody else in
    seen = Narrowing(batches=getattr(user, "batches", None))
    batch = None
    if chosen.batch is not None:
        labels = {batch_key(label): label for label in desk.store.worklist.batches(seen)}
        batch = labels.get(chosen.batch)
        if batch is None:
            raise HTTPException(404, "There is no such batch, or it is not one of yours.")
    near = overdue_before(desk.clock() + timedelta(days=NEAR_DAYS + 1), desk.settings.filing_days)
    return replace(
        seen,
        batch=batch,
        state=chosen.state,
        held=chosen.only is Only.HELD,
        mine=user.name if chosen.only is Only.MINE else None,
        served_before=near if chosen.only is Only.DEADLINE else None,
        words=words,
    )


def _list(desk: Desk, request: Request, chosen: Chosen, words: str, *, none: bool = False) -> Response:
    worklist, now, user = desk.store.worklist, desk.clock(), user_of(request)
    narrowing = _narrowing(desk, request, chosen, words)
    counts = worklist.counts(narrowing)
    total = sum(counts.values()) if chosen.state is None else counts[chosen.state]
    chosen = chosen.at(min(max(1, chosen.screen), screens_of(total)))
    waiting = worklist.page(
        narrowing,
        chosen.order,
        overdue_before=overdue_before(now, desk.settings.filing_days),
        start=(chosen.screen - 1) * ROWS,
        limit=ROWS,
    )
    view = queue(
        waiting,
        counts,
        worklist.batches(narrowing),
        desk.store.leases.of([each.encounter for each in waiting]),
        desk.store.arrivals.counts(narrowing.batches),
        now,
        chosen=chosen,
        words=" ".join(words.split()),
        account=user.id if user else "",
        filing_days=desk.settings.filing_days,
    )
    empty = not any(view.files.values())
    response = desk.screen(
        request, "queue/queue.html", {"queue": view, "empty": empty, "inbox": desk.inbox, "nothing_free": none}
    )
    response.set_cookie(
        COOKIE,
        chosen.at(1).query(),
        path="/next",
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


def _next(desk: Desk, request: Request, chosen: Chosen, words: str, after: str) -> Response:
    """To the next chart that nobody else has, taken for whoever asks."""
    user = user_of(request)
    assert user is not None
    found = desk.store.worklist.candidates(
        _narrowing(desk, request, chosen, words),
        chosen.order,
        account=user.id,
        overdue_before=overdue_before(desk.clock(), desk.settings.filing_days),
        after=after,
    )
    for encounter in found:
        # Of two who press at once, each asks for the same ones and takes another.
        if desk.store.leases.take(encounter, user.id, secrets.token_urlsafe(12)).account == user.id:
            return RedirectResponse(f"/encounters/{encounter}", status_code=303)
    return RedirectResponse(f"{chosen.at(1).address()}&none=true", status_code=303)
