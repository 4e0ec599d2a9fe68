"""Repair of wounds: the number hangs on the kind of closure, the group of sites and the summed length."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.codebooks.starter import FORMS, rows
from pipeline.coding.choices import SERVICES, Choice, Coded, Visit
from pipeline.coding.reasons import edition
from pipeline.coding.rules.rendered import attribute
from pipeline.errors import SetupError
from pipeline.records import CodeSystem, Entity, Label

TABLE = Path(__file__).parent / "repairs.tsv"
SITES = Path(__file__).parent / "sites.tsv"
KINDS = ("simple", "layered", "complex")
GROUPS = ("face", "hand", "body")
_CHANCE = 0.92
_WOUND = re.compile(r"lacerat|\bcut\b|open wound|avulsion|\blac\b")
_REPAIR = re.compile(
    r"laceration repair|wound repair|wound closure|layered|skin adhesive|dermabond|tissue (?:glue|adhesive)"
)
_SUTURE = re.compile(r"suture|nylon|vicryl|prolene|ethilon|chromic|monocryl|staples|dermabond|skin glue")
_LAYERS = re.compile(
    r"(?<!single )(?<!one )(?<!1 )layer|intermediate|\bdeep\b|subcut|buried|two[- ]layer|2[- ]layer|vicryl"
)
_COMPLEX = re.compile(r"complex|undermin|retention suture|scar revision")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)(?: ?x ?(\d+(?:\.\d+)?))? ?(cm|mm|in)\b")
_IN_CM = {"cm": 1.0, "mm": 0.1, "in": 2.54}
_OUT = re.compile(r"\bout\b|remov|\bs/?r\b|recheck|allerg")
_OTHERS = range(12001, 13161)


@dataclass(frozen=True, slots=True)
class Repair:
    """A row of the table."""

    kind: str
    group: str
    up_to: float | None
    code: str


class Repairs:
    """Gives the repair of a wound the number of its length."""

    def __init__(self) -> None:
        self._repairs = load_repairs()
        self._sites = load_sites()

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Put one number for each group of sites, the first at the repair, others at their wounds."""
        home = next((n for n, each in enumerate(coded) if _is_repair(each)), None)
        if home is None and any(_is_wound(each.entity) for each in coded):
            home = next(
                (n for n, each in enumerate(coded) if _is_stitch(each.entity) and _is_put_in(each.entity)), None
            )
        if home is None:
            return coded
        kind = _kind([each.entity for each in coded if _is_repair(each) or _is_stitch(each.entity)])
        lengths = self._lengths(coded, home, kind)
        if not lengths:
            return coded
        changed = [_without_repairs(visit, each) for each in coded]
        for group, (length, place) in lengths.items():
            number = next(
                (r.code for r in self._repairs if (r.kind, r.group) == (kind, group) and _holds(r, length)), None
            )
            where = home if place is None else place
            changed[where] = changed[where] if number is None else _with(visit, changed[where], number, length)
        return tuple(changed)

    def _lengths(self, coded: tuple[Coded, ...], home: int, kind: str) -> dict[str, tuple[float, int | None]]:
        """Summed length of each group of sites, and where its number goes; the first goes to the repair."""
        repair = coded[home].entity
        told = _length(repair) or _told_behind(repair)
        wounds = [(n, each.entity) for n, each in enumerate(coded) if _is_wound(each.entity)]
        sites = [site for _, wound in wounds if (site := attribute(wound, "site")) is not None]
        if told is not None:
            sites += [site for each in coded if _is_lesion(each.entity) and (site := attribute(each.entity, "site"))]
            site = attribute(repair, "site") or next(iter(sites), repair.normalized)
            return {self._group(site, kind): (told, None)}
        seen: set[tuple[str, float]] = set()
        lengths: dict[str, tuple[float, int | None]] = {}
        for place, wound in wounds:
            length = _length(wound)
            if length is None:
                continue
            # "3 cm lac" in the examination is the "3 cm laceration forehead" of the assessment
            near = attribute(wound, "site") or next(iter(sites), wound.clause)
            group = self._group(near, kind)
            if (group, length) in seen:
                continue
            seen.add((group, length))
            before = lengths.get(group)
            first = None if not lengths or (before is not None and before[1] is None) else place
            lengths[group] = (round((before[0] if before else 0.0) + length, 2), before[1] if before else first)
        return lengths

    def _group(self, site: str, kind: str) -> str:
        words = set(re.findall(r"[a-z]+", site.lower()))
        group = next((group for word, group in self._sites if word in words), "body")
        # simple closures count hands, feet and neck with the body
        return "body" if kind == "simple" and group == "hand" else group


def load_repairs(path: Path = TABLE) -> tuple[Repair, ...]:
    """Read the table, in its order.

    Raises:
        SetupError: a row does not fit.
    """
    found = []
    for place, (kind, group, up_to, code) in rows(path, ("kind", "group", "up_to", "code")):
        if kind not in KINDS or group not in GROUPS or not FORMS[CodeSystem.CPT].fullmatch(code):
            raise SetupError(f"{place} is not a repair with its kind, group of sites and CPT number.")
        if up_to and not re.fullmatch(r"\d+(?:\.\d+)?", up_to):
            raise SetupError(f"{place} has {up_to}, which is no length in cm.")
        found.append(Repair(kind, group, float(up_to) if up_to else None, code))
    return tuple(found)


def load_sites(path: Path = SITES) -> tuple[tuple[str, str], ...]:
    """Word of a site -> its group.

    Raises:
        SetupError: a row does not fit.
    """
    found = []
    for place, (word, group) in rows(path, ("words", "group")):
        if not word.isalpha() or group not in GROUPS:
            raise SetupError(f"{place} is not a word of a site with its group.")
        found.append((word, group))
    return tuple(found)


def _is_wound(entity: Entity) -> bool:
    context = entity.context
    past = context.negated or context.historical or context.family
    return entity.label is Label.DIAGNOSIS and not past and _WOUND.search(entity.normalized) is not None


def _is_repair(coded: Coded) -> bool:
    entity = coded.entity
    against = entity.context.negated or entity.context.historical or entity.context.hypothetical
    told = attribute(entity, "done") in ("planned", "earlier")
    if entity.label is Label.DIAGNOSIS or against or told or "removal" in entity.normalized:
        return False
    return _REPAIR.search(entity.normalized) is not None or entity.normalized == "repaired" or _repaired(coded)


def _repaired(coded: Coded) -> bool:
    return any(c.code.code.isdigit() and int(c.code.code) in _OTHERS for c in coded.proposed((CodeSystem.CPT,)))


def _is_stitch(entity: Entity) -> bool:
    return (
        entity.label is not Label.DIAGNOSIS and _SUTURE.search(f"{entity.normalized} {entity.text}".lower()) is not None
    )


def _is_put_in(entity: Entity) -> bool:
    against = entity.context.negated or entity.context.historical or entity.context.hypothetical
    told = attribute(entity, "done") in ("planned", "earlier")
    return not against and not told and _OUT.search(entity.line.lower()) is None


def _kind(entities: list[Entity]) -> str:
    said = " ".join(f"{each.normalized} {each.line or each.clause}" for each in entities).lower()
    return "complex" if _COMPLEX.search(said) else "layered" if _LAYERS.search(said) else "simple"


def _length(entity: Entity) -> float | None:
    """In cm, of the longer side."""
    found = _SIZE.fullmatch(attribute(entity, "size") or "")
    if found is None:
        return None
    return round(max(float(found[1]), float(found[2] or 0)) * _IN_CM[found[3]], 2)


def _told_behind(entity: Entity) -> float | None:
    """The length that stands in its sentence behind it: `closed in layers 4-0 vicryl, 4.2 cm`."""
    line = entity.line.lower()
    found = _SIZE.search(line, line.find(entity.text.lower()) + len(entity.text)) if line else None
    return None if found is None else round(max(float(found[1]), float(found[2] or 0)) * _IN_CM[found[3]], 2)


def _is_lesion(entity: Entity) -> bool:
    context = entity.context
    return entity.label is Label.DIAGNOSIS and not (context.negated or context.historical or context.family)


def _holds(repair: Repair, length: float) -> bool:
    return repair.up_to is None or length <= repair.up_to


def _without_repairs(visit: Visit, coded: Coded) -> Coded:
    def without(choice: Choice) -> Choice:
        code = choice.code.code
        repair = choice.code.system is CodeSystem.CPT and code.isdigit() and int(code) in _OTHERS
        written = attribute(coded.entity, "written_code") == code
        return (
            choice.withhold(visit.rules.reason("repair_length", CodeSystem.CPT)) if repair and not written else choice
        )

    return coded.change(without)


def _with(visit: Visit, coded: Coded, number: str, length: float) -> Coded:
    row = visit.books.row(CodeSystem.CPT, number, visit.on)
    if row is None:
        return coded
    said = visit.rules.evidence("repair_summed", CodeSystem.CPT)
    if visit.on is not None:
        said = (*said, *edition(visit.books, row, visit.on))
    silent = coded.change(lambda c: replace(c, proposed=False) if c.code.system in SERVICES else c)
    choice = Choice(code=visit.books.code(row), score=_CHANCE, evidence=said)
    return silent.add(replace(choice, proposed=visit.propose_from <= _CHANCE))
