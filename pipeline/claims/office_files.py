"""The office's data as six CSV files: brought whole, checked row by row, kept in the data folder.

`practice.csv`, `providers.csv`, `payers.csv`, `facilities.csv`, `patients.csv` and `visits.csv` are told apart by their
columns. Every fault of a file is told with its row and column, and a file with a fault changes nothing.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.claims import office_rows
from pipeline.claims.office import Office
from pipeline.claims.office_rows import Row
from pipeline.errors import SetupError, UsageError

_ADDRESS = ("street", "second", "city", "state", "zip")
_PERSON = ("last", "first", "middle", "suffix", "birth_date", "sex", *_ADDRESS, "phone")
_INSURED = tuple(f"insured_{name}" for name in _PERSON)
COLUMNS: dict[str, tuple[str, ...]] = {
    "practice": (
        *("name", "npi", "tax_id", "tax_id_kind", *_ADDRESS, "phone", "contact", "taxonomy", "submitter_id", "place"),
        *("receiver_id", "receiver_qualifier", "receiver_name", "release_by", "clia"),
    ),
    "providers": ("last", "first", "middle", "suffix", "npi", "taxonomy", "also"),
    "payers": ("id", "name", "kind", *_ADDRESS),
    "facilities": ("name", "npi", *_ADDRESS),
    "patients": (
        *("record_number", *_PERSON, "payer_id", "member_id", "group", "plan", "relationship", *_INSURED),
        *office_rows.SECOND,
    ),
    "visits": (
        *("record_number", "date_of_service", "place", "related_to", "accident_date", "accident_state"),
        *(
            "authorization",
            "frequency",
            "original_number",
            "facility",
            "other_role",
            *office_rows.OTHER,
            "paid",
            "note",
        ),
        *("releases", "assigns", "accepts", "onset", "last_menstruation", "unable_from", "unable_to"),
        *("admitted", "discharged", "attachment", "attachment_by", "attachment_number"),
    ),
}
"""The columns of each file; those that a practice does not use may be left out, but for the ones in `KEYS`."""
KEYS = {
    "practice": {"tax_id", "submitter_id"},
    "providers": {"npi", "last", "first"},
    "payers": {"id", "kind"},
    "facilities": {"name", "npi", "street"},
    "patients": {"record_number", "member_id"},
    "visits": {"record_number", "date_of_service"},
}
"""Columns by which a file is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeFile:
    """A file as it was read."""

    kind: str
    rows: tuple[dict[str, str], ...]
    """Cells without blanks around them; a column that is missing is empty."""


def read_file(name: str, content: bytes) -> OfficeFile:
    """Read a file of the office.

    Raises:
        UsageError: it is none, or a cell of it does not fit; every one is told.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max("\t;,", key=first.count))
    try:
        cells = [[cell.strip() for cell in row] for row in lines]
    except csv.Error as error:
        raise UsageError(f"{name} cannot be read: {error}; nothing was taken.") from error
    head = [cell.lower().replace(" ", "_") for cell in cells[0]] if cells else []
    kind = next((kind for kind, keys in KEYS.items() if keys <= set(head)), None)
    if kind is None or len(set(head)) < len(head) or not set(head) <= set(COLUMNS[kind]):
        known = "; ".join(f"{kind}: {', '.join(columns)}" for kind, columns in COLUMNS.items())
        raise UsageError(f"{name} has not the columns of any file of the office. They are, of {known}.")
    rows = tuple(dict.fromkeys(COLUMNS[kind], "") | dict(zip(head, row, strict=False)) for row in cells[1:] if any(row))
    found = OfficeFile(kind=kind, rows=rows)
    faults = [
        f"{name} row {number}, {column}: {sentence}"
        for number, row in enumerate(rows, start=2)
        for column, sentence in office_rows.row_faults(kind, row)
    ]
    if kind == "practice" and len(rows) != 1:
        faults.append(f"{name} has {len(rows)} rows; there is one practice.")
    if faults:
        raise UsageError("\n".join((*faults, "Nothing was taken.")))
    return found


def keep(file: OfficeFile, data_dir: Path) -> Path:
    """Write a file into the data folder, in place of the former one; where it stands.

    Raises:
        SetupError: the folder cannot be written.
    """
    path = data_dir / "office" / f"{file.kind}.csv"
    body = io.StringIO()
    writer = csv.DictWriter(body, COLUMNS[file.kind], lineterminator="\n")
    writer.writeheader()
    writer.writerows(file.rows)
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part.write_text(body.getvalue(), encoding="utf-8")
        part.chmod(0o600)
        part.replace(path)
    except OSError as error:
        raise SetupError(f"The office's data cannot be written to {path}: {error.strerror or error}.") from error
    return path


def load_rows(data_dir: Path) -> Mapping[str, tuple[Row, ...]]:
    """The rows of each file of a data folder, by kind; none of what was not brought.

    As long as the files are the same, so is the mapping.

    Raises:
        SetupError: a file was changed into something else.
    """
    seen = []
    for kind in COLUMNS:
        path = data_dir / "office" / f"{kind}.csv"
        if path.is_file():
            looks = path.stat()
            seen.append((kind, path, looks.st_mtime_ns, looks.st_size))
    return _rows(tuple(seen))


@lru_cache(maxsize=1)
def _rows(seen: tuple[tuple[str, Path, int, int], ...]) -> Mapping[str, tuple[Row, ...]]:
    rows: dict[str, tuple[Row, ...]] = {}
    for kind, path, *_ in seen:
        try:
            rows[kind] = read_file(path.name, path.read_bytes()).rows
        except (OSError, UsageError) as error:
            raise SetupError(f"{path} is damaged; bring it again with `inkchart office`.") from error
    return rows


def office_of(rows: Mapping[str, Sequence[Row]]) -> Office:
    """The office that rows without faults tell of, by kind; empty where there are none."""
    payers = {row["id"]: office_rows.payer(row) for row in rows.get("payers", ())}
    practice = next(iter(rows.get("practice", ())), None)
    return Office(
        practice=None if practice is None else office_rows.practice(practice),
        place=None if practice is None else practice["place"] or None,
        receiver=None if practice is None else office_rows.receiver(practice),
        people=1 if practice is None else int(practice["release_by"] or 1),
        providers=tuple(office_rows.provider(row) for row in rows.get("providers", ())),
        clia=None if practice is None else practice["clia"] or None,
        payers=payers,
        facilities={row["npi"]: office_rows.facility(row) for row in rows.get("facilities", ())},
        patients=tuple(office_rows.patient(row, payers) for row in rows.get("patients", ())),
        visits=tuple(office_rows.visit(row) for row in rows.get("visits", ())),
    )
