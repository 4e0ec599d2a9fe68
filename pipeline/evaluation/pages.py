"""Pages and checkboxes: turned upright, told apart, read as ticked or blank."""

from pipeline.evaluation.places import PlacedChart
from pipeline.evaluation.shares import Share
from pipeline.evaluation.truth import TruthMark, TruthPage
from pipeline.records import Mark, Page, PageRole


def roles_right(chart: PlacedChart) -> Share:
    """Pages whose role (content, blank, separator) and part of the file are right."""
    read = {page.number: (page.role, page.part) for page in chart.reading.pages}
    pages = chart.truth.pages
    return Share(right=sum(read.get(page.number) == (page.role, page.part) for page in pages), of=len(pages))


def turns_right(chart: PlacedChart) -> Share:
    """Pages with content that were turned upright."""
    read = {page.number: page.turn for page in chart.reading.pages}
    pages = [page for page in chart.truth.pages if page.role is PageRole.CONTENT]
    return Share(right=sum(read.get(page.number) == page.turn for page in pages), of=len(pages))


def marks_right(chart: PlacedChart) -> Share:
    """Checkboxes that were found and whose state is right; a box that was not found is wrong."""
    read = {page.number: page for page in chart.reading.pages}
    pairs = [(page, mark) for page in chart.truth.pages for mark in page.marks]
    right = 0
    for page, mark in pairs:
        found = _found(page, mark, read[page.number]) if page.number in read else None
        right += found is not None and found.state is mark.state
    return Share(right=right, of=len(pairs))


def _found(page: TruthPage, truth: TruthMark, read: Page) -> Mark | None:
    """The mark that was read there: the one whose centre is in the box, the nearest to its middle."""
    x0, y0, x1, y1 = truth.box
    near = []
    for place, mark in enumerate(read.marks):
        x = (mark.box.x0 + mark.box.x1) / 2 * page.width / read.width
        y = (mark.box.y0 + mark.box.y1) / 2 * page.height / read.height
        if x0 <= x <= x1 and y0 <= y <= y1:
            near.append((abs(x - (x0 + x1) / 2) + abs(y - (y0 + y1) / 2), place))
    return read.marks[min(near)[1]] if near else None
