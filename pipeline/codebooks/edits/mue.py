"""Medically unlikely edits as CMS publishes them each quarter: how many units of a code a day are believed.

Columns: code, value, adjudication indicator (1: of a line, 2: of the day, by policy, 3: of the day, by
clinical benchmark), rationale. The quarter is told by the file's name or a line above the table.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.codebooks.edits.rows import table_of
from pipeline.errors import UsageError

_COLUMNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (r"code\b", r"mue value|values?$", r"adjudication indicator|\bmai\b", r"rationale")
)
_FIRST = tuple(re.compile(pattern) for pattern in (r"[0-9A-Z]\d{3}[0-9A-Z]", r"\d+", r"[123]\b.*", r".*"))
_CODE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]")
_DAY = re.compile(r"(?<!\d)(\d{1,2})[-/_](\d{1,2})[-/_](20\d\d)(?!\d)|(?<!\d)(20\d\d)[-_]?(\d\d)[-_]?(\d\d)(?!\d)")
_QUARTER = re.compile(r"(20\d\d)[ _-]?q([1-4])|q([1-4])[ _-]?(20\d\d)", re.IGNORECASE)
_HOSPITAL = re.compile(r"outpatient|dme|supplier", re.IGNORECASE)
_MONTHS_LATER = 93
"""Days; the next quarter begins before that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLimit:
    """The most units of a code that one provider bills for one patient."""

    code: str
    units: int
    indicator: int
    """1: of a claim line; 2: of a day, by policy; 3: of a day, by clinical benchmark."""
    rationale: str
    valid_from: date
    """First day of the quarter that it is from."""
    valid_to: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitTable:
    """The limits of one quarter."""

    sha256: str
    valid_from: date
    valid_to: date
    limits: tuple[UnitLimit, ...]


def read_mue(name: str, content: bytes) -> LimitTable | None:
    """The limits of a file; None where this is no such file.

    Raises:
        UsageError: it is one, but a row does not fit, its quarter is not told, or it is not for practitioners.
    """
    member, rows = table_of(name, content, _COLUMNS, _FIRST)
    if not rows:
        return None
    if _HOSPITAL.search(member):
        raise UsageError(f"{name} holds the limits for hospitals or suppliers; bring the ones for practitioners.")
    begins = _quarter(member) or _quarter(name)
    if begins is None:
        raise UsageError(f"{name} does not tell its quarter; name it as CMS does, such as ..._Eff_04-01-2024.csv.")
    ends = (begins + timedelta(days=_MONTHS_LATER)).replace(day=1) - timedelta(days=1)
    limits: dict[str, UnitLimit] = {}
    for number, (code, units, indicator, rationale) in rows:
        place = f"{member} line {number}"
        if not _CODE.fullmatch(code):
            raise UsageError(f"{place} has {code!r} where a code should be; nothing was imported.")
        if not units.isdecimal() or indicator[:1] not in ("1", "2", "3"):
            raise UsageError(f"{place} has no whole number of units with its indicator; nothing was imported.")
        if code in limits:
            raise UsageError(f"{place} holds {code} a second time; nothing was imported.")
        limits[code] = UnitLimit(
            code=code,
            units=int(units),
            indicator=int(indicator[0]),
            rationale=rationale,
            valid_from=begins,
            valid_to=ends,
        )
    return LimitTable(
        sha256=hashlib.sha256(content).hexdigest(), valid_from=begins, valid_to=ends, limits=tuple(limits.values())
    )


def _quarter(text: str) -> date | None:
    """First day of the quarter that a name tells."""
    told = _DAY.search(text)
    quarter = _QUARTER.search(text)
    if told:
        year, month = (told[3], told[1]) if told[3] else (told[4], told[5])
        return date(int(year), (int(month) - 1) // 3 * 3 + 1, 1) if 1 <= int(month) <= 12 else None
    if quarter:
        year, number = (quarter[1], quarter[2]) if quarter[1] else (quarter[4], quarter[3])
        return date(int(year), 3 * int(number) - 2, 1)
    return None
