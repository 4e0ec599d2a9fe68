import io
import zipfile

import pytest

from pipeline.codebooks.importing.hcpcs_file import read_hcpcs
from pipeline.codebooks.importing.xlsx import rows
from pipeline.errors import UsageError

SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEADINGS = (
    "HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION", "ADD DT", "ACT EFF DT", "TERM DT", "ACTION CD"
)  # fmt: skip
LINES: list[tuple[str, ...]] = [
    HEADINGS,
    ("   A9", "00100", "7", "A made-up modifier", "", "20020701", "20020701", "", "N"),
    ("J9998", "00100", "3", "A made-up drug, per", "Drug", "20120101", "20190101", "20191231", "D"),
    ("J9998", "00200", "4", "7 mg", "", "", "", "", ""),
]


def sheet(lines: list[tuple[str, ...]], *, begin: str = "") -> bytes:
    body = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{chr(65 + column)}{number}" t="inlineStr"><is><t xml:space="preserve">{cell}</t></is></c>'
            for column, cell in enumerate(line)
            if cell
        )
        + "</row>"
        for number, line in enumerate(lines, start=1)
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", f"<workbook {SPACE}/>")
        archive.writestr(
            "xl/worksheets/sheet1.xml", f"{begin}<worksheet {SPACE}><sheetData>{body}</sheetData></worksheet>"
        )
    return content.getvalue()


def test_cells_stand_in_their_columns() -> None:
    assert list(rows("a.xlsx", sheet([("a", "", "c")]))) == [(1, ["a", "", "c"])]


def test_an_excel_file_that_declares_entities_is_refused() -> None:
    with pytest.raises(UsageError, match="declares entities"):
        list(rows("a.xlsx", sheet([("a",)], begin='<!DOCTYPE x [<!ENTITY a "b">]>')))


def test_the_hcpcs_file_is_read_from_excel_with_modifiers_and_actions() -> None:
    imported = read_hcpcs("HCPC2019_JUL_ANWEB.xlsx", sheet(LINES))
    assert imported is not None
    assert (imported.book.edition, str(imported.book.valid_from), str(imported.book.valid_to)) == (
        "2019 July",
        "2019-07-01",
        "2019-09-30",
    )
    assert imported.tables["codes"] == [
        ("J9998", "supply", "1", "2012-01-01", "2019-12-31", "A made-up drug, per 7 mg")
    ]
    assert imported.tables["modifiers"] == [("A9", "2002-07-01", "", "A made-up modifier")]
    assert imported.tables["actions"] == [("J9998", "D", "2019-01-01")]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([HEADINGS[:-1], *LINES[1:]], "row 1 lacks the column ACTION CD"),
        ([*LINES, ("rubbish", "", "3")], "row 5 is neither a code nor a modifier"),
        ([*LINES, LINES[2]], "line 5 holds J9998 a second time"),
    ],
)
def test_a_wrong_sheet_is_refused(lines: list[tuple[str, ...]], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        read_hcpcs("HCPC2019_ANWEB.xlsx", sheet(lines))


def test_another_excel_file_is_none() -> None:
    assert read_hcpcs("fees.xlsx", sheet([("service", "fee"), ("99213", "70")])) is None
