"""Who has a chart open: whoever decides holds its lease, and everybody else is told who does."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from pipeline.errors import DecisionRefusedError
from pipeline.review.desk import Desk, user_of
from pipeline.store.leases import Lease

OTHERWISE = frozenset({"search", "lease", "lease/end", "lease/take-over", "drafts", "drafts/sent"})
"""What a coder may send about a chart that somebody else has open: it decides nothing."""
PREFIX = "/encounters/{id}/"
Token = Annotated[str, Form(max_length=32)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """What the chart's screen says of its lease."""

    encounter: str
    held: bool
    """Whoever looks may decide."""
    token: str
    """Of this tab; empty where somebody else holds the chart."""
    name: str | None
    """Who has it open; None where nobody has."""
    since: datetime | None
    minutes: int
    """Until it is free by itself, when nothing more is heard from its tab."""
    taken: bool
    """It was taken over from whoever looks."""


def routes(desk: Desk) -> APIRouter:
    """The sign of life of a tab, its end, and taking a chart over."""
    router = APIRouter()

    @router.post("/encounters/{id}/lease")
    def beat(request: Request, id: str, token: Token = "") -> Response:
        """Nothing where the tab holds the chart, else the banner that says who does."""
        account = _account(request)
        if token and _exists(desk, id) and desk.store.leases.renew(id, account, token) is not None:
            return Response(status_code=204)
        return desk.screen(request, "chart/lease.html", {"lease": look(desk, request, id), "polled": True})

    @router.post("/encounters/{id}/lease/end")
    def end(request: Request, id: str, token: Token = "") -> Response:
        """The tab was left."""
        desk.store.leases.release(id, _account(request), token)
        return Response(status_code=204)

    @router.post("/encounters/{id}/lease/take-over")
    def take_over(request: Request, id: str) -> Response:
        """Take the chart, whoever has it; it is loaded anew, as what is shown may be old."""
        if not _exists(desk, id):  # what somebody typed into an address does not come back in a header
            raise HTTPException(404, "There is no such encounter; go back to the list.")
        desk.store.leases.take_over(id, _account(request), _token())
        return RedirectResponse(f"/encounters/{id}", status_code=303)

    return router


def open_chart(desk: Desk, request: Request, encounter: str) -> Open:
    """Somebody opens a chart: it is his where nobody else has it."""
    if _exists(desk, encounter):
        desk.store.leases.take(encounter, _account(request), _token())
    return look(desk, request, encounter)


def look(desk: Desk, request: Request, encounter: str) -> Open:
    """Who has a chart open now, as its screen says it."""
    account, now = _account(request), desk.clock()
    lease = desk.store.leases.of([encounter]).get(encounter)
    held = lease is not None and lease.account == account
    return Open(
        encounter=encounter,
        held=held,
        token=lease.token if lease is not None and held else "",
        name=None if lease is None else lease.name,
        since=None if lease is None else lease.taken_at,
        minutes=0 if lease is None else _minutes(lease, now),
        taken=lease is not None and lease.taken_from == account,
    )


def require(desk: Desk, request: Request, encounter: str) -> None:
    """Let only who holds the chart decide; where nobody does, whoever decides takes it.

    Raises:
        DecisionRefusedError: somebody else has it open; the sentence says who and since when.
    """
    if not _exists(desk, encounter):
        return  # the route tells that there is no such chart
    account = _account(request)
    known = desk.store.leases.of([encounter]).get(encounter)
    token = known.token if known is not None and known.account == account else _token()
    lease = desk.store.leases.take(encounter, account, token)
    if lease.account != account:
        raise DecisionRefusedError(sentence(lease, account, desk.clock()))


def check(desk: Desk) -> Callable[[Request], None]:
    """The dependency of every route: what is sent about a chart is refused while somebody else has it open."""

    def holds(request: Request) -> None:
        path: str = request.scope["route"].path
        if request.method == "POST" and path.startswith(PREFIX) and path.removeprefix(PREFIX) not in OTHERWISE:
            require(desk, request, request.path_params["id"])

    return holds


def changed_hands(desk: Desk, request: Request, encounter: str) -> datetime | None:
    """Since when somebody else has a chart; None where nobody else has."""
    lease = desk.store.leases.of([encounter]).get(encounter)
    return lease.taken_at if lease is not None and lease.account != _account(request) else None


def sentence(lease: Lease, account: str, now: datetime) -> str:
    """Why an account cannot decide on a chart that another one has open."""
    since = f"{lease.taken_at:%H:%M} UTC"
    if lease.taken_from == account:
        return f"{lease.name} took this chart over at {since}; what you decided before is kept."
    return f"{lease.name} has this chart open since {since}; free in {_minutes(lease, now)} min."


def leave(desk: Desk, request: Request) -> None:
    """Somebody signs out: whatever he has open is free at once."""
    user = user_of(request)
    if user is not None:
        desk.store.leases.release_all(user.id)


def _minutes(lease: Lease, now: datetime) -> int:
    return max(1, -(-int((lease.until - now).total_seconds()) // 60))


def _exists(desk: Desk, encounter: str) -> bool:
    return bool(desk.store.readings.document_names([encounter]))


def _account(request: Request) -> str:
    user = user_of(request)
    assert user is not None  # the guard let nobody else in
    return user.id


def _token() -> str:
    return secrets.token_urlsafe(12)
