"""What the store hands out: arrivals, documents, proposals and decisions as frozen records."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pipeline.records import Encounter


class ArrivalState(StrEnum):
    """Where a file that was seen stands; it is in exactly one of these."""

    WAITING = "waiting"
    READING = "reading"
    READ = "read"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A file that was seen in the inbox."""

    id: int
    path: Path
    """Below the inbox, as the file system spells it (undecodable bytes as surrogates)."""
    name: str
    """The same for people: what is not UTF-8 is escaped."""
    batch: str
    """Folder below the inbox; empty at its top."""
    state: ArrivalState
    document: str | None
    """Document id, once the file was taken."""
    size: int
    """Bytes, when last seen in the inbox."""
    mtime_ns: int
    """Modification time, when last seen in the inbox."""
    sentence: str | None
    """For the clerk: why it is a duplicate or was rejected, or what to look at."""
    first_seen: datetime
    finished_at: datetime | None
    moved_to: Path | None
    """Where the file goes, below the inbox, committed before it moves; None where somebody took it away first."""
    moved_at: datetime | None
    """None until it was moved."""
    purged_at: datetime | None
    """When the receipt in `done/` was deleted."""


class DocumentState(StrEnum):
    """Where the content of a file stands."""

    READING = "reading"
    READ = "read"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The content of a file: its identity is the SHA-256 of its bytes."""

    id: str
    sha256: str
    size: int
    name: str
    """Of its first arrival, for people."""
    batch: str
    state: DocumentState
    attempts: int
    """How often reading it took a reading process down."""
    taken_at: datetime


class EncounterState(StrEnum):
    """How far review of an encounter is."""

    OPEN = "open"
    STARTED = "started"
    HELD = "held"
    """It waits for somebody or something."""
    CONFIRMED = "confirmed"
    MERGED = "merged"
    """Its pages went to another encounter; nothing is left to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedEncounter:
    """An encounter as the latest reading that has it proposes it."""

    id: str
    """Encounter id in the store; it survives a new reading."""
    document: str
    document_name: str
    batch: str
    reading: int
    """Number of the reading that proposes it."""
    latest_reading: int
    """Number of the document's latest reading; larger where the latest one lacks this encounter."""
    proposal: Encounter
    read_at: datetime
    same_visit: tuple[str, ...]
    """Ids of other encounters of the same name and date of service whose other facts do not speak against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCount:
    """Pages of a reading by role."""

    content: int
    blank: int
    separator: int


class Role(StrEnum):
    """What an account may be used for."""

    SCAN = "scan"
    """The inbox: what arrived, what was rejected, what to scan again."""
    CODE = "code"
    """Charts: decisions and sign-off."""
    LEAD = "lead"
    """Charts, holds and figures of everybody."""
    AUDIT = "audit"
    """The audit log; no chart."""
    ADMIN = "admin"
    """Accounts; no chart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An account."""

    id: str
    """Opaque."""
    name: str
    """What it signs in with; decisions carry it."""
    roles: frozenset[Role]
    batches: frozenset[str] | None = None
    """The only batches whose charts it may see; None is all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user as whoever keeps the accounts sees it."""

    user: User
    created_at: datetime
    disabled_at: datetime | None
    has_password: bool
    """False until its invitation was used."""
    has_second_step: bool
    """Whether signing in also asks for a code."""
    codes_left: int
    """Recovery codes that were not used."""
    seen_at: datetime | None
    """When it last did something here, to half a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who is signed in."""

    user: User
    idle_until: datetime
    """It ends then unless something is done before."""
    ends_at: datetime
    """It ends then whatever is done."""
