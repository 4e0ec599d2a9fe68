"""What the screens of signing in share: counting attempts, opening a session, the cookie."""

from collections.abc import Sequence
from datetime import timedelta

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from pipeline.review.access.authenticator import step_of
from pipeline.review.desk import Desk
from pipeline.review.guard import cookie_name, own_address
from pipeline.review.rights import home_of
from pipeline.store.attempts import Counted
from pipeline.store.rows import User
from pipeline.store.users import name_key

FREE_BY_NAME, FREE_BY_ADDRESS = 4, 20
"""Failures without a wait; many people may come from one address."""


def by_name(request: Request, name: str) -> tuple[Counted, ...]:
    """What a try of a password counts for. An account that does not exist counts like one that does."""
    return (Counted(key=f"name {name_key(name)}", free=FREE_BY_NAME), _by_address(request))


def by_code(request: Request, user: User) -> tuple[Counted, ...]:
    """What a try of a code counts for; apart from passwords, so that a right password frees no guesses of codes."""
    return (Counted(key=f"code {user.id}", free=FREE_BY_NAME), _by_address(request))


def _by_address(request: Request) -> Counted:
    return Counted(key=f"address {request.client.host if request.client else ''}", free=FREE_BY_ADDRESS)


def wait_in_words(wait: timedelta) -> str:
    """A refusal with the time that is left."""
    seconds = max(1, round(wait.total_seconds()))
    minutes = -(-seconds // 60)
    left = f"{seconds} second{'s' * (seconds > 1)}" if seconds < 100 else f"{minutes} minutes"
    return f"There were too many failed attempts. Wait {left}, then try again."


def has_code(desk: Desk, user: User, code: str) -> bool:
    """Whether a code is of the account's app, or one of its recovery codes; either is used up by this."""
    secret = desk.store.second_steps.secret(user.id)
    if secret is None:
        return False
    step = step_of(secret, code, desk.clock())
    if step is not None:
        return desk.store.second_steps.use_step(user.id, step)
    if desk.store.second_steps.use_recovery_code(user.id, code):
        desk.audit("recovery-code", user.name, user.name)
        return True
    return False


def forget_attempts(desk: Desk, counted: Sequence[Counted]) -> None:
    """What was right after all: no failure of this account counts any more."""
    desk.store.attempts.succeeded(counted, forget=counted[0].key)


def enter(desk: Desk, request: Request, user: User, address: str) -> Response:
    """Open a session under a new token and go on to an address of this app, or to where the account starts."""
    leave(desk, request)
    lifetime = timedelta(hours=desk.settings.session_hours)
    response = RedirectResponse(own_address(address) or home_of(user), status_code=303)
    response.set_cookie(
        cookie_name(request),
        desk.store.sign_ins.open(user.id, lifetime),
        max_age=int(lifetime.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


def leave(desk: Desk, request: Request) -> None:
    """End the session that the request came with, if it came with one."""
    token = request.cookies.get(cookie_name(request), "")
    if token:
        desk.store.sign_ins.end(token)
