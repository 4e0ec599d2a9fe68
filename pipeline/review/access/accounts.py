"""Everybody's accounts, for who keeps them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from pipeline.review.access.view import account_row, batch_choices, batches_of, name_problem, role_choices
from pipeline.review.desk import Desk, coder, user_of
from pipeline.review.forms import Text
from pipeline.store.rows import Account, Role, User
from pipeline.store.sign_ins import NEW_ACCOUNT

LAST_ADMIN = "Nobody would be left to keep the accounts. Make somebody else an admin first, and let them sign in once."
NO_ROLE = "Tick at least one role; an account that may do nothing is better disabled."
Ticked = Annotated[list[str], Form(default_factory=list)]
Roles = Annotated[list[Role], Form(default_factory=list)]


def routes(desk: Desk) -> APIRouter:
    """`/accounts` and its forms."""
    router = APIRouter()
    store = desk.store

    def page(request: Request, notice: str | None = None, status: int = 200) -> Response:
        user, known = user_of(request), store.users.batches()
        context = {
            "rows": tuple(account_row(each, known, user.id if user else "") for each in store.users.all()),
            "roles": role_choices(NEW_ACCOUNT),
            "batches": batch_choices(known, frozenset()),
            "notice": notice,
        }
        return desk.screen(request, "access/accounts.html", context, status=status)

    def find(id: str) -> Account:
        account = store.users.get(id)
        if account is None:
            raise HTTPException(404, "There is no such account.")
        return account

    def invite(request: Request, user: User) -> Response:
        hours = desk.settings.invitation_hours
        token = store.sign_ins.issue(user.name, timedelta(hours=hours))
        desk.audit("invitation", coder(request), user.name)
        link = f"{request.url.scheme}://{request.headers['host']}/sign-in?token={token}"
        return desk.screen(request, "access/invitation.html", {"invited": user, "link": link, "hours": f"{hours:g}"})

    @router.get("/accounts")
    def show(request: Request) -> Response:
        return page(request)

    @router.post("/accounts")
    def add(request: Request, role: Roles, batch: Ticked, name: Text = "", limited: Text = "") -> Response:
        notice = name_problem(name) or (None if role else NO_ROLE)
        if notice is not None:
            return page(request, notice, 422)
        user = store.users.add(name, frozenset(role), batches_of(bool(limited), batch))
        if user is None:
            return page(request, "There is an account of that name already, perhaps in other letters.", 409)
        desk.audit(f"account-added {_listed(role)}", coder(request), user.name)
        return invite(request, user)

    @router.post("/accounts/{id}")
    def change(request: Request, id: str, role: Roles, batch: Ticked, limited: Text = "") -> Response:
        account = find(id)
        if not role:
            return page(request, NO_ROLE, 422)
        if not store.users.change(id, frozenset(role), batches_of(bool(limited), batch)):
            return page(request, LAST_ADMIN, 409)
        desk.audit(f"account-changed {_listed(role)}", coder(request), account.user.name)
        return RedirectResponse("/accounts", status_code=303)

    @router.post("/accounts/{id}/disabling")
    def disable(request: Request, id: str) -> Response:
        account = find(id)
        if not store.users.disable(id):
            return page(request, LAST_ADMIN, 409)
        desk.audit("account-disabled", coder(request), account.user.name)
        return RedirectResponse("/accounts", status_code=303)

    @router.post("/accounts/{id}/enabling")
    def enable(request: Request, id: str) -> Response:
        account = find(id)
        store.users.enable(id)
        desk.audit("account-enabled", coder(request), account.user.name)
        return RedirectResponse("/accounts", status_code=303)

    @router.post("/accounts/{id}/sessions")
    def end_sessions(request: Request, id: str) -> Response:
        account = find(id)
        store.sign_ins.end_all(id)
        desk.audit("sessions-ended", coder(request), account.user.name)
        return RedirectResponse("/accounts", status_code=303)

    @router.post("/accounts/{id}/invitation")
    def invite_again(request: Request, id: str) -> Response:
        account = find(id)
        if account.disabled_at is not None:
            return page(request, "This account is disabled; enable it first.", 409)
        return invite(request, account.user)

    return router


def _listed(roles: Sequence[Role]) -> str:
    return ",".join(sorted(set(roles)))
