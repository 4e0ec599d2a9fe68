from hypothesis import given
from hypothesis import strategies as st

from pipeline.claims.entered import identity, unfit, whole, with_entered
from pipeline.claims.office_files import COLUMNS, office_of, read_file
from tests.claims.office_data import FILES

ROWS = {name.removesuffix(".csv"): read_file(name, text.encode()).rows for name, text in FILES.items()}


def test_an_entry_takes_the_place_of_the_row_of_the_same_number_however_it_is_written() -> None:
    before = ROWS["patients"][0]
    entered = {**before, "record_number": "fh-1", "member_id": "NM9"}
    patients = office_of(with_entered(ROWS, [("patients", entered)])).patients
    assert sorted(each.coverage.member_id for each in patients) == ["NM1234567", "NM9"]
    assert len(patients) == len(ROWS["patients"])


def test_an_entry_of_somebody_new_stands_beside_the_others() -> None:
    entered = {**ROWS["patients"][0], "record_number": "FH3"}
    assert len(with_entered(ROWS, [("patients", entered)])["patients"]) == len(ROWS["patients"]) + 1


def test_the_later_of_two_entries_counts_and_a_file_brought_afterwards_does_not_change_it() -> None:
    first, second = ({**ROWS["practice"][0], "name": name} for name in ("Old Clinic", "New Clinic"))
    found = office_of(with_entered(ROWS, [("practice", first), ("practice", second)]))
    assert found.practice is not None and found.practice.name == "New Clinic"


def test_rows_that_the_file_has_twice_stay_twice_so_that_somebody_is_told() -> None:
    doubled = {"patients": (ROWS["patients"][0], ROWS["patients"][0])}
    assert len(with_entered(doubled, [])["patients"]) == 2


def test_an_entry_without_what_it_is_about_is_told() -> None:
    row = whole("visits", {"date_of_service": "14.3.2014", "related_to": "a fall"})
    assert set(unfit("visits", row)) == {"record_number", "date_of_service", "related_to", "accident_date"}
    assert unfit("visits", whole("visits", {"record_number": "FH1", "date_of_service": "2014-03-14"})) == {}


@given(st.sampled_from(sorted(COLUMNS)), st.dictionaries(st.sampled_from(sorted(COLUMNS["patients"])), st.text()))
def test_a_whole_row_has_every_column_once_and_stays_itself(kind: str, cells: dict[str, str]) -> None:
    row = whole(kind, cells)
    assert tuple(row) == COLUMNS[kind]
    assert whole(kind, row) == row and identity(kind, row) == identity(kind, whole(kind, row))
