"""The text of the pages, line by line, and the editor of one line."""

from dataclasses import dataclass

from pipeline.layers.places import upright
from pipeline.records import Box, Line, LineKind, Page
from pipeline.review.chart.cards import percent
from pipeline.review.chart.understanding import Seen
from pipeline.review.deciding.corrected import Correction, Corrections, address_of

DOUBTFUL_BELOW = 0.7
"""Words less sure than this are marked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextWord:
    """A word of a line."""

    text: str
    place: int
    """Its place in the line, from 0."""
    sure: int | None
    """Percent that it was read right."""
    unreadable: bool
    doubtful: bool
    others: tuple[str, ...]
    """Other ways to read it, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """A line of a page."""

    page: int
    box: str
    """As its address has it."""
    hand: bool
    text: str
    words: tuple[TextWord, ...]
    correction: Correction | None
    """Who wrote it; None where it is as read."""

    @property
    def doubts(self) -> tuple[TextWord, ...]:
        """The words to look at."""
        return tuple(word for word in self.words if word.doubtful)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPage:
    """A page as text, in reading order."""

    number: int
    lines: tuple[TextLine, ...]
    emptied: tuple[Correction, ...]
    """Lines of it of which a person says that nothing stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closeup:
    """A line cut out of its page's picture, upright, in the words of SVG."""

    view: str
    """The part that is shown."""
    page: int
    width: int
    """Of the picture, as rendered."""
    height: int


def text_of(seen: Seen, corrections: Corrections) -> tuple[TextPage, ...]:
    """The encounter's pages as text; a page on which nothing stands is left out."""
    own = seen.encounter.proposal.pages
    found = []
    for page in seen.reading.pages:
        lines = tuple(text_line(page, line, corrections) for line in page.lines if line.box is not None)
        emptied = tuple(each for each in corrections.lines if each.page == page.number and not each.text.strip())
        if page.number in own and (lines or emptied):
            found.append(TextPage(number=page.number, lines=lines, emptied=emptied))
    return tuple(found)


def text_line(page: Page, line: Line, corrections: Corrections) -> TextLine:
    """One line of a page; it has a box."""
    assert line.box is not None
    return TextLine(
        page=page.number,
        box=address_of(line.box),
        hand=line.kind is LineKind.HAND,
        text=line.text,
        words=tuple(
            TextWord(
                text=word.text,
                place=place,
                sure=percent(word.confidence),
                unreadable=word.unreadable,
                doubtful=word.unreadable or (word.confidence is not None and word.confidence < DOUBTFUL_BELOW),
                others=tuple(other.text for other in word.alternatives),
            )
            for place, word in enumerate(line.words)
        ),
        correction=corrections.of_line(line.id),
    )


def closeup(page: Page, box: Box) -> Closeup:
    """A line with a little of what stands around it."""
    place = upright(box, page)
    margin = max(8, (place.y1 - place.y0) * 2 // 5)
    width, height = place.x1 - place.x0 + 2 * margin, place.y1 - place.y0 + 2 * margin
    return Closeup(
        view=f"{place.x0 - margin} {place.y0 - margin} {width} {height}",
        page=page.number,
        width=page.width,
        height=page.height,
    )
