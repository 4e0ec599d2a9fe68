"""Lasting illnesses that the note shows to be treated: one of their drugs is named and not denied."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.codebooks.starter import parted, rows
from pipeline.coding.choices import Coded
from pipeline.coding.rules.ranges import Ranges, ranges_of
from pipeline.records import DIAGNOSES, CodeSystem, Label

TABLE = Path(__file__).parent / "treats.tsv"


@dataclass(frozen=True, slots=True)
class Treats:
    """One row of the table."""

    drugs: tuple[str, ...]
    codes: dict[CodeSystem, Ranges]


def load_treats(path: Path = TABLE) -> tuple[Treats, ...]:
    """Read the table.

    Raises:
        SetupError: a row does not fit.
    """
    return tuple(
        Treats(
            tuple(parted(drugs)),
            {
                CodeSystem.ICD9CM: ranges_of(icd9, CodeSystem.ICD9CM, place),
                CodeSystem.ICD10CM: ranges_of(icd10, CodeSystem.ICD10CM, place),
            },
        )
        for place, (drugs, icd9, icd10) in rows(path, ("drugs", "icd9", "icd10"))
    )


def treated(table: tuple[Treats, ...], coded: tuple[Coded, ...]) -> frozenset[tuple[CodeSystem, str]]:
    """The proposed diagnoses of a visit that one of its drugs treats."""
    drugs = {each.entity.normalized for each in coded if _taken(each)}
    told = {(choice.code.system, choice.code.code) for each in coded for choice in each.proposed(DIAGNOSES)}
    used = [row for row in table if any(drug.startswith(row.drugs) for drug in drugs)]
    return frozenset((system, code) for system, code in told if any(code in row.codes[system] for row in used))


def _taken(coded: Coded) -> bool:
    context = coded.entity.context
    return coded.entity.label is Label.SUPPLY and not (context.negated or context.historical or context.family)
