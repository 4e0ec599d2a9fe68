"""Small pictures: the thumbnail of a page, and the ink of a finding cut out of it."""

import re

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from pipeline.records import Box, Page
from pipeline.render.cuttings import Cuttings
from pipeline.review.chart.screen import find_picture
from pipeline.review.desk import Desk

_BOX = re.compile(r"(\d{1,6})-(\d{1,6})-(\d{1,6})-(\d{1,6})", re.ASCII)


def routes(desk: Desk) -> APIRouter:
    """The small pictures of an encounter's pages, made from the page pictures and set upright."""
    router = APIRouter()
    cuttings = Cuttings()

    @router.get("/encounters/{id}/thumbnails/{number}")
    def thumbnail(id: str, number: int) -> Response:
        file, page = find_picture(desk, id, number)
        return Response(cuttings.thumbnail(file, page.turn), media_type="image/jpeg")

    @router.get("/encounters/{id}/crops/{number}/{box}")
    def crop(id: str, number: int, box: str) -> Response:
        file, page = find_picture(desk, id, number)
        part = box_on(page, box)
        if part is None:
            raise HTTPException(404, "This page has no such part.")
        return Response(cuttings.crop(file, part, page.width, page.turn), media_type="image/jpeg")

    return router


def box_on(page: Page, text: str) -> Box | None:
    """A box given as `x0-y0-x1-y1` in pixels of the page as rendered; None where it is no box on the page."""
    found = _BOX.fullmatch(text)
    if found is None:
        return None
    x0, y0, x1, y1 = map(int, found.groups())
    return Box(x0, y0, x1, y1) if x0 < x1 <= page.width and y0 < y1 <= page.height else None
