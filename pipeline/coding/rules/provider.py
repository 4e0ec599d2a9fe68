"""The provider's own codes against the note: supported, unsupported, missing."""

from dataclasses import replace

from pipeline.codebooks.wording import stems
from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.coding.rules.rendered import attribute
from pipeline.records import DIAGNOSES, CodeSystem, Label

_ASSESSMENT = frozenset(("assessment", "assessment_plan"))
_LEAST_WRITTEN = 2
"""So many written diagnoses are the provider's list; a single one may be beside one of many."""
# fmt: off
_EMPTY = frozenset((
    "unspecifi", "other", "without", "mention", "of", "or", "and", "not", "type", "state", "elsewher", "classifi",
    "site", "ii", "complic", "uncontrol", "with", "due", "to", "in", "as", "nos", "nec", "primari", "essenti",
    "encount", "for",
))
# fmt: on


def provider_codes(visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
    """Say of written diagnoses whether the note supports them, and of assessed ones that no written code stands for."""
    changed = list(coded)
    for system in DIAGNOSES:
        written = {n: c for n, each in enumerate(coded) if (c := _written(each, system)) is not None}
        said = _said(coded)
        for n, choice in written.items():
            changed[n] = _judged(visit, changed[n], choice, said)
        if len(written) < _LEAST_WRITTEN:
            continue
        codes = {choice.code.code for choice in written.values()}
        for n, each in enumerate(coded):
            if n not in written and each.entity.section in _ASSESSMENT:
                changed[n] = _missing(visit, changed[n], system, codes)
    return tuple(changed)


def _written(coded: Coded, system: CodeSystem) -> Choice | None:
    number = attribute(coded.entity, "written_code")
    return next((c for c in coded.choices if c.code.system is system and c.code.code == number), None)


def _said(coded: tuple[Coded, ...]) -> frozenset[str]:
    """Word stems of every diagnosis that the note states in words."""
    said: set[str] = set()
    for each in coded:
        if each.entity.label is Label.DIAGNOSIS and not each.entity.context.negated:
            said.update(stems(each.entity.normalized), stems(each.entity.clause))
    return frozenset(said)


def _judged(visit: Visit, coded: Coded, written: Choice, said: frozenset[str]) -> Coded:
    found_too = any(c.code == written.code and len(c.evidence) for c in coded.choices if c is not written)
    own = frozenset(stems(coded.entity.normalized)) if coded.entity.normalized else frozenset()
    words = frozenset(stems(written.code.display)) - _EMPTY
    supported = found_too or not words or bool(words & (said | own))
    rule = "provider_supported" if supported else "provider_unsupported"
    sentence = visit.rules.reason(rule, written.code.system)
    if sentence is None:
        return coded

    def judged(choice: Choice) -> Choice:
        if choice != written:
            return choice
        if supported:
            return choice.with_reason(*visit.rules.evidence(rule, choice.code.system))
        return replace(choice, warnings=(*choice.warnings, sentence))

    return coded.change(judged)


def _missing(visit: Visit, coded: Coded, system: CodeSystem, codes: set[str]) -> Coded:
    sentence = visit.rules.reason("provider_missing", system)
    if sentence is None or any(choice.code.code in codes for choice in coded.choices):
        return coded
    return coded.change(
        lambda c: replace(c, warnings=(*c.warnings, sentence)) if c.proposed and c.code.system is system else c
    )
