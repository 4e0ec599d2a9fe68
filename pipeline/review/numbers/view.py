"""The page of numbers as frozen records, computed from what was signed."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from pipeline.records import SYSTEM_NAMES, CodeSystem
from pipeline.review.chart.cards import words_of
from pipeline.store.figures import Fate, Outcome, Signed

PAUSE = timedelta(minutes=10)
"""Longer without a decision is not counted as time at the desk."""
ALONE = timedelta(minutes=1)
"""What the first decision after a pause stands for."""
BINS = 10
MOST = 25
"""Rows of a table on the screen; the CSV has all."""
STAGES = {
    "synonym": "A name of the code books' tables",
    "description": "The code's own wording",
    "map": "The map between the ICD editions",
    "index": "The book's index",
    "inclusion": "An inclusion term",
    "note": "Written in the note",
    "rule": "A coding rule",
    "ink": "Read two ways",
}
"""What brought a code up, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How often something held."""

    name: str
    of: int
    count: int

    @property
    def percent(self) -> float | None:
        """None of nothing."""
        return 100 * self.count / self.of if self.of else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fared:
    """How the proposals of one kind fared."""

    name: str
    proposed: int
    fates: dict[Fate, int]

    @property
    def accepted(self) -> float | None:
        """Percent of those that were decided on; None where none was."""
        decided = self.proposed - self.fates.get(Fate.LEFT, 0)
        return 100 * self.fates.get(Fate.ACCEPTED, 0) / decided if decided else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A code that coders used and the product did not propose."""

    system: str
    code: str
    display: str
    found: int
    """How often it stood further down the list."""
    added: int
    """How often it was no candidate at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One person's work."""

    who: str
    charts: int
    hours: float
    """At the desk: time between decisions, pauses left out."""

    @property
    def per_hour(self) -> float | None:
        """Charts signed an hour; None where nobody was at the desk."""
        return self.charts / self.hours if self.hours else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAs:
    """How well the pages of one scanner or writer were read."""

    name: str
    charts: int
    pages: int
    words: int
    sure: float | None
    """Mean probability of a word, in percent."""
    unreadable: float | None
    """Percent of words."""
    corrected: float | None
    """Percent of lines that a person wrote anew."""
    advised: int
    """Pages better scanned again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Everything on the page."""

    days: int
    signed: int
    waiting: Mapping[str, int]
    by_day: tuple[tuple[date, int], ...]
    """Charts signed, every day of the period."""
    desks: tuple[Desk, ...]
    together: Desk
    stages: tuple[Fared, ...]
    systems: tuple[Fared, ...]
    codes: tuple[Fared, ...]
    """The most often proposed first."""
    bins: tuple[Share, ...]
    """Accepted of proposed, by the score that the product gave: what it says against what coders did."""
    missed: tuple[Missed, ...]
    scanners: tuple[ReadAs, ...]
    writers: tuple[ReadAs, ...]


def numbers(
    signed: tuple[Signed, ...],
    outcomes: tuple[Outcome, ...],
    moments: tuple[tuple[str, datetime], ...],
    waiting: Mapping[str, int],
    today: date,
    days: int,
) -> Numbers:
    """Compute the page.

    Args:
        signed: encounters signed in the period.
        outcomes: their codes.
        moments: who decided when, in order of person and time.
        waiting: encounters by state, of now.
        today: last day of the period.
        days: its length.
    """
    per_day = Counter(each.at.date() for each in signed)
    hours = at_desk(moments)
    charts = Counter(each.who for each in signed)
    desks = tuple(
        Desk(who=who, charts=charts[who], hours=hours.get(who, 0.0)) for who in sorted({*charts, *hours}, key=str.lower)
    )
    return Numbers(
        days=days,
        signed=len(signed),
        waiting=waiting,
        by_day=tuple((day, per_day[day]) for n in range(days) for day in (today - timedelta(days=days - 1 - n),)),
        desks=desks,
        together=Desk(who="Everybody", charts=len(signed), hours=sum(desk.hours for desk in desks)),
        stages=_fared(outcomes, lambda o: STAGES.get(o.stage or "", words_of(o.stage or "unknown").capitalize())),
        systems=_fared(outcomes, lambda o: SYSTEM_NAMES[o.system]),
        codes=_fared(outcomes, lambda o: f"{SYSTEM_NAMES[o.system]} {o.code} {o.display}"),
        bins=_bins(outcomes),
        missed=_missed(outcomes),
        scanners=_read(signed, lambda each: each.batch or "No batch"),
        writers=_read(signed, lambda each: each.provider or "Unknown"),
    )


def at_desk(moments: Iterable[tuple[str, datetime]]) -> dict[str, float]:
    """Hours that each person worked: time between decisions that is no pause, and a minute for each first one."""
    worked: dict[str, timedelta] = defaultdict(timedelta)
    by_person: dict[str, list[datetime]] = defaultdict(list)
    for who, at in moments:
        by_person[who].append(at)
    for who, times in by_person.items():
        worked[who] = ALONE
        for before, after in pairwise(times):
            worked[who] += after - before if after - before <= PAUSE else ALONE
    return {who: time.total_seconds() / 3600 for who, time in worked.items()}


def _fared(outcomes: Iterable[Outcome], name: Callable[[Outcome], str]) -> tuple[Fared, ...]:
    fates: dict[str, Counter[Fate]] = defaultdict(Counter)
    for outcome in outcomes:
        if outcome.proposed:
            fates[name(outcome)][outcome.fate] += 1
    found = [Fared(name=key, proposed=sum(counts.values()), fates=dict(counts)) for key, counts in fates.items()]
    return tuple(sorted(found, key=lambda each: (-each.proposed, each.name)))


def _bins(outcomes: Iterable[Outcome]) -> tuple[Share, ...]:
    decided, accepted = Counter[int](), Counter[int]()
    for outcome in outcomes:
        if outcome.proposed and outcome.score is not None and outcome.fate is not Fate.LEFT:
            place = min(BINS - 1, int(outcome.score * BINS))
            decided[place] += 1
            accepted[place] += outcome.fate is Fate.ACCEPTED
    return tuple(
        Share(name=f"{100 * n // BINS}–{100 * (n + 1) // BINS} %", of=decided[n], count=accepted[n])
        for n in range(BINS)
        if decided[n]
    )


def _missed(outcomes: Iterable[Outcome]) -> tuple[Missed, ...]:
    found: dict[tuple[CodeSystem, str], Counter[Fate]] = defaultdict(Counter)
    displays: dict[tuple[CodeSystem, str], str] = {}
    for outcome in outcomes:
        if outcome.fate in {Fate.FOUND, Fate.ADDED}:
            key = (outcome.system, outcome.code)
            found[key][outcome.fate] += 1
            displays[key] = outcome.display
    rows = [
        Missed(
            system=SYSTEM_NAMES[system],
            code=code,
            display=displays[system, code],
            found=counts[Fate.FOUND],
            added=counts[Fate.ADDED],
        )
        for (system, code), counts in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.found - row.added, row.code)))


def _read(signed: Iterable[Signed], name: Callable[[Signed], str]) -> tuple[ReadAs, ...]:
    groups: dict[str, list[Signed]] = defaultdict(list)
    for each in signed:
        groups[name(each)].append(each)
    return tuple(
        sorted((_group(key, charts) for key, charts in groups.items()), key=lambda each: (each.sure or 0, each.name))
    )


def _group(name: str, charts: list[Signed]) -> ReadAs:
    words = sum(each.words for each in charts)
    told = [(each.sure, each.words) for each in charts if each.sure is not None]
    weight = sum(count for _, count in told)
    lines = sum(each.lines for each in charts)
    return ReadAs(
        name=name,
        charts=len(charts),
        pages=sum(each.pages for each in charts),
        words=words,
        sure=100 * sum(sure * count for sure, count in told) / weight if weight else None,
        unreadable=100 * sum(each.unreadable for each in charts) / words if words else None,
        corrected=100 * sum(each.corrected for each in charts) / lines if lines else None,
        advised=sum(each.advised for each in charts),
    )
