"""What the chart says, quoted with its place and its ink: what a question to the provider stands on."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.records import Anchor, Box, Encounter, Line, Page, Reading
from pipeline.review.chart.cards import words_of
from pipeline.store.matching import anchors_of

MARGIN = 18
"""Pixels of paper around the ink that is shown."""
SHOWN = 60
"""Percent of a page's width that is shown at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A piece of a page's picture, upright, in the words of SVG."""

    view: str
    transform: str
    width: int
    """Of the whole picture."""
    height: int
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What stands at a place of the chart."""

    key: str
    """Entity or line id."""
    words: str
    """What the question is about: the finding's own words."""
    text: str
    """The line, as read or corrected."""
    place: str
    """`page 1, assessment`."""
    anchors: tuple[Anchor, ...]
    cut: Cut | None


def quotes(encounter: Encounter, reading: Reading) -> tuple[Quote, ...]:
    """The findings of an encounter, each with the line that it stands in."""
    pages = {page.number: page for page in reading.pages}
    found = []
    for entity in reading.entities:
        if entity.id not in encounter.entities or not entity.spans:
            continue
        anchors = anchors_of(entity.spans)
        section = f", {words_of(entity.section)}" if entity.section else ""
        line = entity.line or _text(pages, anchors) or entity.text
        found.append(
            Quote(
                key=entity.id,
                words=entity.text,
                text=line,
                place=f"page {anchors[0].page}{section}",
                anchors=anchors,
                cut=cut_of(pages, anchors[0]),
            )
        )
    return tuple(found)


def quote_of_line(reading: Reading, id: str) -> Quote | None:
    """A line of the chart; None where there is no such one."""
    for page in reading.pages:
        for line in page.lines:
            if line.id == id and line.box is not None:
                anchor = Anchor(page=page.number, boxes=(line.box,))
                return _of_anchor({page.number: page}, anchor, id)
    return None


def quotes_of(reading: Reading, anchors: Iterable[Anchor]) -> tuple[Quote, ...]:
    """What stands at the places of a question that was asked."""
    pages = {page.number: page for page in reading.pages}
    return tuple(_of_anchor(pages, anchor, f"q{n}") for n, anchor in enumerate(anchors, 1))


def cut_of(pages: dict[int, Page], anchor: Anchor) -> Cut | None:
    """The ink of an anchor with the lines that it touches; None where its page is not there."""
    page = pages.get(anchor.page)
    if page is None or not anchor.boxes:
        return None
    boxes = [*anchor.boxes, *(line.box for line in _lines(page, anchor) if line.box is not None)]
    x0, y0 = max(0, min(b.x0 for b in boxes) - MARGIN), max(0, min(b.y0 for b in boxes) - MARGIN)
    x1 = min(page.width, max(b.x1 for b in boxes) + MARGIN)
    y1 = min(page.height, max(b.y1 for b in boxes) + MARGIN)
    left, top, right, bottom = _upright(page, Box(x0, y0, x1, y1))
    across = page.height if page.turn in {90, 270} else page.width
    # A short line keeps the size that it has on the paper, with what stands beside it.
    right = min(across, max(right, left + across * SHOWN // 100))
    left = max(0, min(left, right - across * SHOWN // 100))
    transforms = {
        90: f"translate({page.height} 0) rotate(90)",
        180: f"translate({page.width} {page.height}) rotate(180)",
        270: f"translate(0 {page.width}) rotate(270)",
    }
    return Cut(
        view=f"{left} {top} {right - left} {bottom - top}",
        transform=transforms.get(page.turn, ""),
        width=page.width,
        height=page.height,
        page=page.number,
    )


def _upright(page: Page, box: Box) -> Box:
    match page.turn:
        case 90:
            return Box(page.height - box.y1, box.x0, page.height - box.y0, box.x1)
        case 180:
            return Box(page.width - box.x1, page.height - box.y1, page.width - box.x0, page.height - box.y0)
        case 270:
            return Box(box.y0, page.width - box.x1, box.y1, page.width - box.x0)
    return box


def _of_anchor(pages: dict[int, Page], anchor: Anchor, key: str) -> Quote:
    text = _text(pages, (anchor,))
    return Quote(
        key=key,
        words=text,
        text=text,
        place=f"page {anchor.page}",
        anchors=(anchor,),
        cut=cut_of(pages, anchor),
    )


def _text(pages: dict[int, Page], anchors: Iterable[Anchor]) -> str:
    found = [line.text for a in anchors if a.page in pages for line in _lines(pages[a.page], a)]
    return " / ".join(dict.fromkeys(found))


def _lines(page: Page, anchor: Anchor) -> list[Line]:
    """The lines whose middle a box of the anchor crosses, or that hold the box's own."""
    return [line for line in page.lines if line.box is not None and any(_share(line.box, b) for b in anchor.boxes)]


def _share(line: Box, box: Box) -> bool:
    across = min(line.x1, box.x1) - max(line.x0, box.x0)
    down = min(line.y1, box.y1) - max(line.y0, box.y0)
    return across > 0 and down * 2 > min(line.y1 - line.y0, box.y1 - box.y0)
