"""The numbers as tables for a spreadsheet."""

import csv
import io
from collections.abc import Callable, Iterable

from pipeline.export.codes import harmless
from pipeline.review.numbers.view import Fared, Numbers, ReadAs
from pipeline.store.figures import Fate

Row = tuple[object, ...]
_FARED = (
    "proposed",
    *(fate.value for fate in (Fate.ACCEPTED, Fate.REJECTED, Fate.REPLACED, Fate.LEFT)),
    "accepted_percent",
)
_READ = ("charts", "pages", "words", "sure_percent", "unreadable_percent", "corrected_lines_percent", "pages_to_rescan")


def _fared(name: str, rows: Iterable[Fared]) -> list[Row]:
    fates = (Fate.ACCEPTED, Fate.REJECTED, Fate.REPLACED, Fate.LEFT)
    return [
        (name, *_FARED),
        *((r.name, r.proposed, *(r.fates.get(fate, 0) for fate in fates), _rounded(r.accepted)) for r in rows),
    ]


def _read(name: str, rows: Iterable[ReadAs]) -> list[Row]:
    return [
        (name, *_READ),
        *(
            (r.name, r.charts, r.pages, r.words, *map(_rounded, (r.sure, r.unreadable, r.corrected)), r.advised)
            for r in rows
        ),
    ]


def _days(numbers: Numbers) -> list[Row]:
    return [("day", "signed"), *((day.isoformat(), count) for day, count in numbers.by_day)]


def _people(numbers: Numbers) -> list[Row]:
    rows = ((d.who, d.charts, _rounded(d.hours), _rounded(d.per_hour)) for d in (*numbers.desks, numbers.together))
    return [("who", "charts", "hours_at_the_desk", "charts_an_hour"), *rows]


def _missed(numbers: Numbers) -> list[Row]:
    head: Row = ("system", "code", "display", "further_down_the_list", "no_candidate")
    return [head, *((m.system, m.code, m.display, m.found, m.added) for m in numbers.missed)]


def _bins(numbers: Numbers) -> list[Row]:
    rows = ((s.name, s.of, s.count, _rounded(s.percent)) for s in numbers.bins)
    return [("score", "decided", "accepted", "accepted_percent"), *rows]


TABLES: dict[str, Callable[[Numbers], list[Row]]] = {
    "signed-by-day": _days,
    "people": _people,
    "acceptance-by-stage": lambda numbers: _fared("stage", numbers.stages),
    "acceptance-by-system": lambda numbers: _fared("system", numbers.systems),
    "acceptance-by-code": lambda numbers: _fared("code", numbers.codes),
    "acceptance-by-score": _bins,
    "missed": _missed,
    "reading-by-batch": lambda numbers: _read("batch", numbers.scanners),
    "reading-by-writer": lambda numbers: _read("writer", numbers.writers),
}
"""Each table by its name in the address: a head and its rows."""
OF_PEOPLE = frozenset({"people"})
"""Tables about single coders, which a lead alone sees."""


def as_csv(rows: Iterable[Row]) -> str:
    """A table with lines that end in CR LF; a cell that a spreadsheet would take for a formula is made harmless."""
    text = io.StringIO()
    csv.writer(text).writerows([harmless("" if cell is None else str(cell)) for cell in row] for row in rows)
    return text.getvalue()


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
