"""A claim: what is billed for one encounter, complete and without contradiction.

`pipeline/claims/` makes and checks it; every export format is written from this record and nothing else. Field names
follow the CMS-1500 (02/12); what each means is in the NUCC's instruction manual. Money is in dollars and cents.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pipeline.records.codes import CodeSystem
from pipeline.records.decided import Anchor

MOST_DIAGNOSES = 12
MOST_LINES = 50
"""Service lines of a claim, as 837P has it."""
MOST_POINTERS = 4


class Frequency(StrEnum):
    """What a claim is to those before it (box 22, CLM05-3)."""

    ORIGINAL = "1"
    REPLACEMENT = "7"
    VOID = "8"


class Relationship(StrEnum):
    """What the patient is to the insured (box 6)."""

    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    OTHER = "other"


class RelatedTo(StrEnum):
    """What the condition comes from (boxes 10a to 10c)."""

    EMPLOYMENT = "employment"
    AUTO = "auto accident"
    OTHER = "other accident"


class PayerKind(StrEnum):
    """What kind of payer it is (box 1; the value is SBR09)."""

    MEDICARE = "MB"
    MEDICAID = "MC"
    TRICARE = "CH"
    CHAMPVA = "VA"
    BLUE_CROSS = "BL"
    COMMERCIAL = "CI"


class Transmission(StrEnum):
    """How an attachment gets to the payer (the value is PWK02)."""

    ON_REQUEST = "AA"
    BY_MAIL = "BM"
    ELECTRONICALLY = "EL"
    BY_FAX = "FX"


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
class Accident:
    """What an injury comes from."""

    related_to: RelatedTo
    day: date
    state: str | None
    """Two letters, of an auto accident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """What is sent besides the claim."""

    report_type: str
    """A code of PWK01: `OZ` for support data, `M1` for a medical record."""
    transmission: Transmission
    control_number: str | None
    """By which payer and practice find it; None where it is only available on request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDiagnosis:
    """A diagnosis (box 21)."""

    system: CodeSystem
    code: str
    """With its point."""
    display: str
    who: str
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLine:
    """A service or supply (box 24)."""

    day: date
    place: str
    """Two digits: place of service."""
    system: CodeSystem
    code: str
    display: str
    modifiers: tuple[str, ...]
    """At most four."""
    units: int
    charge: Decimal
    """Of all its units."""
    points_to: tuple[int, ...]
    """Numbers of its diagnoses from 1, the primary first; one to four."""
    who: str
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim."""

    number: str
    """The practice's own number of it (box 26, CLM01): at most 20 characters."""
    encounter: str
    signed_by: str
    """The coder who signed the encounter off."""
    frequency: Frequency
    original_number: str | None
    """The payer's number of the claim that this one replaces or voids."""
    practice: Practice
    provider: Provider
    patient: Person
    coverage: Coverage
    diagnoses: tuple[ClaimDiagnosis, ...]
    """In order, the primary first; all of one edition."""
    lines: tuple[ServiceLine, ...]
    accident: Accident | None
    authorization: str | None
    """Prior authorization number (box 23)."""
    attachments: tuple[Attachment, ...]

    @property
    def total(self) -> Decimal:
        """What is charged for all lines (box 28)."""
        return sum((line.charge for line in self.lines), Decimal(0))

    @property
    def is_icd10(self) -> bool:
        """Whether its diagnoses are ICD-10-CM; ICD-9-CM where not."""
        return self.diagnoses[0].system is CodeSystem.ICD10CM


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that keeps a claim from being one.

    `field` is the dotted path of what is to be put right, by the names of the records above from `Claim` on, with
    numbers from 1: `number`, `original_number`, `practice.npi`, `practice.address.zip`, `provider.name.last`,
    `patient.birth_date`, `coverage.member_id`, `coverage.insured.address.state`, `coverage.payer.id`, `diagnoses.2`,
    `lines.3.units`, `lines.3.points_to`, `accident.state`, `attachments.1.control_number`. A path may end where the
    whole of something is meant: `practice`, `provider` and `patient` that nobody knows, `accident` where nobody said
    what an injury comes from, `diagnoses` and `lines` where there are none, too many, or they do not go together.
    """

    field: str
    sentence: str
    """What is the matter, for a person."""
