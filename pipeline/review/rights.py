"""Who may do what: every route with the roles that may use it.

A route that is not listed here cannot be reached by anybody, and the app refuses to start with one.
"""

from collections.abc import Iterator

from fastapi import FastAPI, Request
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.exceptions import HTTPException

from pipeline.store.rows import Role

SCAN, CODE, LEAD, AUDIT, ADMIN = Role.SCAN, Role.CODE, Role.LEAD, Role.AUDIT, Role.ADMIN
CODERS = frozenset({CODE, LEAD})
AUDITORS = frozenset({AUDIT, ADMIN})
CLERKS = frozenset({SCAN, CODE, LEAD})
EVERYBODY = frozenset(Role)
ANYBODY: frozenset[Role] | None = None
"""Also who is not signed in."""

RIGHTS: dict[str, frozenset[Role] | None] = {
    "GET /sign-in": ANYBODY,
    "POST /sign-in": ANYBODY,
    "POST /sign-out": ANYBODY,
    "GET /": EVERYBODY,
    "POST /": EVERYBODY,
    "GET /next": CODERS,
    "POST /next": CODERS,
    "GET /encounters/{id}": CODERS,
    "GET /encounters/{id}/pages/{number}": CODERS,
    "GET /encounters/{id}/text": CODERS,
    "GET /encounters/{id}/lines/{page}/{box}": CODERS,
    "POST /encounters/{id}/lines": CODERS,
    "POST /encounters/{id}/drawings": CODERS,
    "POST /encounters/{id}/contexts": CODERS,
    "POST /encounters/{id}/corrections/undoing": CODERS,
    "GET /encounters/{id}/thumbnails/{number}": CODERS,
    "GET /encounters/{id}/crops/{number}/{box}": CODERS,
    "GET /encounters/{id}/words": CODERS,
    "GET /encounters/{id}/drawing": CODERS,
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
    "GET /audit": AUDITORS,
    "POST /audit": AUDITORS,
    "POST /audit/proof": AUDITORS,
    "POST /audit/download": AUDITORS,
    "POST /encounters/{id}/lease": CODERS,
    "POST /encounters/{id}/lease/end": CODERS,
    "POST /encounters/{id}/lease/take-over": CODERS,
    "GET /encounters/{id}/drafts": CODERS,
    "POST /encounters/{id}/drafts": CODERS,
    "POST /encounters/{id}/drafts/sent": CODERS,
    "GET /inbox": CLERKS,
    "GET /inbox/live": CLERKS,
    "GET /inbox/pages/{document}/{number}": CLERKS,
    "POST /inbox/concerns/{id}/retry": CLERKS,
    "POST /inbox/concerns/{id}/dealt": CLERKS,
    "POST /inbox/concerns/{id}/restored": CLERKS,
    "POST /inbox/batches/{key}/retry": CLERKS,
    "POST /inbox/documents/{id}/reading": frozenset({LEAD}),
    "GET /numbers": CODERS,
    "GET /numbers/{table}.csv": CODERS,
    "GET /second": CODERS,
    "GET /second.csv": frozenset({LEAD}),
    "GET /second/{id}": CODERS,
    "POST /second/{id}": CODERS,
    "POST /encounters/{id}/signature": CODERS,
    "GET /encounters/{id}/reopening": CODERS,
    "GET /encounters/{id}/hold": CODERS,
    "POST /encounters/{id}/hold": CODERS,
    "POST /encounters/{id}/release": CODERS,
    "GET /encounters/{id}/arrangement": CODERS,
    "POST /encounters/{id}/arrangement": CODERS,
    "POST /encounters/{id}/arrangement/search": CODERS,
    "POST /encounters/{id}/taken-over": CODERS,
    "POST /encounters/{id}/question": CODERS,
    "POST /encounters/{id}/questions": CODERS,
    "GET /encounters/{id}/questions/{number}": CODERS,
    "GET /encounters/{id}/questions/{number}/answer": CODERS,
    "POST /encounters/{id}/questions/{number}/answer": CODERS,
    "GET /questions": CODERS,
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
    # The app's own list holds the included routers as they are, not their routes.
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            yield from (f"{method} {route.path}" for method in sorted(route.methods or ()))


def _method(method: str) -> str:
    return "GET" if method == "HEAD" else method
