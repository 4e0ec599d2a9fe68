"""Claims as CSV, one row a service line, and as JSON, the whole record: for spreadsheets and importers.

Both are written from the claim alone and lose nothing that they have a place for. Days are YYYY-MM-DD; money is in
dollars and has its cents, so that what reads it as a decimal gets the same amount.
"""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal

from pydantic import TypeAdapter

from pipeline.export.codes import harmless
from pipeline.records import MOST_DIAGNOSES, SYSTEM_NAMES, Claim, OtherCoverage, PersonName, ServiceLine, Span

CLAIM = TypeAdapter(Claim)
LETTERS = "ABCDEFGHIJKL"
"""What box 21 calls its diagnoses."""

COLUMNS = (
    "claim",
    "encounter",
    "frequency",
    "original_number",
    "signed_by",
    "practice",
    "practice_npi",
    "provider",
    "provider_npi",
    "payer",
    "payer_id",
    "member_id",
    "group",
    "relationship",
    "insured",
    "patient",
    "birth_date",
    "sex",
    "accident",
    "accident_day",
    "accident_state",
    "authorization",
    "facility",
    "facility_npi",
    "other_provider_role",
    "other_provider",
    "other_provider_npi",
    "paid",
    "releases",
    "assigns",
    "accepts",
    "onset",
    "last_menstruation",
    "unable_to_work_from",
    "unable_to_work_to",
    "in_hospital_from",
    "in_hospital_to",
    "note",
    "clia",
    "second_payer",
    "second_payer_id",
    "second_member_id",
    "second_group",
    "second_plan",
    "second_relationship",
    "second_insured",
    "line",
    "day",
    "place",
    "system",
    "code",
    "display",
    "modifiers",
    "units",
    "charge",
    "confirmed_by",
    "pointers",
    "edition",
    *(f"diagnosis_{letter.lower()}" for letter in LETTERS),
    "total",
)


def claims_csv(claims: Iterable[Claim]) -> str:
    """One row a service line; lines end in CR LF, as RFC 4180 says.

    `pointers` are letters without anything between them, the primary first (`BA`), of the columns `diagnosis_a` to
    `diagnosis_l`; modifiers stand apart by spaces. `total` is the claim's and stands in each of its rows: what sums
    up over rows is `charge`. A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for claim in claims:
        for number, line in enumerate(claim.lines, start=1):
            rows.writerow([harmless(cell) for cell in _row(claim, number, line)])
    return text.getvalue()


def claims_json(claims: Iterable[Claim]) -> str:
    """A list of claims, each with every field of the record under its own name and in its order, and its total.

    Money is a string with its cents, a box four pixels of the page as rendered (left, top, right, bottom), what is
    unknown null.
    """
    written = [{**_fields(claim), "total": dollars(claim.total)} for claim in claims]
    return json.dumps(written, ensure_ascii=False, indent=2) + "\n"


def claim_read(text: str) -> Claim:
    """The claim of which a text is the JSON: an element of `claims_json`, or what pydantic writes of the record.

    Raises:
        ValueError: it is not the JSON of a claim.
    """
    return CLAIM.validate_json(text)


def dollars(amount: Decimal) -> str:
    """An amount with at least its two cents; a finer one keeps every decimal, for rounding it would change it."""
    return f"{amount:.2f}" if amount == round(amount, 2) else f"{amount:f}"


def _row(claim: Claim, number: int, line: ServiceLine) -> tuple[str, ...]:
    coverage, patient, accident = claim.coverage, claim.patient, claim.accident
    diagnoses = [each.code for each in claim.diagnoses]
    return (
        claim.number,
        claim.encounter,
        claim.frequency.value,
        claim.original_number or "",
        claim.signed_by,
        claim.practice.name,
        claim.practice.npi,
        _name(claim.provider.name),
        claim.provider.npi,
        coverage.payer.name,
        coverage.payer.id,
        coverage.member_id,
        coverage.group or "",
        coverage.relationship.value,
        _name(coverage.insured.name),
        _name(patient.name),
        patient.birth_date.isoformat(),
        patient.sex or "",
        accident.related_to.value if accident else "",
        _day(accident.day) if accident else "",
        (accident.state or "") if accident else "",
        claim.authorization or "",
        *_circumstances(claim),
        *_second(claim.other_coverage),
        str(number),
        line.day.isoformat(),
        line.place,
        line.system.value,
        line.code,
        line.display,
        " ".join(line.modifiers),
        str(line.units),
        dollars(line.charge),
        line.who,
        "".join(LETTERS[pointer - 1] for pointer in line.points_to),
        SYSTEM_NAMES[claim.diagnoses[0].system],
        *diagnoses,
        *[""] * (MOST_DIAGNOSES - len(diagnoses)),
        dollars(claim.total),
    )


def _circumstances(claim: Claim) -> tuple[str, ...]:
    facility, other, agreed, course = claim.facility, claim.other_provider, claim.agreements, claim.course
    return (
        *((facility.name, facility.npi) if facility else ("", "")),
        *((other.role.name.lower(), _name(other.name), other.npi) if other else ("", "", "")),
        "" if claim.paid is None else dollars(claim.paid),
        *("yes" if agreed_to else "no" for agreed_to in (agreed.releases, agreed.assigns, agreed.accepts)),
        _day(course.onset),
        _day(course.last_menstruation),
        *_days(course.unable_to_work),
        *_days(course.in_hospital),
        claim.note or "",
        claim.clia or "",
    )


def _second(other: OtherCoverage | None) -> tuple[str, ...]:
    if other is None:
        return ("",) * 7
    return (
        other.payer.name,
        other.payer.id,
        other.member_id,
        other.group or "",
        other.plan or "",
        other.relationship.value,
        _name(other.insured),
    )


def _days(span: Span | None) -> tuple[str, str]:
    return (_day(span.first), _day(span.last)) if span else ("", "")


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _name(name: PersonName) -> str:
    """As `Last Suffix, First Middle`."""
    parts = ((name.last, name.suffix), (name.first, name.middle))
    return ", ".join(" ".join(part for part in pair if part) for pair in parts)


def _fields(record: object) -> dict[str, object]:
    assert is_dataclass(record)
    return {field.name: _plain(getattr(record, field.name)) for field in fields(record)}


def _plain(value: object) -> object:
    """A value as JSON has it; the words of an enumeration are strings already."""
    match value:
        case tuple():
            return [_plain(each) for each in value]
        case Decimal():
            return dollars(value)
        case date():
            return value.isoformat()
        case None | str() | int():
            return value
        case _:
            return _fields(value)
