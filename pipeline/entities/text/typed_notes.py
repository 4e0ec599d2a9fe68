"""A typed note as pages, and the way back from a finding to the note's own code points."""

import re
from bisect import bisect_right
from itertools import pairwise

from pipeline.records import Entity, Line, LineKind, Page, PageQuality, Word

LINE_END = re.compile(r"\r\n|[\n\r\f\v\x1c-\x1e\x85\u2028\u2029]")
SECTION_MARK = re.compile(r"(?<=[,.;:])(?=[ \t]{0,3},?[ \t]?[A-Z][A-Z/&() -]{2,60}:)")
"""Where a note that lost its line ends begins a section: `...pain.,PAST MEDICAL HISTORY: , None`."""


def pages_from_text(text: str) -> tuple[Page, ...]:
    """One page whose lines are the note's lines, with their exact text."""
    lines = []
    for number, (start, end) in enumerate(_lines(text), start=1):
        content = text[start:end]
        words = tuple(Word(text=word, box=None, confidence=None) for word in content.split())
        lines.append(Line(id=f"p1l{number}", kind=LineKind.PRINT, box=None, text=content, confidence=None, words=words))
    quality = PageQuality(sharpness=None, contrast=None, ink=0.0, blank=False, advice=None)
    page = Page(number=1, width=0, height=0, dpi=None, turn=0, skew_degrees=0.0, quality=quality, lines=tuple(lines))
    return (page,)


def text_offsets(text: str, entity: Entity, pages: tuple[Page, ...]) -> tuple[int, int]:
    """First and one past the last code point of an entity in the note as it was given.

    Args:
        text: the note.
        entity: found on `pages`.
        pages: what `pages_from_text` made of the note.
    """
    first, last = entity.spans[0], entity.spans[-1]
    start = end = cursor = 0
    for line in pages[0].lines:
        if line.id == first.line:
            start = cursor + first.start
        if line.id == last.line:
            end = cursor + last.end
            break
        cursor += len(line.text)
        # where a line was cut before a section, no line end follows
        line_end = LINE_END.match(text, cursor)
        cursor = line_end.end() if line_end else cursor
    return start, end


def _lines(text: str) -> list[tuple[int, int]]:
    """First and one past the last code point of each line, line ends left out."""
    lines = []
    start = 0
    for end in LINE_END.finditer(text):
        lines.append((start, end.start()))
        start = end.end()
    lines.append((start, len(text)))
    cuts = [match.start() for match in SECTION_MARK.finditer(text)]
    return [piece for line in lines for piece in _cut(line, cuts)]


def _cut(line: tuple[int, int], cuts: list[int]) -> list[tuple[int, int]]:
    """A line cut where a section begins within it."""
    start, end = line
    inside = cuts[bisect_right(cuts, start) : bisect_right(cuts, end - 1)]
    edges = [start, *inside, end]
    return list(pairwise(edges))
