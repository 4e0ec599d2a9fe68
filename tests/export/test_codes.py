import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.export import as_csv, as_json
from pipeline.export.codes import COLUMNS
from pipeline.records import Anchor, Box, CodeSystem, ConfirmedCode, ConfirmedEncounter, Patient

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CODE = ConfirmedCode(
    system=CodeSystem.ICD9CM,
    code="401.9",
    display="Unspecified essential hypertension",
    who="kim",
    at=AT,
    anchors=(Anchor(page=2, boxes=(Box(10, 20, 30, 40),)),),
)
ENCOUNTER = ConfirmedEncounter(
    id="abc-1",
    document="abc",
    document_name="chart.pdf",
    batch="monday",
    reading=2,
    pages=(1, 2),
    patient=Patient(name="Lopez, Maria", birth_date=date(1957, 4, 12), record_number="448213", sex="F"),
    date_of_service=date(2014, 3, 14),
    provider="Marsh, Helen",
    confirmed_by="lee",
    confirmed_at=AT,
    codes=(CODE, replace(CODE, system=CodeSystem.CPT, code="71020", display="Chest x-ray, two views", anchors=())),
)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_csv_has_one_row_a_code() -> None:
    found = rows(as_csv([ENCOUNTER]))
    assert [(row["system"], row["code"]) for row in found] == [("ICD9CM", "401.9"), ("CPT", "71020")]
    assert found[0] == {
        "encounter": "abc-1",
        "document": "abc",
        "document_name": "chart.pdf",
        "batch": "monday",
        "reading": "2",
        "patient_name": "Lopez, Maria",
        "birth_date": "1957-04-12",
        "record_number": "448213",
        "sex": "F",
        "date_of_service": "2014-03-14",
        "provider": "Marsh, Helen",
        "system": "ICD9CM",
        "code": "401.9",
        "display": "Unspecified essential hypertension",
        "units": "",
        "modifiers": "",
        "points_to": "",
        "confirmed_by": "lee",
        "confirmed_at": "2026-03-01T12:00:00+00:00",
        "pages": "1 2",
    }


def test_how_a_service_is_billed_is_told() -> None:
    service = replace(ENCOUNTER.codes[1], units=2, modifiers=("25", "LT"), points_to=("401.9", "250.00"))
    billed = replace(ENCOUNTER, codes=(service,))
    (row,) = rows(as_csv([billed]))
    assert (row["units"], row["modifiers"], row["points_to"]) == ("2", "25 LT", "401.9 250.00")
    (told,) = json.loads(as_json([billed]))[0]["codes"]
    assert (told["units"], told["modifiers"], told["points_to"]) == (2, ["25", "LT"], ["401.9", "250.00"])


def test_an_encounter_without_codes_keeps_a_row() -> None:
    (row,) = rows(as_csv([replace(ENCOUNTER, codes=())]))
    assert row["encounter"] == "abc-1" and row["code"] == row["system"] == row["display"] == ""


def test_nothing_confirmed_gives_the_headings_alone() -> None:
    assert as_csv([]) == ",".join(COLUMNS) + "\r\n"
    assert json.loads(as_json([])) == []


def test_what_is_unknown_is_empty() -> None:
    nobody = Patient(name="Lopez", birth_date=None, record_number=None, sex=None)
    (row,) = rows(as_csv([replace(ENCOUNTER, patient=nobody, provider=None, codes=())]))
    assert row["birth_date"] == row["record_number"] == row["sex"] == row["provider"] == ""


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "＝1"])
def test_a_cell_that_looks_like_a_formula_is_made_harmless(name: str) -> None:
    (row,) = rows(as_csv([replace(ENCOUNTER, provider=name, codes=())]))
    assert row["provider"] == "'" + name


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_every_text_comes_back_from_the_csv_and_none_begins_a_formula(name: str, batch: str) -> None:
    (row,) = rows(as_csv([replace(ENCOUNTER, provider=name, batch=batch, codes=())]))
    assert row["provider"].removeprefix("'") == name.removeprefix("'")
    assert row["batch"].removeprefix("'") == batch.removeprefix("'")
    assert not row["provider"].lstrip().startswith(("=", "+", "-", "@"))


def test_the_json_leads_back_to_the_ink() -> None:
    (found,) = json.loads(as_json([ENCOUNTER]))
    assert found["patient"] == {
        "name": "Lopez, Maria",
        "birth_date": "1957-04-12",
        "record_number": "448213",
        "sex": "F",
    }
    assert found["document"] == {"id": "abc", "name": "chart.pdf"}
    assert (found["encounter"], found["batch"], found["reading"], found["pages"]) == ("abc-1", "monday", 2, [1, 2])
    assert (found["date_of_service"], found["provider"]) == ("2014-03-14", "Marsh, Helen")
    assert (found["confirmed_by"], found["confirmed_at"]) == ("lee", "2026-03-01T12:00:00+00:00")
    assert found["codes"][0] == {
        "system": "ICD9CM",
        "code": "401.9",
        "display": "Unspecified essential hypertension",
        "units": None,
        "modifiers": [],
        "points_to": [],
        "decided_by": "kim",
        "decided_at": "2026-03-01T12:00:00+00:00",
        "anchors": [{"page": 2, "boxes": [[10, 20, 30, 40]]}],
    }
    assert found["codes"][1]["anchors"] == []


def test_a_file_name_that_is_not_text_is_escaped() -> None:
    odd = replace(ENCOUNTER, document_name="chart\udcff.pdf")
    as_csv([odd]).encode()
    assert json.loads(as_json([odd]).encode())[0]["document"]["name"] == "chart\\udcff.pdf"
