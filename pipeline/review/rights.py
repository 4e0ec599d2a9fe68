"""Who may do what: every route with the roles that may use it.

A route that is not listed here cannot be reached by anybody, and the app refuses to start with one.
"""

from collections.abc import Iterator

from fastapi import FastAPI, Request
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from pipeline.store.rows import Role

SCAN, CODE, LEAD, AUDIT, ADMIN = Role.SCAN, Role.CODE, Role.LEAD, Role.AUDIT, Role.ADMIN
CODERS = frozenset({CODE, LEAD})
EVERYBODY = frozenset(Role)
ANYBODY: frozenset[Role] | None = None
"""Also who is not signed in."""

RIGHTS: dict[str, frozenset[Role] | None] = {
    "GET /sign-in": ANYBODY,
    "POST /sign-in": ANYBODY,
    "POST /sign-out": ANYBODY,
    "GET /": EVERYBODY,
    "GET /next": CODERS,
    "GET /encounters/{id}": CODERS,
    "GET /encounters/{id}/pages/{number}": CODERS,
    "POST /encounters/{id}/codes": CODERS,
    "POST /encounters/{id}/billing": CODERS,
    "POST /encounters/{id}/pointers": CODERS,
    "POST /encounters/{id}/order": CODERS,
    "POST /encounters/{id}/undo": CODERS,
    "POST /encounters/{id}/identity": CODERS,
    "POST /encounters/{id}/confirmation": CODERS,
    "POST /encounters/{id}/reopening": CODERS,
    "POST /encounters/{id}/search": CODERS,
    "POST /encounters/{id}/table": CODERS,
}


def admit(request: Request) -> None:
    """The dependency that every route has: lets in who has one of its roles.

    Raises:
        HTTPException: 403, with a sentence.
    """
    route = request.scope["route"]
    wanted = RIGHTS[f"{_method(request.method)} {route.path}"]
    user = getattr(request.state, "user", None)
    if wanted is not None and (user is None or not wanted & user.roles):
        raise HTTPException(403, "Your account does not have the right to this page; ask whoever keeps the accounts.")


def unlisted(app: FastAPI) -> tuple[str, ...]:
    """Routes that nobody was given a right to."""
    return tuple(name for name in route_names(app) if name not in RIGHTS)


def route_names(app: FastAPI) -> Iterator[str]:
    """Every route as `METHOD /pattern`."""
    for route in app.routes:
        if isinstance(route, APIRoute):
            yield from (f"{method} {route.path}" for method in sorted(route.methods or ()))


def _method(method: str) -> str:
    return "GET" if method == "HEAD" else method
