import csv
import io
import json
from dataclasses import asdict, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from pipeline.export.claim_tables import COLUMNS, claim_read, claims_csv, claims_json, dollars
from pipeline.records import (
    Accident,
    Claim,
    CodeSystem,
    Frequency,
    PersonName,
    RelatedTo,
    Relationship,
)
from tests.claims.drawn_claims import CLAIM, HOME, PATIENT, claims, diagnosis, service
from tests.export.drawn_837p import FULL, LONG


def rows(*written: Claim) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(claims_csv(written), newline="")))


def read(*written: Claim) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(claims_json(written))
    return found


def test_the_csv_has_one_row_a_service_line_with_all_that_is_known_of_it() -> None:
    claim = replace(
        CLAIM,
        frequency=Frequency.REPLACEMENT,
        original_number="998877",
        accident=Accident(related_to=RelatedTo.AUTO, day=date(2014, 3, 1), state="OR"),
        authorization="A77",
        lines=(CLAIM.lines[0], replace(CLAIM.lines[1], modifiers=("59", "LT"), who="lee")),
    )
    first, second = rows(claim)
    assert (first["line"], first["code"], first["pointers"]) == ("1", "99213", "A")
    assert second == {
        "claim": "FH00652-1",
        "encounter": "8c1",
        "frequency": "7",
        "original_number": "998877",
        "signed_by": "kim",
        "practice": "Fern Hollow Clinic",
        "practice_npi": "1234567893",
        "provider": "Moss, Ruth",
        "provider_npi": "1987654328",
        "payer": "Northern Mutual",
        "payer_id": "60054",
        "member_id": "NM1234567",
        "group": "G100",
        "relationship": "self",
        "insured": "Okafor, Ruth A",
        "patient": "Okafor, Ruth A",
        "birth_date": "1961-07-19",
        "sex": "F",
        "accident": "auto accident",
        "accident_day": "2014-03-01",
        "accident_state": "OR",
        "authorization": "A77",
        "facility": "",
        "facility_npi": "",
        "other_provider_role": "",
        "other_provider": "",
        "other_provider_npi": "",
        "paid": "",
        "releases": "yes",
        "assigns": "yes",
        "accepts": "yes",
        "onset": "",
        "last_menstruation": "",
        "unable_to_work_from": "",
        "unable_to_work_to": "",
        "in_hospital_from": "",
        "in_hospital_to": "",
        "note": "",
        "clia": "",
        "second_payer": "",
        "second_payer_id": "",
        "second_member_id": "",
        "second_group": "",
        "second_plan": "",
        "second_relationship": "",
        "second_insured": "",
        "line": "2",
        "day": "2014-03-14",
        "place": "11",
        "system": "HCPCS",
        "code": "J3301",
        "display": "A service",
        "modifiers": "59 LT",
        "units": "2",
        "charge": "24.50",
        "confirmed_by": "lee",
        "pointers": "BA",
        "edition": "ICD-9-CM",
        "diagnosis_a": "401.9",
        "diagnosis_b": "250.00",
        **{f"diagnosis_{letter}": "" for letter in "cdefghijkl"},
        "total": "109.50",
    }


def test_the_csv_says_what_surrounds_the_services() -> None:
    row = rows(FULL)[0]
    begin = list(row).index("facility")
    assert list(row.values())[begin : begin + 24] == [
        *("Elm Street Hospital", "1245319599", "referring", "Ames JR, Lin Q", "1003000126", "20.50"),
        *("no", "no", "no", "2019-04-28", "2019-04-02", "2019-04-30", "2019-05-09", "2019-04-29", "2019-05-02"),
        *("Came by ambulance", "38D0123456", "Southern Mutual", "70065", "SM7654321", "G200", "", "child"),
        "Okafor SR, Ben C",
    ]
    assert [rows(LONG)[0][name] for name in ("unable_to_work_from", "unable_to_work_to")] == ["2014-03-14", ""]


def test_an_insured_person_who_is_not_the_patient_is_named() -> None:
    parent = replace(PATIENT, name=PersonName(last="Okafor", first="Ben", suffix="JR"))
    coverage = replace(CLAIM.coverage, relationship=Relationship.CHILD, insured=parent)
    [row, _] = rows(replace(CLAIM, coverage=coverage))
    assert (row["relationship"], row["insured"], row["patient"]) == ("child", "Okafor JR, Ben", "Okafor, Ruth A")


def test_twelve_diagnoses_fill_the_columns_a_to_l() -> None:
    codes = [f"E11.{number}" for number in range(12)]
    diagnoses = tuple(diagnosis(code, CodeSystem.ICD10CM) for code in codes)
    line = replace(service(points_to=(12, 1)), day=date(2020, 1, 2))
    [row] = rows(replace(CLAIM, diagnoses=diagnoses, lines=(line,)))
    assert [row[f"diagnosis_{letter}"] for letter in "abcdefghijkl"] == codes
    assert (row["edition"], row["pointers"]) == ("ICD-10-CM", "LA")


def test_lines_end_in_cr_lf_and_only_what_needs_quotes_has_them() -> None:
    text = claims_csv([replace(CLAIM, lines=(replace(CLAIM.lines[0], display='Visit, "short"'),))])
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n") == 2
    assert '"Visit, ""short"""' in text
    assert '"99213"' not in text


def test_no_claim_leaves_the_head_and_an_empty_list() -> None:
    assert claims_csv([]) == ",".join(COLUMNS) + "\r\n"
    assert json.loads(claims_json([])) == []


@given(
    st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "＋", "－", "＠"]),
    st.sampled_from(["name", "member", "display", "number"]),
)
def test_a_cell_that_a_spreadsheet_would_compute_begins_with_an_apostrophe(start: str, where: str) -> None:
    bad = f'{start}HYPERLINK("x")'
    name = PersonName(last=bad, first="Ruth")
    claim = {
        "name": replace(CLAIM, patient=replace(PATIENT, name=name)),
        "member": replace(CLAIM, coverage=replace(CLAIM.coverage, member_id=bad)),
        "display": replace(CLAIM, lines=(replace(CLAIM.lines[0], display=bad),)),
        "number": replace(CLAIM, number=bad),
    }[where]
    cells = list(rows(claim)[0].values())
    assert any(cell.startswith(f"'{bad}") for cell in cells)
    assert not any(cell.lstrip().startswith(tuple("=+-@＝＋－＠")) for cell in cells)


@settings(deadline=None, max_examples=20)
@given(st.lists(claims(), min_size=1, max_size=3))
def test_the_rows_sum_to_the_claims_and_say_their_services(drawn: list[Claim]) -> None:
    found = rows(*drawn)
    assert len(found) == sum(len(claim.lines) for claim in drawn)
    assert sum(Decimal(row["charge"]) for row in found) == sum(claim.total for claim in drawn)
    expected = iter(found)
    for claim in drawn:
        for number, line in enumerate(claim.lines, start=1):
            row = next(expected)
            assert row["line"] == str(number)
            assert Decimal(row["total"]) == claim.total
            assert (row["system"], row["code"], row["place"]) == (line.system, line.code, line.place)
            assert (int(row["units"]), Decimal(row["charge"])) == (line.units, line.charge)
            assert tuple(row["modifiers"].split()) == line.modifiers
            assert date.fromisoformat(row["day"]) == line.day
            pointed = [row[f"diagnosis_{letter.lower()}"] for letter in row["pointers"]]
            assert pointed == [claim.diagnoses[pointer - 1].code for pointer in line.points_to]


def test_the_json_holds_every_field_of_the_record_in_its_order() -> None:
    [found] = read(CLAIM)
    assert list(found) == [*(field.name for field in fields(CLAIM)), "total"]
    assert found["practice"] == {
        **asdict(CLAIM.practice),
        "address": asdict(CLAIM.practice.address),
    }
    assert found["patient"] == {**asdict(PATIENT), "birth_date": "1961-07-19", "address": asdict(HOME)}
    assert found["lines"][1] == {
        "day": "2014-03-14",
        "place": "11",
        "system": "HCPCS",
        "code": "J3301",
        "display": "A service",
        "modifiers": [],
        "units": 2,
        "charge": "24.50",
        "points_to": [2, 1],
        "who": "kim",
        "anchors": [{"page": 1, "boxes": [[150, 740, 500, 790]]}],
    }
    assert (found["frequency"], found["accident"], found["attachments"]) == ("1", None, [])
    assert found["coverage"]["payer"]["kind"] == "CI"
    assert found["total"] == "109.50"


@settings(deadline=None, max_examples=20)
@given(st.lists(claims(), max_size=2))
def test_the_json_gives_every_value_back(drawn: list[Claim]) -> None:
    assert [as_the_record(found) for found in read(*drawn)] == [as_values(asdict(claim)) for claim in drawn]
    assert [Decimal(found["total"]) for found in read(*drawn)] == [claim.total for claim in drawn]


@settings(deadline=None, max_examples=20)
@given(claims())
def test_a_claim_is_read_back_from_its_json_as_it_was(drawn: Claim) -> None:
    [written] = read(drawn)
    assert claim_read(json.dumps(written)) == drawn
    assert claim_read(TypeAdapter(Claim).dump_json(drawn).decode()) == drawn


def test_a_claim_that_was_written_before_a_field_was_there_is_read_with_its_default() -> None:
    [written] = read(CLAIM)
    later = ("facility", "other_provider", "paid", "agreements", "course", "note", "clia", "other_coverage")
    assert claim_read(json.dumps({name: value for name, value in written.items() if name not in later})) == CLAIM


def test_what_is_no_claim_is_not_read_as_one() -> None:
    [written] = read(CLAIM)
    for wrong in ("{}", "[]", "", json.dumps({**written, "lines": None}), json.dumps({**written, "frequency": "9"})):
        with pytest.raises(ValueError):
            claim_read(wrong)


@given(st.integers(0, 10**12).map(lambda cents: Decimal(cents) / 100))
def test_an_amount_has_two_decimals_and_is_the_same_amount(amount: Decimal) -> None:
    assert Decimal(dollars(amount)) == amount
    assert Decimal(dollars(amount)).as_tuple().exponent == -2


def test_an_amount_is_never_rounded() -> None:
    assert [dollars(Decimal(text)) for text in ("85", "0.5", "1.005", "1E+2")] == ["85.00", "0.50", "1.005", "100.00"]


def test_letters_of_other_alphabets_stay_what_they_are() -> None:
    claim = replace(CLAIM, patient=replace(PATIENT, name=PersonName(last="Núñez", first="Łucja")))
    assert "Núñez" in claims_json([claim])
    assert rows(claim)[0]["patient"] == "Núñez, Łucja"


def as_the_record(found: dict[str, Any]) -> dict[str, Any]:
    """What JSON holds, with money as decimals again and without the sum."""
    lines = [{**line, "charge": Decimal(line["charge"])} for line in found["lines"]]
    paid = None if found["paid"] is None else Decimal(found["paid"])
    return {name: value for name, value in {**found, "lines": lines, "paid": paid}.items() if name != "total"}


def as_values(value: Any) -> Any:
    """The record's values as JSON knows them: lists, and days as text."""
    match value:
        case dict():
            return {name: as_values(each) for name, each in value.items()}
        case tuple() | list():
            return [as_values(each) for each in value]
        case date():
            return value.isoformat()
        case _:
            return value
