from collections.abc import Callable
from datetime import date

import pytest

from pipeline.codebooks.importing.icd9_index import read_icd9_index
from pipeline.codebooks.importing.imported import Imported
from pipeline.errors import UsageError

Maker = Callable[[list[tuple[int, int, str]]], bytes]

TITLE = (0, 0, "INDEX TO DISEASES AND INJURIES")
LINES = [
    TITLE,
    (0, 0, "A"),
    (1080, -1080, "Ache(s) (dull) (see also Soreness) 780.96"),
    (1080, -720, "belly 789.0"),
    (1440, -720, "upper, right 789.01"),
    (1080, -720, "with"),
    (1440, -720, "sugar sickness 250.6 [357.2]"),
    (0, 0, "Note: a remark that stands between"),
    (1440, -720, "late effect 905.0"),
    (1080, -1080, "Bellyache - see Ache, belly"),
    (1080, -1080, "Growth, neoplastic (see also Neoplasm, "),
    (1080, -1080, "by site) 239.9"),
    (1080, -1080, "Neoplasm, neoplastic\t199.1\t199.1\t234.9\t229.9\t238.9\t239.9"),
    (1080, -720, "toe\t195.5\t198.89\t-\t229.8\t238.8\t239.89"),
    (1080, -1080, "Squint, squinting NEC 378.9"),
]


def wordings(imported: Imported | None) -> dict[str, tuple[str, str]]:
    assert imported is not None
    return {text: (code, path) for code, _, text, path in imported.tables["wordings"]}


@pytest.fixture
def index(rich_text: Maker) -> Imported | None:
    return read_icd9_index("Dindex12.rtf", rich_text(LINES))


def test_an_index_is_of_its_fiscal_year(index: Imported | None) -> None:
    assert index is not None
    assert (index.part, index.book.edition) == ("index to diseases", "fiscal year 2012")
    assert (index.book.valid_from, index.book.valid_to) == (date(2011, 10, 1), date(2012, 9, 30))


def test_a_path_is_read_as_a_chart_says_it(index: Imported | None) -> None:
    found = wordings(index)
    assert found["belly ache upper, right"] == ("789.01", "Ache(s) (dull), belly, upper, right 789.01")
    assert found["ache"][0] == "780.96"


def test_with_stays_between_its_terms(index: Imported | None) -> None:
    code, path = wordings(index)["ache with sugar sickness"]
    assert code == "250.6"
    assert path.endswith("250.6 [357.2]")
    assert wordings(index)["ache with late effect"][0] == "905.0"


def test_see_leads_to_the_code_of_what_it_names(index: Imported | None) -> None:
    assert wordings(index)["bellyache"] == ("789.0", "Bellyache - see Ache, belly 789.0")


def test_references_are_kept(index: Imported | None) -> None:
    assert index is not None
    assert ("Bellyache", "see", "Ache, belly") in index.tables["cross references"]
    assert ("Ache(s) (dull)", "see also", "Soreness") in index.tables["cross references"]


def test_a_line_that_was_broken_is_whole(index: Imported | None) -> None:
    assert wordings(index)["growth, neoplastic"][0] == "239.9"


def test_a_column_of_the_neoplasms_says_which_kind(index: Imported | None) -> None:
    found = wordings(index)
    assert found["benign toe neoplasm"][0] == "229.8"
    assert found["secondary malignant toe neoplasm"][0] == "198.89"
    assert "in situ toe neoplasm" not in found


def test_a_second_name_is_a_wording_of_its_own(index: Imported | None) -> None:
    assert {"squint", "squinting"} <= wordings(index).keys()


def test_another_rich_text_is_no_index(rich_text: Maker) -> None:
    assert read_icd9_index("Dindex12.rtf", rich_text([(0, 0, "A letter"), *LINES[1:]])) is None


@pytest.mark.parametrize(
    ("name", "lines", "sentence"),
    [
        ("index.rtf", LINES, "does not tell its fiscal year"),
        ("Dindex12.rtf", [TITLE, (1080, -1080, "Ache 780.96")], "hardly a term"),
        (
            "Dindex12.rtf",
            [TITLE, (1080, -1080, "Ache 1"), (3600, -720, "deep 789.0")],
            "paragraph 3 is indented deeper",
        ),
    ],
)
def test_a_wrong_index_is_refused(
    rich_text: Maker, name: str, lines: list[tuple[int, int, str]], sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        read_icd9_index(name, rich_text(lines))


@pytest.mark.parametrize(
    ("name", "part", "fewest"),
    [
        ("Dindex12.zip", "index to diseases", 75_000),
        ("Eindex12.zip", "index to external causes", 3_900),
        ("Pindex12.zip", "index to procedures", 17_000),
    ],
)
def test_the_official_index_is_read(official: Callable[[str], bytes], name: str, part: str, fewest: int) -> None:
    imported = read_icd9_index(name, official(name))
    assert imported is not None
    assert imported.part == part
    assert imported.book.edition == "fiscal year 2012"
    assert len(imported.tables["wordings"]) >= fewest
