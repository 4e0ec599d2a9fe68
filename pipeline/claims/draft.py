"""A claim on its way: what is known of it, and what is still missing."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipeline.claims.office import OfficePatient, Visit
from pipeline.records import Anchor, Claim, ClaimDiagnosis, CodeSystem, Facility, Fault, Frequency, Practice, Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """A service as far as it is known: fields of `ServiceLine`, and a charge that may be missing."""

    day: date
    place: str
    system: CodeSystem
    code: str
    display: str
    modifiers: tuple[str, ...]
    units: int
    charge: Decimal | None
    """Of all its units; None where the practice's list has no fee."""
    points_to: tuple[int, ...]
    """Numbers of its diagnoses from 1; empty where the coder named none."""
    who: str
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What would be billed for an encounter."""

    number: str
    """The practice's own number of the claim."""
    practice: Practice | None
    """None where nothing was brought."""
    provider: Provider | None
    """None where the chart's is not known, or not as one person."""
    patient: OfficePatient | None
    """None where the office has no record of the patient, or several."""
    visit: Visit | None
    """None where the office said nothing of it."""
    place: str
    """Two digits: place of service."""
    facility: Facility | None
    """Where the services were, other than at the practice; None with a fault where the office does not know it."""
    diagnoses: tuple[ClaimDiagnosis, ...]
    lines: tuple[DraftLine, ...]
    faults: tuple[Fault, ...]
    """Everything that is missing, malformed or contradicts itself."""
    claim: Claim | None
    """The claim itself; None as long as there is a fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierClaim:
    """A claim that was sent for the same encounter before."""

    payer_number: str | None
    """The payer's number of it; None where nobody wrote it down."""
    denied: bool

    @property
    def frequency(self) -> Frequency:
        """What the next claim is to it: a payer that took none in, and gave no number, gets it as a first one."""
        return Frequency.ORIGINAL if self.denied and self.payer_number is None else Frequency.REPLACEMENT
