"""What stands in every box: from a claim to one or several forms of six services, each of which stands alone.

A claim of up to six services is one form with all its diagnoses. A longer one is several forms: each names the
diagnoses that its own services point to and those that no service points to, in the claim's order, letters its
pointers by its own box 21, and sums its own services in box 28. So no diagnosis is lost, and no form holds one that
belongs to another form's services only.

Boxes are those that the claim's data fill. The date beside the provider's name (box 31) stays empty for whoever signs:
the claim does not hold it, and a day of service is not the day of a signature. Box 32 is filled where all services of
the form were on the practice's own premises, as the claim knows no other address.

Source: the NUCC's instruction manual of the CMS-1500 (02/12); for Medicare's box 11, the Medicare Claims Processing
Manual, chapter 26, section 10.2.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.errors import ExportError
from pipeline.export.cms1500 import wording
from pipeline.export.cms1500.boxes import misfits
from pipeline.records import (
    DIAGNOSES,
    MOST_DIAGNOSES,
    MOST_LINES,
    Claim,
    CodeSystem,
    Coverage,
    Frequency,
    PayerKind,
    Person,
    RelatedTo,
    ServiceLine,
)

LINES_OF_A_FORM = 6
LETTERS = "ABCDEFGHIJKL"
ON_FILE = "SIGNATURE ON FILE"
ONSET = "431"
"""Qualifier of box 14: when the illness or injury began."""
TAXONOMY = "ZZ"
"""Qualifier of a provider's taxonomy on paper (boxes 24I and 33b)."""
PREMISES = frozenset({"11", "17", "20", "49", "50", "71", "72"})
"""Places of service that are a practice's own: office and the kinds of clinics."""
TICKLESS = frozenset({PayerKind.BLUE_CROSS, PayerKind.COMMERCIAL})
"""Kinds of payers for which box 1 has no tick of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What stands on one form. A box that stays empty is not named."""

    boxes: Mapping[str, str]
    """Name of a box outside box 24 to its text."""
    lines: tuple[Mapping[str, str], ...]
    """Of each service from the top, name of a box of 24 to its text; one to six."""


def forms(claim: Claim) -> tuple[Form, ...]:
    """The forms of a claim, in the order of its services.

    Raises:
        ExportError: what `unprintable` tells.
    """
    if problems := unprintable(claim):
        raise ExportError(*problems)
    return tuple(_form(claim, claim.lines[start : start + LINES_OF_A_FORM]) for start in _starts(claim))


def unprintable(claim: Claim) -> tuple[str, ...]:
    """Why the form cannot hold a claim, every reason as a sentence; none where it can.

    It tells every text that does not fit or print, with its box and how long it may be, diagnoses of two editions or
    more than 12, an amount that is not in whole cents. Of a claim without a fault only texts remain to be told.
    """
    problems = list(_refusals(claim))
    for start in _starts(claim):
        form = _form(claim, claim.lines[start : start + LINES_OF_A_FORM])
        problems += misfits(form.boxes)
        for number, line in enumerate(form.lines, start=start + 1):
            problems += misfits(line, f" of service {number}")
    return tuple(dict.fromkeys(problems))


def _starts(claim: Claim) -> range:
    """Where in the claim's services each form begins."""
    return range(0, max(len(claim.lines), 1), LINES_OF_A_FORM)


def _refusals(claim: Claim) -> Iterator[str]:
    if not 1 <= len(claim.diagnoses) <= MOST_DIAGNOSES:
        yield f"Box 21 takes 1 to {MOST_DIAGNOSES} diagnoses; there are {len(claim.diagnoses)}."
    systems = {each.system for each in claim.diagnoses}
    if systems >= DIAGNOSES:
        yield "Box 21 takes diagnoses of one ICD edition; these are of both."
    if systems - DIAGNOSES:
        yield "Box 21 takes diagnoses of ICD-9-CM or ICD-10-CM only."
    if not 1 <= len(claim.lines) <= MOST_LINES:
        yield f"Box 24 takes 1 to {MOST_LINES} services; there are {len(claim.lines)}."
    for number, line in enumerate(claim.lines, start=1):
        if not line.points_to or not set(line.points_to) <= set(range(1, len(claim.diagnoses) + 1)):
            yield f"Box 24E of service {number} points to no diagnosis, or to one that there is not."
        if not wording.is_money(line.charge):
            yield f"Box 24F of service {number} takes dollars and whole cents."
    if claim.frequency is not Frequency.ORIGINAL and not claim.original_number:
        yield "Box 22 lacks the payer's number of the earlier claim."


def _form(claim: Claim, lines: Sequence[ServiceLine]) -> Form:
    numbers = _diagnoses(claim, lines)
    letters = dict(zip(numbers, LETTERS, strict=False))
    boxes = {
        **_carrier(claim),
        **_insured(claim.coverage),
        **_patient(claim),
        **_circumstances(claim),
        **{f"21{letter}": _undotted(claim.diagnoses[number - 1].code) for number, letter in letters.items()},
        **_account(claim, lines),
        **_practice(claim, lines),
    }
    services = (_service(claim, line, letters) for line in lines)
    return Form(boxes=_filled(boxes), lines=tuple(_filled(service) for service in services))


def _diagnoses(claim: Claim, lines: Sequence[ServiceLine]) -> list[int]:
    """The numbers of the diagnoses that a form with these lines names."""
    every = range(1, len(claim.diagnoses) + 1)
    pointed = {number for line in claim.lines for number in line.points_to}
    here = {number for line in lines for number in line.points_to}
    return [number for number in every if number in here or number not in pointed or len(lines) == len(claim.lines)]


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


def _insured(coverage: Coverage) -> dict[str, str]:
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
        "11d no": "X",
        "13": ON_FILE,
    }


def _patient(claim: Claim) -> dict[str, str]:
    patient = claim.patient
    return {
        "2": wording.person(patient.name),
        "3": wording.long_day(patient.birth_date),
        **_sex("3", patient),
        **_home("5", patient),
        "12": ON_FILE,
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
        boxes |= {
            "10b state": wording.plain(accident.state or ""),
            "14": wording.long_day(accident.day),
            "14 qualifier": ONSET,
        }
    return boxes


def _account(claim: Claim, lines: Sequence[ServiceLine]) -> dict[str, str]:
    dollars, cents = wording.money(sum((line.charge for line in lines), Decimal(0)))
    corrected = claim.frequency is not Frequency.ORIGINAL
    is_icd10 = any(each.system is CodeSystem.ICD10CM for each in claim.diagnoses)
    return {
        "19": (" " * 3).join(
            f"PWK{each.report_type}{each.transmission.value}{each.control_number or ''}".upper()
            for each in claim.attachments
        ),
        "21 indicator": "0" if is_icd10 else "9",
        "22 code": claim.frequency.value if corrected else "",
        "22 original": wording.plain(claim.original_number or "") if corrected else "",
        "23": wording.number(claim.authorization or ""),
        "25": claim.practice.tax_id,
        "25 ssn" if claim.practice.tax_id_is_ssn else "25 ein": "X",
        "26": wording.plain(claim.number.replace("-", "")),
        "27 yes": "X",
        "28 dollars": dollars,
        "28 cents": cents,
    }


def _practice(claim: Claim, lines: Sequence[ServiceLine]) -> dict[str, str]:
    practice = claim.practice
    first, last = wording.signed(claim.provider.name)
    where = {
        "name": wording.unpunctuated(practice.name),
        "street": wording.street(practice.address),
        "city": wording.city(practice.address),
    }
    on_premises = {line.place for line in lines} <= PREMISES
    return {
        "31 first": first,
        "31 last": last,
        **({f"32 {part}": text for part, text in where.items()} if on_premises else {}),
        "32a": practice.npi if on_premises else "",
        "33 phone": wording.phone(practice.phone),
        **{f"33 {part}": text for part, text in where.items()},
        "33a": practice.npi,
        "33b": f"{TAXONOMY}{wording.plain(practice.taxonomy)}" if practice.taxonomy else "",
    }


def _service(claim: Claim, line: ServiceLine, letters: Mapping[int, str]) -> dict[str, str]:
    dollars, cents = wording.money(line.charge)
    taxonomy = claim.provider.taxonomy
    return {
        "24A from": wording.short_day(line.day),
        "24A to": wording.short_day(line.day),
        "24B": line.place,
        "24D": wording.plain(line.code),
        "24D modifiers": " ".join(line.modifiers).upper(),
        "24E": "".join(letters[number] for number in line.points_to if number in letters),
        "24F dollars": dollars,
        "24F cents": cents,
        "24G": str(line.units),
        "24I": TAXONOMY if taxonomy else "",
        "24J taxonomy": wording.plain(taxonomy or ""),
        "24J": claim.provider.npi,
    }


def _undotted(code: str) -> str:
    return wording.plain(code.replace(".", ""))


def _filled(boxes: Mapping[str, str]) -> dict[str, str]:
    return {box: text for box, text in boxes.items() if text}
