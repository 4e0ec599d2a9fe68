from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pipeline.export.fhir import fhir_bundle
from pipeline.records import (
    Accident,
    Attachment,
    CodeSystem,
    Frequency,
    PayerKind,
    PersonName,
    RelatedTo,
    Relationship,
    Transmission,
)
from tests.claims.drawn_claims import CLAIM, PATIENT, diagnosis, service
from tests.export.drawn_837p import FULL
from tests.export.read_fhir import AT, CPT, HCPCS, ICD10, coded, of_kind, raw, the


def test_the_claim_says_what_it_is() -> None:
    claim = the(CLAIM, "Claim")
    assert claim["identifier"][0]["value"] == "FH00652-1"
    assert (claim["status"], claim["use"], claim["created"]) == ("active", "claim", "2026-03-01T12:00:00Z")
    assert coded(claim["type"]) == ("http://terminology.hl7.org/CodeSystem/claim-type", "professional")
    assert coded(claim["priority"]) == ("http://terminology.hl7.org/CodeSystem/processpriority", "normal")
    assert claim["billablePeriod"] == {"start": "2014-03-14", "end": "2014-03-14"}
    assert "related" not in claim
    assert "accident" not in claim
    assert "preAuthRef" not in claim["insurance"][0]


def test_a_unit_price_is_told_where_the_units_share_the_charge_to_the_cent() -> None:
    lines = (service(charge="24.50", units=2), service(charge="10.00", units=3))
    even, uneven = the(replace(CLAIM, lines=lines), "Claim")["item"]
    assert even["unitPrice"] == {"value": Decimal("12.25"), "currency": "USD"}
    assert "unitPrice" not in uneven


def test_a_modifier_is_the_amas_or_cmss() -> None:
    line = replace(CLAIM.lines[0], modifiers=("25", "P3", "LT", "E1"))
    [item] = the(replace(CLAIM, lines=(line,)), "Claim")["item"]
    assert [coded(each) for each in item["modifier"]] == [(CPT, "25"), (CPT, "P3"), (HCPCS, "LT"), (HCPCS, "E1")]


def test_the_first_diagnosis_is_the_principal_one() -> None:
    first, second = the(CLAIM, "Claim")["diagnosis"]
    assert coded(first["type"][0])[1] == "principal"
    assert "type" not in second


def test_diagnoses_of_icd_10_are_said_to_be_that() -> None:
    claim = replace(
        CLAIM,
        diagnoses=(diagnosis("I10", CodeSystem.ICD10CM),),
        lines=(replace(service(), day=date(2020, 5, 4)),),
    )
    assert coded(the(claim, "Condition")["code"]) == (ICD10, "I10")


@pytest.mark.parametrize(
    ("related_to", "state", "code"),
    [(RelatedTo.EMPLOYMENT, None, "WPA"), (RelatedTo.AUTO, "OR", "MVA"), (RelatedTo.OTHER, None, None)],
)
def test_an_accident_has_its_day_kind_and_state(related_to: RelatedTo, state: str | None, code: str | None) -> None:
    found = the(replace(CLAIM, accident=Accident(related_to=related_to, day=date(2014, 3, 1), state=state)), "Claim")
    accident = found["accident"]
    assert (accident["date"], accident["type"]["text"]) == ("2014-03-01", related_to.value)
    assert [coding["code"] for coding in accident["type"].get("coding", [])] == ([code] if code else [])
    assert accident.get("locationAddress") == ({"state": "OR", "country": "US"} if state else None)


@pytest.mark.parametrize("frequency", Frequency)
def test_what_the_claim_is_to_an_earlier_one_is_said(frequency: Frequency) -> None:
    number = None if frequency is Frequency.ORIGINAL else "998877"
    found = the(replace(CLAIM, frequency=frequency, original_number=number), "Claim")
    assert coded(found["supportingInfo"][0]["code"]) == ("https://codesystem.x12.org/005010/1325", frequency.value)
    if number is None:
        assert "related" not in found
    else:
        [related] = found["related"]
        assert related["reference"]["value"] == "998877"
        assert coded(related["relationship"])[1] == "prior"


@pytest.mark.parametrize("transmission", Transmission)
def test_an_attachment_is_supporting_information_with_its_control_number(transmission: Transmission) -> None:
    control = None if transmission is Transmission.ON_REQUEST else "4711"
    attachment = Attachment(report_type="OZ", transmission=transmission, control_number=control)
    [frequency, found] = the(replace(CLAIM, attachments=(attachment,)), "Claim")["supportingInfo"]
    assert (frequency["sequence"], found["sequence"]) == (1, 2)
    assert coded(found["category"])[1] == "attachment"
    assert coded(found["code"]) == ("https://codesystem.x12.org/005010/755", "OZ")
    assert found["valueReference"].get("identifier", {}).get("value") == control
    assert found["valueReference"]["display"]


def test_the_ways_of_an_attachment_are_told_apart() -> None:
    displays = set()
    for way in Transmission:
        attachment = Attachment(report_type="OZ", transmission=way, control_number="4711")
        found = the(replace(CLAIM, attachments=(attachment,)), "Claim")["supportingInfo"][1]
        displays.add(found["valueReference"]["display"])
    assert len(displays) == len(Transmission)


def test_the_authorization_stands_with_the_insurance() -> None:
    assert the(replace(CLAIM, authorization="A77"), "Claim")["insurance"][0]["preAuthRef"] == ["A77"]


def test_the_coverage_names_member_group_plan_and_kind_of_payer() -> None:
    payer = replace(CLAIM.coverage.payer, kind=PayerKind.MEDICARE)
    coverage = the(replace(CLAIM, coverage=replace(CLAIM.coverage, plan="Gold", payer=payer)), "Coverage")
    assert (coverage["subscriberId"], coverage["identifier"][0]["value"]) == ("NM1234567", "NM1234567")
    assert coded(coverage["type"])[1] == "MB"
    assert [(coded(each["type"])[1], each["value"]) for each in coverage["class"]] == [
        ("group", "G100"),
        ("plan", "Gold"),
    ]
    assert coverage["subscriber"] == coverage["beneficiary"]


def test_an_insured_person_who_is_not_the_patient_is_a_related_person() -> None:
    insured = replace(PATIENT, name=PersonName(last="Okafor", first="Ben"), sex=None, birth_date=date(1959, 1, 2))
    claim = replace(
        CLAIM, coverage=replace(CLAIM.coverage, relationship=Relationship.SPOUSE, insured=insured, group=None)
    )
    found, coverage = the(claim, "RelatedPerson"), the(claim, "Coverage")
    assert (found["name"], found["birthDate"]) == ([{"family": "Okafor", "given": ["Ben"]}], "1959-01-02")
    assert "gender" not in found
    assert coded(coverage["relationship"])[1] == "spouse"
    assert coverage["subscriber"] != coverage["beneficiary"]
    assert "class" not in coverage


def test_the_patient_is_who_the_claim_says() -> None:
    name = PersonName(last="Okafor", first="Ruth", middle="A", suffix="JR")
    patient = the(replace(CLAIM, patient=replace(PATIENT, name=name)), "Patient")
    assert patient["name"] == [{"family": "Okafor", "given": ["Ruth", "A"], "suffix": ["JR"]}]
    assert (patient["birthDate"], patient["gender"]) == ("1961-07-19", "female")
    assert patient["address"][0]["postalCode"] == "97301-1234"
    assert patient["telecom"] == [{"system": "phone", "value": "5035550100"}]


@pytest.mark.parametrize(
    ("is_ssn", "system"),
    [(False, "urn:oid:2.16.840.1.113883.4.4"), (True, "http://hl7.org/fhir/sid/us-ssn")],
)
def test_the_practice_has_its_npi_and_tax_id(is_ssn: bool, system: str) -> None:
    claim = replace(CLAIM, practice=replace(CLAIM.practice, tax_id_is_ssn=is_ssn))
    practice, payer = of_kind(claim, "Organization")
    assert [(each.get("system"), each["value"]) for each in practice["identifier"]] == [
        ("http://hl7.org/fhir/sid/us-npi", "1234567893"),
        (system, "123456789"),
        (None, "FERNHOLLOW"),
    ]
    assert (payer["name"], payer["identifier"][0]["value"]) == ("Northern Mutual", "60054")


def test_the_provider_has_npi_and_specialty() -> None:
    claim = replace(CLAIM, provider=replace(CLAIM.provider, taxonomy="207Q00000X"))
    provider = of_kind(claim, "Practitioner")[0]
    assert provider["identifier"][0]["value"] == "1987654328"
    assert coded(provider["qualification"][0]["code"]) == ("http://nucc.org/provider-taxonomy", "207Q00000X")


@pytest.mark.parametrize(("place", "kind"), [("11", "AMB"), ("12", "HH"), ("21", "IMP"), ("23", "EMER"), ("99", "AMB")])
def test_where_the_first_service_was_says_what_kind_of_encounter_it_is(place: str, kind: str) -> None:
    claim = replace(CLAIM, lines=(replace(CLAIM.lines[0], place=place), CLAIM.lines[1]))
    assert the(claim, "Encounter")["class"]["code"] == kind


def test_the_encounter_runs_from_the_first_day_of_service_to_the_last() -> None:
    later = replace(CLAIM.lines[1], day=date(2014, 3, 16))
    claim = replace(CLAIM, lines=(later, CLAIM.lines[0]))
    assert the(claim, "Encounter")["period"] == {"start": "2014-03-14", "end": "2014-03-16"}
    assert the(claim, "Claim")["billablePeriod"] == {"start": "2014-03-14", "end": "2014-03-16"}
    assert the(claim, "Encounter")["identifier"][0]["value"] == "8c1"


def test_a_procedure_gives_the_conditions_that_justify_it_in_the_order_of_the_pointers() -> None:
    addresses = {entry["fullUrl"]: entry["resource"] for entry in raw(CLAIM)["entry"]}
    injection = of_kind(CLAIM, "Procedure")[1]
    reasons = [addresses[each["reference"]]["code"]["coding"][0]["code"] for each in injection["reasonReference"]]
    assert reasons == ["250.00", "401.9"]


def test_the_provenance_says_who_signed_and_who_confirmed() -> None:
    claim = replace(CLAIM, signed_by="lee", lines=(CLAIM.lines[0], replace(CLAIM.lines[1], who="ana")))
    addresses = {entry["fullUrl"]: entry["resource"] for entry in raw(claim)["entry"]}
    provenance = the(claim, "Provenance")
    agents = [
        (coded(each["type"])[1], addresses[each["who"]["reference"]]["identifier"][0]["value"])
        for each in provenance["agent"]
    ]
    assert agents == [("attester", "lee"), ("verifier", "kim"), ("verifier", "ana")]
    [target] = provenance["target"]
    assert addresses[target["reference"]]["resourceType"] == "Claim"
    assert provenance["recorded"] == "2026-03-01T12:00:00Z"


def test_what_r4_has_no_element_for_is_supporting_information_with_a_code() -> None:
    found = the(FULL, "Claim")["supportingInfo"]
    assert [each["sequence"] for each in found] == list(range(1, len(found) + 1))
    said = {(coded(each["category"])[1], coded(each["code"])[1]): each for each in found}
    assert said["onset", "431"]["timingDate"] == "2019-04-28"
    assert said["info", "484"]["timingDate"] == "2019-04-02"
    assert said["employmentimpacted", "314"]["timingPeriod"] == {"start": "2019-04-30", "end": "2019-05-09"}
    assert said["hospitalized", "435"]["timingPeriod"] == {"start": "2019-04-29", "end": "2019-05-02"}
    assert said["info", "F5"]["valueQuantity"]["code"] == "USD"
    assert said["info", "ADD"]["valueString"] == "Came by ambulance"
    assert said["info", "X4"]["valueString"] == "38D0123456"
    assert ("info", "C") in said and ("info", "I") in said
    assert '"value": 20.50,' in fhir_bundle(FULL, at=AT)


def test_the_insured_is_paid_where_the_benefits_are_not_assigned() -> None:
    payee = the(FULL, "Claim")["payee"]
    assert coded(payee["type"])[1] == "subscriber"
    assert payee["party"] == of_kind(FULL, "Coverage")[0]["subscriber"]
    assert coded(the(CLAIM, "Claim")["payee"]["type"])[1] == "provider"


def test_the_facility_and_the_other_provider_are_resources() -> None:
    claim, place = the(FULL, "Claim"), the(FULL, "Location")
    assert (place["name"], place["identifier"][0]["value"]) == ("Elm Street Hospital", "1245319599")
    assert place["address"]["postalCode"] == "97301-0009"
    addresses = {entry["fullUrl"]: entry["resource"] for entry in raw(FULL)["entry"]}
    assert addresses[claim["facility"]["reference"]] == place
    _, other = claim["careTeam"]
    assert coded(other["role"]) == ("https://codesystem.x12.org/005010/98", "DN")
    assert addresses[other["provider"]["reference"]]["name"] == [
        {"family": "Ames", "given": ["Lin", "Q"], "suffix": ["JR"]}
    ]


def test_a_second_insurance_is_one_that_the_claim_is_not_about() -> None:
    first, second = the(FULL, "Claim")["insurance"]
    addresses = {entry["fullUrl"]: entry["resource"] for entry in raw(FULL)["entry"]}
    assert (first["focal"], second["focal"], second["sequence"]) == (True, False, 2)
    coverage = addresses[second["coverage"]["reference"]]
    assert (coverage["subscriberId"], coded(coverage["type"])[1]) == ("SM7654321", "BL")
    assert addresses[coverage["payor"][0]["reference"]]["name"] == "Southern Mutual"
    assert addresses[coverage["subscriber"]["reference"]]["name"][0]["given"] == ["Ben", "C"]
