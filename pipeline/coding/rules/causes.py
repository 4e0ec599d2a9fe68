"""The code of what caused an injury: beside the injury, never alone and never first."""

from pathlib import Path

from pipeline.codebooks.starter import FORMS, rows
from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.coding.rules.ranges import Ranges, ranges_of
from pipeline.errors import SetupError
from pipeline.records import DIAGNOSES, CodeSystem, Label

TABLE = Path(__file__).parent / "external_causes.tsv"
_INJURIES = {CodeSystem.ICD9CM: "710-739;800-959;980-989;990-995;E800-E999", CodeSystem.ICD10CM: "M00-M99;S00-T98"}
_CAUSES = {CodeSystem.ICD9CM: "E800-E999", CodeSystem.ICD10CM: "V00-Y99"}
_CHANCE = 0.85
"""Chance that a stated cause is what the coder reports."""


class Causes:
    """Adds the stated cause to an injury, and withholds causes that explain none."""

    def __init__(self) -> None:
        self._codes = load_causes()
        self._injuries = {s: ranges_of(cell, s, "causes") for s, cell in _INJURIES.items()}
        self._external = {s: ranges_of(cell, s, "causes") for s, cell in _CAUSES.items()}

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Put each injury's cause behind it."""
        changed = list(coded)
        for system in DIAGNOSES:
            told = False
            for n, each in enumerate(changed):
                cause = self._cause(visit, each, system)
                if cause is not None:
                    injury = each.proposed((system,))[0]
                    changed[n] = each.add(cause, after=injury)
                    told = True
            changed = [self._only_beside(visit, each, system, changed, told) for each in changed]
        return tuple(changed)

    def _cause(self, visit: Visit, coded: Coded, system: CodeSystem) -> Choice | None:
        said = next((detail.value for detail in coded.entity.attributes if detail.name == "cause"), None)
        injury = next((c for c in coded.proposed((system,)) if _within(c, self._injuries)), None)
        if said is None or injury is None or _within(injury, self._external):
            return None
        number = self._codes.get(said, {}).get(system)
        code = visit.code(system, number) if number else None
        if code is None:
            return None
        evidence = visit.rules.evidence("external_cause", system)
        return Choice(code=code, score=injury.score * _CHANCE, evidence=evidence, proposed=bool(evidence))

    def _only_beside(
        self, visit: Visit, coded: Coded, system: CodeSystem, everything: list[Coded], told: bool
    ) -> Coded:
        """A cause of its own words: left out beside one that is told exactly, and where no injury is coded."""
        if coded.entity.label is not Label.DIAGNOSIS or any(a.name == "cause" for a in coded.entity.attributes):
            return coded
        injured = any(
            _within(choice, self._injuries) and not _within(choice, self._external)
            for each in everything
            for choice in each.proposed((system,))
        )
        if injured and not told:
            return coded
        rule = "external_cause_told" if told else "external_cause_alone"
        reason = visit.rules.reason(rule, system)
        return coded.change(lambda c: c.withhold(reason) if c.proposed and _within(c, self._external) else c)


def load_causes() -> dict[str, dict[CodeSystem, str]]:
    """Cause -> system -> code.

    Raises:
        SetupError: a row does not fit.
    """
    causes: dict[str, dict[CodeSystem, str]] = {}
    for place, (cause, icd9, icd10) in rows(TABLE, ("cause", "icd9", "icd10")):
        codes = {CodeSystem.ICD9CM: icd9, CodeSystem.ICD10CM: icd10}
        wrong = [code for system, code in codes.items() if code and not FORMS[system].fullmatch(code)]
        if not cause or wrong or cause in causes:
            raise SetupError(f"{place} is not one cause with a code of each edition.")
        causes[cause] = {system: code for system, code in codes.items() if code}
    return causes


def _within(choice: Choice, ranges: dict[CodeSystem, Ranges]) -> bool:
    return choice.code.system in ranges and choice.code.code in ranges[choice.code.system]
