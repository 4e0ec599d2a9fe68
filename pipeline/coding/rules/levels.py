"""The visit: only the level that the provider wrote, for a patient new or established, or a consultation."""

import re
from dataclasses import replace

from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.coding.reasons import edition
from pipeline.coding.rules.rendered import attribute, is_check_up
from pipeline.records import CodeSystem, Label

_NEW, _ESTABLISHED, _CONSULTATION = "9920", "9921", "9924"
_SURE = 0.97
_CHECK_UP_AGES = (1, 5, 12, 18, 40, 65)
"""Each begins another number of the preventive visit."""
_MEDICARE_CHECK_UPS = frozenset(("G0402", "G0438", "G0439"))
_ONE_A_VISIT = (_NEW, _ESTABLISHED, _CONSULTATION)
_STATUS = re.compile(r"\b(?:est\w*|new|np|ep|f/?u)\b")
"""A level that calls the patient new or established is of no consultation."""
_ARRANGED = re.compile(r"arrang|referral|schedul|order", re.IGNORECASE)
_LAST_NEW_LEVEL_1 = 2020
"""The year after which a new patient's level 1 has no number."""


def levels(visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
    """Give an entity that is a written level the number of the visit; a number that is written stays."""
    written = any(_is_visit(c) for each in coded if attribute(each.entity, "written_code") for c in each.proposed())
    consulted = any("consultation" in each.entity.normalized and _is_consult_here(each) for each in coded)
    changed = []
    checked = written or any(
        _is_preventive(c) for each in coded if attribute(each.entity, "written_code") for c in each.proposed()
    )
    for each in coded:
        if attribute(each.entity, "written_code") is not None:
            changed.append(each)
            continue
        if each.entity.label is Label.PROCEDURE and is_check_up(each.entity) and not each.entity.context.historical:
            each = each.change(lambda c: c.withhold(visit.rules.reason("level_not_written", c.code.system)))
            choice = None if checked or not _is_today(each) else _check_up(visit, each)
            changed.append(each if choice is None else each.add(choice))
            checked = checked or choice is not None
            continue
        level = attribute(each.entity, "level")
        if level is None or each.entity.label is not Label.PROCEDURE or not _says_visit(each):
            changed.append(each)
            continue
        each = each.change(lambda c: c.withhold(visit.rules.reason("level_not_written", c.code.system)))
        choice = None if written else _choice(visit, each, int(level), consulted)
        changed.append(each if choice is None else each.add(choice))
    return tuple(changed)


def _choice(visit: Visit, coded: Coded, level: int, consulted: bool) -> Choice | None:
    new = visit.new_patient or "new patient" in coded.entity.normalized
    own = coded.entity.text.lower()
    consulted = "consult" in own or (consulted and not _STATUS.search(own))
    stem = _CONSULTATION if consulted else _NEW if new else _ESTABLISHED
    if stem == _NEW and level == 1 and visit.on is not None and visit.on.year > _LAST_NEW_LEVEL_1:
        return None
    return _numbered(visit, coded, f"{stem}{level}", "level_written")


def _check_up(visit: Visit, coded: Coded) -> Choice | None:
    """The preventive visit of the patient's age; none where the age is not known, and none of Medicare's."""
    if visit.age is None or visit.payer == "medicare":
        return None
    place = 1 + sum(visit.age >= age for age in _CHECK_UP_AGES)
    return _numbered(visit, coded, f"{'9938' if visit.new_patient else '9939'}{place}", "check_up")


def _numbered(visit: Visit, coded: Coded, number: str, rule: str) -> Choice | None:
    row = visit.books.row(CodeSystem.CPT, number, visit.on)
    if row is None:
        return None
    said = visit.rules.evidence(rule, CodeSystem.CPT)
    if visit.on is not None:
        said = (*said, *edition(visit.books, row, visit.on))
    chance = _SURE * (1.0 if coded.entity.confidence is None else coded.entity.confidence)
    choice = Choice(code=visit.books.code(row), score=chance, evidence=said)
    held = coded.entity.unreadable or bool(coded.entity.context.hypothetical or coded.entity.context.negated)
    return replace(choice, proposed=not held and chance >= visit.propose_from)


def _is_today(coded: Coded) -> bool:
    # "here for her physical" is planned and rendered
    context = coded.entity.context
    if coded.entity.section in ("plan", "follow_up", "instructions", "orders", "past_history"):
        return False
    return attribute(coded.entity, "done") != "earlier" and not (context.negated or context.hypothetical)


def _is_consult_here(coded: Coded) -> bool:
    return _is_today(coded) and not _ARRANGED.search(coded.entity.line)


def _is_preventive(choice: Choice) -> bool:
    return choice.code.code[:4] in ("9938", "9939") or choice.code.code in _MEDICARE_CHECK_UPS


def _says_visit(coded: Coded) -> bool:
    return any(words in coded.entity.normalized for words in ("office visit", "consultation", "level"))


def _is_visit(choice: Choice) -> bool:
    return choice.code.system is CodeSystem.CPT and choice.code.code[:4] in _ONE_A_VISIT
