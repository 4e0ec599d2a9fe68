from datetime import date

import pytest

from pipeline.codebooks import CodeBooks, Source
from pipeline.codebooks.gems import targets
from pipeline.codebooks.pages import CodePage, page_of
from pipeline.records import CodeSystem

ICD9, ICD10, CPT, HCPCS = CodeSystem.ICD9CM, CodeSystem.ICD10CM, CodeSystem.CPT, CodeSystem.HCPCS


def page(books: CodeBooks, system: CodeSystem, code: str, on: date | None = None) -> CodePage:
    found = page_of(books, system, code, on)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("system", "code", "parents"),
    [
        (ICD9, "250.60", ["250", "250.6"]),
        (ICD9, "E885.9", ["E885"]),
        (ICD9, "V04.81", ["V04", "V04.8"]),
        (ICD10, "S93.401A", ["S93", "S93.4", "S93.40", "S93.401"]),
        (ICD10, "T07.XXXA", ["T07"]),
        (CPT, "99213", []),
        (CodeSystem.ICD9PCS, "47.01", []),
    ],
)
def test_a_code_has_its_parents_the_outermost_first(
    books: CodeBooks, system: CodeSystem, code: str, parents: list[str]
) -> None:
    assert [parent.code for parent in page(books, system, code).parents] == parents


def test_a_category_lists_the_choices_just_below_it(books: CodeBooks) -> None:
    assert [c.code for c in page(books, ICD9, "250").children] == [f"250.{digit}" for digit in range(10)]
    assert [c.code for c in page(books, ICD9, "250.6").children] == [f"250.6{digit}" for digit in range(4)]
    assert [c.code for c in page(books, ICD10, "S93.401").children] == ["S93.401A", "S93.401D", "S93.401S"]
    assert [c.code for c in page(books, ICD10, "M54.5").children] == ["M54.50", "M54.51", "M54.59"]
    before = page(books, ICD10, "M54.5", date(2018, 3, 1))
    assert before.code.billable
    assert before.children == ()


def test_notes_of_the_parents_hold_for_the_code_too(books: CodeBooks) -> None:
    notes = page(books, ICD10, "E11.9").notes
    assert {"excludes1", "use_additional"} <= {note.kind for note in notes if note.code == "E11"}
    assert {note.kind for note in page(books, ICD10, "I10").notes} >= {"includes", "excludes1"}


def test_validity_is_shown_for_each_meaning(books: CodeBooks) -> None:
    first, second = page(books, HCPCS, "J0570").spans
    assert "bicillin" in page(books, HCPCS, "J0570", date(2009, 3, 1)).synonyms
    assert "bicillin" not in page(books, HCPCS, "J0570").synonyms
    assert (first.valid_to, second.valid_from) == (date(2010, 12, 31), date(2017, 1, 1))
    (only,) = page(books, CPT, "99213").spans
    assert only.proven_from is None


def test_maps_go_both_ways_and_say_what_is_approximate(books: CodeBooks) -> None:
    (near,) = page(books, ICD9, "401.9").maps
    assert (near.code, near.approximate, near.scenario) == ("I10", True, 0)
    backward = page(books, ICD10, "I10").maps
    assert [row.code for row in backward] == ["401.0", "401.1", "401.9"]
    combination = page(books, ICD9, "073.0").maps
    assert [row.code for row in combination] == ["A70", "J17"]
    assert [(row.scenario, row.choice) for row in combination] == [(1, 1), (1, 2)]
    assert targets(CPT, "99213") == ()


def test_only_exact_maps_lend_their_words(books: CodeBooks) -> None:
    (exact,), (near,) = targets(ICD9, "001.0"), targets(ICD9, "250.00")
    assert (exact.icd10, exact.approximate) == ("A00.0", False)
    assert (near.icd10, near.approximate) == ("E11.9", True)
    lent, not_lent = books.row(ICD10, "A00.0"), books.row(ICD10, "E11.9")
    assert lent is not None
    assert not_lent is not None
    assert books.wordings(lent, Source.MAP)
    assert not books.wordings(not_lent, Source.MAP)
