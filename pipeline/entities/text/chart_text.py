"""A page's lines as one running text, with the way back to lines, words and boxes.

Lines of a paragraph are joined by a space, so that a finding may run over a line end; everything
else (another paragraph, a list item, a form field, a heading) begins a line of its own, and nothing
is ever joined across it.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from pipeline.entities.text.upright import upright
from pipeline.records import Box, Entity, Line, LineKind, LineSpan, Page, Word

BREAK = "\n"
LONG_LINE = 45
"""A typed line of this many characters was broken because the margin came, not because a thought ended."""
WIDEST = 120
"""A longer typed line is a paragraph that was never broken."""
HANGS = re.compile(
    r"(?:[,&/+-]|\b(?:and|or|nor|with|without|of|the|a|an|in|to|for|from|on|at|by|no|not|denies|has|had|have|is|was|her|his|"
    r"her|left|right|w/|h/o|c/o|s/p|r/o))\s*$",
    re.IGNORECASE,
)
FOLLOWS = re.compile(r"\s*(?:and|or|nor|with|but|of)\b")
ITEM = re.compile(r"\s*(?:[-*•▪◦‣□☐☑☒✓>]|\(?\d{1,2}[.)]\s|\[.?\])")
HEADING = re.compile(r"\s*[A-Z][A-Za-z/&.' ]{0,40}:")


class Join(Enum):
    """How a line stands to the line before it."""

    APART = "apart"
    FIRM = "firm"
    """Its words say that it goes on."""
    SOFT = "soft"
    """Only the margin says so, and by hand that is little."""


@dataclass(frozen=True, slots=True)
class PageText:
    """A page as text."""

    page: Page
    text: str
    starts: tuple[int, ...]
    """Where each of the page's lines begins in `text`, in the page's order."""
    soft: frozenset[int]
    """Starts of hand-written lines that fill the margin before them: they may go on with a word, less likely with a
    thought."""
    words: tuple[tuple[tuple[int, int, Word], ...], ...]
    """For each line, its words with their first and one past their last code point in the line's text."""

    def hand_starts(self) -> frozenset[int]:
        """Where lines written by hand begin that do not surely go on with the line before."""
        lines = zip(self.starts, self.page.lines, strict=True)
        return frozenset(
            start
            for start, line in lines
            if line.kind is LineKind.HAND and (not start or self.text[start - 1] == BREAK or start in self.soft)
        )

    def line_at(self, offset: int) -> int:
        """Which of the page's lines holds a code point of the text."""
        return bisect_right(self.starts, offset) - 1

    def spans(self, start: int, end: int) -> tuple[LineSpan, ...]:
        """The stretches of lines that a stretch of the text covers."""
        found = []
        for index in range(self.line_at(start), self.line_at(max(start, end - 1)) + 1):
            line, origin = self.page.lines[index], self.starts[index]
            first, last = max(0, start - origin), min(len(line.text), end - origin)
            if first < last:
                boxes = tuple(w.box for w in self._touched(index, first, last) if w.box is not None)
                found.append(LineSpan(page=self.page.number, line=line.id, start=first, end=last, boxes=boxes))
        return tuple(found)

    def place(self, entity: Entity) -> tuple[int, int]:
        """Where an entity begins, to sort by: its line's number in reading order, its code point in the line."""
        order = {line.id: number for number, line in enumerate(self.page.lines)}
        first = entity.spans[0]
        return order[first.line], first.start

    def words_in(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that a stretch of the text touches."""
        return tuple(
            word
            for index in range(self.line_at(start), self.line_at(max(start, end - 1)) + 1)
            for word in self._touched(index, start - self.starts[index], end - self.starts[index])
        )

    def _touched(self, index: int, start: int, end: int) -> list[Word]:
        words = self.words[index]
        place = bisect_right(words, start, key=lambda word: word[1])
        touched = []
        while place < len(words) and words[place][0] < end:
            touched.append(words[place][2])
            place += 1
        return touched


def page_text(page: Page) -> PageText:
    """Join a page's lines."""
    parts: list[str] = []
    starts: list[int] = []
    soft: set[int] = set()
    length = 0
    lines = upright(page).lines
    margin = max((_right(line) for line in lines), default=0)
    marked = {mark.line for mark in page.marks}
    # A label of a mark may run over lines.
    labels = {pair for mark in page.marks for pair in pairwise(span.line for span in mark.label)}
    for index, line in enumerate(lines):
        if index:
            before = lines[index - 1]
            join = Join.APART if before.id in marked or line.id in marked else _joined(before, line, margin)
            if (before.id, line.id) in labels:
                join = Join.FIRM
            parts.append(BREAK if join is Join.APART else " ")
            length += 1
            if join is Join.SOFT:
                soft.add(length)
        starts.append(length)
        parts.append(line.text)
        length += len(line.text)
    return PageText(page, "".join(parts), tuple(starts), frozenset(soft), tuple(_placed(line) for line in page.lines))


def _placed(line: Line) -> tuple[tuple[int, int, Word], ...]:
    places = []
    cursor = 0
    for word in line.words:
        start = line.text.find(word.text, cursor)
        if start >= 0 and word.text:
            cursor = start + len(word.text)
            places.append((start, cursor, word))
    return tuple(places)


def _joined(before: Line, line: Line, margin: float) -> Join:
    """Whether a line continues the sentence of the line before it."""
    if not before.text.strip() or not line.text.strip():
        return Join.APART
    if same_row(before.box, line.box):
        return Join.FIRM if _beside(before, line) else Join.APART
    if before.kind is not line.kind or ITEM.match(line.text) or HEADING.match(line.text):
        return Join.APART
    if before.text.rstrip()[-1] in ".:;?!":
        return Join.APART
    if before.box is not None and line.box is not None:
        height = max(1, before.box.y1 - before.box.y0)
        if line.box.y0 - before.box.y1 > 1.2 * height or abs(line.box.x0 - before.box.x0) > 6 * height:
            return Join.APART
    if HANGS.search(before.text) or FOLLOWS.match(line.text):
        return Join.FIRM
    if not _full(before, line, margin):
        return Join.APART
    return Join.SOFT if line.kind is LineKind.HAND else Join.FIRM


def _full(before: Line, line: Line, margin: float) -> bool:
    """Whether the next line's first word would not have fitted: the margin came, not the end of a thought."""
    if before.box is None and len(before.text) < LONG_LINE:
        return False
    width = _right(line) - (line.box.x0 if line.box is not None else 0)
    first = line.text.split()[0]
    if before.box is None and not first[0].islower():
        # a typed line that was broken at the margin hardly goes on with a capital
        return False
    full = _right(before) + width * len(first) / len(line.text) > 0.95 * margin
    return full or (first[0].islower() and _right(before) > 0.7 * margin)


def _right(line: Line) -> float:
    """Where a line ends: pixels from the left of the page, or characters of a typed note."""
    return line.box.x1 if line.box is not None else min(len(line.text), WIDEST)


def _beside(before: Line, line: Line) -> bool:
    """Whether the right one of two lines of a row answers the left one, as a hand-written word on a form does."""
    assert before.box is not None and line.box is not None
    gap = line.box.x0 - before.box.x1
    height = max(1, before.box.y1 - before.box.y0)
    if HEADING.match(line.text):
        return False
    return -height <= gap <= (8 * height if before.text.rstrip().endswith((":", "-", "=", "#")) else 2.5 * height)


def same_row(one: Box | None, other: Box | None) -> bool:
    """Whether two boxes share at least half of the lower one's height."""
    if one is None or other is None:
        return False
    shared = min(one.y1, other.y1) - max(one.y0, other.y0)
    return 2 * shared >= min(one.y1 - one.y0, other.y1 - other.y0)


def page_texts(pages: Sequence[Page]) -> tuple[PageText, ...]:
    """Each page as text."""
    return tuple(page_text(page) for page in pages)
