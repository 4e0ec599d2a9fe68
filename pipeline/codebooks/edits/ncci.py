"""NCCI pair edits (procedure to procedure) as CMS publishes them: which second code the first one includes.

Columns: column 1, column 2, whether the pair existed before 1996, effective day, deletion day (`*`: none),
modifier indicator (0: no modifier parts them, 1: a modifier may, 9: does not apply), rationale.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from pipeline.codebooks.edits.rows import day_of, table_of
from pipeline.errors import UsageError

_COLUMNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^column ?1\b(?!.*column ?2)",
        r"^column ?2\b",
        r"prior to 1996|existence",
        r"^effective",
        r"^deletion",
        r"^modifier",
    )
)
_FIRST = tuple(
    re.compile(pattern)
    for pattern in (r"[0-9A-Z]\d{3}[0-9A-Z]", r"[0-9A-Z]\d{3}[0-9A-Z]", r"\*?", r"\d{8}", r".*", r"\d")
)
_CODE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]")
_PART = re.compile(r"(ccipra|ccioph)?[^/]*?v?(\d{2,3})r?(\d)?[^/]*?f(\d)", re.IGNORECASE)
_HOSPITAL = re.compile(r"ccioph|hospital|opps", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairEdit:
    """A pair that was, or is, not paid together."""

    column1: str
    """The code that is paid."""
    column2: str
    """The code that the first one includes."""
    effective: date
    deleted: date | None
    """Last day; None where the edit still stands in the edition that was imported."""
    modifier: int
    """0: no modifier parts them; 1: a modifier may, with ink that supports it; 9: does not apply any more."""
    before_1996: bool
    edition: str
    """The file that it is from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairTable:
    """The pairs of one file, ascending by their keys; columns of one length."""

    edition: str
    part: str
    """Which part of the pairs it is: importing it again, or the next version, replaces it."""
    sha256: str
    keys: NDArray[np.bytes_]
    """Column 1 and column 2, ten letters."""
    effective: NDArray[np.int32]
    """Ordinal of the day."""
    deleted: NDArray[np.int32]
    """Ordinal of the last day; 0 where there is none."""
    modifier: NDArray[np.uint8]
    before_1996: NDArray[np.uint8]


def read_ncci(name: str, content: bytes) -> PairTable | None:
    """The pairs of a file; None where this is no such file.

    Raises:
        UsageError: it is one, but a row does not fit, or it is for hospitals.
    """
    member, rows = table_of(name, content, _COLUMNS, _FIRST)
    if not rows:
        return None
    if _HOSPITAL.search(member) or _HOSPITAL.search(name):
        raise UsageError(f"{name} holds the pairs for hospitals; bring the ones for practitioners (ccipra).")
    found: list[tuple[bytes, int, int, int, int]] = []
    seen: set[tuple[bytes, int]] = set()
    for number, (first, second, before, effective, deleted, modifier) in rows:
        place = f"{member} line {number}"
        if not _CODE.fullmatch(first) or not _CODE.fullmatch(second):
            raise UsageError(f"{place} has {first!r} and {second!r} where two codes should be; nothing was imported.")
        if modifier not in ("0", "1", "9"):
            raise UsageError(
                f"{place} has {modifier!r} as its modifier indicator, not 0, 1 or 9; nothing was imported."
            )
        begins, ends = day_of(effective, place), day_of(deleted, place)
        if begins is None:
            raise UsageError(f"{place} has no effective day; nothing was imported.")
        key = (first + second).encode()
        if (key, begins.toordinal()) in seen:
            raise UsageError(f"{place} holds {first} with {second} from {begins} a second time; nothing was imported.")
        seen.add((key, begins.toordinal()))
        found.append((key, begins.toordinal(), ends.toordinal() if ends else 0, int(modifier), int(bool(before))))
    found.sort()
    stem = re.sub(r".*/", "", member).rsplit(".", 1)[0]
    part = _PART.search(stem)
    return PairTable(
        edition=stem,
        part=f"practitioner-{part[4]}" if part else re.sub(r"[^A-Za-z0-9]+", "-", stem),
        sha256=hashlib.sha256(content).hexdigest(),
        keys=np.array([row[0] for row in found], dtype="S10"),
        effective=np.array([row[1] for row in found], dtype=np.int32),
        deleted=np.array([row[2] for row in found], dtype=np.int32),
        modifier=np.array([row[3] for row in found], dtype=np.uint8),
        before_1996=np.array([row[4] for row in found], dtype=np.uint8),
    )
