from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.codebooks import CodeBooks, Source, load_books
from pipeline.codebooks.practice import keep, known, load_practice, read_practice
from pipeline.errors import SetupError, UsageError
from pipeline.records import CodeSystem

LIST = (
    "Service,CPT,Modifier,Fee\nQuickie recheck,99213,25,$85.00\nDoc Baker special,J3301,,12\n"
    'Sugar trouble,250.00,,\n"Film, chest",71020,"26, LT","1,120.50"\n'
)


def test_a_list_gives_names_modifiers_and_fees(books: CodeBooks) -> None:
    services = read_practice("ours.csv", LIST.encode())
    assert services is not None
    found = known("ours.csv", services, books.codes())
    assert [(s.name, s.system, s.code, s.modifiers, s.fee) for s in found] == [
        ("Quickie recheck", CodeSystem.CPT, "99213", ("25",), Decimal("85.00")),
        ("Doc Baker special", CodeSystem.HCPCS, "J3301", (), Decimal("12")),
        ("Sugar trouble", CodeSystem.ICD9CM, "250.00", (), None),
        ("Film, chest", CodeSystem.CPT, "71020", ("26", "LT"), Decimal("1120.50")),
    ]


def test_a_list_that_was_kept_is_read_back(books: CodeBooks, tmp_path: Path) -> None:
    services = read_practice("ours.csv", LIST.encode())
    assert services is not None
    services = known("ours.csv", services, books.codes())
    keep(services, tmp_path)
    keep(services, tmp_path)
    assert load_practice(tmp_path) == services
    (tmp_path / "codebooks" / "practice.csv").write_text("rubbish")
    with pytest.raises(SetupError, match="import its file again"):
        load_practice(tmp_path)


def test_its_names_find_its_codes(request: pytest.FixtureRequest, books: CodeBooks, tmp_path: Path) -> None:
    assert request.config.cache is not None
    services = read_practice("ours.csv", LIST.encode())
    assert services is not None
    keep(known("ours.csv", services, books.codes()), tmp_path)
    own = load_books(request.config.cache.mkdir("codebooks-practice"), data_dir=tmp_path)
    visit = own.row(CodeSystem.CPT, "99213")
    assert visit is not None
    assert "Quickie recheck" in own.wordings(visit, Source.SYNONYM)
    found = own.search("doc baker special", on=date(2012, 3, 1))
    assert [code.code for code in found] == ["J3301"]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("Visit,99999,,\n", "line 2 has 99999, which is in no loaded code book"),
        ("Visit,99213,,\nStitches,hello,,\n", "line 3 has 'HELLO' where a code"),
        (",99213,,\n", "line 2 has no name"),
        ("Visit,99213,toolong,\n", "line 2 has 'toolong' where modifiers"),
        ("Visit,99213,,cheap\n", "line 2 has 'cheap' where a fee"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_its_line(books: CodeBooks, rows: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        known("ours.csv", read_practice("ours.csv", f"name,code,modifiers,fee\n{rows}".encode()) or (), books.codes())


def test_an_unknown_system_is_refused(books: CodeBooks) -> None:
    with pytest.raises(UsageError, match="line 2 has SNOMED"):
        read_practice("ours.csv", b"name,code,system\nVisit,99213,SNOMED\n")


@pytest.mark.parametrize("content", [b"", b"hello\n", b"code,description\n99213,x\n", b"PK\x03\x04", b"a\0b"])
def test_files_that_are_no_list_are_left_to_others(content: bytes) -> None:
    assert read_practice("any.csv", content) is None
