"""Signing in: by name and password, by a code where one is set up, or by a one-time link; and out.

The link's GET only shows a form; its POST uses the link up. A mail program or a chat that looks at a
link before its reader does would otherwise use it up.
"""

from datetime import timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from pipeline.review import leases
from pipeline.review.access.door import (
    by_code,
    by_name,
    enter,
    forget_attempts,
    has_code,
    leave,
    wait_in_words,
)
from pipeline.review.access.passwords import Passwords, problem
from pipeline.review.desk import Desk, session_of, user_of
from pipeline.review.forms import Text
from pipeline.review.guard import cookie_name
from pipeline.review.rights import home_of
from pipeline.store.rows import User
from pipeline.store.sign_ins import Purpose

CODE_WITHIN = timedelta(minutes=10)
WRONG = "The name or the password is not right."


def routes(desk: Desk) -> APIRouter:
    """Sign in, sign out, and how long the session lasts."""
    router = APIRouter()
    passwords = Passwords()
    store = desk.store

    def form(request: Request, name: str, next: str, notice: str | None, status: int) -> Response:
        context = {"name": name, "next": next, "notice": notice}
        return desk.screen(request, "access/sign_in.html", context, status=status)

    def code_form(request: Request, token: str, next: str, notice: str | None, status: int) -> Response:
        context = {"token": token, "next": next, "notice": notice}
        return desk.screen(request, "access/code.html", context, status=status)

    @router.get("/sign-in")
    def ask(request: Request, token: str = "") -> Response:
        if token:
            holder = store.sign_ins.holder(token, Purpose.LINK)
            if holder is None:
                return desk.screen(request, "access/link_over.html", {}, status=401)
            return desk.screen(request, "access/link.html", {"token": token, "holder": holder, "notice": None})
        user = user_of(request)
        if user is not None:
            return RedirectResponse(home_of(user), status_code=303)
        return form(request, "", "", None, 200)

    @router.post("/sign-in")
    def sign_in(request: Request, name: Text = "", password: Text = "", next: Text = "") -> Response:
        counted = by_name(request, name)
        wait = store.attempts.begin(counted)
        if wait is not None:
            return _told_to_wait(form(request, name, next, wait_in_words(wait), 429), wait)
        found = store.users.password(name)
        user = _matching(found, password)
        if user is None:
            known = store.users.named(name)
            desk.audit("sign-in-failed", None, known.name if known else None)
            return form(request, name, next, WRONG, 401)
        forget_attempts(desk, counted)
        if store.second_steps.secret(user.id) is not None:
            return code_form(request, store.sign_ins.half_open(user.id, CODE_WITHIN), next, None, 200)
        desk.audit("sign-in", user.name, user.name)
        return enter(desk, request, user, next)

    def _matching(found: tuple[User, str] | None, password: str) -> User | None:
        if not passwords.matches(found[1] if found else None, password) or found is None:
            return None
        user, hashed = found
        if passwords.is_outdated(hashed):
            store.users.set_password(user.id, passwords.hash(password))
        return user

    @router.post("/sign-in/code")
    def second_step(request: Request, token: Text, code: Text = "", next: Text = "") -> Response:
        user = store.sign_ins.holder(token, Purpose.CODE)
        if user is None:
            return form(request, "", next, "That took too long. Sign in once more.", 401)
        counted = by_code(request, user)
        wait = store.attempts.begin(counted)
        if wait is not None:
            return _told_to_wait(code_form(request, token, next, wait_in_words(wait), 429), wait)
        if not has_code(desk, user, code):
            desk.audit("sign-in-failed", None, user.name)
            notice = "That code is not right, or it was used before. Take the one that the app shows now."
            return code_form(request, token, next, notice, 401)
        if not store.sign_ins.use_up(token):
            return form(request, "", next, "That took too long. Sign in once more.", 401)
        forget_attempts(desk, counted)
        desk.audit("sign-in", user.name, user.name)
        return enter(desk, request, user, next)

    @router.post("/sign-in/link")
    def by_link(request: Request, token: Text, password: Text = "", again: Text = "") -> Response:
        holder = store.sign_ins.holder(token, Purpose.LINK)
        if holder is None:
            return desk.screen(request, "access/link_over.html", {}, status=401)
        notice = problem(password, again, holder.name)
        if notice is not None:
            context = {"token": token, "holder": holder, "notice": notice}
            return desk.screen(request, "access/link.html", context, status=422)
        user = store.sign_ins.redeem(token, passwords.hash(password))
        if user is None:
            return desk.screen(request, "access/link_over.html", {}, status=401)
        for counted in (by_name(request, user.name), by_code(request, user)):
            store.attempts.succeeded((), forget=counted[0].key)
        desk.audit("password-by-link", user.name, user.name)
        desk.audit("sign-in", user.name, user.name)
        return enter(desk, request, user, "")

    @router.post("/sign-out")
    def sign_out(request: Request) -> Response:
        user = user_of(request)
        leases.leave(desk, request)
        leave(desk, request)
        if user is not None:
            desk.audit("sign-out", user.name, user.name)
        response = RedirectResponse("/sign-in", status_code=303)
        secure = request.url.scheme == "https"
        response.delete_cookie(cookie_name(request), httponly=True, samesite="strict", secure=secure)
        return response

    @router.get("/session")
    def session(request: Request) -> JSONResponse:
        """For the script of every page: who is signed in, for how long yet, and the token of its forms."""
        user, open = user_of(request), session_of(request)
        assert user is not None and open is not None  # the guard lets nobody else in
        left = (open.idle_until - desk.clock()).total_seconds()
        return JSONResponse({"user": user.id, "seconds_left": max(0, int(left)), "csrf": request.state.form_token})

    return router


def _told_to_wait(response: Response, wait: timedelta) -> Response:
    response.headers["Retry-After"] = str(max(1, round(wait.total_seconds())))
    return response
