from collections.abc import Callable

import pytest

from pipeline.codebooks import icd9
from pipeline.codebooks.entries import Volume
from pipeline.codebooks.importing.icd9_tabular import read_icd9_tabular
from pipeline.codebooks.importing.imported import Imported, unpacked
from pipeline.errors import UsageError

Maker = Callable[[list[tuple[int, int, str]]], bytes]
TITLE = (0, 0, "CLASSIFICATION OF DISEASES AND INJURIES")
LINES = [
    TITLE,
    (0, 0, "1.  ILLS OF MY INVENTION (250-259)"),
    (1440, -1440, "Excludes:\tills of others (300-310)"),
    (1440, -1440, "250\tSugar sickness"),
    (1800, -1800, "Includes:\tsweet blood"),
    (1440, -1440, "Excludes:\tsugar of mothers (648.8)"),
    (1440, -360, "sugar of:"),
    (1440, -180, "babies (775.1)"),
    (0, 0, "The following fifth-digit subclassification is for use with category 250:"),
    (2160, -1080, "0\tof the old"),
    (2160, -1080, "Fifth-digit 0 is for the old"),
    (2160, -1080, "1\tof the young"),
    (2160, -1440, "250.0\tWithout more"),
    (720, 0, "[0-1]"),
    (2340, -720, "Sugar NOS"),
    (2160, -1440, "250.6\tWith nerves"),
    (720, 0, "[0]"),
    (1440, -720, "Use additional code to name it, as:"),
    (1800, -720, "burning feet (357.2)"),
    (1440, -1440, "251\tOther sugar"),
    (2160, -1440, "251.0\tLow sugar"),
    (1440, -720, "Code first the pancreas"),
    (2340, -720, "Shaking:"),
    (2520, -720, "from hunger"),
    (2160, -1440, "251.1Other low sugar"),
]


@pytest.fixture
def tabular(rich_text: Maker) -> Imported:
    imported = read_icd9_tabular("Dtab12.rtf", rich_text(LINES))
    assert imported is not None
    return imported


def test_shared_digits_are_written_out_for_the_codes_that_take_them(tabular: Imported) -> None:
    entries = {entry.code: entry for entry in unpacked(tabular).entries}
    assert {code for code, entry in entries.items() if entry.billable} == {
        "250.00",
        "250.01",
        "250.60",
        "251.0",
        "251.1",
    }
    assert entries["250.01"].display == "Sugar sickness: Without more, of the young"
    assert entries["251.1"].display == "Other sugar: Other low sugar"


def test_notes_belong_to_the_code_that_they_follow(tabular: Imported) -> None:
    notes: dict[tuple[str, str], list[str]] = {}
    for note in unpacked(tabular).notes:
        notes.setdefault((note.code, note.kind), []).append(note.text)
    assert notes == {
        ("250-259", "excludes"): ["ills of others (300-310)"],
        ("250", "includes"): ["sweet blood"],
        ("250", "excludes"): ["sugar of mothers (648.8)", "sugar of babies (775.1)"],
        ("250", "note"): ["Fifth-digit 0 is for the old"],
        ("250.0", "inclusion"): ["Sugar NOS"],
        ("250.6", "use_additional"): ["Use additional code to name it, as burning feet (357.2)"],
        ("251.0", "code_first"): ["Code first the pancreas"],
        ("251.0", "inclusion"): ["Shaking from hunger"],
    }


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([*LINES, (2160, -1440, "251.1\tAgain")], "paragraph 26 holds 251.1 a second time"),
        ([TITLE, (2160, -1440, "251.1\tLost"), *LINES[1:]], "paragraph 2 holds 251.1 before its category"),
        (LINES[:5], "hardly a code"),
    ],
)
def test_a_list_in_disorder_is_refused(rich_text: Maker, lines: list[tuple[int, int, str]], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        read_icd9_tabular("Dtab12.rtf", rich_text(lines))


@pytest.mark.parametrize(
    ("name", "read", "most"), [("Dtab12.zip", icd9.read, 50), ("Ptab12.zip", icd9.read_procedures, 20)]
)
def test_the_official_list_has_the_billable_codes_of_the_packaged_book(
    official: Callable[[str], bytes], name: str, read: Callable[[], Volume], most: int
) -> None:
    imported = read_icd9_tabular(name, official(name))
    assert imported is not None
    listed = {entry.code for entry in unpacked(imported).entries if entry.billable}
    packaged = {entry.code for entry in read().entries if entry.billable and entry.valid_to is None}
    assert len(listed ^ packaged) <= most
    assert len(imported.tables["notes"]) > 5_000
