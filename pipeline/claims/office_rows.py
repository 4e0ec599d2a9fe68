"""What a row of the office's files says, and what does not fit in it."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from pipeline.claims.office import OfficePatient, OfficeProvider, Visit
from pipeline.records import (
    Accident,
    Address,
    Agreements,
    Attachment,
    Course,
    Coverage,
    Facility,
    Frequency,
    OtherCoverage,
    OtherProvider,
    Payer,
    PayerKind,
    Person,
    PersonName,
    Practice,
    Provider,
    ProviderRole,
    Receiver,
    RelatedTo,
    Relationship,
    Span,
    Transmission,
)

Row = Mapping[str, str]
"""Column to cell; a cell that is empty, or that the file does not have, is an empty text."""
T = TypeVar("T")

DAYS = (
    *("birth_date", "insured_birth_date", "date_of_service", "accident_date", "onset", "last_menstruation"),
    *("unable_from", "unable_to", "admitted", "discharged"),
)
"""Columns that hold a day."""
OTHER = ("other_last", "other_first", "other_middle", "other_suffix", "other_npi")
"""Columns of a visit's other provider, besides the role."""
SECOND = (
    *("second_payer_id", "second_member_id", "second_group", "second_plan", "second_relationship"),
    *("second_last", "second_first", "second_middle", "second_suffix"),
)
"""Columns of a patient's second insurance, its payer first."""
_AMOUNT = re.compile(r"\$? ?([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,6})(\.[0-9]{1,2})?")
_KINDS = {kind.name.lower().replace("_", " "): kind for kind in PayerKind}
_FREQUENCIES = {each.name.lower(): each for each in Frequency}
_ROLES = {role.name.lower(): role for role in ProviderRole}
_TRANSMISSIONS = {each.name.lower().replace("_", " "): each for each in Transmission}
_NONE = "none"
CHOICES: dict[str, tuple[str, ...]] = {
    "tax_id_kind": ("EIN", "SSN"),
    "kind": tuple(_KINDS),
    "relationship": tuple(Relationship),
    "second_relationship": tuple(Relationship),
    "related_to": (*RelatedTo, _NONE),
    "frequency": tuple(_FREQUENCIES),
    "sex": ("F", "M"),
    "insured_sex": ("F", "M"),
    "other_role": tuple(_ROLES),
    "attachment_by": tuple(_TRANSMISSIONS),
    "release_by": ("1", "2"),
    **dict.fromkeys(("releases", "assigns", "accepts"), ("yes", "no")),
}
"""What a cell of a column may be, where not anything."""


def row_faults(kind: str, row: Row) -> Iterator[tuple[str, str]]:
    """What does not fit in a row, by column: whether it is complete is asked when a claim is made of it."""
    for name in DAYS:
        if row.get(name) and _tried(date.fromisoformat, row[name]) is None:
            yield name, "a day is written YYYY-MM-DD."
    if row.get("paid") and not _AMOUNT.fullmatch(row["paid"]):
        yield "paid", "an amount is written 12.50."
    for name, values in CHOICES.items():
        if row.get(name) and row[name] not in values:
            yield name, f"it is one of {', '.join(values)}."
    needed = {
        "patients": ("record_number", "birth_date", "payer_id", "relationship"),
        "visits": ("record_number", "date_of_service"),
        "payers": ("id", "kind"),
        "facilities": ("npi",),
    }
    for name in needed.get(kind, ()):
        if not row[name]:
            yield name, "it is empty."
    if kind == "patients" and row["relationship"] not in ("", Relationship.SELF) and not row["insured_birth_date"]:
        yield "insured_birth_date", "it is empty, and the patient is not the insured."
    if kind == "patients" and any(row[name] for name in SECOND):
        for name in ("second_payer_id", "second_relationship"):
            if not row[name]:
                yield name, "it is empty, and there is a second insurance."
    if kind == "visits" and row["related_to"] not in ("", _NONE) and not row["accident_date"]:
        yield "accident_date", "it is empty."
    if kind == "visits" and not row["attachment"] and (row["attachment_by"] or row["attachment_number"]):
        yield "attachment", "it is empty, and the rest of an attachment is not."
    for first, last in (("unable_from", "unable_to"), ("admitted", "discharged")):
        if kind == "visits" and row[last] and not row[first]:
            yield first, f"it is empty, and {last} is not."
    if kind == "visits" and not row["other_role"] and any(row[name] for name in OTHER):
        yield "other_role", "it is empty, and there is another provider."


def _tried(make: Callable[[str], T], text: str) -> T | None:
    try:
        return make(text)
    except ValueError:
        return None


def _digits(text: str) -> str:
    return "".join(char for char in text if char not in " -().+")


def _address(row: Row, prefix: str = "") -> Address:
    return Address(
        street=row[f"{prefix}street"],
        second=row[f"{prefix}second"] or None,
        city=row[f"{prefix}city"],
        state=row[f"{prefix}state"].upper(),
        zip=_digits(row[f"{prefix}zip"]),
    )


def _name(row: Row, prefix: str = "") -> PersonName:
    return PersonName(
        last=row[f"{prefix}last"],
        first=row[f"{prefix}first"],
        middle=row[f"{prefix}middle"] or None,
        suffix=row[f"{prefix}suffix"] or None,
    )


def _person(row: Row, prefix: str = "") -> Person:
    return Person(
        name=_name(row, prefix),
        birth_date=date.fromisoformat(row[f"{prefix}birth_date"]),
        sex=row[f"{prefix}sex"] or None,
        address=_address(row, prefix),
        phone=_digits(row[f"{prefix}phone"]) or None,
    )


def practice(row: Row) -> Practice:
    """Who bills."""
    return Practice(
        name=row["name"],
        npi=row["npi"],
        tax_id=_digits(row["tax_id"]),
        tax_id_is_ssn=row["tax_id_kind"] == "SSN",
        address=_address(row),
        phone=_digits(row["phone"]),
        contact=row["contact"],
        taxonomy=row["taxonomy"] or None,
        submitter_id=row["submitter_id"],
    )


def receiver(row: Row) -> Receiver | None:
    """Who takes the 837P, from the practice's row."""
    if not row["receiver_id"]:
        return None
    return Receiver(id=row["receiver_id"], qualifier=row["receiver_qualifier"] or "ZZ", name=row["receiver_name"])


def provider(row: Row) -> OfficeProvider:
    """A provider, with the other ways to write the name."""
    return OfficeProvider(
        provider=Provider(name=_name(row), npi=row["npi"], taxonomy=row["taxonomy"] or None),
        also=tuple(name.strip() for name in row["also"].split(";") if name.strip()),
    )


def payer(row: Row) -> Payer:
    """Who is asked to pay."""
    return Payer(
        name=row["name"], id=row["id"], kind=_KINDS[row["kind"]], address=_address(row) if row["street"] else None
    )


def facility(row: Row) -> Facility:
    """Where services may be, besides the practice."""
    return Facility(name=row["name"], npi=row["npi"], address=_address(row))


def patient(row: Row, payers: Mapping[str, Payer]) -> OfficePatient:
    """A patient with the insurance."""
    person = _person(row)
    relationship = Relationship(row["relationship"])
    return OfficePatient(
        record_number=row["record_number"],
        person=person,
        coverage=Coverage(
            payer=_asked(row["payer_id"], payers),
            member_id=row["member_id"],
            group=row["group"] or None,
            plan=row["plan"] or None,
            relationship=relationship,
            insured=person if relationship is Relationship.SELF else _person(row, "insured_"),
        ),
        other_coverage=_second(row, person, payers),
    )


def _second(row: Row, person: Person, payers: Mapping[str, Payer]) -> OtherCoverage | None:
    if not row["second_payer_id"]:
        return None
    relationship = Relationship(row["second_relationship"])
    return OtherCoverage(
        payer=_asked(row["second_payer_id"], payers),
        member_id=row["second_member_id"],
        group=row["second_group"] or None,
        plan=row["second_plan"] or None,
        relationship=relationship,
        insured=person.name if relationship is Relationship.SELF else _name(row, "second_"),
    )


def _asked(id: str, payers: Mapping[str, Payer]) -> Payer:
    """A payer; one that nobody brought has no name, which the claim then asks for."""
    return payers.get(id) or Payer(name="", id=id, kind=PayerKind.COMMERCIAL, address=None)


def visit(row: Row) -> Visit:
    """What was said of a visit."""
    related = row["related_to"]
    accident = None
    if related not in ("", _NONE):
        accident = Accident(
            related_to=RelatedTo(related),
            day=date.fromisoformat(row["accident_date"]),
            state=row["accident_state"].upper() or None,
        )
    return Visit(
        record_number=row["record_number"],
        day=date.fromisoformat(row["date_of_service"]),
        place=row["place"] or None,
        said_of_cause=bool(related),
        accident=accident,
        authorization=row["authorization"] or None,
        frequency=_FREQUENCIES.get(row["frequency"]),
        original_number=row["original_number"] or None,
        facility=row["facility"] or None,
        other_provider=_other_provider(row),
        # Nothing paid is nothing to tell.
        paid=_paid(row["paid"]) or None,
        agreements=Agreements(
            releases=row["releases"] != "no", assigns=row["assigns"] != "no", accepts=row["accepts"] != "no"
        ),
        course=Course(
            onset=_day(row["onset"]),
            last_menstruation=_day(row["last_menstruation"]),
            unable_to_work=_span(row["unable_from"], row["unable_to"]),
            in_hospital=_span(row["admitted"], row["discharged"]),
        ),
        note=row["note"] or None,
        attachments=_attachments(row),
    )


def _attachments(row: Row) -> tuple[Attachment, ...]:
    if not row["attachment"]:
        return ()
    by = _TRANSMISSIONS.get(row["attachment_by"], Transmission.ON_REQUEST)
    number = row["attachment_number"] or None
    return (Attachment(report_type=row["attachment"].upper(), transmission=by, control_number=number),)


def _other_provider(row: Row) -> OtherProvider | None:
    if not row["other_role"]:
        return None
    return OtherProvider(role=_ROLES[row["other_role"]], name=_name(row, "other_"), npi=row["other_npi"])


def _paid(text: str) -> Decimal | None:
    return Decimal(text.lstrip("$ ").replace(",", "")) if text else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _span(first: str, last: str) -> Span | None:
    return Span(first=date.fromisoformat(first), last=_day(last)) if first else None
