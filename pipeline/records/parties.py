"""Who a claim is about: who bills and who treated, where, who is treated and insured, and who pays."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Relationship(StrEnum):
    """What the patient is to the insured (box 6)."""

    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    OTHER = "other"


class PayerKind(StrEnum):
    """What kind of payer it is (box 1; the value is SBR09)."""

    MEDICARE = "MB"
    MEDICAID = "MC"
    TRICARE = "CH"
    CHAMPVA = "VA"
    BLUE_CROSS = "BL"
    COMMERCIAL = "CI"


class ProviderRole(StrEnum):
    """Why another provider is named than who treated (the value is the qualifier of box 17, and NM101)."""

    REFERRING = "DN"
    ORDERING = "DK"
    SUPERVISING = "DQ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where somebody is, in the United States."""

    street: str
    second: str | None
    """A second line."""
    city: str
    state: str
    """Two letters."""
    zip: str
    """Five or nine digits, without a hyphen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonName:
    """The name of a person."""

    last: str
    first: str
    middle: str | None = None
    suffix: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """Who bills (boxes 25, 32 and 33)."""

    name: str
    npi: str
    tax_id: str
    """Nine digits."""
    tax_id_is_ssn: bool
    address: Address
    """A street address: 837P takes no post office box here."""
    phone: str
    """Ten digits."""
    contact: str
    taxonomy: str | None
    submitter_id: str
    """By which the clearinghouse knows who sends (ISA06, GS02)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Who gets a file of claims: a clearinghouse, or a payer itself."""

    id: str
    """As agreed with it (ISA08, GS03, loop 1000B)."""
    qualifier: str
    """What kind of number the id is (ISA07): `30` a tax id, `ZZ` one of its own."""
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Who treated the patient and signs the claim (boxes 24J and 31)."""

    name: PersonName
    npi: str
    taxonomy: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherProvider:
    """Who referred the patient, ordered the services or supervised them (boxes 17 and 17b)."""

    role: ProviderRole
    name: PersonName
    npi: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """Where services were, other than at the practice or at somebody's home (boxes 32 and 32a)."""

    name: str
    npi: str
    address: Address
    """Of nine digits of ZIP code in 837P."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """Who is asked to pay."""

    name: str
    id: str
    """As the clearinghouse knows it."""
    kind: PayerKind
    address: Address | None
    """Where a paper claim goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A patient or an insured person as the claim names them."""

    name: PersonName
    birth_date: date
    sex: str | None
    """`F` or `M`; None where nobody said."""
    address: Address
    phone: str | None
    """Ten digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The patient's insurance (boxes 1a, 4, 6, 7, 11)."""

    payer: Payer
    member_id: str
    group: str | None
    """Number of the policy group."""
    plan: str | None
    """Name of the plan."""
    relationship: Relationship
    insured: Person
    """The patient's own record where the relationship is self."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCoverage:
    """A second insurance, that is asked after the first (boxes 9, 9a, 9d and 11d)."""

    payer: Payer
    member_id: str
    group: str | None
    plan: str | None
    relationship: Relationship
    insured: PersonName
    """The patient's own name where the relationship is self."""
