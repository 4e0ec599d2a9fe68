"""What every request passes before any screen sees it, and what every answer carries.

The host must be ours, a form must come from an own page, and somebody must be signed in. Closed unless
opened: a new route asks for a session without doing anything for it.
"""

import ipaddress
import logging
import secrets
from collections.abc import Awaitable, Callable
from time import perf_counter
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse
from starlette.concurrency import run_in_threadpool

from pipeline.review.desk import Desk
from pipeline.store.audit import REQUEST

log = logging.getLogger(__name__)

COOKIE = "inkchart"
READING_METHODS = {"GET", "HEAD", "OPTIONS"}
KNOWN_METHODS = READING_METHODS | {"POST", "PUT", "PATCH", "DELETE"}
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


class Guard:
    """The one middleware."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

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
        protect(response, keep=request.url.path.startswith("/static/"))
        response.headers["X-Request-Id"] = id
        return response

    async def _answer(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        if not host_is_ours(request.headers.get("host", ""), self._desk.settings.host):
            return PlainTextResponse("This address is not one that Inkchart answers to.", status_code=400)
        if request.method not in READING_METHODS and not from_own_page(request):
            return PlainTextResponse("This request did not come from a page of Inkchart.", status_code=403)
        session = request.cookies.get(COOKIE)
        user = await run_in_threadpool(self._desk.store.sign_ins.user, session) if session else None
        request.state.user = user
        path = request.url.path
        if user is None and path != "/sign-in" and not path.startswith("/static/"):
            page = self._desk.screen(request, "access/no_session.html", {}, status=401)
            page.headers["HX-Refresh"] = "true"  # a part of a page that htmx asked for becomes this whole one
            return page
        return await call_next(request)


def protect(response: Response, *, keep: bool = False) -> None:
    """Add the headers of every answer; `keep` where it holds nothing of a chart."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Cache-Control"] = "no-cache" if keep else "no-store"


def host_is_ours(host: str, configured: str) -> bool:
    """Whether a Host header names this app; another name would be a page that re-bound its DNS entry to us.

    Listening on every address, any address in digits is ours too: only names can be re-bound.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name in {"127.0.0.1", "::1", "localhost", configured.lower()}:
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
