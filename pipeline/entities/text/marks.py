"""What a mark beside a finding or around it says, drawn on the page or typed as `[x]` or `_X_`."""

import re
from collections import defaultdict
from collections.abc import Sequence

from pipeline.entities.text.upright import turned, upright
from pipeline.records import LineSpan, Mark, MarkState, Page

TYPED = re.compile(
    r"(?P<ticked>\[\s?[xX✓✔]\s?\]|\(\s?[xX✓✔]\s?\)|[☑☒✓✔✅])|(?P<blank>\[[\s_]{0,4}\]|\([\s_]{1,4}\)|[☐□❏])"
)
LISTED = re.compile(r"\s*(?:(?P<ticked>_+\s?[xX✓✔]\s?_*|[xX✓✔]\s?_+)|(?P<blank>__+))\s?(?=[^\W_])")
"""A blank to tick before the item that a line begins with."""
WORD = re.compile(r"[A-Za-z]{2}|\d{5}")
_LISTED_FROM = 3
"""So many lines of a page that begin with such a blank are a list to tick; fewer may be blanks to fill in."""
_YES = re.compile(r"\W*y(?:es)?\W*", re.IGNORECASE)
_NO = re.compile(r"\W*no?\W*", re.IGNORECASE)


class MarkReader:
    """Knows the marks of a page."""

    def __init__(self, page: Page) -> None:
        self._marks: defaultdict[str, list[Mark]] = defaultdict(list)
        self._labels: defaultdict[str, list[tuple[LineSpan, Mark]]] = defaultdict(list)
        self._page = page
        for mark in upright(page).marks:
            if mark.line is not None:
                self._marks[mark.line].append(mark)
            for span in mark.label:
                self._labels[span.line].append((span, mark))
        self._texts = {line.id: line.text for line in page.lines}
        self._typed = {id: tuple(TYPED.finditer(text)) for id, text in self._texts.items()}
        self._listed = {id: found for id, text in self._texts.items() if (found := LISTED.match(text))}

    def __call__(self, spans: Sequence[LineSpan]) -> MarkState | None:
        """The state of the mark that the finding belongs to; None where there is none."""
        if not spans:
            return None
        span = spans[0]
        states = [
            _of_part(mark, label)
            for label, mark in self._labels[span.line]
            if label.start < span.end and span.start < label.end
        ]
        if states:
            # Where marks of the same words disagree, a person decides.
            return states[0] if len(set(states)) == 1 else MarkState.DOUBTFUL
        marks = self._marks.get(span.line)
        if marks:
            answer = self._answer(marks)
            if answer is not None:
                return answer
            return _nearest(marks, turned(span.boxes[0], self._page).x0 if span.boxes else None)
        listed = self._listed.get(span.line) if len(self._listed) >= _LISTED_FROM else None
        state = _typed(listed) if listed else None
        if self._behind(span.line):
            behind = (found for found in self._typed[span.line] if found.start() >= span.end)
            return next((_typed(found) for found in behind), None)
        for found in self._typed[span.line]:
            if found.end() > span.start:
                break
            state = _typed(found)
        return state

    def _behind(self, line: str) -> bool:
        """Whether the boxes of a line stand behind what they tick: `99213 [ ]  99214 [x]`."""
        typed, text = self._typed[line], self._texts[line]
        return (
            len(typed) > 1
            and WORD.search(text[: typed[0].start()]) is not None
            and not WORD.search(text, typed[-1].end())
        )

    def _answer(self, marks: Sequence[Mark]) -> MarkState | None:
        """What boxes labelled yes and no say of the question on their line; None where none is labelled so."""
        said: dict[bool, MarkState] = {}
        for mark in marks:
            text = " ".join(self._texts.get(span.line, "")[span.start : span.end] for span in mark.label)
            if _YES.fullmatch(text) or _NO.fullmatch(text):
                said[bool(_YES.fullmatch(text))] = mark.state
        if not said:
            return None
        yes, no = said.get(True, MarkState.BLANK), said.get(False, MarkState.BLANK)
        if MarkState.DOUBTFUL in (yes, no) or (yes is MarkState.TICKED and no is MarkState.TICKED):
            return MarkState.DOUBTFUL
        return yes


def _typed(found: re.Match[str]) -> MarkState:
    return MarkState.TICKED if found["ticked"] else MarkState.BLANK


def _of_part(mark: Mark, label: LineSpan) -> MarkState:
    """What a mark says of one line of its label: a line below may be no part of it, so no blank box silences it."""
    return MarkState.DOUBTFUL if mark.state is MarkState.BLANK and label is not mark.label[0] else mark.state


def _nearest(marks: Sequence[Mark], left: int | None) -> MarkState:
    """The box left of the finding; where a form has its boxes on the right, the next one there."""
    if len(marks) == 1 or left is None:
        return marks[0].state
    before = [mark for mark in marks if mark.box.x0 <= left]
    if before:
        return max(before, key=lambda mark: mark.box.x0).state
    return min(marks, key=lambda mark: mark.box.x0).state
