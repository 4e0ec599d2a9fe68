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
from pipeline.records.parties import Coverage, Facility, OtherCoverage, OtherProvider, Person, Practice, Provider

MOST_DIAGNOSES = 12
MOST_LINES = 50
"""Service lines of a claim, as 837P has it."""
MOST_POINTERS = 4


class Frequency(StrEnum):
    """What a claim is to those before it (box 22, CLM05-3)."""

    ORIGINAL = "1"
    REPLACEMENT = "7"
    VOID = "8"


class RelatedTo(StrEnum):
    """What the condition comes from (boxes 10a to 10c)."""

    EMPLOYMENT = "employment"
    AUTO = "auto accident"
    OTHER = "other accident"


class Transmission(StrEnum):
    """How an attachment gets to the payer (the value is PWK02)."""

    ON_REQUEST = "AA"
    BY_MAIL = "BM"
    ELECTRONICALLY = "EL"
    BY_FAX = "FX"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accident:
    """What an injury comes from."""

    related_to: RelatedTo
    day: date
    state: str | None
    """Two letters, of an auto accident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days from one to another."""

    first: date
    last: date | None
    """None where it goes on, or nobody said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreements:
    """What was signed or agreed to beforehand (boxes 12, 13 and 27; CLM09, CLM08 and CLM07)."""

    releases: bool = True
    """The patient's signature is on file that lets records go to the payer."""
    assigns: bool = True
    """The insured's is that lets the payer pay the practice."""
    accepts: bool = True
    """The provider takes what the payer allows as the whole price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Days of the illness or pregnancy, as far as the claim says any (boxes 14, 16 and 18)."""

    onset: date | None = None
    """When it began, where that is not the day of the accident."""
    last_menstruation: date | None = None
    """The first day of the last menstrual period."""
    unable_to_work: Span | None = None
    in_hospital: Span | None = None
    """A stay that the services belong to; its last day is that of the discharge."""


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
    facility: Facility | None = None
    """Where the services were; None for the practice's own place, or the patient's home."""
    other_provider: OtherProvider | None = None
    paid: Decimal | None = None
    """By the patient, for these services (box 29); None where it was nothing, or nobody said."""
    agreements: Agreements = Agreements()
    course: Course = Course()
    note: str | None = None
    """What else the payer should read (box 19)."""
    clia: str | None = None
    """The laboratory's number under the Clinical Laboratory Improvement Amendments (box 23)."""
    other_coverage: OtherCoverage | None = None

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

    `field` is the dotted path of what is to be put right, by the names of the records from `Claim` on, with
    numbers from 1: `number`, `original_number`, `practice.npi`, `practice.address.zip`, `provider.name.last`,
    `patient.birth_date`, `coverage.member_id`, `coverage.insured.address.state`, `coverage.payer.id`, `diagnoses.2`,
    `lines.3.units`, `lines.3.points_to`, `accident.state`, `attachments.1.control_number`, `facility.npi`,
    `other_provider.name.last`, `other_coverage.member_id`, `paid`, `course.onset`, `course.in_hospital.last`, `note`,
    `clia`. A path may end where the whole of something is meant: `practice`, `provider`, `patient` and `facility` that
    nobody knows, `accident` where nobody said what an injury comes from, `diagnoses` and `lines` where there are none,
    too many, or they do not go together.
    """

    field: str
    sentence: str
    """What is the matter, for a person."""
