"""Whether an 837P holds claims, whole and unchanged: what a check of its syntax cannot tell."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from pipeline.records import (
    Address,
    Agreements,
    Claim,
    Person,
    PersonName,
    Practice,
    ProviderRole,
    Receiver,
    RelatedTo,
    Relationship,
)
from tests.export.read_837p import read_file
from tests.export.records_837p import Party, ReadClaim, ReadFile, ReadLine, ReadSet

VERSION = "005010X222A1"
CAUSES = {RelatedTo.AUTO: "AA", RelatedTo.EMPLOYMENT: "EM", RelatedTo.OTHER: "OA"}
RELATIONSHIPS = {Relationship.SPOUSE: "01", Relationship.CHILD: "19", Relationship.OTHER: "G8"}


def deviations(
    content: bytes, claims: Sequence[Claim], *, control_number: int, at: datetime, receiver: Receiver
) -> list[str]:
    """Where a file for payment is not what these claims, in this order within each practice, ask for."""
    try:
        file = read_file(content)
    except (ValueError, LookupError, ArithmeticError) as error:
        return [f"The file cannot be read: {error}"]
    return [
        *_differences("The envelope", _envelope(file), _wanted_envelope(claims, control_number, at, receiver)),
        *_of_sets(file, claims, control_number, at, receiver),
    ]


def _envelope(file: ReadFile) -> dict[str, object]:
    return {"ISA": file.isa, "GS": file.gs, "GE": file.ge, "IEA": file.iea, "sets": len(file.sets)}


def _wanted_envelope(
    claims: Sequence[Claim], control_number: int, at: datetime, receiver: Receiver
) -> dict[str, object]:
    sender = claims[0].practice.submitter_id
    count = len({claim.practice for claim in claims})
    day, time, control = at.strftime("%Y%m%d"), at.strftime("%H%M"), str(control_number)
    blank = " " * 10
    parties = ("ZZ", sender.ljust(15), receiver.qualifier, receiver.id.ljust(15))
    return {
        "ISA": ("00", blank, "00", blank, *parties, day[2:], time, "^", "00501", control.zfill(9), "0", "P", ":"),
        "GS": ("HC", sender, receiver.id, day, time, control, "X", VERSION),
        "GE": (str(count), control),
        "IEA": ("1", control.zfill(9)),
        "sets": count,
    }


def _of_sets(
    file: ReadFile, claims: Sequence[Claim], control_number: int, at: datetime, receiver: Receiver
) -> Iterator[str]:
    practices = list(dict.fromkeys(claim.practice for claim in claims))
    for number, (read, practice) in enumerate(zip(file.sets, practices, strict=False), start=1):
        control = f"{number:04d}"
        wanted = {
            "ST": ("837", control, VERSION),
            "BHT": ("0019", "00", f"{control_number:09d}{control}", at.strftime("%Y%m%d"), at.strftime("%H%M"), "CH"),
            "SE": (str(read.counted), control),
            "HL": ("1", "", "20", "1"),
            "tax id": ("SY" if practice.tax_id_is_ssn else "EI", practice.tax_id),
            "taxonomy": ("BI", "PXC", practice.taxonomy) if practice.taxonomy else (),
            **_wanted_parties(practice, receiver),
        }
        yield from _differences(f"Set {number}", _set(read), wanted)
        own = [claim for claim in claims if claim.practice == practice]
        if len(own) != len(read.claims):
            yield f"Set {number} has {len(read.claims)} claims and not {len(own)}."
        level = 2
        for claim, found in zip(own, read.claims, strict=False):
            yield from _differences(f"Claim {claim.number}", _claim(found), _wanted_claim(claim, level))
            level += len(found.levels)


def _set(read: ReadSet) -> dict[str, object]:
    return {
        "ST": read.head,
        "BHT": read.purpose,
        "SE": read.tail,
        "HL": read.level,
        "tax id": read.tax_id,
        "taxonomy": read.taxonomy,
        "submitter": read.submitter,
        "contact": read.contact,
        "receiver": read.receiver,
        "practice": read.practice,
    }


def _wanted_parties(practice: Practice, receiver: Receiver) -> dict[str, object]:
    name, contact = _text(practice.name), _text(practice.contact)
    return {
        "submitter": _organization("41", name, "46", practice.submitter_id),
        "contact": ("IC", "" if contact == name else contact, "TE", practice.phone),
        "receiver": _organization("40", _text(receiver.name), "46", receiver.id),
        "practice": _organization("85", name, "XX", practice.npi, practice.address),
    }


def _claim(read: ReadClaim) -> dict[str, object]:
    return {field: getattr(read, field) for field in ReadClaim.__dataclass_fields__}


def _wanted_claim(claim: Claim, level: int) -> dict[str, object]:
    coverage, accident, provider = claim.coverage, claim.accident, claim.provider
    is_self = coverage.relationship is Relationship.SELF
    subscriber = (str(level), "1", "22", "0" if is_self else "1")
    plan = "" if coverage.group else _text(coverage.plan or "")
    return {
        "levels": (subscriber,) if is_self else (subscriber, (str(level + 1), str(level), "23", "0")),
        "insurance": ("P", "18" if is_self else "", coverage.group or "", plan, "", "", "", "", coverage.payer.kind),
        "subscriber": _person(
            "IL", coverage.insured.name, ("MI", coverage.member_id), claim.patient if is_self else None
        ),
        "payer": _organization("PR", _text(coverage.payer.name), "PI", coverage.payer.id),
        "relationship": None if is_self else RELATIONSHIPS[coverage.relationship],
        "patient": None if is_self else _person("QC", claim.patient.name, ("", ""), claim.patient),
        "number": claim.number,
        "total": sum((line.charge for line in claim.lines), Decimal(0)),
        "frequency": claim.frequency.value,
        "indicators": ("B", "", "", "Y", *_agreed(claim.agreements), ""),
        "cause": CAUSES[accident.related_to] if accident else None,
        "state": accident.state if accident else None,
        "days": tuple(_days(claim)),
        "attachments": tuple(
            (each.report_type, each.transmission.value, "", "", "AC", each.control_number)
            if each.control_number
            else (each.report_type, each.transmission.value)
            for each in claim.attachments
        ),
        "paid": claim.paid,
        "references": {
            qualifier: number
            for qualifier, number in (("G1", claim.authorization), ("F8", claim.original_number), ("X4", claim.clia))
            if number
        },
        "note": None if claim.note is None else _text(claim.note),
        "referred_by": _other(claim, ProviderRole.REFERRING),
        "facility": _organization("77", _text(claim.facility.name), "XX", claim.facility.npi, claim.facility.address)
        if claim.facility
        else None,
        "supervised_by": _other(claim, ProviderRole.SUPERVISING),
        "second": _second(claim),
        "diagnoses": tuple((each.system, each.code.replace(".", "")) for each in claim.diagnoses),
        "provider": None
        if provider.npi == claim.practice.npi
        else _person(
            "82",
            provider.name,
            ("XX", provider.npi),
            taxonomy=("PE", "PXC", provider.taxonomy) if provider.taxonomy else (),
        ),
        "lines": tuple(
            ReadLine(
                code=line.code,
                modifiers=line.modifiers,
                charge=line.charge,
                units=line.units,
                place=line.place,
                points_to=line.points_to,
                day=line.day,
                ordered_by=_other(claim, ProviderRole.ORDERING),
            )
            for line in claim.lines
        ),
    }


def _second(claim: Claim) -> object:
    other = claim.other_coverage
    if other is None:
        return None
    relationship = "18" if other.relationship is Relationship.SELF else RELATIONSHIPS[other.relationship]
    plan = "" if other.group else _text(other.plan or "")
    _, assigns, releases = _agreed(claim.agreements)
    return (
        ("S", relationship, other.group or "", plan, "", "", "", "", other.payer.kind),
        ("", "", assigns, "", "", releases),
        _person("IL", other.insured, ("MI", other.member_id)),
        _organization("PR", _text(other.payer.name), "PI", other.payer.id),
    )


def _agreed(agreed: Agreements) -> tuple[str, str, str]:
    return ("A" if agreed.accepts else "C", "Y" if agreed.assigns else "N", "Y" if agreed.releases else "I")


def _days(claim: Claim) -> Iterator[tuple[str, tuple[date, ...]]]:
    course, unable, stay = claim.course, claim.course.unable_to_work, claim.course.in_hospital
    yield from (("431", (course.onset,)),) if course.onset else ()
    yield from (("439", (claim.accident.day,)),) if claim.accident else ()
    yield from (("484", (course.last_menstruation,)),) if course.last_menstruation else ()
    if unable:
        yield ("314", (unable.first, unable.last)) if unable.last else ("360", (unable.first,))
    if stay:
        yield "435", (stay.first,)
        yield from (("096", (stay.last,)),) if stay.last else ()


def _other(claim: Claim, role: ProviderRole) -> Party | None:
    other = claim.other_provider
    if other is None or other.role is not role:
        return None
    return _person({"REFERRING": "DN", "ORDERING": "DK", "SUPERVISING": "DQ"}[role.name], other.name, ("XX", other.npi))


def _organization(role: str, name: str, qualifier: str, number: str, address: Address | None = None) -> Party:
    return Party(
        role=role,
        kind="2",
        name=(name, "", "", ""),
        number=(qualifier, number),
        address=_address(address) if address else (),
    )


def _person(
    role: str,
    name: PersonName,
    number: tuple[str, str],
    lives: Person | None = None,
    taxonomy: tuple[str, ...] = (),
) -> Party:
    return Party(
        role=role,
        kind="1",
        name=tuple(_text(part or "") for part in (name.last, name.first, name.middle, name.suffix)),
        number=number,
        address=_address(lives.address) if lives else (),
        birth_date=lives.birth_date if lives else None,
        sex=(lives.sex or "U") if lives else None,
        taxonomy=taxonomy,
    )


def _address(address: Address) -> tuple[str, ...]:
    return (_text(address.street), _text(address.second or ""), _text(address.city), address.state, address.zip)


def _text(text: str) -> str:
    return re.sub("[ *:^~]+", " ", text).strip(" ")


def _differences(where: str, found: dict[str, object], wanted: dict[str, object]) -> Iterator[str]:
    for name in wanted:
        if found[name] != wanted[name]:
            yield f"{where}: {name} is {found[name]} and not {wanted[name]}."
