"""Where labels stand on a page, and the value that is not behind its label but right of it or below."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.entities.text.chart_text import same_row
from pipeline.entities.text.rows import Row
from pipeline.lexicon import FieldLabel
from pipeline.records import Line, Page


@dataclass(frozen=True, slots=True)
class LabelHit:
    """A label in a row."""

    label: FieldLabel
    start: int
    """First code point in its row's text."""
    last: int
    """Its last letter there."""
    end: int
    """One past its colon."""
    exact: bool
    """False where a letter of it was misread."""


def label_places(page: Page, rows: Sequence[Row], found: Sequence[Sequence[LabelHit]]) -> list[list[int]]:
    """For each line, where on it labels stand; one that began on the line before stands at its beginning."""
    places: list[list[int]] = [[] for _ in page.lines]
    for row, hits in zip(rows, found, strict=True):
        for hit in hits:
            (first, start), (last, _) = row.at(hit.start), row.at(hit.last)
            places[first].append(start)
            if last != first:
                places[last].append(0)
    return places


def value_elsewhere(
    page: Page, labels: Sequence[Sequence[int]], row: Row, hit: LabelHit, following: LabelHit | None
) -> tuple[int, int, str] | None:
    """Line, first code point and text of a value right of its label, or below it."""
    own, offset = row.at(hit.start)
    line = page.lines[own]
    if line.box is None:
        below = own + 1
        if following is None and below < len(page.lines) and not labels[below] and page.lines[below].text.strip():
            return below, 0, page.lines[below].text
        return None
    height = max(1, line.box.y1 - line.box.y0)
    if following is None:
        right = [
            (other.box.x0, index)
            for index, other in enumerate(page.lines)
            if index != own
            and other.box is not None
            and same_row(line.box, other.box)
            and -height < other.box.x0 - line.box.x1 < 20 * height
        ]
        if right:
            index = min(right)[1]
            # where another label stands there, the value is below, or was left out
            text = page.lines[index].text[: min(labels[index], default=None)]
            if text:
                return index, 0, text
    left = _x_at(line, offset)
    edge = _free_until(page, line)
    if following is not None:
        next_line, next_offset = row.at(following.start)
        edge = _x_at(page.lines[next_line], next_offset)
    below_lines = sorted(
        (other.box.y0, index)
        for index, other in enumerate(page.lines)
        if other.box is not None
        and index != own
        and not same_row(line.box, other.box)
        and -0.3 * height < other.box.y0 - line.box.y1 < 1.8 * height
        and other.box.x0 < edge
        and left - height < other.box.x1
    )
    for _, index in below_lines:
        if labels[index] or _has_its_own_label(page, labels, index):
            continue
        words = [
            word
            for word in page.lines[index].words
            if word.box is not None and left - 2 * height < word.box.x0 < edge - height
        ]
        if words:
            text = page.lines[index].text
            start = text.find(words[0].text)
            end = text.find(words[-1].text, start) + len(words[-1].text)
            return index, start, text[start:end]
    return None


def _has_its_own_label(page: Page, labels: Sequence[Sequence[int]], index: int) -> bool:
    """Whether a label stands left of a line in its row."""
    box = page.lines[index].box
    return any(
        labels[other] and box is not None and line.box is not None and same_row(line.box, box) and line.box.x0 < box.x0
        for other, line in enumerate(page.lines)
    )


def _x_at(line: Line, offset: int) -> int:
    """Left edge of the word at a code point of a line."""
    assert line.box is not None
    cursor = 0
    for word in line.words:
        cursor = line.text.find(word.text, cursor) + len(word.text)
        if cursor > offset and word.box is not None:
            return word.box.x0
    return line.box.x0


def _free_until(page: Page, line: Line) -> int:
    """Left edge of the next line in the same row, or the page's right edge."""
    assert line.box is not None
    return min(
        (o.box.x0 for o in page.lines if o.box is not None and same_row(line.box, o.box) and o.box.x0 > line.box.x1),
        default=page.width,
    )
