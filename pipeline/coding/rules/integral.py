"""Signs and symptoms that belong to a disease of the note are not coded beside it."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.codebooks.starter import rows
from pipeline.coding.choices import ASSESSMENT, Choice, Coded, Visit
from pipeline.coding.rules.ranges import Ranges, ranges_of
from pipeline.records import DIAGNOSES, CodeSystem

TABLE = Path(__file__).parent / "integral.tsv"


@dataclass(frozen=True, slots=True)
class Belongs:
    """One row of the table, for one edition."""

    system: CodeSystem
    disease: Ranges
    symptoms: Ranges


class Integral:
    """Withholds symptoms that a proposed disease explains."""

    def __init__(self) -> None:
        self._belongs = load_integral()

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Withhold each symptom that belongs to a disease that stays proposed."""
        explained: dict[CodeSystem, set[str]] = {}
        for system in DIAGNOSES:
            codes = [choice.code.code for each in coded for choice in each.proposed((system,))]
            explained[system] = {
                code
                for row in self._belongs
                if row.system is system and any(disease in row.disease for disease in codes)
                for code in codes
                if code in row.symptoms and code not in row.disease
            }

        def left_out(choice: Choice) -> Choice:
            system = choice.code.system
            belongs = choice.proposed and choice.code.code in explained.get(system, ())
            return choice.withhold(visit.rules.reason("integral", system)) if belongs else choice

        # what the provider assessed by itself is his to name
        return tuple(each if each.entity.section in ASSESSMENT else each.change(left_out) for each in coded)


def load_integral(path: Path = TABLE) -> tuple[Belongs, ...]:
    """Read the table of symptoms and their diseases.

    Raises:
        SetupError: a row does not fit.
    """
    return load_belonging(path, "disease", "symptoms")


def load_belonging(path: Path, first: str, belongs: str) -> tuple[Belongs, ...]:
    """Read a table of diseases and of what belongs to each.

    Raises:
        SetupError: a row does not fit.
    """
    found = []
    columns = (first, "icd9", f"icd9_{belongs}", "icd10", f"icd10_{belongs}")
    for place, (_, icd9, symptoms9, icd10, symptoms10) in rows(path, columns):
        for system, disease, symptoms in (
            (CodeSystem.ICD9CM, icd9, symptoms9),
            (CodeSystem.ICD10CM, icd10, symptoms10),
        ):
            found.append(Belongs(system, ranges_of(disease, system, place), ranges_of(symptoms, system, place)))
    return tuple(found)
