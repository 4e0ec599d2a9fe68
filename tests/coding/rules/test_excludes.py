from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from pipeline.codebooks import CodeBooks
from pipeline.codebooks.entries import NOTE_KINDS
from pipeline.coding import Suggester
from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.coding.rules.excludes import Excludes
from pipeline.coding.rules.instructions import named
from pipeline.coding.rules.manifestations import load_manifestations
from pipeline.coding.rules.rulebook import load_rules
from pipeline.errors import SetupError
from pipeline.records import Attribute, Candidate, CodeSystem, Entity
from tests.coding.findings import encounter, entity

BEFORE, AFTER = "2014-11-03", "2026-05-01"


def wrote(*codes: str) -> tuple[Entity, ...]:
    return tuple(
        entity("", number=number, attributes=(Attribute(name="written_code", value=code),))
        for number, code in enumerate(codes, start=1)
    )


def by_code(candidates: tuple[Candidate, ...]) -> dict[str, Candidate]:
    return {candidate.code: candidate for candidate in candidates}


def test_excludes1_stops_the_less_sure_of_two_codes_and_names_the_place(suggester: Suggester) -> None:
    found = by_code(suggester(encounter(AFTER), wrote("E11.9", "E10.9")))
    assert sorted(candidate.proposed for candidate in found.values()) == [False, True]
    stopped = next(candidate for candidate in found.values() if not candidate.proposed)
    assert stopped.withheld is not None
    assert "E10.9" in stopped.withheld
    assert "E11.9" in stopped.withheld
    assert "Excludes1 at E1" in stopped.withheld


def test_a_symptom_gives_way_to_the_disease_that_it_is_excluded_from(suggester: Suggester) -> None:
    found = by_code(suggester(encounter(AFTER), wrote("R51.9", "G44.209", "I10")))
    assert [code for code, candidate in found.items() if candidate.proposed] == ["G44.209", "I10"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (("J45.909", "J30.9"), "J45.909"),
        (("F17.210", "Z72.0"), "F17.210"),
        (("Z87.891", "F17.210"), "F17.210"),
        (("J06.9", "J10.1"), "J10.1"),
        (("L30.9", "L23.7"), "L23.7"),
        (("E66.9", "R63.5"), "E66.9"),
    ],
)
def test_of_two_sure_codes_the_vaguer_or_the_one_with_the_note_gives_way(
    suggester: Suggester, given: tuple[str, str], kept: str
) -> None:
    found = by_code(suggester(encounter(AFTER), wrote(*given)))
    assert [code for code, candidate in found.items() if candidate.proposed] == [kept]


def test_excludes2_and_unlike_codes_are_allowed_together(suggester: Suggester) -> None:
    found = by_code(suggester(encounter(AFTER), wrote("J44.9", "J45.909", "I10", "E78.5")))
    assert all(candidate.proposed for candidate in found.values())


def warned(books: CodeBooks, notes: tuple[tuple[str, str, str], ...], *codes: str) -> list[tuple[str, ...]]:
    """The warnings of ICD-9 codes by notes of a tabular list: place, kind, text."""
    number = next(n for n, book in enumerate(books.books()) if book.system is CodeSystem.ICD9CM)
    listed = replace(
        books,
        tables=replace(
            books.tables,
            note_place=[f"ICD9CM {place}" for place, _, _ in notes],
            note_book=np.array([number] * len(notes), dtype=np.uint8),
            note_kind=np.array([NOTE_KINDS.index(kind) for _, kind, _ in notes], dtype=np.uint8),
            note_text=[text for _, _, text in notes],
        ),
    )
    visit = Visit(books=listed, rules=load_rules("outpatient"), on=date(2014, 11, 3))
    known = [visit.code(CodeSystem.ICD9CM, code) for code in codes]
    coded = tuple(
        Coded(entity=each, choices=(Choice(code=code, score=0.9, evidence=(), proposed=True),))
        for each, code in zip(wrote(*codes), known, strict=True)
        if code is not None
    )
    return [choice.warnings for each in Excludes(listed)(visit, coded) for choice in each.proposed()]


def test_icd9_excludes_warn_on_both_where_a_tabular_list_was_imported(books: CodeBooks) -> None:
    told = warned(books, (("465", "excludes", "with influenza (487.1)"),), "465.9", "487.1", "401.9")
    assert [len(warnings) for warnings in told] == [1, 1, 0]
    assert "Excludes at 465" in told[1][0]


def test_a_code_that_a_note_asks_for_is_not_excluded_by_its_block(books: CodeBooks) -> None:
    block = ("580-589", "excludes", "hypertensive chronic kidney disease (403.00-403.91)")
    stage = ("403", "use_additional", "Use additional code to identify the stage (585.1-585.4, 585.9)")
    assert [len(warnings) for warnings in warned(books, (stage, block), "403.90", "585.3", "583.9")] == [1, 0, 1]
    assert [len(warnings) for warnings in warned(books, (block,), "403.90", "585.3")] == [1, 1]


@pytest.mark.parametrize(
    ("text", "system", "inside", "outside"),
    [
        ("type 1 diabetes (E10.-)", CodeSystem.ICD10CM, "E10.65", "E11.9"),
        ("dorsalgia (M50-M54)", CodeSystem.ICD10CM, "M54.50", "M55"),
        ("hit by something (W20.8, W22.-)", CodeSystem.ICD10CM, "W22.8XXA", "W21.0"),
        ("food poisoning (005.0-005.9)", CodeSystem.ICD9CM, "005.4", "006.0"),
        ("late effect (E929.3), status (V45.81)", CodeSystem.ICD9CM, "E929.3", "E929.4"),
    ],
)
def test_the_codes_of_a_note_are_those_in_its_brackets(
    text: str, system: CodeSystem, inside: str, outside: str
) -> None:
    codes = named(text, system)
    assert inside in codes
    assert outside not in codes


def test_a_note_without_brackets_names_no_code() -> None:
    assert named("rheumatic heart disease 1999", CodeSystem.ICD9CM).bounds == ()


@pytest.mark.parametrize(
    ("day", "manifestation", "disease"),
    [(BEFORE, "357.2", "250.60"), (BEFORE, "366.41", "250.50"), (AFTER, "G63", "E85.4"), (AFTER, "M14.80", "L40.0")],
)
def test_a_manifestation_is_never_coded_alone_and_never_first(
    suggester: Suggester, day: str, manifestation: str, disease: str
) -> None:
    alone = by_code(suggester(encounter(day), wrote(manifestation)))[manifestation]
    assert not alone.proposed
    assert alone.withheld is not None
    assert "never coded alone" in alone.withheld
    together = by_code(suggester(encounter(day), wrote(manifestation, disease)))
    assert together[manifestation].proposed
    assert together[disease].proposed
    assert any("before it" in warning for warning in together[manifestation].warnings)
    assert not any("before it" in warning for warning in together[disease].warnings)


def test_a_symptom_is_no_underlying_disease(suggester: Suggester) -> None:
    assert not by_code(suggester(encounter(BEFORE), wrote("357.2", "786.2")))["357.2"].proposed


def test_every_manifestation_of_the_table_is_in_the_book(books: CodeBooks) -> None:
    icd9 = [code for system, code in books.codes() if system is CodeSystem.ICD9CM]
    for codes, asked in load_manifestations():
        for ranges in (codes, asked.named):
            for bound in ranges.bounds:
                assert any(code.replace(".", "").startswith(bound[0]) for code in icd9), bound


def test_a_row_that_names_no_manifestation_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "table.tsv"
    table.write_text("what\tcodes\tdiseases\nnothing\t\t250\n", encoding="utf-8")
    with pytest.raises(SetupError, match=r"table\.tsv line 2"):
        load_manifestations(table)
