import csv
from datetime import date
from pathlib import Path
from random import Random

import pytest

from pipeline.codebooks import CodeBooks
from pipeline.coding import Suggester
from pipeline.coding.search.calibrating import mentions
from pipeline.coding.search.seventh import visit_marks, without_visit
from pipeline.coding.search.sides import Side, side_of
from pipeline.records import CodeSystem, Label

SEED = 411


def recall(suggester: Suggester, asked: list[tuple[str, CodeSystem, str]], first: int) -> float:
    hits = 0
    for text, system, code in asked:
        label = Label.DIAGNOSIS if system in (CodeSystem.ICD9CM, CodeSystem.ICD10CM) else Label.PROCEDURE
        found = [c.code for c in suggester.for_text(text, label, None, first) if c.system is system]
        hits += code in found
    return hits / len(asked)


def misread(text: str, random: Random) -> str:
    return "".join(
        random.choice("aeionrtls") if letter.isalpha() and random.random() < 0.1 else letter for letter in text.lower()
    )


@pytest.mark.parametrize(("system", "wanted"), [(CodeSystem.ICD9CM, 0.95), (CodeSystem.CPT, 0.95)])
def test_misread_descriptions_find_their_code_among_five(
    suggester: Suggester, books: CodeBooks, system: CodeSystem, wanted: float
) -> None:
    random = Random(SEED)
    codes = [books.code(row) for row in range(len(books.tables.row_book))]
    pool = [c for c in codes if c.system is system and c.billable and (system is CodeSystem.CPT or c.code[2] != ".")]
    asked = [(misread(code.display, random), system, code.code) for code in random.sample(pool, 100)]
    assert recall(suggester, asked, 5) >= wanted


@pytest.mark.parametrize(
    ("column", "system", "at_1", "at_5"),
    [
        ("ICD9", CodeSystem.ICD9CM, 0.85, 0.95),
        ("ICD10CM", CodeSystem.ICD10CM, 0.85, 0.9),
        ("CPT4", CodeSystem.CPT, 0.72, 0.9),
    ],
)
def test_names_that_others_gave_find_their_code(
    suggester: Suggester, books: CodeBooks, data: Path, column: str, system: CodeSystem, at_1: float, at_5: float
) -> None:
    with (data / "code_display_pairs.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["system"] == column]
    asked = []
    for row in rows:
        code = books.get(system, row["code"])
        if code is not None and code.billable and not (system is CodeSystem.ICD9CM and code.kind == "procedure"):
            asked.append((row["display"], system, code.code))
    assert recall(suggester, asked, 1) >= at_1
    assert recall(suggester, asked, 5) >= at_5


def test_a_mention_is_the_same_for_the_same_seed(books: CodeBooks) -> None:
    assert list(mentions(books, 5, SEED)) == list(mentions(books, 5, SEED))
    assert list(mentions(books, 5, SEED)) != list(mentions(books, 5, SEED + 1))


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("left knee", Side.LEFT),
        ("R knee", Side.RIGHT),
        ("b/l knees", Side.BOTH),
        ("right and left", Side.BOTH),
        ("knee", Side.NONE),
        ("bright light", Side.NONE),
    ],
)
def test_the_side_is_read_from_the_words(text: str, side: Side) -> None:
    assert side_of(text) is side


def test_the_visit_is_told_apart_from_the_injury() -> None:
    text = "Fracture of wrist, subsequent encounter for closed fracture with delayed healing"
    assert visit_marks("wrist fracture") == 0
    assert visit_marks(text) != visit_marks("Fracture of wrist, sequela")
    assert "healing" not in without_visit(text)
    assert without_visit("sequela") == "sequela"


def test_a_later_visit_finds_its_seventh_character(suggester: Suggester) -> None:
    text = "Sprain of unspecified ligament of left ankle, subsequent encounter"
    (first,) = (c for c in suggester.for_text(text, Label.DIAGNOSIS, None, 1) if c.system is CodeSystem.ICD10CM)
    assert first.code == "S93.402D"


@pytest.mark.parametrize(
    ("text", "side"),
    [("cataract OD", Side.RIGHT), ("OM, AS", Side.LEFT), ("AS, severe", Side.NONE), ("glaucoma OU", Side.BOTH)],
)
def test_latin_sides_are_read_of_eyes_and_of_ears_where_they_are_spoken_of(text: str, side: Side) -> None:
    assert side_of(text) is side


@pytest.mark.parametrize(
    ("text", "label", "code"),
    [
        ("simple repair of leg laceration, 3.3 cm", Label.PROCEDURE, "12002"),
        ("destruction of 20 warts", Label.PROCEDURE, "17111"),
        ("office visit, established patient, level 4", Label.PROCEDURE, "99214"),
    ],
)
def test_a_number_finds_the_code_in_whose_range_it_lies(
    suggester: Suggester, text: str, label: Label, code: str
) -> None:
    found = [c.code for c in suggester.for_text(text, label, None, 1) if c.system is CodeSystem.CPT]
    assert found == [code]


def test_shorthand_stands_for_its_long_form_and_what_is_said_first_counts_most(suggester: Suggester) -> None:
    on = date(2018, 3, 1)
    for text, code in (("MDD, recurrent, moderate", "F33.1"), ("SLE, stable on plaquenil", "M32.9")):
        first, *_ = suggester.for_text(text, Label.DIAGNOSIS, on, 1)
        assert first.code == code


def test_a_text_that_says_unspecified_means_the_code_that_does(suggester: Suggester) -> None:
    first, *_ = suggester.for_text("Venereal disease, unspecified", Label.DIAGNOSIS, date(2014, 3, 1), 1)
    assert first.code == "099.9"
