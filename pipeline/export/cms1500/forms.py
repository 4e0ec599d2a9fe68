"""What stands in every box: from a claim to one or several forms of six services, each of which stands alone.

A claim of up to six services is one form with all its diagnoses. A longer one is several forms: each names the
diagnoses that its own services point to and those that no service points to, in the claim's order, letters its
pointers by its own box 21, and sums its own services in box 28. So no diagnosis is lost, and no form holds one that
belongs to another form's services only.

Boxes are those that the claim's data fill. The date beside the provider's name (box 31) stays empty for whoever signs:
the claim does not hold it, and a day of service is not the day of a signature. Box 32 is that of the claim's facility,
or of the practice where all services of the form were on its own premises. What the patient paid (box 29) pays the
first form up to its total, and then the next.

Source: the NUCC's instruction manual of the CMS-1500 (02/12).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.errors import ExportError
from pipeline.export.cms1500 import wording
from pipeline.export.cms1500.boxes import misfits
from pipeline.export.cms1500.upper import beginnings, upper
from pipeline.records import (
    DIAGNOSES,
    MOST_DIAGNOSES,
    MOST_LINES,
    Address,
    Claim,
    CodeSystem,
    Frequency,
    ServiceLine,
)

LINES_OF_A_FORM = 6
LETTERS = "ABCDEFGHIJKL"
TAXONOMY = "ZZ"
"""Qualifier of a provider's taxonomy on paper (boxes 24I and 33b)."""
PREMISES = frozenset({"11", "17", "20", "49", "50", "71", "72"})
"""Places of service that are a practice's own: office and the kinds of clinics."""


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
    return tuple(_form(claim, start) for start in _starts(claim))


def unprintable(claim: Claim) -> tuple[str, ...]:
    """Why the form cannot hold a claim, every reason as a sentence; none where it can.

    It tells every text that does not fit or print, with its box and how long it may be, diagnoses of two editions or
    more than 12, an amount that is not in whole cents. Of a claim without a fault only texts remain to be told.
    """
    problems = list(_refusals(claim))
    for start in _starts(claim):
        form = _form(claim, start)
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
    if len(began := beginnings(claim)) > 1:
        yield f"Box 14 takes one day; there are {len(began)}, of accident, illness or last menstrual period."
    if claim.authorization and claim.clia:
        yield "Box 23 takes one number; there are a prior authorization and a CLIA number."
    if claim.paid is not None and not wording.is_money(claim.paid):
        yield "Box 29 takes dollars and whole cents."


def _form(claim: Claim, start: int) -> Form:
    lines = claim.lines[start : start + LINES_OF_A_FORM]
    numbers = _diagnoses(claim, lines)
    letters = dict(zip(numbers, LETTERS, strict=False))
    boxes = {
        **upper(claim),
        **{f"21{letter}": _undotted(claim.diagnoses[number - 1].code) for number, letter in letters.items()},
        **_account(claim, lines),
        **_paid(claim, start),
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


def _account(claim: Claim, lines: Sequence[ServiceLine]) -> dict[str, str]:
    dollars, cents = wording.money(sum((line.charge for line in lines), Decimal(0)))
    attachments = (
        f"PWK{each.report_type}{each.transmission.value}{each.control_number or ''}".upper()
        for each in claim.attachments
    )
    corrected = claim.frequency is not Frequency.ORIGINAL
    is_icd10 = any(each.system is CodeSystem.ICD10CM for each in claim.diagnoses)
    return {
        "19": (" " * 3).join(text for text in (wording.plain(claim.note or ""), *attachments) if text),
        "21 indicator": "0" if is_icd10 else "9",
        "22 code": claim.frequency.value if corrected else "",
        "22 original": wording.plain(claim.original_number or "") if corrected else "",
        "23": wording.number(claim.authorization or claim.clia or ""),
        "25": claim.practice.tax_id,
        "25 ssn" if claim.practice.tax_id_is_ssn else "25 ein": "X",
        "26": wording.plain(claim.number.replace("-", "")),
        "27 yes" if claim.agreements.accepts else "27 no": "X",
        "28 dollars": dollars,
        "28 cents": cents,
    }


def _paid(claim: Claim, start: int) -> dict[str, str]:
    """What of the amount that the patient paid falls on the form whose first service is the one behind `start`."""
    charges = [line.charge for line in claim.lines]
    if claim.paid is None or not all(map(wording.is_money, (claim.paid, *charges))):
        return {}
    left = max(claim.paid - sum(charges[:start], Decimal(0)), Decimal(0))
    end = start + LINES_OF_A_FORM
    # More than all charges stands whole on the last form, so that nothing is lost unseen.
    here = left if end >= len(charges) else min(left, sum(charges[start:end], Decimal(0)))
    dollars, cents = wording.money(here)
    return {"29 dollars": dollars, "29 cents": cents} if here else {}


def _practice(claim: Claim, lines: Sequence[ServiceLine]) -> dict[str, str]:
    practice = claim.practice
    first, last = wording.signed(claim.provider.name)
    where = _place(practice.name, practice.address)
    return {
        "31 first": first,
        "31 last": last,
        **_services_were(claim, lines),
        "33 phone": wording.phone(practice.phone),
        **{f"33 {part}": text for part, text in where.items()},
        "33a": practice.npi,
        "33b": f"{TAXONOMY}{wording.plain(practice.taxonomy)}" if practice.taxonomy else "",
    }


def _services_were(claim: Claim, lines: Sequence[ServiceLine]) -> dict[str, str]:
    if claim.facility is None and not {line.place for line in lines} <= PREMISES:
        return {}
    where = claim.facility or claim.practice
    return {**{f"32 {part}": text for part, text in _place(where.name, where.address).items()}, "32a": where.npi}


def _place(name: str, address: Address) -> dict[str, str]:
    return {
        "name": wording.unpunctuated(name),
        "street": wording.street(address),
        "city": wording.city(address),
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
