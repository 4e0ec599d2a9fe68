from datetime import date
from pathlib import Path

import pytest

from pipeline.codebooks import CodeBooks, icd9, icd10_lives
from pipeline.codebooks.validity import InForce
from pipeline.errors import SetupError
from pipeline.records import CodeSystem

ICD9, ICD10, CPT, HCPCS = CodeSystem.ICD9CM, CodeSystem.ICD10CM, CodeSystem.CPT, CodeSystem.HCPCS


def known(books: CodeBooks, system: CodeSystem, code: str, on: date) -> tuple[bool, InForce]:
    row = books.row(system, code, on)
    assert row is not None
    return books.code(row).billable, books.in_force(row, on)


@pytest.mark.parametrize(
    ("system", "code", "on", "billable", "expected"),
    [
        (ICD9, "327.23", date(2004, 3, 1), True, InForce.REFUTED),
        (ICD9, "327.23", date(2005, 10, 1), True, InForce.PROVEN),
        (ICD9, "401.9", date(2004, 3, 1), True, InForce.UNPROVEN),
        (ICD9, "401.9", date(2015, 3, 1), True, InForce.PROVEN),
        (ICD9, "585", date(2004, 3, 1), True, InForce.UNPROVEN),
        (ICD9, "585", date(2006, 3, 1), False, InForce.PROVEN),
        (ICD10, "E11.9", date(2018, 3, 1), True, InForce.PROVEN),
        (ICD10, "M54.5", date(2018, 3, 1), True, InForce.PROVEN),
        (ICD10, "M54.5", date(2022, 3, 1), False, InForce.PROVEN),
        (ICD10, "M54.50", date(2018, 3, 1), True, InForce.REFUTED),
        (ICD10, "M54.50", date(2022, 3, 1), True, InForce.PROVEN),
        (ICD10, "E11.3211", date(2016, 3, 1), True, InForce.REFUTED),
        (ICD10, "Q23.81", date(2020, 3, 1), True, InForce.REFUTED),
        (ICD10, "T78.1XXA", date(2020, 3, 1), True, InForce.PROVEN),
        (ICD10, "T78.1XXA", date(2026, 5, 1), True, InForce.REFUTED),
        (ICD10, "F50.81", date(2024, 3, 1), True, InForce.PROVEN),
        (ICD10, "F50.81", date(2026, 5, 1), False, InForce.PROVEN),
        (ICD10, "H01.00A", date(2019, 3, 1), True, InForce.UNPROVEN),
        (CPT, "11102", date(2018, 3, 1), True, InForce.REFUTED),
        (CPT, "11102", date(2020, 3, 1), True, InForce.UNPROVEN),
    ],
)
def test_a_code_is_proven_refuted_or_neither_for_a_day(
    books: CodeBooks, system: CodeSystem, code: str, on: date, billable: bool, expected: InForce
) -> None:
    assert known(books, system, code, on) == (billable, expected)


def test_a_number_that_was_used_again_has_the_meaning_of_the_day(books: CodeBooks) -> None:
    before, after, newest = (books.get(HCPCS, "J0570", on) for on in (date(2009, 3, 1), date(2018, 3, 1), None))
    assert before is not None
    assert after is not None
    assert "enicillin" in before.display
    assert "uprenorphine" in after.display
    assert newest == after
    assert "J0570" in [code.code for code in books.search("bicillin", system=HCPCS, on=date(2009, 3, 1))]
    assert "J0570" not in [code.code for code in books.search("bicillin", system=HCPCS, on=date(2018, 3, 1))]
    assert len(books.rows(HCPCS, "J0570")) == 2


def test_search_by_day_leaves_out_what_was_not_in_force(books: CodeBooks) -> None:
    for on, there in ((date(2004, 3, 1), False), (date(2006, 3, 1), True)):
        assert ("327.23" in [code.code for code in books.search("327.2", system=ICD9, on=on)]) is there
    assert [code.code for code in books.search("M54.5", system=ICD10, on=date(2018, 3, 1))] == ["M54.5"]


def test_every_code_of_the_birth_tables_is_in_its_book(books: CodeBooks) -> None:
    for code, (begins, ends) in icd9.changes_of(icd9.CHANGES).items():
        found = books.get(ICD9, code, begins or ends)
        assert found is not None
        assert found.billable, code


def test_a_heading_that_once_was_a_code_has_a_name_and_no_list_of_its_codes() -> None:
    parted = [code for code, (_, ends) in icd9.changes_of(icd9.CHANGES).items() if ends]
    displays = {entry.code: entry.display for entry in icd9.read().entries if entry.valid_to}
    assert displays["780.6"] == "Fever"
    assert [
        code for code in parted if displays[code].startswith("Category with") or displays[code].endswith("...")
    ] == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("401.9\t2003-10-01\t2004-09-30\tx\n", "line 2 must give one day"),
        ("401.9\t\t\tx\n", "line 2 must give one day"),
        ("401.9\tsoon\t\tx\n", "line 2 has soon"),
    ],
)
def test_a_change_without_one_day_is_refused(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "changes.tsv"
    path.write_text("code\tfrom\tto\tsource\n" + content)
    with pytest.raises(SetupError, match=sentence):
        icd9.changes_of(path)


def test_a_code_that_is_born_twice_is_refused(tmp_path: Path) -> None:
    births, empty = tmp_path / "births.tsv", tmp_path / "empty"
    births.write_text("from\tcodes\tsource\n2017-10-01\tA00.1\tx\n2018-10-01\tA00.1\tx\n")
    empty.write_text("icd10cm\n")
    with pytest.raises(SetupError, match="line 3 has A001"):
        list(icd10_lives.lived((), empty, empty, births))
