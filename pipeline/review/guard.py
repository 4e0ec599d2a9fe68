"""What every request passes before any screen sees it, and what every answer carries.

The host must be ours, a form must come from an own page, and somebody must be signed in. Closed unless
opened: a new route asks for a session without doing anything for it.
"""

import ipaddress
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import perf_counter
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from pipeline.review.access.form_tokens import form_token
from pipeline.review.desk import Desk
from pipeline.review.rights import home_of, may_use
from pipeline.store.audit import REQUEST
from pipeline.store.rounds import LOOKER

log = logging.getLogger(__name__)

READING_METHODS = {"GET", "HEAD", "OPTIONS"}
KNOWN_METHODS = READING_METHODS | {"POST", "PUT", "PATCH", "DELETE"}
POLL = "X-Inkchart-Poll"
"""Sent by what a page asks for by itself: it does not keep anybody signed in."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not `no-referrer`: with that, browsers send `Origin: null` with the app's own forms.
    "Referrer-Policy": "same-origin",
}
STATIC = "/static/"
"""Where styles and scripts are: open to everybody, and kept by browsers."""
FOR_GOOD = "max-age=31536000, immutable"
ONLY_HTTPS = "max-age=31536000"


class Guard:
    """The one middleware."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._idle = timedelta(minutes=desk.settings.idle_minutes)

    async def __call__(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """Answer one request, log it without its address and add the headers."""
        began, status = perf_counter(), 500
        id = request.state.id = secrets.token_hex(8)
        REQUEST.set(id)
        try:
            response = await self._answer(request, call_next)
            status = response.status_code
        finally:
            # The route's pattern, not the address: whatever somebody types into the address bar stays out of the log.
            route = getattr(request.scope.get("route"), "path", "-")
            method = request.method if request.method in KNOWN_METHODS else "-"
            log.info("%s %s %s %d %.0f ms", id, method, route, status, 1000 * (perf_counter() - began))
        protect(response, keep=request.url.path.startswith(STATIC) and status < 400)
        response.headers["X-Request-Id"] = id
        if request.url.scheme == "https":
            response.headers["Strict-Transport-Security"] = ONLY_HTTPS
        return response

    async def _answer(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        settings = self._desk.settings
        if not host_is_ours(request.headers.get("host", ""), settings.host, settings.host_names):
            return PlainTextResponse("This address is not one that Inkchart answers to.", status_code=400)
        if request.method not in READING_METHODS and not from_own_page(request):
            return PlainTextResponse("This request did not come from a page of Inkchart.", status_code=403)
        request.state.user, request.state.session, request.state.form_token = None, None, ""
        if request.url.path.startswith(STATIC):
            return await call_next(request)
        await self._recognise(request)
        user = request.state.user
        route = f"{'GET' if request.method == 'HEAD' else request.method} {request.url.path}"
        if user is None and not may_use(None, route):
            return self._ask_to_sign_in(request)
        if route == "GET /" and not may_use(user, route):
            return RedirectResponse(home_of(user), status_code=303)
        return await call_next(request)

    async def _recognise(self, request: Request) -> None:
        token = request.cookies.get(cookie_name(request), "")
        if not token:
            return
        stays = POLL not in request.headers
        session = await run_in_threadpool(self._desk.store.sign_ins.session, token, self._idle, stays=stays)
        if session is not None:
            request.state.user, request.state.session = session.user, session
            request.state.form_token = form_token(token)
            LOOKER.set(session.user.name)

    def _ask_to_sign_in(self, request: Request) -> Response:
        if "HX-Request" in request.headers or POLL in request.headers:
            return PlainTextResponse("You are not signed in any more.", status_code=401)
        # After a form, back to the page that it stood on.
        back = request.url if request.method in READING_METHODS else urlsplit(request.headers.get("referer", ""))
        address = back.path + (f"?{back.query}" if back.query else "")
        context = {"next": own_address(address), "name": "", "notice": None}
        return self._desk.screen(request, "access/sign_in.html", context, status=401)


def cookie_name(request: Request) -> str:
    """The session cookie; with TLS under a name that browsers take from this very host alone."""
    return "__Host-inkchart" if request.url.scheme == "https" else "inkchart"


def own_address(address: str) -> str:
    """A path of this app to go on to after signing in; empty where it is anything else."""
    # Browsers read a backslash as a slash and drop line ends: what they would take for another host is none of ours.
    is_own = address.startswith("/") and not address.startswith("//") and address.isprintable() and "\\" not in address
    return address if is_own and not address.startswith("/sign-") else ""


def protect(response: Response, *, keep: bool = False) -> None:
    """Add the headers of every answer; `keep` where it holds nothing of a chart and never changes."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Cache-Control"] = FOR_GOOD if keep else "no-store"


def host_is_ours(host: str, configured: str, further: tuple[str, ...] = ()) -> bool:
    """Whether a Host header names this app; another name would be a page that re-bound its DNS entry to us.

    Listening on every address, any address in digits is ours too: only names can be re-bound.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name in {"127.0.0.1", "::1", "localhost", configured.lower(), *(each.lower() for each in further)}:
        return True
    return _is_address(name) and _is_address(configured) and ipaddress.ip_address(configured).is_unspecified


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def from_own_page(request: Request) -> bool:
    """Whether a form was sent by a page of this app; what says nothing about where it comes from is refused."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = urlsplit(request.headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc == request.headers.get("host")
