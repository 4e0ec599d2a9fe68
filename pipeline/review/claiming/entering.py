"""Forms for what the office knows and no chart says: one row of its files each, as it stands or to be filled in."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.claims.entered import identity, whole
from pipeline.claims.office_files import COLUMNS
from pipeline.claims.office_rows import CHOICES, DAYS, Row
from pipeline.claims.preparing import Prepared

LABELS = {
    "npi": "NPI",
    "id": "Id",
    "tax_id": "Tax id",
    "tax_id_kind": "Tax id is",
    "last": "Last name",
    "first": "First name",
    "middle": "Middle name",
    "zip": "ZIP code",
    "second": "Second line",
    "also": "Other ways to write the name, parted by ;",
    "payer_id": "Payer's id",
    "member_id": "Member number",
    "submitter_id": "Submitter's id",
    "receiver_id": "Receiver's id",
    "release_by": "People who release a claim",
    "original_number": "Payer's number of the earlier claim",
    "related_to": "Comes from",
    "frequency": "Kind of claim",
    "place": "Place of service",
    "facility": "Facility's NPI",
    "clia": "CLIA number",
    "other_role": "Other provider was",
    "other_npi": "Other provider's NPI",
    "paid": "Paid by the patient",
    "attachment": "Kind of report, such as M1",
    "attachment_by": "It goes",
    "attachment_number": "By which number",
    "releases": "Releases records",
    "assigns": "Assigns payment",
    "accepts": "Accepts assignment",
    "onset": "Illness began",
    "last_menstruation": "Last menstrual period",
    "unable_from": "Unable to work from",
    "unable_to": "Unable to work to",
}
"""Names of columns that are not just their words."""
PARTS = {
    "insured_": "The insured, where it is not the patient",
    "second_": "A second insurance",
    "attachment": "An attachment",
    "other_": "Who referred, ordered or supervised",
}
"""Fields that are folded away, by how the names of their columns begin."""
TITLES = {
    "patients": "Patient and insurance",
    "payers": "Payer",
    "visits": "Visit",
    "providers": "Provider",
    "practice": "Practice",
    "facilities": "Facility",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One field of a form."""

    name: str
    label: str
    value: str
    choices: tuple[str, ...]
    """What it may be; empty where anything."""
    is_day: bool
    part: str
    """Beginning of the names of fields that are folded away together; empty for the others."""
    fault: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryForm:
    """A row to be filled in."""

    kind: str
    title: str
    cells: tuple[Cell, ...]
    notice: str | None

    @property
    def parts(self) -> tuple["Part", ...]:
        """The fields that are folded away, where the form has any."""
        found = ((title, tuple(c for c in self.cells if c.part == part)) for part, title in PARTS.items())
        return tuple(Part(title=title, cells=cells) for title, cells in found if cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Fields that most rows leave empty."""

    title: str
    cells: tuple[Cell, ...]

    @property
    def is_used(self) -> bool:
        """Whether something stands in them."""
        return any(cell.value or cell.fault for cell in self.cells)


def entry_form(kind: str, row: Row, faults: Mapping[str, str] | None = None) -> EntryForm:
    """A form of a row.

    Args:
        kind: of the office's file that it would stand in.
        row: what it holds so far.
        faults: what is the matter with it, by column.
    """
    told = faults or {}
    cells = tuple(
        Cell(
            name=column,
            label=label_of(column),
            value=row.get(column, ""),
            choices=CHOICES.get(column, ()),
            part=next((part for part in PARTS if column.startswith(part)), ""),
            is_day=column in DAYS,
            fault=told.get(column),
        )
        for column in COLUMNS[kind]
    )
    return EntryForm(kind=kind, title=TITLES[kind], cells=cells, notice="; ".join(told.values()) or None)


def label_of(column: str) -> str:
    """What a column is called on a form."""
    if column.startswith("insured_"):
        return f"Insured's {label_of(column.removeprefix('insured_')).lower()}"
    if column.startswith("second_"):
        return f"Second {label_of(column.removeprefix('second_')).lower()}"
    return LABELS.get(column, column.replace("_", " ").capitalize())


def row_for(kind: str, prepared: Prepared, rows: Mapping[str, tuple[Row, ...]]) -> Row:
    """The row that a claim's section shows, or a new one with what the chart says of it."""
    wanted = _said_by_chart(kind, prepared)
    same = identity(kind, wanted)
    found = (row for row in rows.get(kind, ()) if identity(kind, row) == same)
    return next(found, whole(kind, wanted))


def _said_by_chart(kind: str, prepared: Prepared) -> dict[str, str]:
    """What identifies the row, and what else the chart says that could stand in it."""
    draft, encounter = prepared.draft, prepared.encounter
    if encounter is None or draft is None:
        return {}
    patient = draft.patient
    number = patient.record_number if patient is not None else encounter.patient.record_number or ""
    match kind:
        case "patients":
            last, _, first = encounter.patient.name.partition(",")
            born = encounter.patient.birth_date
            return {
                "record_number": number,
                "last": last.strip(),
                "first": first.strip(),
                "birth_date": "" if born is None else born.isoformat(),
                "sex": encounter.patient.sex or "",
            }
        case "visits":
            return {"record_number": number, "date_of_service": encounter.date_of_service.isoformat()}
        case "facilities":
            return {} if draft.visit is None else {"npi": draft.visit.facility or ""}
        case "payers":
            return {} if patient is None else {"id": patient.coverage.payer.id}
        case "providers":
            npi = "" if draft.provider is None else draft.provider.npi
            return {"npi": npi, "also": encounter.provider or ""}
    return {}
