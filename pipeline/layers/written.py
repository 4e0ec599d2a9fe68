"""Laying written lines over a page: a person's text takes the place of what was read there.

A written line is never lost. Where a new reading cut the lines of the page otherwise, it takes the words that lie
in its box out of their lines; where the reading has nothing, it stands as a line of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.layers.order import place_of
from pipeline.layers.places import around, likeness, upright, within
from pipeline.layers.pointers import repointed
from pipeline.layers.typed import typed_words
from pipeline.records import Box, LaidLine, Line, LineKind, Page, Word, WrittenLine

SAME_PLACE = 0.5
"""Likeness from which two boxes are of one line."""
COVERED = 0.6
"""Share of a word or line in a box from which the box speaks for it."""
ON_PRINT = 0.3
"""Share of a drawn box that lies on printed lines, from which it is taken for print."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line of the page while it is laid over."""

    line: Line
    written: WrittenLine | None = None
    """The line that a person wrote here."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a written line takes the place of."""

    pieces: list[_Piece]
    """What is left of the page."""
    at: int | None
    """Where the written line goes; None where it took nothing."""
    words: tuple[Word, ...]
    lines: tuple[Line, ...]
    """Those of which it took words."""
    id: str | None
    """Of the first line that it took whole."""


def standing(lines: Sequence[WrittenLine]) -> tuple[WrittenLine, ...]:
    """The written lines that count: the later one where two are at one place, in the order of writing."""
    counting: list[WrittenLine] = []
    for line in lines:
        counting = [other for other in counting if not _takes(line, other)]
        counting.append(line)
    return tuple(counting)


def _takes(later: WrittenLine, earlier: WrittenLine) -> bool:
    return later.page == earlier.page and (
        later.box == earlier.box
        or likeness(later.box, earlier.box) >= SAME_PLACE
        or within(earlier.box, later.box) >= COVERED
    )


def laid_over(page: Page, lines: Sequence[WrittenLine]) -> tuple[Page, tuple[LaidLine, ...]]:
    """A page with written lines in place of what was read there.

    Args:
        page: as read.
        lines: written on this page, as `standing` leaves them.
    """
    pieces = [_Piece(line) for line in page.lines]
    laid: dict[WrittenLine, LaidLine] = {}
    known = {line.box for line in page.lines}
    # Those that know their line come first, so that a box drawn around several leaves it to them.
    for written in sorted(lines, key=lambda line: line.box not in known):
        pieces, laid[written] = _lay(page, pieces, written)
    changed = replace(page, lines=tuple(piece.line for piece in pieces))
    return repointed(changed, page), tuple(laid[written] for written in lines)


def _lay(page: Page, pieces: list[_Piece], written: WrittenLine) -> tuple[list[_Piece], LaidLine]:
    taken = _take(pieces, written.box)
    read = " ".join(word.text for word in taken.words)
    if not written.text.split():
        return taken.pieces, LaidLine(written=written, line=None, read=read)
    words = typed_words(written.text, written.box, taken.words, page)
    line = Line(
        id=taken.id or "p{}w{}-{}-{}-{}".format(page.number, *written.box),
        kind=taken.lines[0].kind if taken.lines else _kind(written.box, taken.pieces),
        box=written.box,
        text=" ".join(word.text for word in words),
        confidence=1.0,
        words=words,
    )
    at = taken.at
    if at is None:
        boxes = [None if p.line.box is None else upright(p.line.box, page) for p in taken.pieces]
        at = place_of(upright(written.box, page), boxes)
    return (
        [*taken.pieces[:at], _Piece(line, written), *taken.pieces[at:]],
        LaidLine(written=written, line=line.id, read=read),
    )


def _take(pieces: list[_Piece], box: Box) -> _Taken:
    """Take out of the page what lies in a box; a line of exactly this box alone, where there is one."""
    exact = next((n for n, piece in enumerate(pieces) if piece.written is None and piece.line.box == box), None)
    left: list[_Piece] = []
    at, id = None, None
    words: list[Word] = []
    lines: list[Line] = []
    for n, piece in enumerate(pieces):
        covered = _covered(piece, box) if exact is None else [n == exact] * len(piece.line.words)
        whole = n == exact if exact is not None else bool(covered) and all(covered)
        if not any(covered) and not whole:
            left.append(piece)
            continue
        lines.append(piece.line)
        words += [word for word, gone in zip(piece.line.words, covered, strict=True) if gone]
        if whole:
            id = id or piece.line.id
            at = len(left) if at is None else at
            continue
        before, after = _rest(piece.line, covered)
        left += [_Piece(line) for line in before]
        at = len(left) if at is None else at
        left += [_Piece(line) for line in after]
    return _Taken(left, at, tuple(words), tuple(lines), id)


def _covered(piece: _Piece, box: Box) -> list[bool]:
    """Which words of a line a box speaks for; what a person wrote is left alone."""
    line = piece.line
    none = [False] * len(line.words)
    if piece.written is not None or line.box is None:
        return none
    if likeness(line.box, box) >= SAME_PLACE + 0.2 or within(line.box, box) >= COVERED + 0.3:
        return [True] * len(line.words)
    if not all(word.box for word in line.words):
        return [likeness(line.box, box) >= SAME_PLACE] * len(line.words)
    return [word.box is not None and within(word.box, box) >= COVERED for word in line.words]


def _rest(line: Line, covered: list[bool]) -> tuple[list[Line], list[Line]]:
    """What is left of a line before and after the first word that was taken."""
    first = covered.index(True)
    runs: list[list[Word]] = [[]]
    for word, gone in zip(line.words[first:], covered[first:], strict=True):
        if gone and runs[-1]:
            runs.append([])
        elif not gone:
            runs[-1].append(word)
    parts = [[*line.words[:first]], *runs]
    ids = iter([line.id, *(f"{line.id}.{n}" for n in range(2, len(parts) + 2))])
    made = [[_part(line, next(ids), run)] if run else [] for run in parts]
    return made[0], [part for run in made[1:] for part in run]


def _part(line: Line, id: str, words: list[Word]) -> Line:
    boxes = [word.box for word in words if word.box]
    return replace(line, id=id, box=around(boxes), text=" ".join(word.text for word in words), words=tuple(words))


def _kind(box: Box, pieces: list[_Piece]) -> LineKind:
    on_print = sum(
        within(box, piece.line.box) for piece in pieces if piece.line.box and piece.line.kind is LineKind.PRINT
    )
    return LineKind.PRINT if on_print >= ON_PRINT else LineKind.HAND
