"""What a claim bills, and the same read back from each of its formats by the readers of their tests."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from pipeline.export.x837p import x837p
from pipeline.records import Claim, CodeSystem
from tests.export.around import Around, around, around_cms1500, around_fhir, around_x837p
from tests.export.drawn_837p import RECEIVER
from tests.export.read_837p import read_837p
from tests.export.read_cms1500 import read_back
from tests.export.read_fhir import ICD10

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class BilledLine:
    """A service line with all that is paid for."""

    code: str
    modifiers: tuple[str, ...]
    units: int
    charge: Decimal
    points_to: tuple[str, ...]
    """Diagnoses without their points, the primary first."""


@dataclass(frozen=True, kw_only=True)
class Billed:
    """All lines of a claim, and what surrounds them."""

    is_icd10: bool
    lines: tuple[BilledLine, ...]
    total: Decimal
    around: Around


def billed(claim: Claim) -> Billed:
    """What the record says."""
    codes = [_bare(each.code) for each in claim.diagnoses]
    return Billed(
        is_icd10=claim.diagnoses[0].system is CodeSystem.ICD10CM,
        lines=tuple(
            BilledLine(
                code=line.code,
                modifiers=line.modifiers,
                units=line.units,
                charge=line.charge,
                points_to=tuple(codes[number - 1] for number in line.points_to),
            )
            for line in claim.lines
        ),
        total=claim.total,
        around=around(claim),
    )


def from_x837p(claim: Claim) -> Billed:
    """What its 837P says."""
    (read,) = read_837p(x837p([claim], control_number=1, at=AT, receiver=RECEIVER))
    codes = [code for _, code in read.diagnoses]
    lines = tuple(
        BilledLine(
            code=line.code,
            modifiers=line.modifiers,
            units=line.units,
            charge=line.charge,
            points_to=tuple(codes[number - 1] for number in line.points_to),
        )
        for line in read.lines
    )
    return Billed(
        is_icd10=read.diagnoses[0][0] is CodeSystem.ICD10CM, lines=lines, total=read.total, around=around_x837p(read)
    )


def from_cms1500(pdf: bytes) -> Billed:
    """What the text of its CMS-1500 says, all forms together."""
    forms = read_back(pdf)
    (indicator,) = {form.indicator for form in forms}
    lines = tuple(
        BilledLine(
            code=service.code,
            modifiers=service.modifiers,
            units=service.units,
            charge=Decimal(service.cents) / 100,
            points_to=service.points_to,
        )
        for form in forms
        for service in form.services
    )
    return Billed(
        is_icd10=indicator == "0",
        lines=lines,
        total=sum((Decimal(form.total) / 100 for form in forms), Decimal(0)),
        around=around_cms1500(forms),
    )


def from_fhir(bundle: str) -> Billed:
    """What its FHIR bundle says."""
    entries = json.loads(bundle, parse_float=Decimal, parse_int=Decimal)["entry"]
    (claim,) = [entry["resource"] for entry in entries if entry["resource"]["resourceType"] == "Claim"]
    coding = {each["sequence"]: each["diagnosisCodeableConcept"]["coding"][0] for each in claim["diagnosis"]}
    lines = tuple(
        BilledLine(
            code=item["productOrService"]["coding"][0]["code"],
            modifiers=tuple(each["coding"][0]["code"] for each in item.get("modifier", ())),
            units=int(item["quantity"]["value"]),
            charge=Decimal(item["net"]["value"]),
            points_to=tuple(_bare(coding[number]["code"]) for number in item["diagnosisSequence"]),
        )
        for item in claim["item"]
    )
    (system,) = {each["system"] for each in coding.values()}
    return Billed(
        is_icd10=system == ICD10,
        lines=lines,
        total=Decimal(claim["total"]["value"]),
        around=around_fhir(claim, {entry["fullUrl"]: entry["resource"] for entry in entries}),
    )


def _bare(code: str) -> str:
    return code.replace(".", "")
