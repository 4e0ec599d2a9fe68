"""Keeping checkboxes at the words that they mark, where a line of the page became another."""

from dataclasses import replace

from pipeline.layers.places import shared
from pipeline.records import Box, Line, LineSpan, Mark, Page


def repointed(changed: Page, page: Page) -> Page:
    """A page whose marks point into its own lines.

    Args:
        changed: with lines that took the place of others, and the marks as read.
        page: as read.
    """
    before = {line.id: line for line in page.lines}
    same = {line.id for line in changed.lines if before.get(line.id) == line}
    if len(same) == len(page.lines) == len(changed.lines):
        return changed
    return replace(changed, marks=tuple(_repointed(mark, changed, before, same) for mark in changed.marks))


def _repointed(mark: Mark, page: Page, before: dict[str, Line], same: set[str]) -> Mark:
    spans: list[LineSpan] = []
    for span in mark.label:
        found = (span,) if span.line in same else _at(span.boxes, page)
        spans += [each for each in found if each not in spans]
    line = mark.line
    if line is not None and line not in {each.id for each in page.lines}:
        old = before[line].box if line in before else None
        found = tuple(spans) or (() if old is None else _at((old,), page))
        line = next((each.line for each in found), None)
    return replace(mark, line=line, label=tuple(spans))


def _at(boxes: tuple[Box, ...], page: Page) -> tuple[LineSpan, ...]:
    """The words of a page that stand on some ink, as one span a line."""
    spans = []
    for line in page.lines:
        at, first, last, touched = 0, None, 0, []
        for word in line.words:
            if word.box is not None and any(shared(word.box, box) * 2 > _smaller(word.box, box) for box in boxes):
                first = at if first is None else first
                last = at + len(word.text)
                touched.append(word.box)
            at += len(word.text) + 1
        if first is not None:
            spans.append(LineSpan(page=page.number, line=line.id, start=first, end=last, boxes=tuple(touched)))
    return tuple(spans)


def _smaller(one: Box, other: Box) -> int:
    return min((one.x1 - one.x0) * (one.y1 - one.y0), (other.x1 - other.x0) * (other.y1 - other.y0))
