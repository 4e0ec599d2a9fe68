"""The FHIR bundle of a claim, read back as plain JSON with exact decimals."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pipeline.export.fhir import fhir_bundle
from pipeline.records import (
    Claim,
)

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ICD9 = "http://hl7.org/fhir/sid/icd-9-cm"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
CPT = "http://www.ama-assn.org/go/cpt"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"


def raw(claim: Claim) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(fhir_bundle(claim, at=AT), parse_float=Decimal)
    return found


def of_kind(claim: Claim, kind: str) -> list[dict[str, Any]]:
    """The resources of a kind, in their order."""
    return [entry["resource"] for entry in raw(claim)["entry"] if entry["resource"]["resourceType"] == kind]


def the(claim: Claim, kind: str) -> dict[str, Any]:
    [found] = of_kind(claim, kind)
    return found


def coded(concept: dict[str, Any]) -> tuple[str, str]:
    [coding] = concept["coding"]
    return coding["system"], coding["code"]
