"""The pages of the review screen: what is drawn over each page's picture."""

from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zlib import crc32

from pipeline.records import (
    Anchor,
    Box,
    Encounter,
    Finding,
    Line,
    LineKind,
    LineSpan,
    MarkState,
    Page,
    PageRole,
    Reading,
    Word,
)
from pipeline.review.chart.cards import LABEL_NAMES, percent

DOUBTFUL_BELOW = 0.7
"""Words less sure than this are doubtful."""
STEPS = (50, 70, 85, 95)
"""Percent at which the colours of confidence change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rect:
    """A rectangle over a page, in its pixels as rendered, with what pointing at it says."""

    x: int
    y: int
    width: int
    height: int
    kind: str
    """Class of its drawing: `print`, `hand`, `unreadable`, `ticked`, ..."""
    title: str
    sure: int | None = None
    """Percent that it was read right."""

    @property
    def step(self) -> int | None:
        """Which colour of confidence it has: 0, the least sure, to 4."""
        return None if self.sure is None else bisect(STEPS, self.sure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """All ink of one thing on one page: pointing at the thing lights it up, clicking it finds the thing."""

    id: str
    """Entity id, `fact-NAME` or `code-SYSTEM-CODE`."""
    kind: str
    """`diagnosis`, `procedure`, `supply`, `fact` or `code`."""
    title: str
    rects: tuple[Rect, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page with its drawing."""

    number: int
    picture_width: int
    picture_height: int
    width: int
    """As shown, upright."""
    height: int
    """As shown, upright."""
    turn: int
    """Degrees clockwise from the picture to upright."""
    transform: str
    """Takes pixels as rendered to the page as shown, in SVG's words."""
    role: PageRole
    lines: tuple[Rect, ...]
    marks: tuple[Rect, ...]
    """Checkboxes."""
    doubts: tuple[Rect, ...]
    """Unreadable words, and those that are likely misread."""
    inks: tuple[Ink, ...]
    advice: str | None
    unreadable: int
    """How many words are marked unreadable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """The piece of a page that shows a finding."""

    page: int
    box: Box

    @property
    def address(self) -> str:
        """The end of its picture's address."""
        return f"{self.page}/{'-'.join(map(str, self.box))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """Every page of the file, so that none gets out of sight."""

    own: tuple[Sheet, ...]
    """Pages of the encounter with something on them."""
    empty: tuple[Sheet, ...]
    """Blank pages and separator sheets of the encounter and its part of the file."""
    others: tuple[Sheet, ...]
    """Pages of the same file that belong to other encounters or to none."""
    crops: Mapping[str, Crop]
    """Where the ink of an entity or fact stands, by ink id."""

    @property
    def drawing(self) -> str:
        """Changes when something else is drawn: a page that is open asks for its drawing again."""
        return f"{crc32(repr((self.own, self.empty, self.others)).encode()):08x}"


def sheets(reading: Reading, encounter: Encounter, inks: Mapping[int, tuple[Ink, ...]]) -> Sheets:
    """All pages of a reading, sorted by what they are to one encounter.

    Args:
        reading: what was read from the file.
        encounter: as the reading proposes it.
        inks: what to draw on each page, by page number.
    """
    drawn = {page.number: _sheet(page, inks.get(page.number, ())) for page in reading.pages}
    empty = [
        page.number
        for page in reading.pages
        if page.role is not PageRole.CONTENT and (page.part == encounter.part or page.number in encounter.pages)
    ]
    own = [page.number for page in reading.pages if page.number in encounter.pages and page.number not in empty]
    return Sheets(
        own=tuple(drawn[number] for number in own),
        empty=tuple(drawn[number] for number in empty),
        others=tuple(sheet for number, sheet in drawn.items() if number not in own and number not in empty),
        crops=_crops(reading.pages, inks),
    )


def inks_of_reading(reading: Reading, encounter: Encounter) -> dict[int, tuple[Ink, ...]]:
    """The ink of an encounter's entities and facts, by page number."""
    inks: dict[int, list[Ink]] = {}
    for entity in reading.entities:
        if entity.id in encounter.entities:
            title = f"{LABEL_NAMES[entity.label]}: {entity.text}"
            _draw(inks, entity.id, entity.label.lower(), title, entity.spans)
    for name, finding in facts(encounter).items():
        _draw(inks, f"fact-{name}", "fact", f"{name.replace('_', ' ').capitalize()}: {finding.text}", finding.spans)
    return {page: tuple(found) for page, found in inks.items()}


def ink_of_anchors(id: str, title: str, anchors: Iterable[Anchor]) -> dict[int, Ink]:
    """The ink of a decision that no entity of this reading stands for, by page number."""
    return {
        anchor.page: Ink(
            id=id, kind="code", title=title, rects=tuple(_rect(box, "code", title) for box in anchor.boxes)
        )
        for anchor in anchors
        if anchor.boxes
    }


def facts(encounter: Encounter) -> dict[str, Finding]:
    """What the page says of the encounter itself, by name."""
    named: dict[str, Finding | None] = {
        "patient_name": encounter.patient_name,
        "birth_date": encounter.birth_date,
        "record_number": encounter.record_number,
        "sex": encounter.sex,
        "date_of_service": encounter.date_of_service,
        "provider": encounter.provider,
        "patient_status": encounter.patient_status,
        "visit_level": encounter.visit_level,
        "time_spent": encounter.time_spent,
        "signature": encounter.signature,
    }
    named |= {f"addendum_{number}": addendum.note for number, addendum in enumerate(encounter.addenda, start=1)}
    return {name: finding for name, finding in named.items() if finding is not None}


def _crops(pages: Iterable[Page], inks: Mapping[int, tuple[Ink, ...]]) -> dict[str, Crop]:
    """The first line of each ink, with what stands before and after it on the page."""
    crops: dict[str, Crop] = {}
    for page in pages:
        for ink in inks.get(page.number, ()):
            first = ink.rects[0]
            # Along the line, which on a page that lies on its side runs down.
            along, across = (0, first.width) if page.turn in {90, 270} else (first.height, 0)
            box = Box(
                max(0, first.x - 2 * along),
                max(0, first.y - 2 * across),
                min(page.width, first.x + first.width + 2 * along),
                min(page.height, first.y + first.height + 2 * across),
            )
            crops.setdefault(ink.id, Crop(page=page.number, box=box))
    return crops


def _draw(inks: dict[int, list[Ink]], id: str, kind: str, title: str, spans: tuple[LineSpan, ...]) -> None:
    pages: dict[int, list[Rect]] = {}
    for span in spans:
        if span.boxes:
            pages.setdefault(span.page, []).append(_rect(_around(span.boxes), kind, title))
    for page, rects in pages.items():
        inks.setdefault(page, []).append(Ink(id=id, kind=kind, title=title, rects=tuple(rects)))


def _around(boxes: tuple[Box, ...]) -> Box:
    """The words of one span stand on one line, so that one box around them is calmer than one a word."""
    return Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def _sheet(page: Page, inks: tuple[Ink, ...]) -> Sheet:
    sideways = page.turn in {90, 270}
    lines = [
        _rect(line.box, line.kind.value, f"{_line_kind(line.kind)}{_sure(line.confidence)}: {line.text}", line)
        for line in page.lines
        if line.box is not None
    ]
    marks = [_rect(mark.box, mark.state.value, _mark(mark.state)) for mark in page.marks]
    doubts = [
        _rect(word.box, "unreadable" if word.unreadable else "unsure", _doubt(word), word)
        for line in page.lines
        for word in line.words
        if word.box is not None and doubtful(word)
    ]
    return Sheet(
        number=page.number,
        picture_width=page.width,
        picture_height=page.height,
        width=page.height if sideways else page.width,
        height=page.width if sideways else page.height,
        turn=page.turn,
        transform=_transform(page),
        role=page.role,
        lines=tuple(lines),
        marks=tuple(marks),
        doubts=tuple(doubts),
        inks=inks,
        advice=page.quality.advice,
        unreadable=sum(word.unreadable for line in page.lines for word in line.words),
    )


def _transform(page: Page) -> str:
    match page.turn:
        case 90:
            return f"translate({page.height} 0) rotate(90)"
        case 180:
            return f"translate({page.width} {page.height}) rotate(180)"
        case 270:
            return f"translate(0 {page.width}) rotate(270)"
    return ""


def doubtful(word: Word) -> bool:
    """Whether a coder should look at the ink of a word before trusting it."""
    return word.unreadable or (word.confidence is not None and word.confidence < DOUBTFUL_BELOW)


def _rect(box: Box, kind: str, title: str, read: Line | Word | None = None) -> Rect:
    return Rect(
        x=box.x0,
        y=box.y0,
        width=box.x1 - box.x0,
        height=box.y1 - box.y0,
        kind=kind,
        title=title,
        sure=percent(read.confidence) if read else None,
    )


def _line_kind(kind: LineKind) -> str:
    return "Handwriting" if kind is LineKind.HAND else "Print"


def _sure(confidence: float | None) -> str:
    return "" if confidence is None else f", {percent(confidence)} % sure"


def _mark(state: MarkState) -> str:
    return {MarkState.TICKED: "Ticked", MarkState.BLANK: "Not ticked", MarkState.DOUBTFUL: "Perhaps ticked"}[state]


def _doubt(word: Word) -> str:
    others = ", ".join(f"“{alternative.text}”" for alternative in word.alternatives)
    what = "Unreadable or crossed out" if word.unreadable else "Doubtful"
    return f"{what}{_sure(word.confidence)}: “{word.text}”{', or ' + others if others else ''}"
