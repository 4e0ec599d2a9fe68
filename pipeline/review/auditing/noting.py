"""Writing down what is about to be shown, before it leaves: an answer whose entry cannot be written is none."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from pipeline.errors import SetupError
from pipeline.review.auditing.acts import act_of
from pipeline.review.desk import Desk, coder
from pipeline.store.audit import Audit
from pipeline.store.audit_rows import Act

AT_THE_DOOR = frozenset({Act.SIGN_IN, Act.SIGN_IN_FAILED, Act.SIGN_OUT})
REFUSED, CONFLICT = 403, 409


class Noting:
    """The middleware inside the guard, where it is known who asks, for which route, and what the answer is."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """Answer one request, if what it shows could be written down."""
        response = await call_next(request)
        act, detail = entry_of(request, response.status_code)
        if act is None:
            return response
        try:
            await run_in_threadpool(
                self._desk.store.audit.write,
                act,
                who=coder(request),
                subject=request.path_params.get("id"),
                detail=detail,
            )
        except SetupError as error:
            context: dict[str, object] = {"sentence": str(error), "status": 503}
            return self._desk.screen(request, "message.html", context, status=503)
        return response


def entry_of(request: Request, status: int) -> tuple[Act | None, str | None]:
    """What a request that was answered with a status is in the log, and its detail."""
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return None, None
    act = act_of(request.method, route.path)
    if status == REFUSED:
        return Act.REFUSED, act and act.value
    if act is None or not shows_something(status):
        return None, None
    told: str | None = getattr(request.state, "audit_detail", None)
    number = str(request.path_params.get("number", ""))
    return act, told or (f"page {number}" if number.isdecimal() and number.isascii() and len(number) < 6 else None)


def shows_something(status: int) -> bool:
    """Whether an answer may hold anything of a chart: a redirect and a message do not, a refused decision does."""
    return status < 300 or status == CONFLICT


def tell_detail(request: Request, detail: str) -> None:
    """Give the entry of this request its detail, where a screen knows it: `csv 120`."""
    request.state.audit_detail = detail


def door(log: Audit) -> Callable[[str, str | None, str | None], None]:
    """`Desk.audit`: what happens at the door and to accounts.

    It is told the kind (`sign-in`, `account-changed code`), who did it and the name of the account that it is about.
    """

    def tell(kind: str, who: str | None, account: str | None) -> None:
        at_the_door = next((act for act in AT_THE_DOOR if act.value == kind), None)
        log.write(
            at_the_door or Act.ACCOUNT,
            who=who,
            subject=None if account is None else log.account(account),
            detail=None if at_the_door else kind,
        )

    return tell
