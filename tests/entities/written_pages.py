"""Pages as the reader would give them, drawn from a few words."""

from collections.abc import Sequence

from pipeline.records import (
    Alternative,
    Box,
    Line,
    LineKind,
    LineSpan,
    Mark,
    MarkState,
    Page,
    PageQuality,
    PageRole,
    Word,
)

QUALITY = PageQuality(sharpness=None, contrast=None, ink=0.05, blank=False, advice=None)
WIDTH, HEIGHT, LETTER, ROW = 1700, 2200, 20, 60


def line(
    text: str,
    number: int = 1,
    *,
    page: int = 1,
    x: int = 100,
    y: int | None = None,
    kind: LineKind = LineKind.PRINT,
    confidence: float | None = 0.9,
    unreadable: Sequence[str] = (),
    alternatives: dict[str, tuple[str, ...]] | None = None,
) -> Line:
    """A line of words of one letter width each, 40 pixels high, in its numbered row."""
    top = 100 + ROW * number if y is None else y
    words = []
    cursor = 0
    for part in text.split():
        start = text.index(part, cursor)
        cursor = start + len(part)
        others = (alternatives or {}).get(part, ())
        words.append(
            Word(
                text=part,
                box=Box(x + LETTER * start, top, x + LETTER * cursor, top + 40),
                confidence=confidence,
                unreadable=part in unreadable,
                alternatives=tuple(Alternative(text=other, confidence=0.1) for other in others),
            )
        )
    return Line(
        id=f"p{page}l{number}",
        kind=kind,
        box=Box(x, top, x + LETTER * len(text), top + 40),
        text=text,
        confidence=confidence,
        words=tuple(words),
    )


def page(*lines: Line | str, number: int = 1, part: int = 1, marks: tuple[Mark, ...] = (), hand: bool = False) -> Page:
    """A page of lines, one under the other."""
    kind = LineKind.HAND if hand else LineKind.PRINT
    return Page(
        number=number,
        width=WIDTH,
        height=HEIGHT,
        dpi=200,
        turn=0,
        skew_degrees=0.0,
        quality=QUALITY,
        lines=tuple(
            line(each, index, page=number, kind=kind) if isinstance(each, str) else each
            for index, each in enumerate(lines, start=1)
        ),
        marks=marks,
        role=PageRole.CONTENT,
        part=part,
    )


def mark(state: MarkState, beside: Line, *, x: int | None = None, label: tuple[tuple[Line, str], ...] = ()) -> Mark:
    """A checkbox left of a line, with the words that it marks where they are given."""
    assert beside.box is not None
    left = beside.box.x0 - 50 if x is None else x
    spans = tuple(
        LineSpan(page=1, line=of.id, start=of.text.index(text), end=of.text.index(text) + len(text))
        for of, text in label
    )
    box = Box(left, beside.box.y0, left + 30, beside.box.y0 + 30)
    return Mark(box=box, state=state, line=beside.id, label=spans)
