import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from pipeline.codebooks.edits import load_edits, read_mue, read_ncci, take
from pipeline.errors import SetupError, UsageError
from tests.codebooks.importing.test_xlsx import sheet

HEAD = (
    "CPT only copyright of its owner\n\nColumn 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\t"
    "Deletion Date *=no data\tModifier 0=not allowed 1=allowed 9=not applicable\tPTP Edit Rationale\n"
)
BROKEN_HEAD = (
    "Column1/Column 2 Edits\n\t\t*=in existence\tEffective\tDeletion\tModifier\n"
    "Column 1\tColumn 2\tprior to 1996\tDate\tDate\t0=not allowed\n"
)
PAIRS = (
    "99213\t36415\t\t20040101\t*\t1\tMade up\n"
    "99213\t94640\t*\t19960101\t20051231\t0\tMade up\n"
    "99213\t94640\t\t20080101\t*\t9\tMade up\n"
)
LIMITS = (
    "Some words of the owner,,,\nHCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,"
    "MUE Rationale\nJ1100,120,3 Date of Service Edit: Clinical,Clinical: Data\n"
    "36415,2,3 Date of Service Edit: Clinical,Nature of Service\n"
)
MUE = "MCR_MUE_PractitionerServices_Eff_04-01-2015.csv"


@pytest.mark.parametrize("head", [HEAD, BROKEN_HEAD, HEAD.replace("*=in existence prior", '"*=in existence\nprior"')])
def test_a_pair_is_told_by_day_with_its_modifier_indicator(tmp_path: Path, head: str) -> None:
    assert take("ccipra-v212r0-f1.TXT", (head + PAIRS).encode(), tmp_path) is not None
    edits = load_edits(tmp_path)
    pair = edits.pair("36415", "99213", date(2014, 3, 1))
    assert pair is not None
    assert (pair.column1, pair.column2, pair.modifier, pair.effective, pair.deleted) == (
        "99213",
        "36415",
        1,
        date(2004, 1, 1),
        None,
    )
    assert edits.pair("99213", "36415", date(2003, 12, 31)) is None
    old, gone, new = (edits.pair("99213", "94640", date(year, 3, 1)) for year in (2005, 2007, 2009))
    assert old is not None
    assert gone is None
    assert new is not None
    assert (old.modifier, old.before_1996, old.deleted) == (0, True, date(2005, 12, 31))
    assert (new.modifier, new.before_1996) == (9, False)


def test_the_most_units_are_those_of_the_quarter(tmp_path: Path) -> None:
    told = take(MUE, LIMITS.encode(), tmp_path)
    assert told is not None
    assert "of 2015-04-01 to 2015-06-30 are in use from now on; codes: 2." in told
    edits = load_edits(tmp_path)
    limit = edits.most_units("J1100", date(2015, 5, 1))
    assert limit is not None
    assert (limit.units, limit.indicator, limit.rationale) == (120, 3, "Clinical: Data")
    assert edits.most_units("J1100", date(2015, 7, 1)) is None
    assert edits.most_units("99213", date(2015, 5, 1)) is None


def test_the_zip_that_holds_them_is_taken_too(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "hello")
        archive.writestr("ccipra-v212r0-f2.TXT", HEAD + PAIRS)
    table = read_ncci("download.zip", packed.getvalue())
    assert table is not None
    assert (table.edition, table.part, len(table.keys)) == ("ccipra-v212r0-f2", "practitioner-2", 3)
    with pytest.raises(UsageError, match="damaged zip"):
        read_ncci("broken.zip", b"PK\x03\x04garbage")


def test_importing_again_changes_nothing_and_a_later_version_replaces(tmp_path: Path) -> None:
    for name in ("ccipra-v212r0-f1.txt", "ccipra-v212r0-f1.txt", "ccipra-v213r0-f1.txt"):
        take(name, (HEAD + PAIRS).encode(), tmp_path)
        assert len(load_edits(tmp_path).pairs) == 1
    assert load_edits(tmp_path).pairs[0].edition == "ccipra-v213r0-f1"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("ccipra-f1.txt", HEAD + PAIRS.replace("94640\t*", "946\t*"), "line 5 has '99213' and '946'"),
        ("ccipra-f1.txt", HEAD + PAIRS.replace("20040101", "20041301"), "line 4 has '20041301'"),
        ("ccipra-f1.txt", HEAD + PAIRS.replace("20040101", ""), "line 4 has no effective day"),
        ("ccipra-f1.txt", HEAD + PAIRS.replace("*\t9", "*\t7"), "line 6 has '7' as its modifier"),
        ("ccipra-f1.txt", HEAD + PAIRS + PAIRS, "line 7 holds 99213 with 36415"),
        ("ccioph-v212-f1.txt", HEAD + PAIRS, "for hospitals"),
        (MUE, LIMITS.replace("120", "many"), "line 3 has no whole number"),
        (MUE, LIMITS.replace("36415", "364"), "line 4 has '364'"),
        (MUE, LIMITS.replace("36415", "J1100"), "line 4 holds J1100 a second time"),
        ("mue.csv", LIMITS, "does not tell its quarter"),
        (MUE.replace("Practitioner", "OutpatientHospital"), LIMITS, "for hospitals"),
    ],
)
def test_a_wrong_table_is_refused_with_line_and_reason(tmp_path: Path, name: str, content: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        take(name, content.encode(), tmp_path)
    assert load_edits(tmp_path).pairs == ()
    assert load_edits(tmp_path).limits == ()


@pytest.mark.parametrize("content", [b"", b"hello\n", b"99213\ta visit\n", b"\x89PNG\0\0", HEAD.encode()])
def test_other_files_are_left_to_others(tmp_path: Path, content: bytes) -> None:
    assert take("any.txt", content, tmp_path) is None
    assert read_mue("any.txt", content) is None


def test_a_quarter_is_told_by_day_or_by_number() -> None:
    for name in ("mue_2015q2.csv", "MUE-Q2-2015.csv", "mue-20150401.csv", "mue 04-01-2015.csv"):
        table = read_mue(name, LIMITS.encode())
        assert table is not None
        assert (table.valid_from, table.valid_to) == (date(2015, 4, 1), date(2015, 6, 30))


def test_stored_edits_that_were_changed_are_told(tmp_path: Path) -> None:
    take("ccipra-f1.txt", (HEAD + PAIRS).encode(), tmp_path)
    (path,) = (tmp_path / "codebooks" / "edits").glob("*.npz")
    path.write_bytes(b"rubbish")
    with pytest.raises(SetupError, match="import their file again"):
        load_edits(tmp_path)


def test_the_tables_are_read_from_excel_too(tmp_path: Path) -> None:
    pairs = [tuple(line.split("\t")) for line in (HEAD + PAIRS).splitlines()]
    limits = [tuple(line.split(",")) for line in LIMITS.splitlines()]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ccipra-v212r0-f1.xlsx", sheet(pairs))
    assert take("ccipra.zip", packed.getvalue(), tmp_path) is not None
    assert take(MUE.replace("csv", "xlsx"), sheet(limits), tmp_path) is not None
    edits = load_edits(tmp_path)
    assert edits.pair("99213", "36415", date(2014, 3, 1)) is not None
    limit = edits.most_units("J1100", date(2015, 5, 1))
    assert limit is not None
    assert limit.units == 120
