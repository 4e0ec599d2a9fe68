"""Signing in by a one-time link, and out.

The link's GET only shows a button; its POST uses the link up. A mail program or a chat that looks
at a link before its reader does would otherwise use it up.
"""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.review.desk import Desk
from pipeline.review.guard import COOKIE
from pipeline.review.leases import leave


def routes(desk: Desk) -> APIRouter:
    """Sign in, sign out."""
    router = APIRouter()
    lifetime = timedelta(hours=desk.settings.session_hours)

    @router.get("/sign-in")
    def ask(request: Request, token: str = "") -> Response:
        return desk.screen(request, "access/sign_in.html", {"token": token})

    @router.post("/sign-in")
    def sign_in(request: Request, token: Annotated[str, Form()]) -> Response:
        session = desk.store.sign_ins.redeem(token, lifetime)
        if session is None:
            return desk.screen(request, "access/no_session.html", {"used": True}, status=401)
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(
            COOKIE,
            session,
            max_age=int(lifetime.total_seconds()),
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return response

    @router.post("/sign-out")
    def sign_out(request: Request) -> Response:
        leave(desk, request)
        desk.store.sign_ins.end(request.cookies.get(COOKIE, ""))
        response = RedirectResponse("/", status_code=303)
        response.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return response

    return router
