"""Two coders' codes of one chart side by side, and their agreement over all such charts by chapter."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.codebooks.chapters import chapter_of
from pipeline.records import CodeSystem, Encounter, Reading
from pipeline.review.chart.cards import shown_first
from pipeline.review.numbers.kappa import Agreement
from pipeline.store.review_state import Review

NOBODY = Agreement(both=0, first_only=0, second_only=0, neither=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What two coders said to one code."""

    system: CodeSystem
    code: str
    display: str
    first: bool
    second: bool


def compare(encounter: Encounter, reading: Reading, first: Review, second: Review) -> tuple[Compared, ...]:
    """Every code that either coder accepted or that was put before both, those that differ first.

    Args:
        encounter: as the reading proposes it.
        reading: what was put before both.
        first: the first coder's review.
        second: the second coder's.
    """
    systems = shown_first(first.date_of_service)
    displays = {
        (c.system, c.code): c.display
        for c in reading.candidates
        if c.encounter == encounter.id and c.system in systems and c.billable
    }
    chosen = [{(c.system, c.code): c.display for c in review.accepted()} for review in (first, second)]
    rows = [
        Compared(system=key[0], code=key[1], display=display, first=key in chosen[0], second=key in chosen[1])
        for key, display in {**displays, **chosen[1], **chosen[0]}.items()
    ]
    order = list(CodeSystem)
    return tuple(sorted(rows, key=lambda r: (r.first == r.second, not r.first, order.index(r.system), r.code)))


def agreement(charts: Iterable[tuple[Compared, ...]]) -> dict[str, Agreement]:
    """Agreement by chapter over several charts; `All codes` first, the chapters by how many codes they hold."""
    found: dict[str, Agreement] = defaultdict(lambda: NOBODY)
    for codes in charts:
        for code in codes:
            one = Agreement(
                both=int(code.first and code.second),
                first_only=int(code.first and not code.second),
                second_only=int(code.second and not code.first),
                neither=int(not code.first and not code.second),
            )
            for name in ("All codes", chapter_of(code.system, code.code)):
                found[name] = found[name].plus(one)
    return dict(sorted(found.items(), key=lambda item: (item[0] != "All codes", -item[1].count, item[0])))
