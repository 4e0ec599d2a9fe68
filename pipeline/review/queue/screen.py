"""The list of encounters, and the way to the next one."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.review.desk import Desk
from pipeline.review.queue.view import queue, waiting
from pipeline.store.rows import EncounterState


def routes(desk: Desk) -> APIRouter:
    """`/` and `/next`."""
    router = APIRouter()

    @router.get("/")
    def show(
        request: Request, state: EncounterState | None = None, batch: str | None = None, screen: int = 1
    ) -> Response:
        view = queue(
            desk.store.readings.encounters(),
            desk.store.decisions.reviews(),
            desk.store.arrivals.all(),
            desk.store.arrivals.documents(),
            desk.proposed,
            desk.clock(),
            state=state,
            batch=batch,
            screen=screen,
        )
        empty = not any(view.files.values())
        return desk.screen(request, "queue/queue.html", {"queue": view, "empty": empty, "inbox": desk.inbox})

    @router.get("/next")
    def next_one(after: str = "") -> Response:
        """The encounter that waits longest, or the one that comes after the one just left."""
        ids = [e.id for e in waiting(desk.store.readings.encounters(), desk.store.decisions.reviews())]
        here = ids.index(after) if after in ids else -1
        others = [*ids[here + 1 :], *ids[: max(here, 0)]]
        return RedirectResponse(f"/encounters/{others[0]}" if others else "/", status_code=303)

    return router
