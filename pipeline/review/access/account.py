"""One's own account: the password, the second step, signing out everywhere."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.review.access.authenticator import grouped, new_recovery_codes, new_secret, picture, step_of
from pipeline.review.access.door import by_name, enter, forget_attempts, wait_in_words
from pipeline.review.access.passwords import Passwords, problem
from pipeline.review.desk import Desk, user_of
from pipeline.review.forms import Text
from pipeline.store.rows import User


def routes(desk: Desk) -> APIRouter:
    """`/account` and its forms."""
    router = APIRouter()
    passwords = Passwords()
    store = desk.store

    def page(request: Request, *, notice: str | None = None, done: str | None = None, status: int = 200) -> Response:
        account = store.users.get(_own(request).id)
        return desk.screen(
            request, "access/account.html", {"account": account, "notice": notice, "done": done}, status=status
        )

    def setting_up(request: Request, secret: str, notice: str | None, status: int) -> Response:
        user = _own(request)
        context = {"secret": grouped(secret), "picture": picture(secret, user.name), "notice": notice}
        return desk.screen(request, "access/second_step.html", context, status=status)

    def wrong(request: Request, password: str) -> str | None:
        """Why the own password was not taken; whoever sits at an open session may not guess it either."""
        user = _own(request)
        counted = by_name(request, user.name)
        wait = store.attempts.begin(counted)
        if wait is not None:
            return wait_in_words(wait)
        found = store.users.password(user.name)
        if not passwords.matches(found[1] if found else None, password):
            return "That is not your password."
        forget_attempts(desk, counted)
        return None

    @router.get("/account")
    def show(request: Request, done: str = "") -> Response:
        return page(request, done="Your password is changed." if done == "password" else None)

    @router.post("/account/password")
    def change_password(request: Request, current: Text = "", password: Text = "", again: Text = "") -> Response:
        user = _own(request)
        # What is easy to tell comes first: a slip in the new password costs no attempt at the old one.
        notice = problem(password, again, user.name) or wrong(request, current)
        if notice is not None:
            return page(request, notice=notice, status=422)
        store.users.set_password(user.id, passwords.hash(password))
        store.sign_ins.end_all(user.id)
        desk.audit("password-changed", user.name, user.name)
        return enter(desk, request, user, "/account?done=password")

    @router.post("/account/second-step")
    def begin(request: Request) -> Response:
        secret = new_secret()
        if not store.second_steps.begin(_own(request).id, secret):
            return page(
                request, notice="Codes are asked for already. Stop that first, then set it up anew.", status=409
            )
        return setting_up(request, secret, None, 200)

    @router.post("/account/second-step/confirmation")
    def confirm(request: Request, code: Text = "") -> Response:
        user = _own(request)
        secret = store.second_steps.begun(user.id)
        if secret is None:
            return page(request, notice="Nothing is being set up; begin once more.", status=409)
        step = step_of(secret, code, desk.clock())
        if step is None:
            notice = (
                "That code is not right. Take the one that the app shows now; the clock of the phone must be right."
            )
            return setting_up(request, secret, notice, 422)
        codes = new_recovery_codes()
        if not store.second_steps.confirm(user.id, secret, step, codes):
            return page(request, notice="It was set up anew elsewhere; begin once more.", status=409)
        desk.audit("second-step-added", user.name, user.name)
        return desk.screen(request, "access/recovery_codes.html", {"codes": codes})

    @router.post("/account/second-step/removal")
    def remove(request: Request, current: Text = "") -> Response:
        notice = wrong(request, current)
        if notice is not None:
            return page(request, notice=notice, status=422)
        user = _own(request)
        store.second_steps.remove(user.id)
        desk.audit("second-step-removed", user.name, user.name)
        return page(request, done="Signing in takes your name and password alone now.")

    @router.post("/account/sessions")
    def end_everywhere(request: Request) -> Response:
        user = _own(request)
        store.sign_ins.end_all(user.id)
        desk.audit("sessions-ended", user.name, user.name)
        return RedirectResponse("/sign-in", status_code=303)

    return router


def _own(request: Request) -> User:
    user = user_of(request)
    assert user is not None  # the guard lets nobody else in
    return user
