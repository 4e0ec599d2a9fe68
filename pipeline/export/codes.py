"""The confirmed codes as CSV and JSON, for spreadsheets and scripts.

Only what a coder confirmed comes in here. An encounter that was confirmed without any code keeps one
row in the CSV, with the code's columns empty: it was worked through, and a list that left it out would
say that it was not.
"""

import csv
import io
import json
from collections.abc import Iterable
from datetime import datetime

from pipeline.records import Anchor, ConfirmedCode, ConfirmedEncounter

COLUMNS = (
    "encounter",
    "document",
    "document_name",
    "batch",
    "reading",
    "patient_name",
    "birth_date",
    "record_number",
    "sex",
    "date_of_service",
    "provider",
    "system",
    "code",
    "display",
    "units",
    "modifiers",
    "points_to",
    "confirmed_by",
    "confirmed_at",
    "pages",
)

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula."""


def as_csv(encounters: Iterable[ConfirmedEncounter]) -> str:
    """One row a code, in the order of the decisions; lines end in CR LF, as RFC 4180 says.

    Days are YYYY-MM-DD, times UTC in ISO 8601. Pages, modifiers and the diagnoses that a service points to stand apart
    by spaces, which no spreadsheet takes for a date. Units are empty where nobody said, and count as 1. `confirmed_by`
    and `confirmed_at` are of the encounter's sign-off. A cell that a spreadsheet would take for a formula begins with
    an apostrophe.
    """
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for encounter in encounters:
        for code in encounter.codes or (None,):
            rows.writerow([harmless(cell) for cell in _row(encounter, code)])
    return text.getvalue()


def as_json(encounters: Iterable[ConfirmedEncounter]) -> str:
    """A list of encounters, each with its patient and its codes, and each code with its ink.

    Boxes are pixels of the page as rendered. A code that the coder added without ink has no anchors.
    """
    return json.dumps([_encounter(encounter) for encounter in encounters], ensure_ascii=False, indent=2) + "\n"


def _row(encounter: ConfirmedEncounter, code: ConfirmedCode | None) -> tuple[str, ...]:
    patient = encounter.patient
    return (
        encounter.id,
        encounter.document,
        _printable(encounter.document_name),
        _printable(encounter.batch),
        str(encounter.reading),
        patient.name,
        patient.birth_date.isoformat() if patient.birth_date else "",
        patient.record_number or "",
        patient.sex or "",
        encounter.date_of_service.isoformat(),
        encounter.provider or "",
        code.system.value if code else "",
        code.code if code else "",
        code.display if code else "",
        str(code.units) if code and code.units is not None else "",
        " ".join(code.modifiers) if code else "",
        " ".join(code.points_to) if code else "",
        encounter.confirmed_by,
        _moment(encounter.confirmed_at),
        " ".join(str(page) for page in encounter.pages),
    )


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    # Some programs strip blanks before they look for a formula.
    return f"'{cell}" if cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA) else cell


def _encounter(encounter: ConfirmedEncounter) -> dict[str, object]:
    patient = encounter.patient
    return {
        "encounter": encounter.id,
        "document": {"id": encounter.document, "name": _printable(encounter.document_name)},
        "batch": _printable(encounter.batch),
        "reading": encounter.reading,
        "pages": list(encounter.pages),
        "patient": {
            "name": patient.name,
            "birth_date": patient.birth_date.isoformat() if patient.birth_date else None,
            "record_number": patient.record_number,
            "sex": patient.sex,
        },
        "date_of_service": encounter.date_of_service.isoformat(),
        "provider": encounter.provider,
        "confirmed_by": encounter.confirmed_by,
        "confirmed_at": _moment(encounter.confirmed_at),
        "codes": [
            {
                "system": code.system.value,
                "code": code.code,
                "display": code.display,
                "units": code.units,
                "modifiers": list(code.modifiers),
                "points_to": list(code.points_to),
                "decided_by": code.who,
                "decided_at": _moment(code.at),
                "anchors": [_anchor(anchor) for anchor in code.anchors],
            }
            for code in encounter.codes
        ],
    }


def _anchor(anchor: Anchor) -> dict[str, object]:
    return {"page": anchor.page, "boxes": [list(box) for box in anchor.boxes]}


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _printable(name: str) -> str:
    """A file's name as UTF-8 can hold it: bytes that are not text are escaped."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
