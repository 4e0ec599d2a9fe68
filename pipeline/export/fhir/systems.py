"""The code systems of a FHIR Bundle by their official addresses, and which of their codes says what the claim says.

Sources: FHIR R4 (4.0.1), section Using Codes and the value sets that its resources are bound to; HL7's terminology
registry (terminology.hl7.org). What X12 numbers is named as X12 and HL7's prior authorization guide do it, by the
number of the data element in 005010.
"""

import re

from pipeline.records import CodeSystem, PayerKind, ProviderRole, RelatedTo, Transmission

SYSTEMS = {
    CodeSystem.ICD9CM: "http://hl7.org/fhir/sid/icd-9-cm",
    CodeSystem.ICD10CM: "http://hl7.org/fhir/sid/icd-10-cm",
    CodeSystem.CPT: "http://www.ama-assn.org/go/cpt",
    # The registry's address for level II, which US Core takes too. Blue Button's own stands for CPT and HCPCS together,
    # and terminology.hl7.org's HCPCS-all-codes is retired.
    CodeSystem.HCPCS: "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
}

ACCIDENT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
CARE_TEAM_ROLE = "http://terminology.hl7.org/CodeSystem/claimcareteamrole"
CLAIM_TYPE = "http://terminology.hl7.org/CodeSystem/claim-type"
CONDITION_CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"
COVERAGE_CLASS = "http://terminology.hl7.org/CodeSystem/coverage-class"
DIAGNOSIS_TYPE = "http://terminology.hl7.org/CodeSystem/ex-diagnosistype"
ENCOUNTER_CLASS = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203"
INFORMATION = "http://terminology.hl7.org/CodeSystem/claiminformationcategory"
ORGANIZATION_TYPE = "http://terminology.hl7.org/CodeSystem/organization-type"
PART_IN_PROVENANCE = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
PAYEE_TYPE = "http://terminology.hl7.org/CodeSystem/payeetype"
PLACE_OF_SERVICE = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
PRIORITY = "http://terminology.hl7.org/CodeSystem/processpriority"
RELATED_CLAIM = "http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship"
SUBSCRIBER_RELATIONSHIP = "http://terminology.hl7.org/CodeSystem/subscriber-relationship"
TAXONOMY = "http://nucc.org/provider-taxonomy"
X12_ACCEPTANCE = "https://codesystem.x12.org/005010/1359"
X12_AMOUNT = "https://codesystem.x12.org/005010/522"
X12_ATTACHMENT = "https://codesystem.x12.org/005010/755"
X12_DATE = "https://codesystem.x12.org/005010/374"
X12_ENTITY = "https://codesystem.x12.org/005010/98"
X12_FILING = "https://codesystem.x12.org/005010/1032"
X12_FREQUENCY = "https://codesystem.x12.org/005010/1325"
X12_NOTE = "https://codesystem.x12.org/005010/363"
X12_REFERENCE = "https://codesystem.x12.org/005010/128"
X12_RELEASE = "https://codesystem.x12.org/005010/1363"

CURRENCY = "urn:iso:std:iso:4217"
NPI = "http://hl7.org/fhir/sid/us-npi"
EIN = "urn:oid:2.16.840.1.113883.4.4"
SSN = "http://hl7.org/fhir/sid/us-ssn"

PAYER_KINDS = {
    PayerKind.MEDICARE: "Medicare",
    PayerKind.MEDICAID: "Medicaid",
    PayerKind.TRICARE: "TRICARE",
    PayerKind.CHAMPVA: "CHAMPVA",
    PayerKind.BLUE_CROSS: "Blue Cross or Blue Shield",
    PayerKind.COMMERCIAL: "commercial insurance",
}
ACCIDENTS = {RelatedTo.EMPLOYMENT: "WPA", RelatedTo.AUTO: "MVA", RelatedTo.OTHER: None}
"""HL7 has no code for an accident that is neither at work nor on the road: it stands in words."""
OTHER_PROVIDERS = {
    ProviderRole.REFERRING: "referring provider",
    ProviderRole.ORDERING: "ordering provider",
    ProviderRole.SUPERVISING: "supervising provider",
}
TRANSMISSIONS = {
    Transmission.ON_REQUEST: "available on request at the practice",
    Transmission.BY_MAIL: "sent by mail",
    Transmission.ELECTRONICALLY: "sent electronically",
    Transmission.BY_FAX: "sent by fax",
}
GENDERS = {"F": "female", "M": "male"}

# HCPCS has no modifier of two digits; CPT's others are those of anaesthesia's physical status and of quality measures.
_CPT_MODIFIER = re.compile(r"[0-9][0-9]|P[1-6]|[1238]P")
_CLASSES = {
    "02": "VR",
    "10": "VR",
    "12": "HH",
    "21": "IMP",
    "23": "EMER",
    "31": "NONAC",
    "41": "FLD",
    "42": "FLD",
    "51": "IMP",
    "61": "IMP",
}


def modifier_system(modifier: str) -> str:
    """Whose modifier it is: the AMA's or CMS's."""
    return SYSTEMS[CodeSystem.CPT if _CPT_MODIFIER.fullmatch(modifier) else CodeSystem.HCPCS]


def encounter_class(place: str) -> str:
    """What kind of encounter a place of service makes: AMB, ambulatory, wherever it is not known for another."""
    return _CLASSES.get(place, "AMB")
