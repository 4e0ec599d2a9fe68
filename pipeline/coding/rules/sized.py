"""Services whose number hangs on what was treated, on its size, its site or how many there were."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path

from pipeline.codebooks.starter import FORMS, day, parted, rows
from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.coding.reasons import edition
from pipeline.coding.rules.rendered import attribute
from pipeline.coding.rules.repairs import load_sites
from pipeline.errors import SetupError
from pipeline.records import CodeSystem, Entity, Label

TABLE = Path(__file__).parent / "sized.tsv"
MEASURES = ("", "count", "mentions", "cm")
_COLUMNS = ("names", "with", "sites", "measure", "up_to", "from", "to", "code", "further")
_CHANCE = 0.93
_FURTHER = re.compile(r"(\d{5}):(\d+):(\d+)")
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_N = rf"(\d{{1,2}}|{'|'.join(_NUMBERS)})"
_TOTAL = re.compile(rf"(?:=|\btotal(?:\sof)?:?)\s?{_N}\b(?!\s?(?:\.\d|cm|mm|mg|ml|cc|in\b|%))", re.IGNORECASE)
_TIMES = re.compile(
    r"(?:\bx|×)\s?(\d{1,2})\b(?!\s?(?:\.\d|cm|mm|ea\b|each|cycles?|s\b|secs?|d\b|days?|w|mo|y|min|/))", re.I
)
_THINGS = re.compile(
    rf"\b{_N}\s(?:\w+\s){{0,2}}?(?:lesions?|aks?|keratos[ei]s|warts?|tags|nails|toenails|muscles|sites?|corns|calluses|"
    r"callus|papules|mollusc\w+|spots|growths|patches)\b",
    re.IGNORECASE,
)
_SIZE = re.compile(r"(\d*\.?\d+)\s?(?:(?:x|by)\s?(\d*\.?\d+)\s?)?(cm|mm|centimeters?|millimeters?)\b", re.IGNORECASE)
_DIAMETER = re.compile(r"diam|margin|excis", re.IGNORECASE)
_AHEAD = frozenset(("plan", "orders", "instructions", "follow_up", "prescriptions"))
_STORY = frozenset(("past_history", "surgical_history", "history_present", "subjective", "reason", "medications"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """A row of the table."""

    names: frozenset[str]
    beside: re.Pattern[str] | None
    """What must stand in the line, or be a diagnosis of the note."""
    sites: re.Pattern[str] | None
    measure: str
    up_to: float | None
    begins: date | None
    ends: date | None
    code: str
    further: tuple[str, int, int] | None
    """Another number, for what is beyond so many, one for each so many."""


class SizedServices:
    """Gives such a service the number of the row that fits."""

    def __init__(self) -> None:
        self._rows = load_sized()
        self._groups = load_sites()
        self._families = tuple(dict.fromkeys(row.names for row in self._rows))

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """One number for each service of a family and what it treated, at its first mention."""
        changed = list(coded)
        for family in self._families:
            own = [row for row in self._rows if row.names == family and _in_force(row, visit.on)]
            places = [n for n, each in enumerate(coded) if _is_called(each.entity, family) and _is_done(each.entity)]
            treated: dict[tuple[str, ...], list[int]] = {}
            for place in places:
                fitting, _ = self._fitting(own, coded, place)
                if fitting:
                    treated.setdefault(tuple(sorted({row.code for row in fitting})), []).append(place)
            for group in treated.values():
                fitting, target = self._fitting(own, coded, group[0])
                chosen = _chosen(fitting, coded, group, target)
                if chosen is None:
                    continue
                row, many = chosen
                for place in group:
                    changed[place] = _silent(visit, changed[place])
                changed[group[0]] = _with(visit, changed[group[0]], row, many)
        return tuple(changed)

    def _fitting(self, own: Sequence[Sized], coded: Sequence[Coded], place: int) -> tuple[list[Sized], Coded | None]:
        """The rows of what the line speaks of, else of the nearest diagnosis; and that diagnosis."""
        entity = coded[place].entity
        sited = [row for row in own if row.sites is None or row.sites.search(self._site(coded, place))]
        line = [row for row in sited if row.beside is None or row.beside.search(_line(entity))]
        near = [n for n, each in enumerate(coded) if _is_present(each.entity)]
        near.sort(key=lambda n: (abs(n - place), n > place))
        if line and any(row.beside is not None for row in line):
            line = [row for row in line if row.beside is not None]
            pattern = line[0].beside
            found = next((coded[n] for n in near if pattern and pattern.search(_names(coded[n].entity))), None)
            return line, found
        for n in near:
            rows_of = [row for row in sited if row.beside is not None and row.beside.search(_names(coded[n].entity))]
            if rows_of:
                return rows_of, coded[n]
        return line, None

    def _site(self, coded: Sequence[Coded], place: int) -> str:
        """Words of the site with its group behind: of the line, else of the diagnosis that stands nearest."""
        others = sorted(range(len(coded)), key=lambda n: (abs(n - place), n > place))
        lines = (_line(coded[n].entity) for n in others if n == place or _is_present(coded[n].entity))
        sites = (attribute(coded[n].entity, "site") for n in others if n == place or _is_present(coded[n].entity))
        for said in chain(lines, sites):
            group = self._group(said or "")
            if group is not None:
                return f"{said} @{group}".lower()
        return "@body"

    def _group(self, said: str) -> str | None:
        words = set(re.findall(r"[a-z]+", said.lower()))
        if "scalp" in words:
            return "hand"
        known = next((group for word, group in self._groups if word in words or f"{word}s" in words), None)
        return known or ("body" if words & _BODY else None)


# fmt: off
_BODY = frozenset((
    "trunk", "back", "chest", "abdomen", "arm", "forearm", "shoulder", "leg", "thigh", "calf", "shin", "knee", "elbow",
    "wrist", "axilla", "buttock", "hip", "flank", "breast", "ankle", "groin",
))
# fmt: on


def _is_called(entity: Entity, names: frozenset[str]) -> bool:
    # the side and the site stand before the name
    called = f" {entity.normalized}"
    return (entity.label is Label.PROCEDURE and any(called.endswith(f" {name}") for name in names)) or (
        entity.label is Label.SUPPLY and entity.normalized in names
    )


def _line(entity: Entity) -> str:
    return f"{entity.line or entity.clause} {entity.text}".lower()


def _names(entity: Entity) -> str:
    return f"{entity.normalized} {entity.text} {entity.clause}".lower()


def _is_present(entity: Entity) -> bool:
    context = entity.context
    against = context.negated or context.historical or context.family or context.hypothetical
    return entity.label is Label.DIAGNOSIS and not against


def _is_done(entity: Entity) -> bool:
    """Whether it was done here; what is doubted is the lesion, not that it was taken off."""
    context, done = entity.context, attribute(entity, "done")
    if context.negated or context.hypothetical or context.family or done in ("planned", "earlier"):
        return False
    if attribute(entity, "written_code"):
        return False
    told = done in ("today", "done") or attribute(entity, "supplied") == "given" or entity.section == "procedures"
    if context.historical or entity.section in _STORY:
        return done == "today"
    return (
        told or entity.section not in _AHEAD or any(p.search(_line(entity)) for p in (_TOTAL, _TIMES, _THINGS, _SIZE))
    )


def _chosen(
    fitting: Sequence[Sized], coded: Sequence[Coded], group: Sequence[int], target: Coded | None
) -> tuple[Sized, int] | None:
    """The row that holds the measure, and how many there were."""
    if not fitting:
        return None
    lines = [_line(coded[place].entity) for place in group]
    about = "" if target is None else _line(target.entity)
    measure = fitting[0].measure
    many = 1
    amount: float | None = None
    if measure in ("count", "mentions"):
        many = _count(lines, about, mentions=measure == "mentions")
        amount = many
    elif measure == "cm":
        amount = next((size for said in (*lines, about) if (size := _centimeters(said)) is not None), None)
        if amount is None:
            return None
    row = next((row for row in fitting if row.up_to is None or (amount is not None and amount <= row.up_to)), None)
    return None if row is None else (row, many)


def _count(lines: Sequence[str], about: str, *, mentions: bool) -> int:
    told = [n for said in lines for n in _told(_TOTAL, said)]
    told = told or list(_told(_TOTAL, about))
    told = told or [n for said in (about, *lines) for n in _told(_THINGS, said)]
    if mentions:
        return max([len(set(lines)), *told[:1]])
    told = told or [sum(found) for said in (about, *lines) if (found := list(_told(_TIMES, said)))]
    return max(told[:1], default=1)


def _told(pattern: re.Pattern[str], said: str) -> Iterator[int]:
    for found in pattern.finditer(said):
        yield int(_NUMBERS.get(found[1].lower(), found[1]))


def _centimeters(said: str) -> float | None:
    """The diameter where one is called so, else the longest length."""
    sizes = [(found, max(float(found[1]), float(found[2] or 0))) for found in _SIZE.finditer(said)]
    in_cm = [(found, size * (0.1 if found[3].lower()[0:2] in ("mm", "mi") else 1.0)) for found, size in sizes]
    called = [size for found, size in in_cm if re.match(r"\W{0,3}(?:exc\w*\s)?diam", said[found.end() :])]
    called = called or [
        size for found, size in in_cm if _DIAMETER.search(said[max(0, found.start() - 40) : found.start()])
    ]
    return round(max(called or [size for _, size in in_cm]), 2) if in_cm else None


def _in_force(row: Sized, on: date | None) -> bool:
    return on is None or not ((row.begins and on < row.begins) or (row.ends and on > row.ends))


def _silent(visit: Visit, coded: Coded) -> Coded:
    reason = visit.rules.reason("sized", CodeSystem.CPT)
    return coded.change(lambda c: c.withhold(reason) if c.code.system is CodeSystem.CPT and c.proposed else c)


def _with(visit: Visit, coded: Coded, sized: Sized, many: int) -> Coded:
    further = None if sized.further is None or many <= sized.further[1] else sized.further
    wanted = (
        [(sized.code, None)]
        if further is None
        else [
            (sized.code, None),
            (further[0], -(-(many - further[1]) // further[2])),
        ]
    )
    first: Choice | None = None
    for number, units in wanted:
        row = visit.books.row(CodeSystem.CPT, number, visit.on)
        if row is None:
            continue
        said = visit.rules.evidence("sized", CodeSystem.CPT)
        if visit.on is not None:
            said = (*said, *edition(visit.books, row, visit.on))
        score = _CHANCE * (1.0 if coded.entity.confidence is None else coded.entity.confidence)
        choice = Choice(code=visit.books.code(row), score=score, evidence=said, units=units)
        choice = replace(choice, proposed=score >= visit.propose_from and not coded.entity.unreadable)
        coded = coded.add(choice, after=first)
        first = first or choice
    return coded


def load_sized(path: Path = TABLE) -> tuple[Sized, ...]:
    """Read the table, in its order.

    Raises:
        SetupError: a row does not fit.
    """
    found = []
    for place, row in rows(path, _COLUMNS):
        names, beside, sites, measure, up_to, begins, ends, code, further = row
        beyond = _FURTHER.fullmatch(further)
        if not parted(names) or measure not in MEASURES or not FORMS[CodeSystem.CPT].fullmatch(code):
            raise SetupError(f"{place} is not a service with its names, measure and CPT number.")
        if (up_to and not re.fullmatch(r"\d+(?:\.\d+)?", up_to)) or (further and beyond is None):
            raise SetupError(f"{place} has a limit that is no number, or a further number not written 17003:1:1.")
        found.append(
            Sized(
                names=frozenset(parted(names)),
                beside=_pattern(parted(beside)),
                sites=_pattern(parted(sites)),
                measure=measure,
                up_to=float(up_to) if up_to else None,
                begins=day(begins, place, first=True),
                ends=day(ends, place, first=False),
                code=code,
                further=(beyond[1], int(beyond[2]), int(beyond[3])) if beyond else None,
            )
        )
    return tuple(found)


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    """Words as they begin; `=` before one: it stands whole; `+` between two: both stand there."""
    if not words:
        return None
    each = ["".join(rf"(?=.*(?<!\w){_begins(part)})" for part in word.split("+")) for word in words]
    return re.compile("^(?:" + "|".join(each) + ")", re.IGNORECASE | re.DOTALL)


def _begins(word: str) -> str:
    # a fracture is an fx in most notes
    written = {"fracture": "(?:fracture|fx)"}.get(word, re.escape(word.lstrip("=")))
    return rf"{written}(?!\w)" if word[0] == "=" else written
