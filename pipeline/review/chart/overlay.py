"""What the open chart asks for afterwards: its words with their other readings, and its drawing when that changed."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from pydantic import TypeAdapter

from pipeline.records import Box, Page
from pipeline.review.chart.cards import percent
from pipeline.review.chart.screen import find, load_chart
from pipeline.review.chart.sheets import doubtful
from pipeline.review.desk import Desk, user_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWord:
    """A word with all ways to read it."""

    text: str
    box: Box
    sure: int | None
    """Percent."""
    unreadable: bool
    doubtful: bool
    place: int
    """Its place among the words of its line, from 0."""
    alternatives: tuple[tuple[str, int | None], ...]
    """Text and percent, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine:
    """A line with its words; its text is theirs, joined by single spaces."""

    page: int
    box: Box
    texts: tuple[str, ...]
    """All its words, also those without a box."""
    words: tuple[ReadWord, ...]
    own: bool
    """It stands on a page of the encounter."""


LINES = TypeAdapter(list[ReadLine])


def routes(desk: Desk) -> APIRouter:
    """What the script of the chart screen loads."""
    router = APIRouter()

    @router.get("/encounters/{id}/words")
    def words(id: str) -> Response:
        encounter, reading = find(desk, id)
        own = frozenset(encounter.proposal.pages)
        lines = [line for page in reading.pages for line in lines_of(page, page.number in own)]
        return Response(LINES.dump_json(lines), media_type="application/json")

    @router.get("/encounters/{id}/drawing")
    def drawing(request: Request, id: str) -> Response:
        return desk.screen(request, "chart/drawing.html", {"chart": load_chart(desk, id, user_of(request))})

    return router


def lines_of(page: Page, own: bool) -> list[ReadLine]:
    """The lines of a page with their words, in reading order."""
    return [
        ReadLine(
            page=page.number,
            box=line.box,
            texts=tuple(word.text for word in line.words),
            words=tuple(
                ReadWord(
                    text=word.text,
                    box=word.box,
                    sure=percent(word.confidence),
                    unreadable=word.unreadable,
                    doubtful=doubtful(word),
                    place=place,
                    alternatives=tuple((each.text, percent(each.confidence)) for each in word.alternatives),
                )
                for place, word in enumerate(line.words)
                if word.box is not None
            ),
            own=own,
        )
        for line in page.lines
        if line.box is not None
    ]
