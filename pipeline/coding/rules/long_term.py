"""What a drug or a service tells of the patient: its lasting use, or why the patient came."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.codebooks.starter import parted, rows
from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.coding.rules.ranges import Ranges, ranges_of
from pipeline.errors import SetupError
from pipeline.records import CodeSystem, Label

TABLE = Path(__file__).parent / "long_term.tsv"
_COLUMNS = ("rule", "words", "icd9", "icd9_with", "icd9_not_with", "icd10", "icd10_with", "icd10_not_with")
_RULES = ("long_term", "service_reason")
_NOT_HERE = ("planned", "earlier")
_CHANCE = 0.8
"""Chance that a coder reports the lasting use beside its illness."""


@dataclass(frozen=True, slots=True)
class Use:
    """One row of the table, for one edition."""

    rule: str
    """`long_term`, or `service_reason`: the service itself is what the patient came for."""
    words: frozenset[str]
    system: CodeSystem
    code: str
    beside: Ranges
    not_beside: Ranges


class LongTerm:
    """Adds the code to the first mention of a drug or a service."""

    def __init__(self) -> None:
        self._uses = load_uses()

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Add the codes that an illness of this visit calls for."""
        changed = list(coded)
        for use in self._uses:
            codes = [choice.code.code for each in changed for choice in each.proposed((use.system,))]
            if any(code in use.not_beside for code in codes):
                changed = [_without(visit, each, use) for each in changed]
                continue
            ill = not use.beside.bounds or any(code in use.beside for code in codes)
            place = next((n for n, each in enumerate(changed) if _taken(each, use)), None)
            code = visit.code(use.system, use.code)
            in_force = use.system in visit.systems
            if not ill or place is None or code is None or use.code in codes or not in_force:
                continue
            evidence = visit.rules.evidence(use.rule, use.system)
            added = Choice(code=code, score=_CHANCE, evidence=evidence, proposed=bool(evidence))
            changed[place] = changed[place].add(added)
        return tuple(changed)


def _without(visit: Visit, coded: Coded, use: Use) -> Coded:
    """Without the code of the lasting use, which its illness implies."""
    reason = visit.rules.reason("long_term_implied", use.system)
    return coded.change(lambda c: c.withhold(reason) if c.proposed and c.code.code == use.code else c)


def load_uses(path: Path = TABLE) -> tuple[Use, ...]:
    """Read the table.

    Raises:
        SetupError: a row does not fit.
    """
    uses = []
    for place, (rule, words, icd9, with9, without9, icd10, with10, without10) in rows(path, _COLUMNS):
        for system, code, beside, not_beside in (
            (CodeSystem.ICD9CM, icd9, with9, without9),
            (CodeSystem.ICD10CM, icd10, with10, without10),
        ):
            if rule not in _RULES:
                raise SetupError(f"{place} names no rule.")
            if code:
                ranges = ranges_of(beside, system, place), ranges_of(not_beside, system, place)
                uses.append(Use(rule, frozenset(parted(words)), system, code, *ranges))
    return tuple(uses)


def _taken(coded: Coded, use: Use) -> bool:
    """Whether the patient takes it, or had it here: not denied, not past, not a relative's, not an allergy."""
    entity, context = coded.entity, coded.entity.context
    spoken_of = context.negated or context.historical or context.family or context.hypothetical
    name = entity.normalized
    if spoken_of or not (name in use.words or any(name.endswith(f" {word}") for word in use.words)):
        return False
    if use.rule == "long_term":
        return entity.label is Label.SUPPLY or entity.normalized.startswith("long term")
    done = next((detail.value for detail in entity.attributes if detail.name == "done"), None)
    return entity.label is not Label.DIAGNOSIS and done not in _NOT_HERE
