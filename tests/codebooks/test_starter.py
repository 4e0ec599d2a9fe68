from datetime import date
from pathlib import Path

import pytest

from pipeline.codebooks import CodeBooks, starter
from pipeline.codebooks.tables import SYSTEMS
from pipeline.errors import SetupError
from pipeline.records import CodeSystem


def test_the_starter_sets_hold_what_offices_use() -> None:
    services = starter.read_services(CodeSystem.CPT)
    assert services.book.count >= 250
    assert len({entry.code for entry in services.entries}) == services.book.count


def test_every_synonym_stands_for_a_billable_code_of_a_book(books: CodeBooks) -> None:
    synonyms = list(starter.read_synonyms())
    assert len({synonym.canonical for synonym in synonyms}) >= 300
    for synonym in synonyms:
        code = books.get(synonym.system, synonym.code)
        assert code is not None, synonym.code
        assert code.billable, synonym.code


def test_no_synonym_stands_for_two_codes_of_one_system() -> None:
    seen: dict[tuple[CodeSystem, str], str] = {}
    for synonym in starter.read_synonyms():
        assert seen.setdefault((synonym.system, synonym.text), synonym.code) == synonym.code, synonym.text


def test_every_prior_is_of_a_code_of_the_book(books: CodeBooks) -> None:
    priors = starter.read_priors()
    assert priors["401.9"] == max(priors.values())
    assert all(books.get(CodeSystem.ICD9CM, code) for code in priors)
    for born_later in ("V04.81", "V72.31", "276.51", "585.3", "327.23"):
        assert priors[born_later] > 0


def test_a_heading_that_was_a_code_is_used_as_often_as_its_parts(books: CodeBooks) -> None:
    tables = books.tables
    band = {
        code: float(prior)
        for code, system, prior in zip(
            tables.identity_code, tables.identity_system.tolist(), tables.identity_prior.tolist(), strict=True
        )
        if SYSTEMS[system] is CodeSystem.ICD9CM
    }
    for heading, part in (("V04.8", "V04.81"), ("276.5", "276.51"), ("585", "585.3"), ("780.6", "780.60")):
        assert band[heading] == band[part] > 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("wrong\theader\n", "must begin with the columns"),
        ("code\tband\n401.9\tmany\n", "line 2 has no whole number"),
        ("code\tband\n401.9\t1\t2\n", "line 2 has 3 columns"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, sentence: str
) -> None:
    path = tmp_path / "priors.tsv"
    path.write_text(content)
    monkeypatch.setattr(starter, "PRIORS", path)
    with pytest.raises(SetupError, match=sentence):
        starter.read_priors()


def test_a_year_stands_for_its_first_or_last_day() -> None:
    assert starter.day("2015", "here", first=True) == date(2015, 1, 1)
    assert starter.day("2015", "here", first=False) == date(2015, 12, 31)
    assert starter.day("2015-07-01", "here", first=True) == date(2015, 7, 1)
    assert starter.day("", "here", first=True) is None
    with pytest.raises(SetupError, match="here has soon"):
        starter.day("soon", "here", first=True)
