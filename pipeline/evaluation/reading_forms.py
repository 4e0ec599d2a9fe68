"""Forms: are their lines found?

The truth has a box for each word. Two words belong to one line where they overlap vertically by more than half of
the lower one's height and the gap between them is less than their mean height; a line is all words that hang
together so, and its box is the one around them. That is the figure called `lines found`, F1 at an intersection over
union of .5 or more, each box matched once. Beside it stands the same figure for lines that end where an entity of
the form ends, whatever the gaps between their words: the form's own idea of what belongs together.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import UsageError
from pipeline.evaluation.comparison import Comparison, by_collection, compared
from pipeline.evaluation.reading_data import Row, by_writer, open_picture
from pipeline.evaluation.reading_pages import PageReaders
from pipeline.records import Box

_OVERLAP = 0.5
_GAP = 1.0
_SAME = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLines:
    """Lines of one form that were found."""

    right: int
    found: int
    true: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadForm:
    """The lines of a form, true and found."""

    row: Row
    by_place: list[Box]
    """Words merged by where they stand."""
    by_entity: list[Box]
    """Words merged within an entity."""
    tesseract: list[Box]
    plain: list[Box]
    inkchart: list[Box]


def read_forms(rows: Sequence[Row], readers: PageReaders, on_row: Callable[[int], None]) -> Iterator[ReadForm]:
    """Find the lines of every form.

    Raises:
        UsageError: a form or its truth cannot be opened.
        SetupError: a program is missing.
    """
    for place, row in enumerate(rows):
        on_row(place)
        entities = load_words(row.folder / row.values["truth"], row)
        page = open_picture(row.file)
        yield ReadForm(
            row=row,
            by_place=merge([box for words in entities for box in words], gap=_GAP),
            by_entity=[line for words in entities for line in merge(words, gap=None)],
            tesseract=readers.tesseract_lines(page.pixels),
            plain=readers.plain_lines(page.pixels),
            inkchart=[line.box for line in readers.inkchart(page).lines if line.box is not None],
        )


def compare(forms: Sequence[ReadForm]) -> tuple[Comparison, ...]:
    """All figures of forms, collection by collection."""
    return by_collection(forms, lambda form: form.row.collection, _collection)


def merge(words: Sequence[Box], *, gap: float | None) -> list[Box]:
    """Merge the boxes of words to boxes of lines.

    Args:
        words: boxes.
        gap: words of a line stand less than this many mean heights apart; None for any distance.
    """
    if not words:
        return []
    boxes = np.array(words, np.float64)
    x0, y0, x1, y1 = boxes.T
    height = np.maximum(y1 - y0, 1.0)
    overlap = np.minimum(y1[:, None], y1) - np.maximum(y0[:, None], y0)
    joined = overlap > _OVERLAP * np.minimum(height[:, None], height)
    if gap is not None:
        between = np.maximum(x0[:, None], x0) - np.minimum(x1[:, None], x1)
        joined &= between < gap * (height[:, None] + height) / 2
    lines: list[Box] = []
    left = set(range(len(words)))
    while left:
        line, edge = set[int](), {min(left)}
        while edge:
            line |= edge
            edge = {int(place) for place in np.flatnonzero(joined[sorted(edge)].any(axis=0))} - line
        left -= line
        inside = boxes[sorted(line)]
        (ax, ay), (bx, by) = inside[:, :2].min(axis=0), inside[:, 2:].max(axis=0)
        lines.append(Box(int(ax), int(ay), int(bx), int(by)))
    return lines


def match(found: Sequence[Box], true: Sequence[Box]) -> FoundLines:
    """How many boxes are the same, each taken once, the best overlaps first."""
    same = _overlaps(found, true)
    right = 0
    taken_found, taken_true = set[int](), set[int]()
    for place in np.argsort(-same, axis=None, kind="stable"):
        one, other = divmod(int(place), len(true))
        if same[one, other] < _SAME:
            break
        if one not in taken_found and other not in taken_true:
            taken_found.add(one)
            taken_true.add(other)
            right += 1
    return FoundLines(right=right, found=len(found), true=len(true))


def f1(forms: Sequence[FoundLines]) -> float | None:
    """F1 over forms; None where nothing is there and nothing was found."""
    both = sum(form.found + form.true for form in forms)
    return 2 * sum(form.right for form in forms) / both if both else None


def load_words(path: Path, row: Row) -> list[list[Box]]:
    """The boxes of the words of each entity of a form.

    Raises:
        UsageError: the file cannot be read or has another shape.
    """
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
        entities = loaded["form"] if isinstance(loaded, dict) else loaded
        return [[Box(*(int(side) for side in word["box"])) for word in entity["words"]] for entity in entities]
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} is not the truth of {row.file.name}: it holds no entities with words.") from error


def _overlaps(found: Sequence[Box], true: Sequence[Box]) -> NDArray[np.float64]:
    """Intersection over union of every two boxes."""
    one = np.array(found, np.float64).reshape(-1, 1, 4)
    other = np.array(true, np.float64).reshape(1, -1, 4)
    sides = np.minimum(one[..., 2:], other[..., 2:]) - np.maximum(one[..., :2], other[..., :2])
    inside = np.clip(sides, 0, None).prod(axis=2)
    areas = [(boxes[..., 2:] - boxes[..., :2]).prod(axis=2) for boxes in (one, other)]
    both: NDArray[np.float64] = inside / np.maximum(areas[0] + areas[1] - inside, 1.0)
    return both


def _collection(name: str, forms: Sequence[ReadForm]) -> Iterator[Comparison]:
    places = list(by_writer([form.row for form in forms]).values())

    def lines(true: Callable[[ReadForm], list[Box]], found: Callable[[ReadForm], list[Box]]) -> list[FoundLines]:
        return [_sum([match(found(forms[place]), true(forms[place])) for place in writer]) for writer in places]

    truths: tuple[tuple[str, Callable[[ReadForm], list[Box]]], ...] = (
        ("lines found, F1", lambda form: form.by_place),
        ("lines of entities found, F1", lambda form: form.by_entity),
    )
    for label, true in truths:
        yield compared(
            name,
            label,
            "lines",
            f1,
            better="high",
            count=sum(len(true(form)) for form in forms),
            inkchart=lines(true, lambda form: form.inkchart),
            tesseract=lines(true, lambda form: form.tesseract),
            plain=lines(true, lambda form: form.plain),
        )


def _sum(forms: Sequence[FoundLines]) -> FoundLines:
    return FoundLines(
        right=sum(form.right for form in forms),
        found=sum(form.found for form in forms),
        true=sum(form.true for form in forms),
    )
