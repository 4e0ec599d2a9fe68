"""Who may do what: every route with the roles that may use it, and the batches that an account may see.

A route that is not listed here cannot be reached by anybody, and the app refuses to start with one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.exceptions import HTTPException

from pipeline.store import Store
from pipeline.store.rows import ProposedEncounter, Role, User

SCAN, CODE, LEAD, AUDIT, ADMIN = Role.SCAN, Role.CODE, Role.LEAD, Role.AUDIT, Role.ADMIN
CODERS = frozenset({CODE, LEAD})
AUDITORS = frozenset({AUDIT, ADMIN})
CLERKS = frozenset({SCAN, CODE, LEAD})
ADMINS = frozenset({ADMIN})
EVERYBODY = frozenset(Role)
ANYBODY: frozenset[Role] | None = None
"""Also who is not signed in."""

RIGHTS: dict[str, frozenset[Role] | None] = {
    "GET /sign-in": ANYBODY,
    "POST /sign-in": ANYBODY,
    "POST /sign-in/code": ANYBODY,
    "POST /sign-in/link": ANYBODY,
    "POST /sign-out": ANYBODY,
    "GET /session": EVERYBODY,
    "GET /account": EVERYBODY,
    "POST /account/password": EVERYBODY,
    "POST /account/second-step": EVERYBODY,
    "POST /account/second-step/confirmation": EVERYBODY,
    "POST /account/second-step/removal": EVERYBODY,
    "POST /account/sessions": EVERYBODY,
    "GET /accounts": ADMINS,
    "POST /accounts": ADMINS,
    "POST /accounts/{id}": ADMINS,
    "POST /accounts/{id}/disabling": ADMINS,
    "POST /accounts/{id}/enabling": ADMINS,
    "POST /accounts/{id}/sessions": ADMINS,
    "POST /accounts/{id}/invitation": ADMINS,
    "GET /": CODERS,
    "POST /": CODERS,
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
    "GET /claims": CODERS,
    "POST /claims": CODERS,
    "POST /claims/files": CODERS,
    "POST /claims/sending": CODERS,
    "GET /claims/{id}": CODERS,
    "POST /claims/{id}/office/{kind}": CODERS,
    "POST /claims/{id}/reasons": CODERS,
    "POST /claims/{id}/release": CODERS,
    "POST /claims/{id}/withdrawal": CODERS,
    "POST /claims/{id}/sending": CODERS,
    "POST /claims/{id}/payment": CODERS,
    "POST /claims/{id}/denial": CODERS,
    "GET /claims/{id}/files/{format}": CODERS,
    "GET /claims/{id}/evidence": CODERS,
    "GET /claims/{id}/evidence.pdf": CODERS,
    "POST /claims/{id}/evidence/release": frozenset({LEAD}),
}
PLACES = (
    ("/", "Charts"),
    ("/questions", "Questions"),
    ("/claims", "Claims"),
    ("/second", "Second coder"),
    ("/inbox", "Inbox"),
    ("/numbers", "Numbers"),
    ("/accounts", "Accounts"),
    ("/audit", "Audit"),
)
"""Where the top of every screen leads, in this order; the first that an account may open is its start page."""
OF_ENCOUNTERS = ("/encounters/{id}", "/second/{id}", "/claims/{id}")
"""Patterns that begin like this name an encounter, which must lie in a batch that the account may see."""
NO_ENCOUNTER = "There is no such encounter. It may be of another store, or its address was cut short."


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A link at the top of every screen."""

    path: str
    name: str
    is_here: bool


def may_use(user: User | None, route: str) -> bool:
    """Whether somebody may use a route; False also where there is no such route."""
    if route not in RIGHTS:
        return False
    wanted = RIGHTS[route]
    return wanted is None or (user is not None and bool(wanted & user.roles))


def may_see(user: User, encounter: ProposedEncounter) -> bool:
    """Whether an encounter lies in a batch that the account may see."""
    return is_within(user.batches, encounter.batch)


def is_within(batches: frozenset[str] | None, batch: str) -> bool:
    """Whether a batch is one of those that an account may see; None is all of them."""
    return batches is None or batch in batches


def places(user: User | None, path: str) -> tuple[Place, ...]:
    """What somebody may open from anywhere; `path` is where they are."""
    return tuple(
        Place(path=to, name=name, is_here=path == to or (to != "/" and path.startswith(f"{to}/")))
        for to, name in PLACES
        if user is not None and may_use(user, f"GET {to}")
    )


def home_of(user: User) -> str:
    """The page that an account starts on."""
    return next((place.path for place in places(user, "")), "/account")


class Admit:
    """The dependency that every route has: lets in who has one of its roles and may see its encounter."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __call__(self, request: Request) -> None:
        """Let in or not.

        Raises:
            HTTPException: with a sentence; 403 for the role, 404 for the encounter, as if it did not exist.
        """
        route = request.scope["route"]
        user: User | None = getattr(request.state, "user", None)
        if not may_use(user, f"{_method(request.method)} {route.path}"):
            raise HTTPException(
                403, "Your account does not have the right to this page; ask whoever keeps the accounts."
            )
        if user is None or user.batches is None or not route.path.startswith(OF_ENCOUNTERS):
            return
        encounter = self._store.readings.encounter(request.path_params["id"])
        if encounter is None or not may_see(user, encounter):
            raise HTTPException(404, NO_ENCOUNTER)


def unlisted(app: FastAPI) -> tuple[str, ...]:
    """Routes that nobody was given a right to, and rights to routes that are not there."""
    return tuple(sorted(set(route_names(app)) ^ set(RIGHTS)))


def route_names(app: FastAPI) -> Iterator[str]:
    """Every route as `METHOD /pattern`."""
    # The app's own list holds the included routers as they are, not their routes.
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            yield from (f"{method} {route.path}" for method in sorted(route.methods or ()))


def _method(method: str) -> str:
    return "GET" if method == "HEAD" else method
