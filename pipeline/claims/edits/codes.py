"""What the rules and the books say of the codes of a claim."""

from collections.abc import Iterator
from datetime import date

from pipeline.claims.edits.edit import ClaimKind, Matter
from pipeline.codebooks import CodeBooks
from pipeline.codebooks.edits import Edits
from pipeline.codebooks.validity import InForce
from pipeline.coding.check import CodeCheck, Standing
from pipeline.entities.visits.encounters import years_between
from pipeline.records import DIAGNOSES, ICD10_FROM, Claim, CodeSystem, CodeWarning, WarningKind

_BY_LINE = frozenset((WarningKind.PAIR, WarningKind.UNITS))
_OF_PAIRS = frozenset((WarningKind.INCLUDED, WarningKind.VISIT))
_CONDITIONS_MET = "KX"
"""On a line for a patient of the other sex: the payer's conditions for it are met."""
_STATED = "The claim says that the payer's conditions for it are met, which the note must bear out."
_PROVES = {
    CodeSystem.CPT: "the practice's licensed CPT file of {year}",
    CodeSystem.HCPCS: "the HCPCS Level II annual file of CMS of {year}",
    CodeSystem.ICD9CM: "the ICD-9-CM tabular list of NCHS of fiscal year {fiscal}",
    CodeSystem.ICD10CM: "the ICD-10-CM tabular list of NCHS of fiscal year {fiscal}",
}
"""What to import."""
_FISCAL_FROM = 10
"""ICD's years begin in October of the year before."""


def of_rules(claim: Claim, check: CodeCheck, edits: Edits | None) -> Iterator[Matter]:
    """What the rules for codes that stand say, day by day, but for pairs and units.

    Where CMS has an edit on two services, it speaks, and the project's own lists do not.
    """
    for day in sorted({line.day for line in claim.lines}):
        born = claim.patient.birth_date
        told = check(
            _standing(claim, day),
            on=day,
            age=years_between(born, day) if born <= day else None,
            sex=claim.patient.sex,
        )
        for warning in told:
            said = _judged_by_cms(warning, edits, day) or _said_of_other(warning, told)
            if warning.kind not in _BY_LINE and not said:
                stated = warning.kind is WarningKind.SEX and _conditions_met(claim)
                yield Matter(
                    kind=ClaimKind.SEX_STATED if stated else warning.kind,
                    field=_field(claim, warning.system, warning.code, day),
                    sentence=f"{_sentence(warning)} {_STATED}" if stated else _sentence(warning),
                    about=(warning.system, warning.code, warning.other or ""),
                    source=warning.source,
                )


def not_proven(claim: Claim, books: CodeBooks) -> Iterator[Matter]:
    """Codes of which no loaded book proves that they were in force on the day."""
    days = [line.day for line in claim.lines]
    asked = [(f"diagnoses.{n}", d.system, d.code, min(days)) for n, d in enumerate(claim.diagnoses, start=1) if days]
    asked += [(f"lines.{n}", line.system, line.code, line.day) for n, line in enumerate(claim.lines, start=1)]
    for field, system, code, day in asked:
        row = books.row(system, code, day)
        other_edition = system in DIAGNOSES and (system is CodeSystem.ICD10CM) != (day >= ICD10_FROM)
        if row is None or other_edition or books.in_force(row, day) is not InForce.UNPROVEN:
            continue
        what = _PROVES[system].format(year=day.year, fiscal=day.year + (day.month >= _FISCAL_FROM))
        yield Matter(
            kind=ClaimKind.NOT_PROVEN,
            field=field,
            sentence=f"{code}: no loaded code book proves that it was in force on {day}. Import {what}.",
            about=(system, code),
        )


def cause_first(claim: Claim) -> Iterator[Matter]:
    """An external cause as the first diagnosis."""
    for first in claim.diagnoses[:1]:
        causes = "E" if first.system is CodeSystem.ICD9CM else "VWXY"
        if first.code[:1] in causes:
            sentence = f"{first.code} tells the cause of an injury: the injury itself is the first diagnosis."
            yield Matter(kind=ClaimKind.CAUSE_FIRST, field="diagnoses.1", sentence=sentence, about=(first.code,))


def _standing(claim: Claim, day: date) -> tuple[Standing, ...]:
    """Each code once, as the rules take it; a service of several lines with the modifiers of all."""
    modifiers: dict[tuple[CodeSystem, str], tuple[str, ...]] = {}
    for line in claim.lines:
        if line.day == day:
            key = (line.system, line.code)
            modifiers[key] = (*modifiers.get(key, ()), *line.modifiers)
    diagnoses = dict.fromkeys((each.system, each.code) for each in claim.diagnoses)
    return (
        *(Standing(system=system, code=code) for system, code in diagnoses),
        *(
            Standing(system=system, code=code, modifiers=tuple(dict.fromkeys(all_of_them)))
            for (system, code), all_of_them in modifiers.items()
        ),
    )


def _judged_by_cms(warning: CodeWarning, edits: Edits | None, day: date) -> bool:
    if edits is None or warning.kind not in _OF_PAIRS or warning.other is None:
        return False
    return edits.pair(warning.code, warning.other, day) is not None


def _said_of_other(warning: CodeWarning, told: tuple[CodeWarning, ...]) -> bool:
    """Whether the lower of two codes that exclude each other bears the same: one matter asks for one reason."""
    return (
        warning.kind is WarningKind.EXCLUDES
        and warning.other is not None
        and warning.other < warning.code
        and any((each.kind, each.code, each.other) == (warning.kind, warning.other, warning.code) for each in told)
    )


def _conditions_met(claim: Claim) -> bool:
    return any(_CONDITIONS_MET in line.modifiers for line in claim.lines)


def _field(claim: Claim, system: CodeSystem, code: str, day: date) -> str:
    if system in DIAGNOSES:
        return f"diagnoses.{1 + [(each.system, each.code) for each in claim.diagnoses].index((system, code))}"
    return f"lines.{1 + [(line.day, line.system, line.code) for line in claim.lines].index((day, system, code))}"


def _sentence(warning: CodeWarning) -> str:
    """The rule's own, with the codes that it does not name."""
    if warning.code in warning.sentence:
        return warning.sentence
    beside = f" beside {warning.other}" if warning.other is not None and warning.other not in warning.sentence else ""
    return f"{warning.code}{beside}: {warning.sentence}"
