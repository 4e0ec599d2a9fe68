"""The provider's assessment decides: what only the story, the examination or a list names is not the diagnosis.

Without an assessment (an imaging report, a note of two lines) everything that is said counts.
"""

from pathlib import Path

from pipeline.codebooks.starter import rows
from pipeline.coding.choices import ASSESSMENT, Choice, Coded, Visit
from pipeline.coding.rules.integral import load_belonging
from pipeline.coding.rules.ranges import Ranges, ranges_of
from pipeline.coding.rules.treated import load_treats, treated
from pipeline.records import DIAGNOSES, CodeSystem, Label

_FOLDER = Path(__file__).parent
_EXAMINED = frozenset(("physical_exam", "objective", "review_of_systems"))
"""Sections of findings that lead to a diagnosis and are none."""
_UNASSESSED = _EXAMINED | {"family_history"}
_MEASURED = ("V85", "Z68")
"""The body mass index, which no assessment tells."""


class Assessed:
    """Withholds what the provider did not assess."""

    def __init__(self) -> None:
        self._symptoms = load_ranges("symptoms.tsv")
        self._treats = load_treats()
        self._nonspecific = load_ranges("nonspecific.tsv")
        self._histories = load_ranges("histories.tsv")
        self._stays_with = load_belonging(_FOLDER / "stays_with.tsv", "illness", "stays")

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Withhold symptoms, histories and diseases that do not last outside the assessment."""
        if visit.report:
            return self._reported(visit, coded)
        changed = list(coded)
        of_drugs = treated(self._treats, coded)
        for system in DIAGNOSES:
            diagnoses = [n for n, each in enumerate(coded) if self._is_diagnosis(each, system)]
            assessed = [n for n in diagnoses if coded[n].entity.section in ASSESSMENT]
            said = assessed or [n for n in diagnoses if coded[n].entity.section not in _UNASSESSED]
            categories = {_category(choice) for n in assessed for choice in coded[n].proposed((system,))}
            codes = [choice.code.code for n in assessed for choice in coded[n].proposed((system,))]
            for n in set(diagnoses) - set(said) if said else ():
                if self._asked_for(coded[n], system, codes):
                    continue
                rule = self._rule(coded[n], system, categories, of_drugs) if assessed else self._bare(coded[n], system)
                changed[n] = changed[n].withhold(visit.rules.reason(rule, system), system)
        return tuple(changed)

    def _reported(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """A report's findings of no name count only where nothing else was found or complained of."""
        changed = list(coded)
        for system in DIAGNOSES:
            codes = {choice.code.code for each in coded for choice in each.proposed((system,))}
            vague = {code for code in codes if code in self._nonspecific[system]}
            for n, each in enumerate(changed) if codes - vague else ():
                if any(choice.code.code in vague for choice in each.proposed((system,))):
                    changed[n] = each.withhold(visit.rules.reason("nonspecific", system), system)
        return tuple(changed)

    def _rule(
        self,
        coded: Coded,
        system: CodeSystem,
        categories: set[str],
        of_drugs: frozenset[tuple[CodeSystem, str]],
    ) -> str | None:
        """The rule that speaks against a diagnosis outside the assessment; None where none does."""
        codes = coded.proposed((system,))
        if any(choice.code.code in self._symptoms[system] for choice in codes):
            return "symptom_not_assessed"
        if any(_category(choice) in categories for choice in codes):
            return "assessed_elsewhere"
        if codes and all(choice.code.code.startswith(_MEASURED) for choice in codes):
            return None
        history = any(choice.code.code in self._histories[system] for choice in codes)
        is_treated = any((system, choice.code.code) in of_drugs for choice in codes)
        return "not_assessed" if history or not (is_treated or _stays(coded)) else None

    def _asked_for(self, coded: Coded, system: CodeSystem, assessed: list[str]) -> bool:
        """Whether an assessed illness asks for a diagnosis beside it."""
        return any(
            row.system is system
            and any(choice.code.code in row.symptoms for choice in coded.proposed((system,)))
            and any(code in row.disease for code in assessed)
            and not any(code in row.symptoms for code in assessed)
            for row in self._stays_with
        )

    def _bare(self, coded: Coded, system: CodeSystem) -> str | None:
        """The rule against a finding of the examination, or of a relative, where other words tell a diagnosis."""
        if all(choice.code.code.startswith(_MEASURED) for choice in coded.proposed((system,))):
            return None
        return "examined" if coded.entity.section in _EXAMINED else "not_assessed"

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


def _category(choice: Choice) -> str:
    return choice.code.code.partition(".")[0]


def _stays(coded: Coded) -> bool:
    """An illness that lasts needs no assessment, nor does the reason for the visit."""
    lasting = any(detail.name == "lasting" for detail in coded.entity.attributes)
    examined = coded.entity.section in _EXAMINED
    return lasting or (not examined and all(choice.code.code[0] in "VZE" for choice in coded.proposed(DIAGNOSES)))
