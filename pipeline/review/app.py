"""Building the web app."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.base import BaseHTTPMiddleware

from pipeline.errors import DecisionRefusedError, SetupError
from pipeline.process import TextReader
from pipeline.records import Reading
from pipeline.review import drafts, leases
from pipeline.review.access import account, accounts, signing_in
from pipeline.review.access.form_tokens import own_form
from pipeline.review.auditing import screen as audit_screen
from pipeline.review.auditing.noting import Noting, door
from pipeline.review.chart import crops, overlay
from pipeline.review.chart import screen as chart_screen
from pipeline.review.chart.screen import overtaken
from pipeline.review.chart.understanding import understanding
from pipeline.review.claiming import listing as claim_list
from pipeline.review.claiming import packet as claim_packet
from pipeline.review.claiming import screen as claim_screen
from pipeline.review.clerk import screen as clerk_screen
from pipeline.review.deciding import (
    answering,
    arranging,
    asking,
    billing,
    codes,
    corrections,
    holding,
    identity,
    order,
    search,
    signing,
    undo,
)
from pipeline.review.desk import Check, Claims, CodeSearch, Desk, PacketMaker, load_templates, no_warnings
from pipeline.review.guard import STATIC, Guard, protect
from pipeline.review.numbers import screen as numbers_screen
from pipeline.review.queue import screen as queue_screen
from pipeline.review.rights import Admit, unlisted
from pipeline.review.second import screen as second_screen
from pipeline.settings import ReviewSettings
from pipeline.store import Store

READINGS_KEPT = 16
"""Readings held in memory, so that each click on a chart does not load it again."""

SCREENS = (
    signing_in,
    account,
    accounts,
    queue_screen,
    chart_screen,
    crops,
    overlay,
    codes,
    billing,
    order,
    undo,
    identity,
    corrections,
    search,
    audit_screen,
    leases,
    drafts,
    clerk_screen,
    numbers_screen,
    second_screen,
    signing,
    holding,
    asking,
    answering,
    arranging,
    claim_list,
    claim_screen,
    claim_packet,
)
LARGEST_FORM = 4_000_000
"""Bytes of a request's body."""
SENTENCES = {
    404: "There is no such page. It may have been moved, or its address was cut short.",
    413: "This form holds more than is taken at once.",
    405: "This address does not take that kind of request.",
}


def build_app(
    *,
    store: Store,
    codebooks: CodeSearch,
    claims: Claims,
    packet: PacketMaker,
    text: Callable[[], TextReader],
    picture: Callable[[str, int], Path],
    settings: ReviewSettings,
    inbox: Path | None = None,
    check: Check = no_warnings,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    audit: Callable[[str, str | None, str | None], None] | None = None,
) -> FastAPI:
    """The coders' web app.

    Args:
        store: the open store.
        codebooks: every code that is decided on is looked up here first.
        claims: what prepares claims and releases them.
        packet: what makes evidence packets.
        text: what understands a chart anew that people corrected; it may take its time when first asked.
        picture: a JPEG or PNG file of a page as rendered, by document id and page number; KeyError where there is
            none.
        settings: of the review.
        inbox: named to the clerk while nothing was read yet.
        check: what to look at in the codes that stand.
        clock: the time, aware.
        audit: told what happens at the door, see `Desk.audit`; the store's log without it.
    """

    @lru_cache(maxsize=READINGS_KEPT)
    def kept(document: str, number: int) -> Reading:
        reading = store.readings.get(document, number)
        if reading is None:
            raise LookupError  # which is not remembered: it may be read later
        return reading

    def read(document: str, number: int) -> Reading | None:
        try:
            return kept(document, number)
        except LookupError:
            return None

    folder = Path(str(files("pipeline.review"))) / "static"
    static = f"{STATIC}{fingerprint(folder)}"
    desk = Desk(
        store=store,
        codebooks=codebooks,
        claims=claims,
        packet=packet,
        picture=picture,
        settings=settings,
        inbox=inbox,
        reading=read,
        understood=understanding(store, read, text),
        templates=load_templates(static),
        clock=clock,
        check=check,
        audit=audit or door(store.audit),
    )
    app = FastAPI(
        title="Inkchart",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(Admit(store)), Depends(own_form), Depends(leases.check(desk))],
        max_body_size=LARGEST_FORM,
    )
    # An address that is not quite one of ours is none: a redirect would repeat in a header what somebody typed.
    app.router.redirect_slashes = False
    app.add_middleware(BaseHTTPMiddleware, dispatch=Noting(desk))  # within the guard, which is added last
    app.add_middleware(BaseHTTPMiddleware, dispatch=Guard(desk))
    app.mount(static, StaticFiles(directory=folder), name="static")
    for screen in SCREENS:
        app.include_router(screen.routes(desk))
    assert not unlisted(app), unlisted(app)
    _tell_errors(app, desk)
    return app


def fingerprint(folder: Path) -> str:
    """Of styles and scripts: in their address, so that a browser asks for each once and never takes an old one."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]


def _tell_errors(app: FastAPI, desk: Desk) -> None:
    """Every error that a person can meet becomes a page with a sentence; only a bug stays an exception."""

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> HTMLResponse:
        # A screen's own sentence wins over the protocol's word for the status.
        words = SENTENCES.get(error.status_code, "This did not work.")
        sentence = error.detail if error.detail.endswith(".") else words
        return _message(desk, request, error.status_code, sentence)

    @app.exception_handler(RequestValidationError)
    def _form(request: Request, error: RequestValidationError) -> HTMLResponse:
        return _message(desk, request, 422, "This form was not filled in as it should be; go back and try again.")

    @app.exception_handler(DecisionRefusedError)
    def _refused(request: Request, error: DecisionRefusedError) -> Response:
        if request.scope["route"].path.startswith(leases.PREFIX):
            return overtaken(desk, request, request.path_params["id"], str(error))
        return _message(desk, request, 409, str(error))

    @app.exception_handler(SetupError)
    def _setup(request: Request, error: SetupError) -> HTMLResponse:
        return _message(desk, request, 503, str(error))

    @app.exception_handler(500)
    def _bug(request: Request, error: Exception) -> HTMLResponse:
        page = _message(desk, request, 500, "Something went wrong in Inkchart. What was decided before is safe.")
        protect(page)  # this answer is made outside the guard
        return page


def _message(desk: Desk, request: Request, status: int, sentence: str) -> HTMLResponse:
    return desk.screen(request, "message.html", {"sentence": sentence, "status": status}, status=status)
