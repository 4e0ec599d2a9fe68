"""What a coder is typing on a chart, saved as it is typed and given back when the chart is opened again."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from pipeline.review.desk import Desk, user_of

Key = Annotated[str, Form(max_length=80, pattern=r"^[\w./:-]+$")]
Words = Annotated[str, Form(max_length=20_000)]


def routes(desk: Desk) -> APIRouter:
    """Drafts of whoever is signed in; their text is in bodies only."""
    router = APIRouter()

    @router.get("/encounters/{id}/drafts")
    def given_back(request: Request, id: str) -> Response:
        drafts = desk.store.drafts.of(id, _account(request))
        return JSONResponse([{"key": each.key, "text": each.text, "at": f"{each.at:%H:%M} UTC"} for each in drafts])

    @router.post("/encounters/{id}/drafts")
    def save(request: Request, id: str, key: Key, text: Words = "") -> Response:
        if not desk.store.readings.document_names([id]):
            raise HTTPException(404, "There is no such encounter.")
        desk.store.drafts.save(id, _account(request), key, text.replace("\r\n", "\n"))
        return Response(status_code=204)

    @router.post("/encounters/{id}/drafts/sent")
    def sent(request: Request, id: str, key: Key) -> Response:
        desk.store.drafts.forget(id, _account(request), key)
        return Response(status_code=204)

    return router


def _account(request: Request) -> str:
    user = user_of(request)
    assert user is not None  # the guard let nobody else in
    return user.id
