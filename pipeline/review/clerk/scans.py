"""The better scans that coders wait for, told to whoever scans."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.review.deciding.casework import days_since
from pipeline.store.waiting import Held


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanWanted:
    """A better scan that a coder waits for."""

    key: str
    """Unique on the page."""
    name: str
    """Of the file."""
    batch: str
    pages: str
    """Of the file: `page 1` or `pages 1, 3`."""
    reason: str
    who: str
    """Whoever waits for it."""
    owner: str
    """Whoever sees to it."""
    asked: str
    """When: `today`, `12 days ago`."""
    due: str | None
    """YYYY-MM-DD."""
    overdue: bool


def scans_wanted(holds: Iterable[Held], now: datetime) -> tuple[ScanWanted, ...]:
    """The scans that these holds wait for, in their order."""
    return tuple(_wanted(held, now) for held in holds)


def _wanted(held: Held, now: datetime) -> ScanWanted:
    encounter, hold = held.encounter, held.hold
    age = days_since(hold.since, now)
    pages = [str(page.page) for page in encounter.pages if page.document == encounter.document]
    return ScanWanted(
        key=f"w{hold.id}",
        name=encounter.document_name,
        batch=encounter.batch,
        pages=f"page{'s' if len(pages) > 1 else ''} {', '.join(pages)}",
        reason=hold.reason,
        who=hold.who,
        owner=hold.owner,
        asked=age if age == "today" else f"{age} ago",
        due=hold.due.isoformat() if hold.due else None,
        overdue=hold.due is not None and hold.due <= now.date(),
    )
