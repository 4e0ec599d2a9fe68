"""A signed encounter and what the office knows, put together to a claim."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from pipeline.claims.faults import faults
from pipeline.claims.office import Office, OfficePatient, Visit, same_person
from pipeline.codebooks import CodeBooks
from pipeline.codebooks.practice import Service
from pipeline.codebooks.validity import InForce
from pipeline.errors import ExportError
from pipeline.records import (
    DIAGNOSES,
    Claim,
    ClaimDiagnosis,
    CodeSystem,
    ConfirmedCode,
    ConfirmedEncounter,
    Frequency,
    Practice,
    Provider,
    ServiceLine,
)

PLACE = "11"
"""Place of service where neither the visit nor the practice names one: the office."""


def claim_of(encounter: ConfirmedEncounter, office: Office, services: Sequence[Service], books: CodeBooks) -> Claim:
    """The claim of an encounter.

    Args:
        encounter: as it was signed.
        office: the practice, its providers, payers, patients and visits.
        services: the practice's own list, for its fees.
        books: every code must be in one on its day.

    Raises:
        ExportError: what is missing or contradicts itself, every item of it.
    """
    said = [*_of_codes(encounter, books)]
    patient = _only(office.patient_of(encounter.patient), _whose(encounter), "inkchart office patients.csv", said)
    provider = _provider(encounter, office, said)
    if office.practice is None:
        said.append("Nothing is known of the practice: bring it with `inkchart office practice.csv`.")
    if patient is not None and not same_person(encounter.patient, patient.person):
        said.append("Name or birth date of the patient, as confirmed, are not those of the office's record.")
    visit = None if patient is None else office.visit_of(patient.record_number, encounter.date_of_service)
    said.extend(_of_cause(encounter, visit))
    diagnoses = tuple(_diagnosis(code) for code in encounter.codes if code.system in DIAGNOSES)
    lines = _lines(encounter, office, visit, services, said)
    if said or patient is None or provider is None or office.practice is None:
        raise ExportError(*said)
    claim = _claim(encounter, office.practice, provider, patient, visit, diagnoses, lines)
    if found := faults(claim):
        raise ExportError(*found)
    return claim


def _claim(
    encounter: ConfirmedEncounter,
    practice: Practice,
    provider: Provider,
    patient: OfficePatient,
    visit: Visit | None,
    diagnoses: tuple[ClaimDiagnosis, ...],
    lines: tuple[ServiceLine, ...],
) -> Claim:
    return Claim(
        number=number_of(encounter),
        encounter=encounter.id,
        signed_by=encounter.confirmed_by,
        frequency=Frequency.ORIGINAL if visit is None else visit.frequency,
        original_number=None if visit is None else visit.original_number,
        practice=practice,
        provider=provider,
        patient=patient.person,
        coverage=patient.coverage,
        diagnoses=diagnoses,
        lines=lines,
        accident=None if visit is None else visit.accident,
        authorization=None if visit is None else visit.authorization,
        attachments=(),
    )


def number_of(encounter: ConfirmedEncounter) -> str:
    """The practice's own number of a claim: the encounter's, as far as box 26 has room."""
    plain = "".join(char for char in encounter.id.upper() if char.isascii() and char.isalnum())
    return plain[:14]


def is_injury(system: CodeSystem, code: str) -> bool:
    """Whether a diagnosis is an injury or its cause, for which a claim says whether it was an accident (box 10)."""
    if system is CodeSystem.ICD9CM:
        return code.startswith("E") or (code[:3].isdigit() and 800 <= int(code[:3]) <= 959)
    return code[:1] in {"S", "V", "W", "X", "Y"} or (code[:1] == "T" and code[1:3].isdigit() and int(code[1:3]) <= 34)


def _of_codes(encounter: ConfirmedEncounter, books: CodeBooks) -> Iterator[str]:
    """Codes that no book has on the day, and such as payers do not take."""
    for code in encounter.codes:
        row = books.row(code.system, code.code, encounter.date_of_service)
        if row is None:
            yield f"{code.code} is in no loaded code book."
        elif books.in_force(row, encounter.date_of_service) is InForce.REFUTED:
            yield f"{code.code} was not in force on {encounter.date_of_service}."
        elif not books.code(row).billable:
            yield f"{code.code} is a category that payers do not take."


def _whose(encounter: ConfirmedEncounter) -> str:
    by = "record number" if encounter.patient.record_number else "name and birth date"
    return f"patient of the confirmed {by}"


def _only(found: Sequence[OfficePatient], whom: str, how: str, said: list[str]) -> OfficePatient | None:
    if len(found) == 1:
        return found[0]
    said.append(f"The office has {'several records' if found else 'no record'} of the {whom}: see `{how}`.")
    return None


def _provider(encounter: ConfirmedEncounter, office: Office, said: list[str]) -> Provider | None:
    if not encounter.provider:
        if len(office.providers) == 1:  # whoever else may have signed
            return office.providers[0].provider
        said.append("The chart names no provider, and the practice has not just one.")
        return None
    found = office.provider_named(encounter.provider)
    if len(found) == 1:
        return found[0]
    said.append(
        f"The provider that the chart names is {'several people' if found else 'nobody'} in `providers.csv`; "
        "its column `also` takes other ways to write a name."
    )
    return None


def _of_cause(encounter: ConfirmedEncounter, visit: Visit | None) -> Iterator[str]:
    injuries = [code.code for code in encounter.codes if is_injury(code.system, code.code)]
    if injuries and (visit is None or not visit.said_of_cause):
        yield (
            f"{', '.join(injuries)} ask whether employment or an accident is the cause (box 10): "
            "say so in `visits.csv`, `none` where it was neither."
        )


def _diagnosis(code: ConfirmedCode) -> ClaimDiagnosis:
    return ClaimDiagnosis(system=code.system, code=code.code, display=code.display, who=code.who, anchors=code.anchors)


def _lines(
    encounter: ConfirmedEncounter,
    office: Office,
    visit: Visit | None,
    services: Sequence[Service],
    said: list[str],
) -> tuple[ServiceLine, ...]:
    places = [code.code for code in encounter.codes if code.system in DIAGNOSES]
    place = (visit.place if visit is not None else None) or office.place or PLACE
    lines = []
    for code in encounter.codes:
        if code.system in DIAGNOSES:
            continue
        fee = fee_of(code, services)
        if fee is None:
            said.append(f"{code.code} has no fee in the practice's list: import it with `inkchart codebook import`.")
        if lost := [each for each in code.points_to if each not in places]:
            said.append(f"{code.code} points to {', '.join(lost)}, which is no diagnosis of this encounter.")
        lines.append(_line(code, encounter.date_of_service, place, fee or Decimal(0), places))
    return tuple(lines)


def _line(code: ConfirmedCode, day: date, place: str, fee: Decimal, places: list[str]) -> ServiceLine:
    units = 1 if code.units is None else code.units
    return ServiceLine(
        day=day,
        place=place,
        system=code.system,
        code=code.code,
        display=code.display,
        modifiers=code.modifiers,
        units=units,
        charge=fee * units,
        points_to=tuple(places.index(each) + 1 for each in code.points_to if each in places),
        who=code.who,
        anchors=code.anchors,
    )


def fee_of(code: ConfirmedCode, services: Sequence[Service]) -> Decimal | None:
    """What the practice asks for one unit: of the row with the same modifiers, else of one without; None if none."""
    own = [s for s in services if s.system is code.system and s.code == code.code and s.fee is not None]
    same = [s for s in own if set(s.modifiers) == set(code.modifiers)]
    return next((s.fee for s in (*same, *(s for s in own if not s.modifiers))), None)
