"""The audit log on the screen: what is asked for travels in the form's body, since it may name a chart."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException

from pipeline.review.auditing.noting import tell_detail
from pipeline.review.auditing.view import Verdict, chosen_name, log_of, verdict
from pipeline.review.desk import Desk
from pipeline.review.forms import LARGEST, Text
from pipeline.store.audit_rows import SUBJECT, Act, Wanted, as_csv_lines

LINES = 100
"""Entries on one screen."""


def routes(desk: Desk) -> APIRouter:
    """The log, its proof and its download."""
    router = APIRouter()
    log = desk.store.audit

    @router.get("/audit")
    def newest(request: Request) -> Response:
        return _screen(desk, request, Wanted())

    @router.post("/audit")
    def asked(
        request: Request,
        who: Text = "",
        action: Text = "",
        since: Text = "",
        until: Text = "",
        subject: Text = "",
        before: Annotated[int | None, Form(ge=1, le=LARGEST)] = None,
    ) -> Response:
        return _screen(desk, request, _wanted(desk, who, action, since, until, subject), before=before)

    @router.post("/audit/proof")
    def prove(request: Request, expected: Text = "") -> Response:
        head = expected.strip().lower() or None
        return _screen(desk, request, Wanted(), proof=verdict(log.verify(head), head), expected=head)

    @router.post("/audit/download")
    def download(
        request: Request, who: Text = "", action: Text = "", since: Text = "", until: Text = "", subject: Text = ""
    ) -> Response:
        wanted = _wanted(desk, who, action, since, until, subject)
        count = log.count(wanted)
        tell_detail(request, f"audit csv {count}")
        return StreamingResponse(
            as_csv_lines(log.each(wanted, count)),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="audit-{desk.clock():%Y-%m-%d}.csv"'},
        )

    return router


def _screen(
    desk: Desk,
    request: Request,
    wanted: Wanted,
    *,
    before: int | None = None,
    proof: Verdict | None = None,
    expected: str | None = None,
) -> Response:
    log = desk.store.audit
    entries = log.newest(wanted, before=before, limit=LINES + 1)
    view = log_of(entries, wanted, log.accounts(), total=log.count(wanted), before=before, limit=LINES)
    return desk.screen(request, "audit/audit.html", {"log": view, "proof": proof, "expected": expected})


def _wanted(desk: Desk, who: str, action: str, since: str, until: str, subject: str) -> Wanted:
    name = chosen_name(who, desk.store.audit.accounts()) if who else None
    id = subject.strip()
    if (who and name is None) or (action and action not in set(Act)) or (id and not SUBJECT.fullmatch(id)):
        raise HTTPException(422, "The log holds no such account, action or id; choose from the lists.")
    return Wanted(
        who=name,
        act=Act(action) if action else None,
        since=_day(since),
        until=_day(until),
        subject=id or None,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise HTTPException(422, "A day of the period is no day of the calendar; write it as YYYY-MM-DD.") from None
