"""A signed encounter and what the office knows, put together to a claim."""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.claims.draft import Draft, DraftLine, EarlierClaim
from pipeline.claims.faults import faults
from pipeline.claims.known import facility_of, patient_of, provider_of
from pipeline.claims.office import Office, OfficePatient, Visit
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
    Facility,
    Fault,
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
    draft = draft_of(encounter, office, services, books)
    if draft.claim is None:
        raise ExportError(*(fault.sentence for fault in draft.faults))
    return draft.claim


def draft_of(
    encounter: ConfirmedEncounter,
    office: Office,
    services: Sequence[Service],
    books: CodeBooks,
    *,
    earlier: EarlierClaim | None = None,
) -> Draft:
    """What is known of an encounter's claim, complete or not.

    Args:
        encounter, office, services, books: as for `claim_of`.
        earlier: what was sent for the encounter before; the visit may say otherwise what this claim is to it.
    """
    found: list[Fault] = []
    patient = patient_of(encounter, office, found)
    provider = provider_of(encounter, office, found)
    if office.practice is None:
        sentence = "Nothing is known of the practice: bring it with `inkchart office practice.csv`."
        found.append(Fault(field="practice", sentence=sentence))
    visit = None if patient is None else office.visit_of(patient.record_number, encounter.date_of_service)
    facility = facility_of(visit, office, found)
    place = (visit.place if visit is not None else None) or office.place or PLACE
    diagnoses = tuple(_diagnosis(code) for code in encounter.codes if code.system in DIAGNOSES)
    lines = _lines(encounter, place, services)
    found.extend((*_of_codes(encounter, books), *_of_lines(encounter, lines), *_of_cause(encounter, visit)))
    claim = None
    if patient is not None and provider is not None and office.practice is not None:
        claim = _claim(encounter, office.practice, provider, patient, diagnoses, lines)
        claim = _following(_with_visit(claim, visit, facility, office.clia), visit, earlier)
        told = {fault.field for fault in found}
        # What follows from a fault that is told already, a charge of nothing from a fee that is missing, is left out.
        found.extend(fault for fault in faults(claim) if fault.field not in told)
    return Draft(
        number=number_of(encounter),
        practice=office.practice,
        provider=provider,
        patient=patient,
        visit=visit,
        place=place,
        facility=facility,
        diagnoses=diagnoses,
        lines=lines,
        faults=tuple(found),
        claim=None if found else claim,
    )


def _claim(
    encounter: ConfirmedEncounter,
    practice: Practice,
    provider: Provider,
    patient: OfficePatient,
    diagnoses: tuple[ClaimDiagnosis, ...],
    lines: tuple[DraftLine, ...],
) -> Claim:
    return Claim(
        number=number_of(encounter),
        encounter=encounter.id,
        signed_by=encounter.confirmed_by,
        frequency=Frequency.ORIGINAL,
        original_number=None,
        practice=practice,
        provider=provider,
        patient=patient.person,
        coverage=patient.coverage,
        other_coverage=patient.other_coverage,
        diagnoses=diagnoses,
        lines=tuple(_service(line) for line in lines),
        accident=None,
        authorization=None,
        attachments=(),
    )


def _with_visit(claim: Claim, visit: Visit | None, facility: Facility | None, clia: str | None) -> Claim:
    """A claim with what the office said of the visit; a laboratory's number goes with tests of the practice itself."""
    if facility is None and any(is_laboratory(line.system, line.code) for line in claim.lines):
        claim = replace(claim, clia=clia)
    if visit is None:
        return claim
    return replace(
        claim,
        accident=visit.accident,
        authorization=visit.authorization,
        facility=facility,
        other_provider=visit.other_provider,
        paid=visit.paid,
        agreements=visit.agreements,
        course=visit.course,
        note=visit.note,
        attachments=visit.attachments,
    )


def _following(claim: Claim, visit: Visit | None, earlier: EarlierClaim | None) -> Claim:
    """A claim as what it is to one that was sent before, as the visit says or as follows from the payer's answer."""
    frequency = None if visit is None else visit.frequency
    if frequency is None:
        frequency = Frequency.ORIGINAL if earlier is None else earlier.frequency
    original_number = None if visit is None else visit.original_number
    if original_number is None and earlier is not None and frequency is not Frequency.ORIGINAL:
        original_number = earlier.payer_number
    return replace(claim, frequency=frequency, original_number=original_number)


def number_of(encounter: ConfirmedEncounter) -> str:
    """The practice's own number of a claim: made from the encounter's id, and as long as box 26 has room for."""
    return base64.b32encode(hashlib.sha256(encounter.id.encode()).digest()).decode()[:14]


def is_injury(system: CodeSystem, code: str) -> bool:
    """Whether a diagnosis is an injury or its cause, for which a claim says whether it was an accident (box 10)."""
    if system is CodeSystem.ICD9CM:
        return code.startswith("E") or (code[:3].isdigit() and 800 <= int(code[:3]) <= 959)
    return code[:1] in {"S", "V", "W", "X", "Y"} or (code[:1] == "T" and code[1:3].isdigit() and int(code[1:3]) <= 34)


def is_laboratory(system: CodeSystem, code: str) -> bool:
    """Whether a service is a laboratory's test: CPT's section on pathology and laboratory."""
    return system is CodeSystem.CPT and code.isdigit() and 80047 <= int(code) <= 89398


def _of_cause(encounter: ConfirmedEncounter, visit: Visit | None) -> Iterator[Fault]:
    injuries = [code.code for code in encounter.codes if is_injury(code.system, code.code)]
    if injuries and (visit is None or not visit.said_of_cause):
        sentence = (
            f"{', '.join(injuries)} ask whether employment or an accident is the cause (box 10): "
            "say so in `visits.csv`, `none` where it was neither."
        )
        yield Fault(field="accident", sentence=sentence)


# --- codes and their lines -------------------------------------------------------------------


def _of_codes(encounter: ConfirmedEncounter, books: CodeBooks) -> Iterator[Fault]:
    """Codes that no book has on the day, and such as payers do not take."""
    for field, code in _fields(encounter):
        row = books.row(code.system, code.code, encounter.date_of_service)
        if row is None:
            yield Fault(field=field, sentence=f"{code.code} is in no loaded code book.")
        elif books.in_force(row, encounter.date_of_service) is InForce.REFUTED:
            yield Fault(field=field, sentence=f"{code.code} was not in force on {encounter.date_of_service}.")
        elif not books.code(row).billable:
            yield Fault(field=field, sentence=f"{code.code} is a category that payers do not take.")


def _fields(encounter: ConfirmedEncounter) -> Iterator[tuple[str, ConfirmedCode]]:
    """Where the claim has each code of the encounter."""
    diagnoses = lines = 0
    for code in encounter.codes:
        if code.system in DIAGNOSES:
            diagnoses += 1
            yield f"diagnoses.{diagnoses}", code
        else:
            lines += 1
            yield f"lines.{lines}.code", code


def _of_lines(encounter: ConfirmedEncounter, lines: Sequence[DraftLine]) -> Iterator[Fault]:
    """Services without a fee, and pointers that lead nowhere."""
    diagnoses, services = _parted(encounter)
    known = {code.code for code in diagnoses}
    for number, (code, line) in enumerate(zip(services, lines, strict=True), start=1):
        if line.charge is None:
            sentence = f"{code.code} has no fee in the practice's list: import it with `inkchart codebook import`."
            yield Fault(field=f"lines.{number}.charge", sentence=sentence)
        if lost := [each for each in code.points_to if each not in known]:
            sentence = f"{code.code} points to {', '.join(lost)}, which is no diagnosis of this encounter."
            yield Fault(field=f"lines.{number}.points_to", sentence=sentence)


def _parted(encounter: ConfirmedEncounter) -> tuple[list[ConfirmedCode], list[ConfirmedCode]]:
    """Diagnoses and services, each in the encounter's order."""
    diagnoses = [code for code in encounter.codes if code.system in DIAGNOSES]
    return diagnoses, [code for code in encounter.codes if code.system not in DIAGNOSES]


def _diagnosis(code: ConfirmedCode) -> ClaimDiagnosis:
    return ClaimDiagnosis(system=code.system, code=code.code, display=code.display, who=code.who, anchors=code.anchors)


def _lines(encounter: ConfirmedEncounter, place: str, services: Sequence[Service]) -> tuple[DraftLine, ...]:
    diagnoses, billed = _parted(encounter)
    numbers = [code.code for code in diagnoses]
    lines = []
    for code in billed:
        units = 1 if code.units is None else code.units
        fee = fee_of(code, services)
        lines.append(
            DraftLine(
                day=encounter.date_of_service,
                place=place,
                system=code.system,
                code=code.code,
                display=code.display,
                modifiers=code.modifiers,
                units=units,
                charge=None if fee is None else fee * units,
                points_to=tuple(numbers.index(each) + 1 for each in code.points_to if each in numbers),
                who=code.who,
                anchors=code.anchors,
            )
        )
    return tuple(lines)


def _service(line: DraftLine) -> ServiceLine:
    return ServiceLine(
        day=line.day,
        place=line.place,
        system=line.system,
        code=line.code,
        display=line.display,
        modifiers=line.modifiers,
        units=line.units,
        charge=Decimal(0) if line.charge is None else line.charge,
        points_to=line.points_to,
        who=line.who,
        anchors=line.anchors,
    )


def fee_of(code: ConfirmedCode, services: Sequence[Service]) -> Decimal | None:
    """What the practice asks for one unit: of the row with the same modifiers, else of one without; None if none."""
    own = [s for s in services if s.system is code.system and s.code == code.code and s.fee is not None]
    same = [s for s in own if set(s.modifiers) == set(code.modifiers)]
    return next((s.fee for s in (*same, *(s for s in own if not s.modifiers))), None)
