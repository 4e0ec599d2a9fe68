"""The office's data as five CSV files: brought whole, checked row by row, kept in the data folder.

`practice.csv`, `providers.csv`, `payers.csv`, `patients.csv` and `visits.csv` are told apart by their columns. Every
fault of a file is told with its row and column, and a file with a fault changes nothing.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from pipeline.claims.office import Office, OfficePatient, OfficeProvider, Visit
from pipeline.errors import SetupError, UsageError
from pipeline.records import (
    Accident,
    Address,
    Coverage,
    Frequency,
    Payer,
    PayerKind,
    Person,
    PersonName,
    Practice,
    Provider,
    Receiver,
    RelatedTo,
    Relationship,
)

Row = Mapping[str, str]
T = TypeVar("T")

_ADDRESS = ("street", "second", "city", "state", "zip")
_PERSON = ("last", "first", "middle", "suffix", "birth_date", "sex", *_ADDRESS, "phone")
_INSURED = tuple(f"insured_{name}" for name in _PERSON)
COLUMNS: dict[str, tuple[str, ...]] = {
    "practice": (
        *("name", "npi", "tax_id", "tax_id_kind", *_ADDRESS, "phone", "contact", "taxonomy", "submitter_id", "place"),
        *("receiver_id", "receiver_qualifier", "receiver_name"),
    ),
    "providers": ("last", "first", "middle", "suffix", "npi", "taxonomy", "also"),
    "payers": ("id", "name", "kind", *_ADDRESS),
    "patients": ("record_number", *_PERSON, "payer_id", "member_id", "group", "plan", "relationship", *_INSURED),
    "visits": (
        *("record_number", "date_of_service", "place", "related_to", "accident_date", "accident_state"),
        *("authorization", "frequency", "original_number"),
    ),
}
"""The columns of each file; those that a practice does not use may be left out, but for the ones in `KEYS`."""
KEYS = {
    "practice": {"tax_id", "submitter_id"},
    "providers": {"npi", "last", "first"},
    "payers": {"id", "kind"},
    "patients": {"record_number", "member_id"},
    "visits": {"record_number", "date_of_service"},
}
"""Columns by which a file is known."""
_KINDS = {kind.name.lower().replace("_", " "): kind for kind in PayerKind}
_FREQUENCIES = {each.name.lower(): each for each in Frequency}
_NONE = "none"


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
    faults = [fault for number, row in enumerate(rows, start=2) for fault in _faults(kind, row, f"{name} row {number}")]
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


def load_office(data_dir: Path) -> Office:
    """The office of a data folder; empty where nothing was brought.

    Raises:
        SetupError: a file was changed into something else.
    """
    rows: dict[str, tuple[dict[str, str], ...]] = {}
    for kind in COLUMNS:
        path = data_dir / "office" / f"{kind}.csv"
        if path.is_file():
            try:
                rows[kind] = read_file(path.name, path.read_bytes()).rows
            except (OSError, UsageError) as error:
                raise SetupError(f"{path} is damaged; bring it again with `inkchart office`.") from error
    payers = {row["id"]: _payer(row) for row in rows.get("payers", ())}
    practice = next(iter(rows.get("practice", ())), None)
    return Office(
        practice=None if practice is None else _practice(practice),
        place=None if practice is None else practice["place"] or None,
        receiver=None if practice is None else _receiver(practice),
        providers=tuple(_provider(row) for row in rows.get("providers", ())),
        payers=payers,
        patients=tuple(_patient(row, payers) for row in rows.get("patients", ())),
        visits=tuple(_visit(row) for row in rows.get("visits", ())),
    )


# --- what a row says -------------------------------------------------------------------------


def _faults(kind: str, row: Row, place: str) -> Iterable[str]:
    """What does not fit in a row: whether it is complete is asked when a claim is made of it."""
    days = [name for name in row if name.endswith(("birth_date", "accident_date")) or name == "date_of_service"]
    for name in days:
        if row[name] and _tried(date.fromisoformat, row[name]) is None:
            yield f"{place}, {name}: a day is written YYYY-MM-DD."
    allowed: dict[str, Iterable[str]] = {
        "tax_id_kind": ("EIN", "SSN"),
        "kind": _KINDS,
        "relationship": tuple(Relationship),
        "related_to": (*RelatedTo, _NONE),
        "frequency": _FREQUENCIES,
        "sex": ("F", "M"),
        "insured_sex": ("F", "M"),
    }
    for name, values in allowed.items():
        if row.get(name) and row[name] not in values:
            yield f"{place}, {name}: it is one of {', '.join(values)}."
    needed = {
        "patients": ("record_number", "birth_date", "payer_id", "relationship"),
        "visits": ("record_number", "date_of_service"),
        "payers": ("id", "kind"),
    }
    for name in needed.get(kind, ()):
        if not row[name]:
            yield f"{place}, {name}: it is empty."
    if kind == "patients" and row["relationship"] not in ("", Relationship.SELF) and not row["insured_birth_date"]:
        yield f"{place}, insured_birth_date: it is empty, and the patient is not the insured."
    if kind == "visits" and row["related_to"] not in ("", _NONE) and not row["accident_date"]:
        yield f"{place}, accident_date: it is empty."


def _tried(make: Callable[[str], T], text: str) -> T | None:
    try:
        return make(text)
    except ValueError:
        return None


def _digits(text: str) -> str:
    return "".join(char for char in text if char not in " -().+")


def _address(row: Row, prefix: str = "") -> Address:
    return Address(
        street=row[f"{prefix}street"],
        second=row[f"{prefix}second"] or None,
        city=row[f"{prefix}city"],
        state=row[f"{prefix}state"].upper(),
        zip=_digits(row[f"{prefix}zip"]),
    )


def _name(row: Row, prefix: str = "") -> PersonName:
    return PersonName(
        last=row[f"{prefix}last"],
        first=row[f"{prefix}first"],
        middle=row[f"{prefix}middle"] or None,
        suffix=row[f"{prefix}suffix"] or None,
    )


def _person(row: Row, prefix: str = "") -> Person:
    return Person(
        name=_name(row, prefix),
        birth_date=date.fromisoformat(row[f"{prefix}birth_date"]),
        sex=row[f"{prefix}sex"] or None,
        address=_address(row, prefix),
        phone=_digits(row[f"{prefix}phone"]) or None,
    )


def _practice(row: Row) -> Practice:
    return Practice(
        name=row["name"],
        npi=row["npi"],
        tax_id=_digits(row["tax_id"]),
        tax_id_is_ssn=row["tax_id_kind"] == "SSN",
        address=_address(row),
        phone=_digits(row["phone"]),
        contact=row["contact"],
        taxonomy=row["taxonomy"] or None,
        submitter_id=row["submitter_id"],
    )


def _receiver(row: Row) -> Receiver | None:
    if not row["receiver_id"]:
        return None
    return Receiver(id=row["receiver_id"], qualifier=row["receiver_qualifier"] or "ZZ", name=row["receiver_name"])


def _provider(row: Row) -> OfficeProvider:
    return OfficeProvider(
        provider=Provider(name=_name(row), npi=row["npi"], taxonomy=row["taxonomy"] or None),
        also=tuple(name.strip() for name in row["also"].split(";") if name.strip()),
    )


def _payer(row: Row) -> Payer:
    return Payer(
        name=row["name"], id=row["id"], kind=_KINDS[row["kind"]], address=_address(row) if row["street"] else None
    )


def _patient(row: Row, payers: Mapping[str, Payer]) -> OfficePatient:
    person = _person(row)
    relationship = Relationship(row["relationship"])
    # A payer that nobody brought has no name, which the claim then asks for.
    payer = payers.get(row["payer_id"]) or Payer(name="", id=row["payer_id"], kind=PayerKind.COMMERCIAL, address=None)
    return OfficePatient(
        record_number=row["record_number"],
        person=person,
        coverage=Coverage(
            payer=payer,
            member_id=row["member_id"],
            group=row["group"] or None,
            plan=row["plan"] or None,
            relationship=relationship,
            insured=person if relationship is Relationship.SELF else _person(row, "insured_"),
        ),
    )


def _visit(row: Row) -> Visit:
    related = row["related_to"]
    accident = None
    if related not in ("", _NONE):
        accident = Accident(
            related_to=RelatedTo(related),
            day=date.fromisoformat(row["accident_date"]),
            state=row["accident_state"].upper() or None,
        )
    return Visit(
        record_number=row["record_number"],
        day=date.fromisoformat(row["date_of_service"]),
        place=row["place"] or None,
        said_of_cause=bool(related),
        accident=accident,
        authorization=row["authorization"] or None,
        frequency=_FREQUENCIES.get(row["frequency"], Frequency.ORIGINAL),
        original_number=row["original_number"] or None,
    )
