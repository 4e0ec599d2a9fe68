from collections import defaultdict

import pytest

from pipeline.codebooks import CodeBooks, starter
from pipeline.codebooks.wording import bag
from pipeline.records import CodeSystem

_COLUMNS = ("names", "icd9", "icd10")
_TABLES = sorted(starter.SYNONYMS.glob("*.tsv"))


def _rows() -> list[tuple[str, list[str], str, str]]:
    tables = (row for path in _TABLES for row in starter.rows(path, _COLUMNS))
    return [(place, starter.parted(names), icd9, icd10) for place, (names, icd9, icd10) in tables]


def test_offices_find_their_diagnoses_by_thousands_of_names_that_really_differ() -> None:
    assert len({bag(name) for _, names, _, _ in _rows() for name in names}) >= 4000


def test_a_name_that_differs_only_in_order_or_plural_stands_for_the_same_codes() -> None:
    codes = defaultdict(set)
    for _, names, icd9, icd10 in _rows():
        for name in names:
            codes[bag(name)].add((icd9, icd10))
    assert {name for name, pairs in codes.items() if len(pairs) > 1} == set()


def test_hardly_a_name_repeats_what_all_books_of_its_row_say_already(books: CodeBooks) -> None:
    repeated, count = [], 0
    for place, names, icd9, icd10 in _rows():
        wanted = ((CodeSystem.ICD9CM, icd9), (CodeSystem.ICD10CM, icd10))
        said = [bag(code.display) for system, number in wanted if number and (code := books.get(system, number))]
        count += len(names)
        # The first name stays whatever it is: it is what the others are short for.
        repeated += [f"{place}: {name}" for name in names[1:] if all(bag(name) == words for words in said)]
    assert len(repeated) < count / 50, repeated


@pytest.mark.parametrize(
    ("name", "icd9", "icd10"),
    [
        ("chf exac", "428.0", "I50.9"),
        ("asthma exac", "493.92", "J45.901"),
        ("osa on cpap", "327.23", "G47.33"),
        ("poag", "365.11", "H40.1190"),
        ("chronic systolic chf", "428.22", "I50.22"),
        ("dry amd", "362.51", "H35.3190"),
        ("anxiety and depression", "300.4", "F41.8"),
        ("combined hyperlipidemia", "272.2", "E78.2"),
        ("cdiff", "008.45", "A04.72"),
        ("bcc nose", "173.31", "C44.311"),
    ],
)
def test_shorthand_stands_for_the_codes_that_a_coder_chooses(name: str, icd9: str, icd10: str) -> None:
    assert (icd9, icd10) in {(one, other) for _, names, one, other in _rows() if name in names}
