import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.claim import Claim as FhirClaim
from fhir.resources.R4B.resource import Resource
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from pipeline.errors import ExportError
from pipeline.export.fhir import fhir_bundle
from pipeline.records import (
    Claim,
    CodeSystem,
    PersonName,
)
from tests.claims.drawn_claims import CLAIM, claims, service
from tests.export.read_fhir import AT, CPT, HCPCS, ICD9, ICD10, coded, of_kind, raw, the

ANYTHING = ["Resource"]
# Every element of the types in use that FHIR 4.0.1 defines for them, and what a reference in it may lead to: taken from
# the classes of fhir.resources 6.1.0, which were made from the definitions of release R4, build 9346c8cc45.
R4 = json.loads(Path(__file__).with_name("r4_elements.json").read_text("utf-8"))


def written(claim: Claim) -> Bundle:
    bundle: Bundle = Bundle.model_validate_json(fhir_bundle(claim, at=AT))
    return bundle


def resources(bundle: Bundle) -> list[tuple[str, Resource]]:
    """Every resource with its address."""
    found = [(entry.fullUrl, entry.resource) for entry in bundle.entry or []]
    assert all(address and resource for address, resource in found)
    return [(str(address), resource) for address, resource in found if resource is not None]


def parts(model: BaseModel) -> Iterator[BaseModel]:
    """A resource, and every part of it."""
    yield model
    for name in type(model).model_fields:
        value = getattr(model, name)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, BaseModel):
                yield from parts(each)


def elements(model: BaseModel) -> dict[str, Any]:
    """What is set, by the element's name."""
    found = {field.alias or name: getattr(model, name) for name, field in type(model).model_fields.items()}
    return {name: value for name, value in found.items() if value is not None}


def test_the_bundle_is_a_collection_with_a_resource_for_everything_that_the_claim_is_about() -> None:
    bundle = written(CLAIM)
    assert (bundle.type, bundle.timestamp) == ("collection", AT)
    assert [resource.get_resource_type() for _, resource in resources(bundle)] == [
        "Claim",
        "Coverage",
        "Patient",
        "Organization",
        "Organization",
        "Practitioner",
        "Practitioner",
        "Encounter",
        "Condition",
        "Condition",
        "Procedure",
        "Procedure",
        "Provenance",
    ]


@settings(deadline=None, max_examples=12)
@given(claims())
def test_codes_units_charges_and_pointers_are_the_claims(claim: Claim) -> None:
    found = the(claim, "Claim")
    systems = {CodeSystem.ICD9CM: ICD9, CodeSystem.ICD10CM: ICD10, CodeSystem.CPT: CPT, CodeSystem.HCPCS: HCPCS}
    numbered = range(1, len(claim.lines) + 1)
    assert [each["sequence"] for each in found["diagnosis"]] == list(range(1, len(claim.diagnoses) + 1))
    assert [each["sequence"] for each in found["item"]] == list(numbered)
    codes = [(systems[each.system], each.code) for each in claim.diagnoses]
    assert [coded(each["diagnosisCodeableConcept"]) for each in found["diagnosis"]] == codes
    assert [coded(each["code"]) for each in of_kind(claim, "Condition")] == codes
    services = [(systems[each.system], each.code) for each in claim.lines]
    assert [coded(item["productOrService"]) for item in found["item"]] == services
    assert [coded(each["code"]) for each in of_kind(claim, "Procedure")] == services
    for line, item in zip(claim.lines, found["item"], strict=True):
        assert tuple(item["diagnosisSequence"]) == line.points_to
        assert tuple(coded(each)[1] for each in item.get("modifier", [])) == line.modifiers
        assert item["quantity"] == {"value": line.units}
        assert item["net"] == {"value": line.charge, "currency": "USD"}
        assert item["servicedDate"] == line.day.isoformat()
        assert coded(item["locationCodeableConcept"])[1] == line.place
        if "unitPrice" in item:
            assert item["unitPrice"]["value"] * line.units == line.charge
        else:
            assert line.charge * 100 % line.units != 0
    assert found["total"] == {"value": claim.total, "currency": "USD"}
    assert sum(item["net"]["value"] for item in found["item"]) == claim.total


@settings(deadline=None, max_examples=12)
@given(claims())
def test_every_reference_leads_to_a_resource_of_the_bundle_that_r4_allows_there(claim: Claim) -> None:
    bundle = written(claim)
    kinds = {address: resource.get_resource_type() for address, resource in resources(bundle)}
    assert len(kinds) == len(resources(bundle))
    led_to = set()
    for part in parts(bundle):
        for name, value in elements(part).items():
            for each in value if isinstance(value, list) else [value]:
                if type(each).__name__ == "Reference" and each.reference is not None:
                    allowed = R4[type(part).__name__][name]
                    assert allowed == ANYTHING or kinds[each.reference] in allowed
                    led_to.add(each.reference)
    own = {address for address, kind in kinds.items() if kind == "Provenance"}
    assert led_to == set(kinds) - own


@settings(deadline=None, max_examples=12)
@given(claims())
def test_only_elements_that_r4_has_are_set(claim: Claim) -> None:
    for part in parts(written(claim)):
        assert set(elements(part)) <= set(R4[type(part).__name__])


@settings(deadline=None, max_examples=12)
@given(claims())
def test_the_same_claim_gives_the_same_bundle(claim: Claim) -> None:
    assert fhir_bundle(claim, at=AT) == fhir_bundle(replace(claim), at=AT)


def test_another_claim_number_or_practice_gives_other_addresses() -> None:
    others = [CLAIM, replace(CLAIM, number="FH00652-2"), replace(CLAIM, practice=replace(CLAIM.practice, npi="1"))]
    addresses = [{entry["fullUrl"] for entry in raw(claim)["entry"]} for claim in others]
    assert len(set.union(*addresses)) == sum(len(each) for each in addresses)
    assert all(address.startswith("urn:uuid:") for address in addresses[0])


def test_the_addresses_stay_from_one_release_to_the_next() -> None:
    assert raw(CLAIM)["entry"][0]["fullUrl"] == "urn:uuid:2a4800aa-b5f2-5c90-b6ca-1d6b7e79fa3e"


def test_amounts_keep_their_cents_and_units_have_none() -> None:
    text = fhir_bundle(CLAIM, at=AT)
    assert '"value": 24.50,' in text
    assert '"value": 109.50,' in text
    assert '"value": 2\n' in text


def test_the_largest_claim_keeps_every_cent() -> None:
    claim = replace(CLAIM, lines=(service(charge="999999.99"),) * 50)
    assert the(claim, "Claim")["total"]["value"] == Decimal("49999999.50")


def test_a_text_that_looks_like_an_amount_stays_as_it_is() -> None:
    words = 'say "value": 1.5, "currency": "USD"'
    claim = replace(CLAIM, lines=(replace(CLAIM.lines[0], display=words),))
    assert the(claim, "Claim")["item"][0]["productOrService"]["text"] == words


def test_every_text_that_fhir_cannot_hold_is_named_at_once() -> None:
    claim = replace(
        CLAIM,
        signed_by=" ",
        provider=replace(CLAIM.provider, name=PersonName(last="Mo\x00ss", first="Ruth")),
        lines=(CLAIM.lines[0], replace(CLAIM.lines[1], charge=Decimal("1.005"), display="")),
    )
    with pytest.raises(ExportError) as error:
        fhir_bundle(claim, at=AT)
    assert error.value.problems == (
        "The claim's field 'signed by' is blank.",
        "The claim's field 'provider name last' holds a character that FHIR forbids.",
        "The claim's field 'lines 2 display' is blank.",
        "The claim's field 'lines 2 charge' has more than two decimals.",
    )


def test_a_time_of_another_zone_is_the_same_moment() -> None:
    at = datetime(2026, 3, 1, 4, 0, tzinfo=timezone(timedelta(hours=-8)))
    bundle = Bundle.model_validate_json(fhir_bundle(CLAIM, at=at))
    _, claim = resources(bundle)[0]
    assert isinstance(claim, FhirClaim)
    assert (bundle.timestamp, claim.created) == (AT, AT)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1).filter(str.strip))
@settings(deadline=None, max_examples=12)
def test_a_text_of_any_alphabet_comes_back_as_it_was(words: str) -> None:
    claim = replace(CLAIM, lines=(replace(CLAIM.lines[0], display=words),))
    assert the(claim, "Procedure")["code"]["text"] == words
