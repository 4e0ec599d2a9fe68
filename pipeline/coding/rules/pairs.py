"""Two diagnoses that the books code together: diabetes and its complications, hypertension and the kidney."""

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipeline.codebooks.starter import day, rows
from pipeline.codebooks.wording import stems
from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.coding.rules.ranges import Ranges, ranges_of
from pipeline.errors import SetupError
from pipeline.records import DIAGNOSES, CodeSystem

TABLE = Path(__file__).parent / "pairs.tsv"
_COLUMNS = ("system", "one", "other", "link", "since", "one_becomes", "other_becomes")
# fmt: off
_LINKS = frozenset((
    "with", "due", "secondary", "from", "related", "diabetic", "hypertensive", "complicated", "causing", "associated",
    "c", "w/", "2/2",
))
# fmt: on
_PARTED = frozenset((",", ";", ".", "/", "+", "-", "and", "&"))


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of the table."""

    system: CodeSystem
    one: re.Pattern[str]
    other: Ranges
    stated: bool
    """The note must tie both together."""
    since: date | None
    """Before that day the note must tie what the books presume from then on."""
    one_becomes: str
    """`?` stands for what it stood for in the code before."""
    other_becomes: str
    """Empty where it stays."""


class Pairs:
    """Joins what belongs together."""

    def __init__(self) -> None:
        self._pairs = load_pairs()

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Replace the plain codes of a pair by those that the books have for both."""
        changed = list(coded)
        for pair in self._pairs:
            ones = [n for n, each in enumerate(changed) if _choice(each, pair.system, pair.one)]
            others = [n for n, each in enumerate(changed) if _other(each, pair)]
            for other in others:
                presumed = not pair.stated and (pair.since is None or visit.on is None or visit.on >= pair.since)
                tied = [n for n in ones if n != other and (presumed or _linked(changed[n], changed[other]))]
                if tied:
                    self._join(visit, changed, tied, other, pair)
                    break
        return tuple(changed)

    def _join(self, visit: Visit, changed: list[Coded], ones: list[int], other: int, pair: Pair) -> None:
        for n in ones:
            plain = _choice(changed[n], pair.system, pair.one)
            assert plain is not None
            changed[n] = _becomes(visit, changed[n], plain, _filled(pair.one_becomes, pair.one, plain.code.code))
        if pair.other_becomes:
            plain = _other(changed[other], pair)
            assert plain is not None
            changed[other] = _becomes(visit, changed[other], plain, pair.other_becomes)


def load_pairs(path: Path = TABLE) -> tuple[Pair, ...]:
    """Read the table, in its order: the first pair that fits is the one that is made.

    Raises:
        SetupError: a row does not fit.
    """
    pairs = []
    for place, (system, one, other, link, since, one_becomes, other_becomes) in rows(path, _COLUMNS):
        known = {each.value: each for each in DIAGNOSES}.get(system)
        if known is None or link not in ("stated", "presumed") or not one or not one_becomes:
            raise SetupError(f"{place} is not a pair of diagnoses of one edition, stated or presumed.")
        pattern = re.compile(re.escape(one).replace(r"\?", r"(\d)"))
        ranges = ranges_of(other, known, place)
        since_day = day(since, place, first=True)
        pairs.append(Pair(known, pattern, ranges, link == "stated", since_day, one_becomes, other_becomes))
    return tuple(pairs)


def _choice(coded: Coded, system: CodeSystem, pattern: re.Pattern[str]) -> Choice | None:
    return next((c for c in coded.proposed((system,)) if pattern.fullmatch(c.code.code)), None)


def _other(coded: Coded, pair: Pair) -> Choice | None:
    return next((c for c in coded.proposed((pair.system,)) if c.code.code in pair.other), None)


def _filled(becomes: str, pattern: re.Pattern[str], code: str) -> str:
    match = pattern.fullmatch(code)
    return becomes.replace("?", match[1]) if match and match.groups() else becomes


def _becomes(visit: Visit, coded: Coded, plain: Choice, number: str) -> Coded:
    code = visit.code(plain.code.system, number)
    if code is None or number == plain.code.code:
        return coded
    joined = replace(plain, code=code).with_reason(*visit.rules.evidence("pair", code.system))
    left = coded.change(lambda c: c.withhold(visit.rules.reason("paired", code.system)) if c == plain else c)
    return left.add(joined)


def _linked(one: Coded, other: Coded) -> bool:
    """Whether the clause of either ties it to the other: "DM2 with neuropathy", "diabetic nephropathy"."""
    return _ties(one, other) or _ties(other, one)


def _ties(one: Coded, other: Coded) -> bool:
    words = one.entity.clause.split()
    wanted = set(stems(other.entity.normalized))
    own = set(stems(one.entity.normalized))
    places = [n for n, word in enumerate(words) if wanted & set(stems(word))]
    mine = [n for n, word in enumerate(words) if own & set(stems(word))]
    if not places or not mine:
        return False
    first, last = min(*places, *mine), max(*places, *mine)
    between = words[first : last + 1]
    return not _LINKS.isdisjoint(between) and _PARTED.isdisjoint(between)
