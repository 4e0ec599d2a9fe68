"""A page as it is read: boxes of a page that was scanned sideways or upside down, turned like its text."""

from dataclasses import replace

from pipeline.records import Box, Line, Page


def upright(page: Page) -> Page:
    """The page with the boxes of lines, words, marks and loose ink turned as far as the page was.

    Its boxes are for comparing what stands left, right and below; the way back to the scan are the page's own.
    """
    if page.turn == 0:
        return page
    width, height = (page.height, page.width) if page.turn in (90, 270) else (page.width, page.height)
    return replace(
        page,
        width=width,
        height=height,
        turn=0,
        lines=tuple(_turned_line(line, page) for line in page.lines),
        marks=tuple(replace(mark, box=turned(mark.box, page)) for mark in page.marks),
        loose_ink=None if page.loose_ink is None else tuple(turned(box, page) for box in page.loose_ink),
    )


def turned(box: Box, page: Page) -> Box:
    """A box of the scanned page, pixels of the page as it is read."""
    if page.turn == 90:
        return Box(page.height - box.y1, box.x0, page.height - box.y0, box.x1)
    if page.turn == 180:
        return Box(page.width - box.x1, page.height - box.y1, page.width - box.x0, page.height - box.y0)
    if page.turn == 270:
        return Box(box.y0, page.width - box.x1, box.y1, page.width - box.x0)
    return box


def _turned_line(line: Line, page: Page) -> Line:
    words = tuple(word if word.box is None else replace(word, box=turned(word.box, page)) for word in line.words)
    return replace(line, box=None if line.box is None else turned(line.box, page), words=words)
