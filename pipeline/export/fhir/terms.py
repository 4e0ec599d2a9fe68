"""What every resource is put together from: references inside the bundle, codes, identifiers, names, money."""

from decimal import Decimal
from enum import StrEnum
from uuid import UUID, uuid5

from fhir.resources.R4B.address import Address as FhirAddress
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.contactpoint import ContactPoint
from fhir.resources.R4B.humanname import HumanName
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.money import Money
from fhir.resources.R4B.period import Period
from fhir.resources.R4B.reference import Reference

from pipeline.export.fhir.systems import IDENTIFIER_TYPE, NPI
from pipeline.records import Address, Claim, PersonName

_ADDRESSES = UUID("6f0c2b52-6d0e-5f0c-9a53-1f6d9f0c7e11")
"""Under which this program makes its addresses; any other number would do, so long as it stays."""


class Role(StrEnum):
    """What a resource is in its bundle."""

    CLAIM = "claim"
    COVERAGE = "coverage"
    PATIENT = "patient"
    INSURED = "insured"
    PRACTICE = "practice"
    PAYER = "payer"
    PROVIDER = "provider"
    OTHER_PROVIDER = "other provider"
    FACILITY = "facility"
    OTHER_COVERAGE = "other coverage"
    OTHER_INSURED = "other insured"
    OTHER_PAYER = "other payer"
    CODER = "coder"
    ENCOUNTER = "encounter"
    CONDITION = "condition"
    PROCEDURE = "procedure"
    PROVENANCE = "provenance"


def url(claim: Claim, role: Role, which: int | str = "") -> str:
    """The address of a resource: the same for the same practice, claim number and role, wherever it is made.

    `which` is a diagnosis or a service by its number from 1, or a coder by name.
    """
    return uuid5(_ADDRESSES, f"{claim.practice.npi} {claim.number} {role} {which}").urn


def refer(claim: Claim, role: Role, which: int | str = "") -> Reference:
    """A reference to a resource of the same bundle."""
    return Reference(reference=url(claim, role, which))


def concept(system: str, code: str, text: str | None = None) -> CodeableConcept:
    """A code of a system, and what it says in our own words."""
    return CodeableConcept(coding=[Coding(system=system, code=code)], text=text)


def npi(number: str) -> Identifier:
    """A National Provider Identifier."""
    return Identifier(system=NPI, value=number, type=concept(IDENTIFIER_TYPE, "NPI"))


def called(value: str, text: str) -> Identifier:
    """A number whose kind no system has an address for: its kind stands in words."""
    return Identifier(value=value, type=CodeableConcept(text=text))


def person_name(name: PersonName) -> HumanName:
    """The name of a person."""
    return HumanName(
        family=name.last,
        given=[given for given in (name.first, name.middle) if given],
        suffix=[name.suffix] if name.suffix else None,
    )


def postal(address: Address) -> FhirAddress:
    """An address, its ZIP code as the post writes it."""
    zip_code = address.zip if len(address.zip) == 5 else f"{address.zip[:5]}-{address.zip[5:]}"
    return FhirAddress(
        line=[line for line in (address.street, address.second) if line],
        city=address.city,
        state=address.state,
        postalCode=zip_code,
        country="US",
    )


def phone(number: str | None) -> list[ContactPoint] | None:
    """A telephone number, where there is one."""
    return [ContactPoint(system="phone", value=number)] if number else None


def money(amount: Decimal) -> Money:
    """An amount of dollars."""
    return Money(value=amount, currency="USD")


def period(claim: Claim) -> Period:
    """From the first day of service to the last."""
    days = [line.day for line in claim.lines]
    return Period(start=min(days), end=max(days))
