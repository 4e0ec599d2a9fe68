"""The upper part of the form, boxes 1 to 18: who is insured and treated, what the condition comes from, its course.

It is the same on every form of a claim.

Source: the NUCC's instruction manual of the CMS-1500 (02/12); for Medicare's box 11, the Medicare Claims Processing
Manual, chapter 26, section 10.2.
"""

from datetime import date

from pipeline.export.cms1500 import wording
from pipeline.records import Claim, PayerKind, Person, RelatedTo

ON_FILE = "SIGNATURE ON FILE"
ONSET, LAST_MENSTRUATION = "431", "484"
"""Qualifiers of box 14: when the illness or injury began, and the last menstrual period."""
TICKLESS = frozenset({PayerKind.BLUE_CROSS, PayerKind.COMMERCIAL})
"""Kinds of payers for which box 1 has no tick of their own."""


def upper(claim: Claim) -> dict[str, str]:
    """Name of a box to its text, empty where there is none."""
    return {
        **_carrier(claim),
        **_insured(claim),
        **_other_insured(claim),
        **_patient(claim),
        **_circumstances(claim),
        **_course(claim),
    }


def _carrier(claim: Claim) -> dict[str, str]:
    payer = claim.coverage.payer
    name = {"carrier name": wording.unpunctuated(payer.name)}
    if payer.address is None:
        return name
    return {
        **name,
        "carrier street": wording.unpunctuated(payer.address.street),
        "carrier second": wording.unpunctuated(payer.address.second or ""),
        "carrier city": wording.city(payer.address),
    }


def _insured(claim: Claim) -> dict[str, str]:
    coverage = claim.coverage
    insured = coverage.insured
    kind = coverage.payer.kind
    # A commercial payer has no tick of its own: with a policy group it is a group health plan, else another payer.
    tick = ("group" if coverage.group else "other") if kind in TICKLESS else kind.name.lower()
    # Medicare returns a claim that does not say whether another payer comes first.
    group = coverage.group or ("NONE" if kind is PayerKind.MEDICARE else "")
    return {
        f"1 {tick}": "X",
        "1a": wording.plain(coverage.member_id),
        "4": wording.person(insured.name),
        f"6 {coverage.relationship.value}": "X",
        **_home("7", insured),
        "11": wording.number(group),
        "11a": wording.long_day(insured.birth_date),
        **_sex("11a", insured),
        "11c": wording.unpunctuated(coverage.plan or ""),
        "11d yes" if claim.other_coverage else "11d no": "X",
        "13": ON_FILE if claim.agreements.assigns else "",
    }


def _other_insured(claim: Claim) -> dict[str, str]:
    other = claim.other_coverage
    if other is None:
        return {}
    return {
        "9": wording.person(other.insured),
        "9a": wording.number(other.group or other.member_id),
        "9d": wording.unpunctuated(other.plan or other.payer.name),
    }


def _patient(claim: Claim) -> dict[str, str]:
    patient = claim.patient
    return {
        "2": wording.person(patient.name),
        "3": wording.long_day(patient.birth_date),
        **_sex("3", patient),
        **_home("5", patient),
        "12": ON_FILE if claim.agreements.releases else "",
    }


def _home(box: str, person: Person) -> dict[str, str]:
    return {
        f"{box} street": wording.street(person.address),
        f"{box} city": wording.unpunctuated(person.address.city),
        f"{box} state": wording.plain(person.address.state),
        f"{box} zip": wording.zip_code(person.address),
        f"{box} phone": wording.phone(person.phone),
    }


def _sex(box: str, person: Person) -> dict[str, str]:
    return {f"{box} {word}": "X" for letter, word in (("M", "male"), ("F", "female")) if person.sex == letter}


def _circumstances(claim: Claim) -> dict[str, str]:
    accident = claim.accident
    related = accident.related_to if accident else None
    asked = (("10a", RelatedTo.EMPLOYMENT), ("10b", RelatedTo.AUTO), ("10c", RelatedTo.OTHER))
    boxes = {f"{box} {'yes' if related is each else 'no'}": "X" for box, each in asked}
    if accident:
        boxes |= {"10b state": wording.plain(accident.state or "")}
    return boxes


def beginnings(claim: Claim) -> tuple[tuple[str, date], ...]:
    """What box 14 could say: a qualifier and a day, each once. It has room for one."""
    days = (
        (ONSET, claim.accident.day if claim.accident else None),
        (ONSET, claim.course.onset),
        (LAST_MENSTRUATION, claim.course.last_menstruation),
    )
    return tuple(dict.fromkeys((qualifier, day) for qualifier, day in days if day is not None))


def _course(claim: Claim) -> dict[str, str]:
    began = beginnings(claim)
    boxes = {"14": wording.long_day(began[0][1]), "14 qualifier": began[0][0]} if began else {}
    for box, span in (("16", claim.course.unable_to_work), ("18", claim.course.in_hospital)):
        if span is not None:
            boxes |= {
                f"{box} from": wording.long_day(span.first),
                f"{box} to": wording.long_day(span.last) if span.last else "",
            }
    if other := claim.other_provider:
        boxes |= {"17 qualifier": other.role.value, "17": wording.full(other.name), "17b": other.npi}
    return boxes
