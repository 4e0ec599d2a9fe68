"""What was rendered here today: a service that is only ordered, planned, past or in the story gives no code."""

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.codebooks.starter import rows
from pipeline.coding.choices import SERVICES, Choice, Coded, Visit
from pipeline.coding.rules.ranges import Ranges, ranges_of
from pipeline.errors import SetupError
from pipeline.records import CodeSystem, Entity, Label

TABLE = Path(__file__).parent / "rendered.tsv"
ASKS = ("written", "code", "today", "shown", "house", "unless", "given")
# fmt: off
INJECTED = frozenset((
    "intramuscular", "subcutaneous", "intravenous", "intra-articular", "intradermal", "intralesional",
))
_STORY = frozenset((
    "past_history", "surgical_history", "gynecologic_history", "birth_history", "history_present", "subjective",
    "reason", "medications", "allergies", "review_of_systems",
))
_AHEAD = frozenset(("plan", "orders", "instructions", "follow_up", "prescriptions"))
# fmt: on
_HOLDS_DRUGS = Ranges(
    (
        ("11900", "11901"),
        ("20526", "20553"),
        ("20600", "20612"),
        ("62310", "62327"),
        ("64400", "64530"),
        ("94640", "94640"),
    )
)
"""Services by which a drug gets in."""
_DEVICE = re.compile(r"[AEKLV]|J76")
"""Supplies, equipment, and what a nebulizer was filled with."""
_CHECK_UPS = ("preventive visit", "well child visit", "preventive medicine visit")
_SURE_VISIT = 0.9
"""What the rule of visits gives the number that it chose."""
_HERE = re.compile(
    r"\bhere\b|\bin[- ]?(?:house|office)\b|\b(?:in|by|on) (?:the|our|my)(?: own)? (?:office|lab\w*|clinic|machine)\b|"
    r"\bpoc\b|\bpoint of care\b|\bfinger ?stick\b|\bfs\b|\brapid\b"
)
"""Of a test: the office's own laboratory did it."""
_INJECTED_NOW = re.compile(r"(?:^|[:;.)\-]\s*)inj\b|\binjected\b")
"""A line that begins so tells of an injection that was made."""
_ELSEWHERE = re.compile(r"\b(?:here (?:for|to|with|w)|referr|outside|drawn here)")
_INTO = re.compile(r"\b(?:inj\w*|im|iv|sq|sc|subq|subcut\w*|given|gave|adminis\w*|neb\w*|infus\w*|intra\w+)\b")
"""How a drug that is billed by a J code comes in."""
_OFFICE_DONE = frozenset(("today", "done"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A row of the table."""

    codes: dict[CodeSystem, Ranges]
    asks: str


class Rendered:
    """Withholds services and supplies that the note does not say were rendered here."""

    def __init__(self) -> None:
        self._rows = load_rendered()

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Withhold with the reason; the candidates stay in sight."""
        changed = [self._judged(visit, each, within=False) for each in coded]
        proposed = [c.code.code for each in changed for c in each.proposed((CodeSystem.CPT,))]
        within = any(code in _HOLDS_DRUGS for code in proposed)
        if within:
            changed = [self._judged(visit, each, within=True) for each in coded]
        return tuple(changed)

    def _judged(self, visit: Visit, coded: Coded, *, within: bool) -> Coded:
        def judged(choice: Choice) -> Choice:
            if not choice.proposed or choice.code.system not in SERVICES:
                return choice
            rule = self.objection(coded.entity, choice)
            if rule == "not_given" and within and is_part_of_treatment(coded.entity):
                return choice
            return choice.withhold(visit.rules.reason(rule, choice.code.system))

        return coded.change(judged)

    def objection(self, entity: Entity, choice: Choice) -> str | None:
        """The rule by which a code is not proposed of an entity."""
        device = choice.code.system is CodeSystem.HCPCS and _DEVICE.match(choice.code.code) is not None
        # a test that was done gives nothing away
        if device and entity.label is Label.PROCEDURE and attribute(entity, "written_code") != choice.code.code:
            return "not_given"
        if attribute(entity, "written_code") == choice.code.code:
            return None
        asks = next((row.asks for row in self._rows if choice.code.code in row.codes[choice.code.system]), "unless")
        if attribute(entity, "mark") == "ticked" and asks != "code":
            return None
        done, supplied = attribute(entity, "done"), attribute(entity, "supplied")
        if supplied == "prescribed" and (done == "today" or entity.label is Label.PROCEDURE):
            supplied = None
        against = {"planned": "planned", "earlier": "earlier"}.get(done or "")
        against = {"ordered": "planned", "own": "earlier", "prescribed": "planned"}.get(supplied or "", against)
        if done == "sent" and asks in ("shown", "house"):
            return "sent_out"
        if asks == "written" and is_check_up(entity) and choice.score >= _SURE_VISIT:
            return None
        if asks == "code":
            return "number_not_written"
        injected = choice.code.code[0] == "J" and attribute(entity, "route") is None
        if asks == "given" and injected and entity.line and not _INTO.search(entity.line.lower()):
            return against or "not_given"
        if asks == "given":
            return None if is_given(entity) else (against or "not_given")
        if against is not None:
            return against
        if done in (None, "result") and asks in ("shown", "house") and is_here(entity):
            done = "today"
        here = done in _OFFICE_DONE or supplied == "given"
        if asks == "written":
            return None if attribute(entity, "level") else "level_not_written"
        if asks == "house":
            return None if done == "today" or (supplied == "given" and done != "result") else "elsewhere"
        views = attribute(entity, "views") is not None
        if here or (asks == "shown" and (done == "result" or views) and entity.section not in _STORY | _AHEAD):
            return None
        if asks == "unless":
            return "planned" if entity.section in _AHEAD else "earlier" if entity.section in _STORY else None
        return "planned" if entity.section in _AHEAD else "not_shown"


def is_given(entity: Entity) -> bool:
    """Whether the note says that the patient got a drug, vaccine or supply here."""
    done, supplied = attribute(entity, "done"), attribute(entity, "supplied")
    if done == "planned" or supplied in ("ordered", "own", "prescribed"):
        return False
    if supplied == "given" or done in _OFFICE_DONE:
        return True
    if done == "earlier" or entity.section in _STORY:
        return False
    told = attribute(entity, "dose") is not None
    # "inj 40 mg Kenalog": the name may hold the amount
    if "inject" in entity.clause.lower() and (told or any(char.isdigit() for char in entity.text)):
        return entity.section not in _AHEAD
    if told and _INJECTED_NOW.search(entity.line.lower()) and not entity.context.hypothetical:
        return True
    return told and attribute(entity, "route") in INJECTED


def is_here(entity: Entity) -> bool:
    """Whether its sentence says that the office did the test itself."""
    line = entity.line.lower()
    return _HERE.search(line) is not None and _ELSEWHERE.search(line) is None


def is_check_up(entity: Entity) -> bool:
    """Whether it calls the visit a preventive one."""
    return any(words in entity.normalized for words in _CHECK_UPS)


def is_part_of_treatment(entity: Entity) -> bool:
    """Whether a drug with its dose, and nothing against it, went in with a treatment of the note."""
    told = attribute(entity, "dose") or attribute(entity, "quantity") or any(char.isdigit() for char in entity.text)
    free = attribute(entity, "supplied") is None and attribute(entity, "done") not in ("planned", "earlier")
    return bool(told) and free and entity.section not in _STORY | _AHEAD


def attribute(entity: Entity, name: str) -> str | None:
    """The value of one of its attributes."""
    return next((each.value for each in entity.attributes if each.name == name), None)


def load_rendered(path: Path = TABLE) -> tuple[Asked, ...]:
    """Read the table in its order.

    Raises:
        SetupError: a row does not fit.
    """
    found = []
    for place, (codes, asks, what) in rows(path, ("codes", "asks", "what")):
        if asks not in ASKS or not what:
            raise SetupError(f"{place} does not ask for one of {', '.join(ASKS)}.")
        found.append(Asked(service_ranges(codes, place), asks))
    return tuple(found)


def service_ranges(cell: str, place: str) -> dict[CodeSystem, Ranges]:
    """Stretches of CPT and HCPCS numbers, by system.

    Raises:
        SetupError: a stretch is of neither.
    """
    parts = [part.strip() for part in cell.split(";") if part.strip()]
    return {
        CodeSystem.CPT: ranges_of(";".join(p for p in parts if p[0].isdigit()), CodeSystem.CPT, place),
        CodeSystem.HCPCS: ranges_of(";".join(p for p in parts if not p[0].isdigit()), CodeSystem.HCPCS, place),
    }
