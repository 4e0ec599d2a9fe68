"""What an evidence packet holds: one claim, the ink behind each of its codes, and who did what to its encounter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from pipeline.records import Anchor, Box, CodeSystem, Pixels


class MaskReason(StrEnum):
    """Why a place of a page is masked."""

    NAME = "another patient's name"
    BIRTH_DATE = "another patient's birth date"
    RECORD_NUMBER = "another patient's record number"
    IDENTITY = "the identity of another person"
    PART = "another encounter's part of the page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    """A place that nobody outside may see."""

    box: Box
    """Pixels of the page as rendered."""
    reason: MaskReason


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketCode:
    """A billed code with the ink behind it."""

    number: int
    """From 1, as it labels its outlines."""
    system: CodeSystem
    code: str
    display: str
    words: str
    """What was read in its ink, or a person wrote of it; without what is masked."""
    who: str
    at: datetime
    anchors: tuple[Anchor, ...]
    """Pages by their numbers in the packet; empty for a code that the coder added without ink."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketPage:
    """A page of the encounter."""

    number: int
    """In the encounter."""
    width: int
    """Of the page as rendered when it was read: what boxes are in."""
    height: int
    turn: int
    """Degrees clockwise to set it upright."""
    image: Callable[[], Pixels | None]
    """Draws it anew, so that one page is held at a time; None where it cannot be had."""
    masks: tuple[Mask, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketEntry:
    """An entry of the audit log on this encounter."""

    id: int
    """Its place in the whole log."""
    at: datetime
    who: str | None
    act: str
    detail: str | None
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketAudit:
    """The audit extract."""

    entries: tuple[PacketEntry, ...]
    """Of this encounter, oldest first."""
    rows: int
    """Entries of the whole log that are proven."""
    head: str
    """Hash of the last of them."""
    proof: str
    """What is proven of the chain, or where it is broken."""
    whole: bool
    """Nothing in it is broken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketRelease:
    """That a lead lets specially protected notes leave."""

    who: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One claim's evidence."""

    claim: str
    """Its number."""
    practice: tuple[str, ...]
    """Name and address, line by line."""
    patient: str
    birth_date: date | None
    record_number: str | None
    date_of_service: date
    provider: str
    payer: str
    member_id: str
    total: Decimal
    """Charge of all services."""
    services: int
    signed_by: str
    signed_at: datetime
    codes: tuple[PacketCode, ...]
    """In the order of the claim."""
    pages: tuple[PacketPage, ...]
    """Of the encounter and no other, in its order."""
    audit: PacketAudit
    protected: tuple[str, ...]
    """Each kind of special protection that its notes ask for, with what shows it."""
    notices: tuple[str, ...]
    """What whoever receives the packet must be told with it."""
    release: PacketRelease | None
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketFindings:
    """What a person must look at before a packet leaves."""

    claim: str
    doubtful: tuple[tuple[int, int], ...]
    """Pages with lines of handwriting or print that may be misread, and how many: a name in them is not masked."""
    notes: tuple[str, ...]
    """Sentences on what masks cannot settle, each with its page."""

    def sentences(self) -> tuple[str, ...]:
        """What to look at, for a person."""
        pages = tuple(
            f"Claim {self.claim}, page {page}: {lines} line{' was' if lines == 1 else 's were'} read with doubt; "
            "look whether a name of somebody else stands there."
            for page, lines in self.doubtful
        )
        return (*pages, *(f"Claim {self.claim}: {note}" for note in self.notes))
