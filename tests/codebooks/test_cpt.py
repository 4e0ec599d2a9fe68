"""The CPT starter set: numbers, years and names that tell siblings apart."""

from datetime import date

import pytest

from pipeline.codebooks import starter
from pipeline.codebooks.entries import Entry
from pipeline.records import CodeSystem


@pytest.fixture(scope="module")
def entries() -> dict[str, Entry]:
    return {entry.code: entry for entry in starter.read_services(CodeSystem.CPT).entries}


def _in_force(entry: Entry, on: date) -> bool:
    return (entry.valid_from or on) <= on <= (entry.valid_to or on)


def test_the_set_covers_every_section_of_an_office(entries: dict[str, Entry]) -> None:
    assert len(entries) >= 1500
    for first, least in (("1", 200), ("2", 100), ("3", 30), ("5", 80), ("7", 200), ("8", 300), ("9", 500)):
        assert sum(code.startswith(first) for code in entries) >= least, first


def test_no_number_is_named_in_two_tables() -> None:
    codes = [entry.code for entry in starter.read_services(CodeSystem.CPT).entries]
    assert len(codes) == len(set(codes))


def test_no_number_goes_before_it_comes(entries: dict[str, Entry]) -> None:
    for entry in entries.values():
        if entry.valid_from and entry.valid_to:
            assert entry.valid_from < entry.valid_to, entry.code


@pytest.mark.parametrize("year", range(2000, 2022))
def test_no_two_numbers_of_one_day_have_the_same_name(entries: dict[str, Entry], year: int) -> None:
    names = [entry.display for entry in entries.values() if _in_force(entry, date(year, 7, 1))]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("gone", "last_year", "instead"),
    [
        ("71020", 2017, "71046"),
        ("71010", 2017, "71045"),
        ("74000", 2017, "74018"),
        ("73510", 2015, "73502"),
        ("73550", 2015, "73552"),
        ("77057", 2016, "77067"),
        ("76092", 2006, "77057"),
        ("76075", 2006, "77080"),
        ("11100", 2018, "11102"),
        ("10022", 2018, "10005"),
        ("90772", 2008, "96372"),
        ("90782", 2005, "90772"),
        ("90465", 2010, "90460"),
        ("90801", 2012, "90791"),
        ("90806", 2012, "90834"),
        ("90862", 2012, None),
        ("97001", 2016, "97161"),
        ("87621", 2014, "87624"),
        ("88400", 2008, "88720"),
        ("95900", 2012, "95907"),
        ("99431", 2008, "99460"),
        ("99201", 2020, None),
    ],
)
def test_a_number_that_went_ends_the_day_before_its_heir_begins(
    entries: dict[str, Entry], gone: str, last_year: int, instead: str | None
) -> None:
    assert entries[gone].valid_to == date(last_year, 12, 31)
    if instead is not None:
        assert entries[instead].valid_from == date(last_year + 1, 1, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("est pt level 3", "99213"),
        ("simple laceration repair scalp 2.5 cm", "12001"),
        ("simple laceration repair chin 3 cm", "12013"),
        ("layered closure forehead 3 cm", "12052"),
        ("excision benign lesion back 1.5 cm", "11402"),
        ("cxr 2v", "71020"),
        ("cxr 2v", "71046"),
        ("knee 3 views", "73562"),
        ("knee 4 views", "73564"),
        ("ua auto w/o micro", "81003"),
        ("inr fingerstick", "85610"),
        ("pipelle emb", "58100"),
        ("fluzone hd", "90662"),
        ("prevnar 13", "90670"),
        ("rhogam", "90384"),
        ("pvr bladder scan", "51798"),
        ("ncs 5-6 studies", "95909"),
        ("omt 3-4 regions", "98926"),
    ],
)
def test_shorthand_of_charts_stands_for_its_number(text: str, code: str) -> None:
    wordings = starter.read_services(CodeSystem.CPT).wordings
    assert (text, code) in {(wording.text, wording.code) for wording in wordings}


def test_a_pattern_stands_for_a_text_with_each_choice() -> None:
    assert starter.each_way("knee (xray|) (2|3) views") == [
        "knee xray 2 views",
        "knee xray 3 views",
        "knee 2 views",
        "knee 3 views",
    ]
    assert starter.each_way("ear wax (cerumen)") == ["ear wax (cerumen)"]
