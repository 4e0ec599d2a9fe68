"""The provider's assessment decides: what only the story, the examination or a list names is not the diagnosis.

Without an assessment (an imaging report, a note of two lines) everything that is said counts.
"""

from pathlib import Path

from pipeline.codebooks.starter import rows
from pipeline.coding.choices import ASSESSMENT, DIAGNOSES, Coded, Visit
from pipeline.coding.rules.ranges import Ranges, ranges_of
from pipeline.records import CodeSystem, Label

_FOLDER = Path(__file__).parent


class Assessed:
    """Withholds what the provider did not assess."""

    def __init__(self) -> None:
        self._symptoms = load_ranges("symptoms.tsv")
        self._histories = load_ranges("histories.tsv")

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Withhold symptoms, and diseases that do not last, outside the assessment."""
        if visit.report:
            return coded
        changed = list(coded)
        for system in DIAGNOSES:
            diagnoses = [n for n, each in enumerate(coded) if self._is_diagnosis(each, system)]
            if not any(coded[n].entity.section in ASSESSMENT for n in diagnoses):
                continue
            for n in diagnoses:
                each = coded[n]
                if each.entity.section in ASSESSMENT:
                    continue
                codes = [choice.code.code for choice in each.proposed((system,))]
                symptom = any(code in self._symptoms[system] for code in codes)
                history = any(code in self._histories[system] for code in codes)
                rule = "symptom_not_assessed" if symptom else "not_assessed"
                if symptom or history or not _stays(each):
                    changed[n] = changed[n].withhold(visit.rules.reason(rule, system), system)
        return tuple(changed)

    def _is_diagnosis(self, coded: Coded, system: CodeSystem) -> bool:
        return coded.entity.label is Label.DIAGNOSIS and bool(coded.proposed((system,)))


def load_ranges(name: str) -> dict[CodeSystem, Ranges]:
    """The codes that a table of this folder names, by edition.

    Raises:
        SetupError: a row does not fit.
    """
    cells: dict[CodeSystem, list[tuple[str, str]]] = {system: [] for system in DIAGNOSES}
    for place, (_, icd9, icd10) in rows(_FOLDER / name, ("what", "icd9", "icd10")):
        cells[CodeSystem.ICD9CM].append((icd9, place))
        cells[CodeSystem.ICD10CM].append((icd10, place))
    return {
        system: Ranges(tuple(bound for cell, place in own for bound in ranges_of(cell, system, place).bounds))
        for system, own in cells.items()
    }


def _stays(coded: Coded) -> bool:
    """An illness that lasts, or one whose code is a status or a reason for the visit, needs no assessment."""
    lasting = any(detail.name == "lasting" for detail in coded.entity.attributes)
    return lasting or all(choice.code.code[0] in "VZE" for choice in coded.proposed(DIAGNOSES))
