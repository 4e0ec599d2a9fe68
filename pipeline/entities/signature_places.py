"""Places for a signature on a scan, and the ink at each: handwriting of few letters, or strokes that are no text.

A piece of ink belongs to the label that it is nearest to: beside it, on the rule above it, or below it in its cell.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from pipeline.entities.chart_text import same_row
from pipeline.records import Box, Line, LineKind, Page, Word

CROSS = re.compile(r"\W*[xX][\W_]*")
"""Printed where somebody is to sign."""
PLAIN = re.compile(rf"\d|^{CROSS.pattern}$")
"""In handwriting that is no signature: `RTC 3 mo`."""
ABOVE, BELOW, BESIDE = 2.2, 1.2, 20
"""Heights of a label by which ink may be away from it."""
ON_ROW = 0.3
"""Ink beside a label may end so many heights above it: it stands on a rule."""
CELL = 1.0
"""Ink below a label counts as so many heights farther than ink above it."""
SQUEEZED = 0.6
"""Print as near above or below a label, in heights, stands where the ink would."""
COLUMN = 2.0
"""A gap of so many heights within a line begins another column of the form."""
PROSE = 4
"""A line of more words than these is no signature."""
TALL = 2.0
"""What is so many times as high as the page's usual print was not printed."""
LONG, HIGH = 1.5, 0.5
"""Ink is a signature if it is as long as this one way, and as this the other, in heights of the label."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place for a signature, by its label."""

    line: int
    """Index of the label's line."""
    start: int
    """First code point of the label in the line's text."""
    end: int
    """One past its last."""
    label: Box
    until: int
    """Left edge of what stands right of the place."""

    @property
    def height(self) -> int:
        """Of the label, pixels."""
        return max(1, self.label.y1 - self.label.y0)


@dataclass(frozen=True, slots=True)
class Piece:
    """Ink that may be a signature: a line of handwriting, or strokes outside all lines."""

    box: Box
    line: int | None = None
    """Index of the line."""
    loose: int | None = None
    """Index of the page's loose ink."""


def place_on(page: Page, index: int, start: int, end: int) -> Place | None:
    """The place whose label is a stretch of a line's text; None on a typed note.

    Args:
        page: upright.
        index: of the label's line.
        start: first code point of the label in the line's text.
        end: one past its last.
    """
    line = page.lines[index]
    words = [(at, word.text, word.box) for at, word in _words(line, start) if word.box is not None]
    own = [each for each in words if each[0] < end]
    if line.box is None or not own:
        return None
    at, last, box = own[-1]
    # "Signature:______" may be one word, and its place begins behind the colon
    right = box.x0 + round(min(1.0, (end - at) / len(last)) * (box.x1 - box.x0))
    label = Box(own[0][2].x0, min(b.y0 for *_, b in own), right, max(b.y1 for *_, b in own))
    edges = [
        other.box.x0
        for other in page.lines
        if other.kind is LineKind.PRINT
        and other.box is not None
        and other.box.x0 > label.x1
        and same_row(line.box, other.box)
        and not CROSS.fullmatch(other.text)
    ]
    wide = COLUMN * (label.y1 - label.y0)
    edges += [after.x0 for (*_, before), (*_, after) in pairwise(words[len(own) - 1 :]) if after.x0 - before.x1 > wide]
    return Place(index, start, min(end, len(line.text)), label, min(edges, default=page.width))


def crosses(page: Page) -> Iterator[Place]:
    """Each `X____` that stands alone."""
    for index, line in enumerate(page.lines):
        if CROSS.fullmatch(line.text):
            start = line.text.upper().index("X")
            place = place_on(page, index, start, start + 1)
            if place is not None:
                yield place


def pieces_of(page: Page, used: AbstractSet[int]) -> list[Piece]:
    """The ink of an upright page that may be a signature.

    Args:
        page: upright.
        used: indices of the lines that hold a field's label or value.
    """
    printed = sorted(_high(line) for line in page.lines if line.kind is LineKind.PRINT)
    tall = TALL * printed[(len(printed) - 1) // 2] if printed else 0
    written = [
        Piece(line.box, line=index)
        for index, line in enumerate(page.lines)
        if index not in used
        and line.box is not None
        and len(line.words) <= PROSE
        and not PLAIN.search(line.text)
        and (line.kind is LineKind.HAND or _high(line) > tall)
    ]
    return written + [Piece(box, loose=index) for index, box in enumerate(page.loose_ink or ())]


def shared_out(places: Sequence[Place | None], pieces: Sequence[Piece]) -> list[list[Piece]]:
    """For each place, the pieces that are nearest to it, nearest first."""
    found: list[list[tuple[float, Piece]]] = [[] for _ in places]
    for piece in pieces:
        away = [
            (distance, number)
            for number, place in enumerate(places)
            if place is not None and (distance := _away(place, piece.box)) is not None
        ]
        if away:
            distance, number = min(away)
            found[number].append((distance, piece))
    return [[piece for _, piece in sorted(near, key=lambda one: one[0])] for near in found]


def is_signature(place: Place, piece: Piece) -> bool:
    """Whether ink is large enough for a signature."""
    sides = sorted((piece.box.x1 - piece.box.x0, piece.box.y1 - piece.box.y0))
    return sides[0] >= HIGH * place.height and sides[1] >= LONG * place.height


def is_bare(page: Page, place: Place, used: AbstractSet[int]) -> bool:
    """Whether a place that no ink belongs to is surely empty: ink was looked for, and nothing else stands there.

    Args:
        page: upright.
        place: without ink.
        used: indices of the lines that hold a field's label or value.
    """
    if page.loose_ink is None:
        return False
    for index, line in enumerate(page.lines):
        if index == place.line or line.box is None or CROSS.fullmatch(line.text):
            continue
        apart = max(line.box.x0 - place.label.x1, place.label.x0 - line.box.x1) > 0
        gap = max(place.label.y0 - line.box.y1, line.box.y0 - place.label.y1)
        if not apart and -place.height < gap < SQUEEZED * place.height:
            return False
        # a stamp, or handwriting that was taken for print
        few = index not in used and len(line.words) <= PROSE and line.box.y0 < place.label.y0
        if few and _away(place, line.box) is not None:
            return False
    return True


def _away(place: Place, ink: Box) -> float | None:
    """How far ink is from a label, in its heights; None where it is too far to belong to it."""
    label, height = place.label, place.height
    middle = (ink.x0 + ink.x1) / 2
    if not label.x0 - height < middle <= place.until or ink.x0 - label.x1 > BESIDE * height:
        return None
    if middle > label.x1 and ink.y0 < label.y1 and ink.y1 > label.y0 - ON_ROW * height:
        return max(0, ink.x0 - label.x1) / (100 * height)
    over, under = (label.y0 - ink.y1) / height, (ink.y0 - label.y1) / height
    if ink.y0 < label.y0 and over < ABOVE:
        return max(0.0, over)
    if ink.y1 > label.y1 and under < BELOW:
        return max(0.0, under) + CELL
    return None


def _words(line: Line, start: int) -> Iterator[tuple[int, Word]]:
    """Words of a line from a code point of its text on, each with its own first one."""
    cursor = 0
    for word in line.words:
        at = line.text.find(word.text, cursor)
        cursor = at + len(word.text)
        if cursor > start:
            yield max(at, start), word


def _high(line: Line) -> int:
    return line.box.y1 - line.box.y0 if line.box is not None else 0
