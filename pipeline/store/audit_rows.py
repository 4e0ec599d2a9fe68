"""What an entry of the audit log says, and how it is written as text.

No entry holds chart text: what was done is one word of a closed list, what it was done to an opaque id, and
the detail a number or a few plain words of the program.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

GENESIS = "0" * 64
"""What the first entry has as its previous hash."""
SUBJECT = re.compile(r"[A-Za-z0-9_-]{1,64}")
DETAIL = re.compile(r"[a-z0-9]([a-z0-9 .,-]{0,62}[a-z0-9])?")


class Act(StrEnum):
    """What a person did."""

    VIEW = "view"
    """A screen that shows something of charts and has no word of its own."""
    VIEW_LIST = "view-list"
    VIEW_CHART = "view-chart"
    VIEW_CLAIM = "view-claim"
    VIEW_PAGE = "view-page"
    VIEW_CROP = "view-crop"
    VIEW_INBOX = "view-inbox"
    VIEW_FIGURES = "view-figures"
    SEARCH_CODES = "search-codes"
    SEARCH_CHARTS = "search-charts"
    PRINT_QUERY = "print-query"
    DECIDE = "decide"
    """The detail is the decision and its number in the journal."""
    CLAIM = "claim"
    """A step with a claim; the detail is the step and its number."""
    OFFICE = "office"
    """Something was entered for claims; the detail is its kind and number."""
    TAKE = "take"
    """A chart under lease."""
    TAKE_OVER = "take-over"
    """A chart out of somebody else's lease."""
    RELEASE = "release"
    EXPORT = "export"
    DOWNLOAD = "download"
    SIGN_IN = "sign-in"
    SIGN_IN_FAILED = "sign-in-failed"
    SIGN_OUT = "sign-out"
    ACCOUNT = "account"
    """An account was made or changed; the subject is the account."""
    REFUSED = "refused"
    """A request that the account has no right to; the detail is what was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the log."""

    id: int
    """Its place in the chain, from 1 without a gap."""
    at: datetime
    """UTC, aware, to the microsecond."""
    who: str | None
    """Name of the account; None where it is unknown."""
    action: str
    """An `Act`, or what another version of the program wrote."""
    subject: str | None
    """Opaque id of an encounter, a document or an account."""
    detail: str | None
    request: str | None
    """Id of the request that it belongs to, as the log of requests has it; None for a command."""
    previous: str
    """Hash of the entry before it."""
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries are asked for; everything that is None asks for nothing."""

    who: str | None = None
    """Name of the account; the empty name asks for entries of nobody known."""
    act: Act | None = None
    subject: str | None = None
    since: date | None = None
    until: date | None = None
    """Both days included, in UTC."""


def text_of(at: datetime) -> str:
    """A time as the chain hashes it: `2026-03-01T12:00:00.000000Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def digest(
    *,
    id: int,
    at: str,
    who: str | None,
    action: str,
    subject: str | None,
    detail: str | None,
    request: str | None,
    previous: str,
) -> str:
    """The hash of an entry: SHA-256 over a canonical JSON of all of it, the previous hash included.

    Keys in the order of the alphabet, no blanks, ASCII with escapes; so anybody can compute it from an export.
    """
    words = {
        "action": action,
        "at": at,
        "detail": detail,
        "id": id,
        "previous": previous,
        "request": request,
        "subject": subject,
        "who": who,
    }
    return hashlib.sha256(json.dumps(words, separators=(",", ":")).encode()).hexdigest()


def fields(entry: Entry) -> dict[str, str | int | None]:
    """An entry as plain values, in the order of an export."""
    return {
        "id": entry.id,
        "at": text_of(entry.at),
        "who": entry.who,
        "action": entry.action,
        "subject": entry.subject,
        "detail": entry.detail,
        "request": entry.request,
        "previous": entry.previous,
        "hash": entry.hash,
    }


COLUMNS = ("id", "at", "who", "action", "subject", "detail", "request", "previous", "hash")


def as_json_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """One JSON object a line."""
    for entry in entries:
        yield json.dumps(fields(entry), ensure_ascii=False) + "\n"


def as_csv_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """A line of headings and one line an entry, ending in CR LF; a cell that is no formula to a spreadsheet."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for entry in entries:
        rows.writerow([_harmless(value) for value in fields(entry).values()])
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def _harmless(value: str | int | None) -> str:
    cell = "" if value is None else str(value)
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
