from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.evaluation.coding_data import HOSPITAL, Known, load_coding_data
from pipeline.records import CodeSystem, Label

NOTE = '''date_of_service = 2013-04-02
part = "tune"
note = """Asthma. No pneumonia."""

[[code]]
system = "ICD9CM"
code = "493.90"
words = "Asthma"

[[never]]
system = "ICD9CM"
code = "486"
why = "negated"
'''


def written(tmp_path: Path, *lines: str) -> Path:
    table = tmp_path / "table.tsv"
    table.write_text("\n".join(lines) + "\n")
    return table


def test_a_table_is_known_by_its_columns(tmp_path: Path) -> None:
    table = written(tmp_path, "id\thistory\timpression\ticd9_majority", "r1\tCough.\tNormal chest.\t786.2;V12.6")

    data = load_coding_data(table, part=None, limit=None)

    (note,) = data.notes
    assert data.kind == "reports"
    assert note.text == "Clinical history: Cough.\nImpression: Normal chest.\n"
    assert [known.code for known in note.codes] == ["7862", "V126"]


def test_a_mention_may_have_several_codes_that_are_as_good(tmp_path: Path) -> None:
    table = written(
        tmp_path,
        "text\tlabel\tsystem\tcode\tdate\tpart",
        "uti\tdiagnosis\tICD9CM\t599.0;595.9\t\ttune",
        "flu shot\tprocedure\tCPT\t90658\t2010-10-01\theld-out",
    )

    data = load_coding_data(table, part=None, limit=None)
    held_out = load_coding_data(table, part="held-out", limit=None)

    assert data.kind == "mentions"
    assert (data.asked[0].codes, data.asked[0].on) == (("5990", "5959"), date(2014, 6, 2))
    assert [(one.text, one.label, one.on) for one in held_out.asked] == [
        ("flu shot", Label.PROCEDURE, date(2010, 10, 1))
    ]


def test_pairs_take_any_name_of_a_system_and_leave_out_what_is_no_code(tmp_path: Path) -> None:
    rows = ("ICD9\t250.00\tDiabetes", "ICD9\t45.23\tColonoscopy", "CPT4\tUNK\tCO2", "HCPCS2\tJ1100\tDexamethasone")

    data = load_coding_data(written(tmp_path, "system\tcode\tdisplay", *rows), part=None, limit=None)

    assert [(one.system, one.group) for one in data.asked] == [
        (CodeSystem.ICD9CM, "ICD9CM"),
        (CodeSystem.ICD9CM, HOSPITAL),
        (CodeSystem.HCPCS, "HCPCS"),
    ]


def test_notes_are_read_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(NOTE)
    (tmp_path / "b.toml").write_text(NOTE.replace("tune", "held-out"))

    (note,) = load_coding_data(tmp_path, part="tune", limit=None).notes

    assert (note.id, note.on) == ("a", date(2013, 4, 2))
    assert [known.key for known in note.codes] == [(CodeSystem.ICD9CM, "49390")]
    assert [known.is_disease_not_had for known in note.never] == [True]


@pytest.mark.parametrize(
    ("system", "why", "not_had"),
    [
        (CodeSystem.ICD9CM, "the mother's", True),
        (CodeSystem.ICD10CM, "ruled out only, uncertain", True),
        (CodeSystem.ICD9CM, "fever is integral", False),
        (CodeSystem.CPT, "no biopsy was taken", False),
    ],
)
def test_a_disease_not_had_is_known_by_why_it_must_not_be(system: CodeSystem, why: str, not_had: bool) -> None:
    assert Known(system=system, code="1", words=why).is_disease_not_had is not_had


@pytest.mark.parametrize(
    "lines",
    [
        ("a\tb", "1\t2"),
        ("system\tcode\tdisplay", "ICD8\t250\tDiabetes"),
        ("text\tlabel\tsystem\tcode", "uti\tsickness\tICD9CM\t599.0"),
        ("text\tlabel\tsystem\tcode", "uti\tdiagnosis\tICD9CM\t"),
        ("text\tlabel\tsystem\tcode",),
    ],
)
def test_a_table_that_does_not_fit_is_refused(tmp_path: Path, lines: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="table"):
        load_coding_data(written(tmp_path, *lines), part=None, limit=None)


def test_a_folder_or_note_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no notes"):
        load_coding_data(tmp_path, part=None, limit=None)
    (tmp_path / "a.toml").write_text('note = "Cough."')
    with pytest.raises(UsageError, match="date_of_service"):
        load_coding_data(tmp_path, part=None, limit=None)
