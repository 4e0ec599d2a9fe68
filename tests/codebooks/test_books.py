import time
from datetime import date

import pytest

from pipeline.codebooks import CodeBooks
from pipeline.records import CodeSystem, Label

ICD9, ICD10, CPT, HCPCS = CodeSystem.ICD9CM, CodeSystem.ICD10CM, CodeSystem.CPT, CodeSystem.HCPCS
PROCEDURES = CodeSystem.ICD9PCS


def test_a_code_is_found_with_and_without_its_dot(books: CodeBooks) -> None:
    for written in ("250.00", "25000", " 25000 "):
        code = books.get(ICD9, written)
        assert code is not None
        assert (code.code, code.billable, code.kind) == ("250.00", True, "diagnosis")
    found = books.get(ICD10, "e119")
    assert found is not None
    assert found.code == "E11.9"


def test_a_code_that_no_book_has_is_not_found(books: CodeBooks) -> None:
    assert books.get(ICD10, "E11.99") is None
    assert books.get(CPT, "00000") is None
    assert books.get(ICD10, "250.00") is None


def test_a_diagnosis_and_a_procedure_of_one_number_are_of_two_systems(books: CodeBooks) -> None:
    diagnosis, procedure = books.get(ICD9, "8605"), books.get(PROCEDURES, "8605")
    assert diagnosis is not None
    assert procedure is not None
    assert (diagnosis.code, diagnosis.kind) == ("860.5", "diagnosis")
    assert (procedure.code, procedure.kind) == ("86.05", "procedure")
    assert books.get(ICD9, "86.05") is None


def test_volume_3_is_found_only_where_it_is_asked_for(books: CodeBooks) -> None:
    assert [code.code for code in books.search("45.23", system=PROCEDURES)] == ["45.23"]
    assert "45.23" in [code.code for code in books.search("colonoscopy", system=PROCEDURES)]
    for text in ("45.23", "4523", "colonoscopy", "appendectomy"):
        assert all(code.system is not PROCEDURES for code in books.search(text, limit=200))


def test_a_category_is_not_billable(books: CodeBooks) -> None:
    for system, code in ((ICD9, "250"), (ICD9, "250.0"), (ICD9, "780.6"), (ICD10, "E11"), (ICD10, "S93.401")):
        category = books.get(system, code)
        assert category is not None
        assert not category.billable
        assert category.display


def test_every_icd_code_of_the_packages_is_there(books: CodeBooks) -> None:
    for system, count in ((ICD9, 14_567), (ICD10, 74_719), (PROCEDURES, 3_882)):
        rows = books.rows_on(system, None)
        assert books.tables.row_billable[rows[rows >= 0]].sum() == count


def test_every_book_tells_its_edition_and_where_it_is_from(books: CodeBooks) -> None:
    assert {book.system for book in books.books()} == set(CodeSystem)
    for book in books.books():
        assert book.edition
        assert len(book.sha256) == 64
        assert book.count > 0
    assert [part.sha256 for part in books.parts()] == [book.sha256 for book in books.books()]


def test_a_day_outside_every_edition_gets_the_nearest_one_that_says_so(books: CodeBooks) -> None:
    inside, before = books.book_for(ICD9, date(2015, 3, 1)), books.book_for(ICD9, date(2001, 3, 1))
    assert inside is not None
    assert inside.covers(date(2015, 3, 1))
    assert before == inside
    assert not before.covers(date(2001, 3, 1))


def test_a_starter_set_proves_no_validity(books: CodeBooks) -> None:
    book = books.book_for(CPT, date(2012, 3, 1))
    assert book is not None
    assert not book.covers(date(2012, 3, 1))


@pytest.mark.parametrize(
    ("text", "system", "code"),
    [
        ("250.6", ICD9, "250.6"),
        ("2506", ICD9, "250.6"),
        ("e11", ICD10, "E11"),
        ("hypert", ICD9, "401.9"),
        ("HTN", ICD10, "I10"),
        ("chest xray", CPT, "71020"),
        ("992", CPT, "99201"),
        ("rocephin", HCPCS, "J0696"),
        ("neuropathy diabetic", ICD9, "250.60"),
    ],
)
def test_a_code_is_found_by_its_beginning_or_by_words(
    books: CodeBooks, text: str, system: CodeSystem, code: str
) -> None:
    assert code in [found.code for found in books.search(text, system=system)[:3]]


def test_search_keeps_to_the_limit_and_finds_nothing_for_nothing(books: CodeBooks) -> None:
    assert len(books.search("disease", limit=7)) == 7
    assert books.search("") == []
    assert books.search("...") == []
    assert books.search("qqqqq") == []


def test_search_is_quick(books: CodeBooks) -> None:
    began = time.process_time()
    for text in ("diab neur", "flu shot", "fracture radius", "J06", "zz"):
        books.search(text)
    assert (time.process_time() - began) / 5 < 0.05


def test_terms_are_plain_and_sensible(books: CodeBooks) -> None:
    terms = {text: (label, normalized) for text, label, normalized in books.terms()}
    assert terms["htn"] == (Label.DIAGNOSIS, "hypertension")
    assert terms["ekg"] == (Label.PROCEDURE, "electrocardiogram")
    assert terms["crutches"] == (Label.SUPPLY, "crutches")
    assert terms["diabetic retinopathy"][0] is Label.DIAGNOSIS
    for never in ("pain", "as", "cold", "illness", "other", "screening", "wound"):
        assert never not in terms
    for never in ("hx gout", "fh htn", "status post tkr", "flu shot due", "needs tdap", "breast cancer survivor"):
        assert never not in terms
    assert not [text for text in terms if text.startswith("other ") or "unspecified" in text]
