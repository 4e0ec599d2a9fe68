"""The clerk's page: what the inbox holds, what needs a hand, and what can be done about it."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from pipeline.errors import DecisionRefusedError
from pipeline.render.cuttings import Cuttings
from pipeline.review.clerk.loading import load_inbox
from pipeline.review.clerk.view import Show
from pipeline.review.desk import Desk, batches_of, coder, user_of
from pipeline.review.forms import Number, Text
from pipeline.review.queue.view import batch_key
from pipeline.review.rights import NO_ENCOUNTER, may_see

MOST_PAGES = 100_000
"""Larger numbers are no pages, and may be more than the database can count."""
NOTHING = "This is not in the list any more, or it never was."


def routes(desk: Desk) -> APIRouter:
    """`/inbox` and its forms."""
    router = APIRouter()
    cuttings = Cuttings()

    @router.get("/inbox")
    def show_inbox(request: Request, show: Show | None = None, screen: int = 1) -> Response:
        return _answer(desk, request, "clerk/inbox.html", show, screen)

    @router.get("/inbox/live")
    def live(request: Request, show: Show | None = None, screen: int = 1) -> Response:
        return _answer(desk, request, "clerk/live.html", show, screen)

    @router.get("/inbox/pages/{document}/{number}")
    def picture(request: Request, document: str, number: int) -> Response:
        """A small picture, of pages that are better scanned again and of no other."""
        if not 1 <= number <= MOST_PAGES or not desk.store.inbox.advised(document, number, batches_of(request)):
            raise HTTPException(404, "There is no such page to scan again.")
        try:
            small = cuttings.small(desk.picture(document, number))
        except (KeyError, OSError):
            raise HTTPException(404, "There is no picture of this page.") from None
        return Response(small, media_type="image/jpeg")

    @router.post("/inbox/concerns/{id}/retry")
    def retry(request: Request, id: str, show: Text = "", screen: Number = 1) -> Response:
        _check_concern(desk, request, id)

        def act() -> str:
            return f"“{desk.store.clerk.retry(id, _who(request))}” will be read again."

        return _act(desk, request, act, show, screen)

    @router.post("/inbox/batches/{key}/retry")
    def retry_batch(request: Request, key: str, show: Text = "", screen: Number = 1) -> Response:
        batches = batches_of(request)
        batch = next((each for each in desk.store.inbox.rejected_batches(batches) if batch_key(each) == key), None)
        if batch is None and batches is not None:
            raise HTTPException(404, NOTHING)

        def act() -> str:
            count = 0 if batch is None else desk.store.clerk.retry_batch(batch, _who(request))
            if not count:
                raise DecisionRefusedError("No rejected file of this batch can be tried again.")
            return "1 file will be read again." if count == 1 else f"{count} files will be read again."

        return _act(desk, request, act, show, screen)

    @router.post("/inbox/concerns/{id}/dealt")
    def deal(request: Request, id: str, show: Text = "", screen: Number = 1) -> Response:
        _check_concern(desk, request, id)

        def act() -> str:
            concern = desk.store.clerk.deal(id, _who(request))
            page = f", page {concern.page}," if concern.page else ""
            return f"“{concern.name}”{page} is dealt with."

        return _act(desk, request, act, show, screen, undo=id)

    @router.post("/inbox/concerns/{id}/restored")
    def restore(request: Request, id: str, show: Text = "", screen: Number = 1) -> Response:
        _check_concern(desk, request, id)

        def act() -> str:
            return f"“{desk.store.clerk.restore(id, _who(request)).name}” is back in the list."

        return _act(desk, request, act, show, screen)

    @router.post("/inbox/documents/{id}/reading")
    def read_again(request: Request, id: str, show: Text = "", screen: Number = 1, encounter: Text = "") -> Response:
        user = user_of(request)
        assert user is not None  # the guard let nobody else in
        if user.batches is not None and not desk.store.inbox.has_document(id, user.batches):
            raise HTTPException(404, NOTHING)
        chart = desk.store.readings.encounter(encounter) if encounter else None
        if user.batches is not None and encounter and (chart is None or not may_see(user, chart)):
            raise HTTPException(404, NO_ENCOUNTER)
        if chart is not None:  # asked for beside its chart
            desk.store.clerk.read_again(id, _who(request))
            return RedirectResponse(f"/encounters/{encounter}", status_code=303)

        def act() -> str:
            return f"“{desk.store.clerk.read_again(id, _who(request))}” will be read again."

        return _act(desk, request, act, show, screen)

    return router


def _check_concern(desk: Desk, request: Request, id: str) -> None:
    """What is about a file of another batch is answered as if it did not exist."""
    batches = batches_of(request)
    if batches is not None and not desk.store.inbox.has(id, batches):
        raise HTTPException(404, NOTHING)


def _who(request: Request) -> str:
    return coder(request) or ""


def _answer(
    desk: Desk,
    request: Request,
    template: str,
    show: Show | None,
    screen: int,
    *,
    notice: str | None = None,
    undo: str | None = None,
    status: int = 200,
) -> Response:
    inbox = load_inbox(desk, show, screen, batches_of(request))
    context = {"inbox": inbox, "screen": screen, "notice": notice, "undo": undo, "folder": desk.inbox}
    return desk.screen(request, template, context, status=status)


def _act(
    desk: Desk, request: Request, act: Callable[[], str], show: str, screen: int, *, undo: str | None = None
) -> Response:
    """Do it, then show how things stand: with htmx the parts of the page, else the page again."""
    shown = Show(show) if show in set(Show) else None
    htmx = request.headers.get("HX-Request") == "true"
    template = "clerk/live.html" if htmx else "clerk/inbox.html"
    try:
        notice = act()
    except DecisionRefusedError as error:
        return _answer(desk, request, template, shown, screen, notice=str(error), status=409)
    if not htmx:
        query = f"?show={shown}&screen={screen}" if shown else ""
        return RedirectResponse(f"/inbox{query}", status_code=303)
    return _answer(desk, request, template, shown, screen, notice=notice, undo=undo)
