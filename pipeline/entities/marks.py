"""What a checkbox beside a finding says, drawn on the page or typed as `[x]`."""

import re
from collections import defaultdict
from collections.abc import Sequence

from pipeline.entities.upright import turned, upright
from pipeline.records import LineSpan, Mark, MarkState, Page

TYPED = re.compile(
    r"(?P<ticked>\[\s?[xX✓✔]\s?\]|\(\s?[xX✓✔]\s?\)|[☑☒✓✔✅])|(?P<blank>\[\s{0,2}_?\s?\]|\(\s{1,3}\)|[☐□❏])"
)


class MarkReader:
    """Knows the checkboxes of a page."""

    def __init__(self, page: Page) -> None:
        self._marks: defaultdict[str, list[Mark]] = defaultdict(list)
        self._page = page
        for mark in upright(page).marks:
            if mark.line is not None:
                self._marks[mark.line].append(mark)
        self._texts = {line.id: line.text for line in page.lines}

    def __call__(self, spans: Sequence[LineSpan]) -> MarkState | None:
        """The state of the box that the finding stands beside; None where there is none."""
        if not spans:
            return None
        span = spans[0]
        marks = self._marks.get(span.line)
        if marks:
            return _nearest(marks, turned(span.boxes[0], self._page).x0 if span.boxes else None)
        state = None
        for found in TYPED.finditer(self._texts[span.line]):
            if found.end() > span.start:
                break
            state = MarkState.TICKED if found["ticked"] else MarkState.BLANK
        return state


def _nearest(marks: Sequence[Mark], left: int | None) -> MarkState:
    """The box left of the finding; where a form has its boxes on the right, the next one there."""
    if len(marks) == 1 or left is None:
        return marks[0].state
    before = [mark for mark in marks if mark.box.x0 <= left]
    if before:
        return max(before, key=lambda mark: mark.box.x0).state
    return min(marks, key=lambda mark: mark.box.x0).state
