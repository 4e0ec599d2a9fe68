import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.codebooks import CodeBooks, hcpcs_facts
from pipeline.codebooks.doses import billed_units, billing_units, described_unit
from pipeline.codebooks.entries import Entry
from pipeline.codebooks.hcpcs_facts import Facts, read_facts, read_volume
from pipeline.codebooks.importing.hcpcs_file import read_hcpcs
from pipeline.codebooks.importing.imported import unpacked
from pipeline.codebooks.wording import plain
from pipeline.errors import SetupError
from pipeline.records import CodeSystem

OLDEST = date(2019, 1, 1)
"""Codes that ended longer before than this file remembers are not in it."""
OTHER_WORDS = {"gas permeable": "gas", "zinc paste": "zinc", "collagen": "collag"}
MADE = {
    "ready made": ("prefabricated", "premolded", "removable", "non molded", "stirrup"),
    "custom fitted": ("prefabricated", "fitting"),
    "custom made": ("custom", "molded to patient"),
}
NUMBERS = {"2": "two", "3": "three", "5": "five"}
OWN_UNITS = {
    "mcg": ("mcg", "microgram"),
    "mg": ("mg", "milligram"),
    "mL": ("ml", "cc"),
    "g": ("g", "gm", "gram", "grams"),
    "units": ("unit", "units", "iu", "i.u.", "kiu"),
}


@pytest.fixture(scope="module")
def official(hcpcs_2019: Path) -> dict[str, Entry]:
    volume = read_hcpcs(hcpcs_2019.name, hcpcs_2019.read_bytes())
    assert volume is not None
    return {entry.code: entry for entry in unpacked(volume).entries}


@pytest.fixture(scope="module")
def facts() -> list[Facts]:
    return read_facts()


def test_the_starter_set_holds_a_thousand_codes_as_facts(facts: list[Facts]) -> None:
    assert len({fact.code for fact in facts}) >= 1000
    assert {fact.table for fact in facts} == set(hcpcs_facts.COLUMNS)
    assert read_volume().book.count == len({fact.code for fact in facts})


def test_every_code_is_official_with_its_dates_or_ended_before(facts: list[Facts], official: dict[str, Entry]) -> None:
    for fact in facts:
        if (fact.valid_from is None and fact.valid_to is not None) or fact.code not in official:
            assert fact.valid_to is not None and fact.valid_to < OLDEST, fact.code
            continue
        assert (fact.valid_from, fact.valid_to) == (official[fact.code].valid_from, official[fact.code].valid_to)


def test_names_are_the_projects_own(facts: list[Facts], official: dict[str, Entry]) -> None:
    for fact in facts:
        said = official.get(fact.code)
        assert said is None or plain(said.display) != plain(fact.name) or len(plain(fact.name).split()) <= 5, fact.code


def test_the_amount_and_unit_of_a_drug_are_the_official_ones(facts: list[Facts], official: dict[str, Entry]) -> None:
    drugs = [fact for fact in _dated(facts, official) if fact.table == "drugs"]
    measured = [fact for fact in drugs if fact.columns["unit"] not in ("dose", "each")]
    assert not [fact.name for fact in measured if not _states(official[fact.code].display, fact.columns)]


def test_where_a_description_states_one_amount_it_is_the_billing_unit(
    facts: list[Facts], official: dict[str, Entry]
) -> None:
    drugs = [fact for fact in _dated(facts, official) if fact.columns.get("unit", "each") not in ("dose", "each")]
    stated = [(fact, unit) for fact in drugs if (unit := described_unit(official[fact.code].display))]
    assert len(stated) >= 450
    own = billing_units()
    both = [(fact, billed_units(unit.quantity, own[fact.code]), unit) for fact, unit in stated]
    assert not [f.name for f, one, unit in both if (one, billed_units(own[f.code].quantity, unit)) != (1, 1)]


def test_the_drug_is_named_in_the_official_description(facts: list[Facts], official: dict[str, Entry]) -> None:
    drugs = [fact for fact in _dated(facts, official) if fact.table == "drugs"]
    assert not [fact.name for fact in drugs if not _names(official[fact.code].display, fact.columns["drug"])]


def test_sizes_and_materials_are_the_official_ones(facts: list[Facts], official: dict[str, Entry]) -> None:
    dated = _dated(facts, official)
    assert not [fact.name for fact in dated if not _has_sizes(official[fact.code].display, fact.columns)]
    assert not [fact.name for fact in dated if _material(fact) not in official[fact.code].display.lower()]


def test_casts_and_braces_are_made_for_whom_the_official_file_says(
    facts: list[Facts], official: dict[str, Entry]
) -> None:
    said = {fact.code: plain(official[fact.code].display) for fact in _dated(facts, official)}
    ages = [(f, {"child": "pediatric"}.get(f.columns["age"], f.columns["age"])) for f in facts if "age" in f.columns]
    assert not [fact.name for fact, age in ages if age not in said[fact.code]]
    braces = [fact for fact in facts if fact.columns.get("make") and fact.code in said]
    assert not [f.name for f in braces if not any(word in said[f.code] for word in MADE[f.columns["make"]])]


def test_a_drug_is_found_by_its_own_name_only(facts: list[Facts]) -> None:
    seen: dict[str, Facts] = {}
    for fact in (fact for fact in facts if fact.table == "drugs"):
        for name in map(plain, fact.synonyms):
            other = seen.setdefault(name, fact)
            assert other is fact or other.valid_to or fact.valid_to, (name, other.code, fact.code)


def test_a_reused_number_keeps_each_use_and_its_words_with_their_days(facts: list[Facts]) -> None:
    uses = [fact for fact in facts if fact.code == "J0570"]
    assert [use.columns["drug"] for use in uses] == ["Buprenorphine", "Penicillin G benzathine"]
    assert uses[1].valid_to == date(2010, 12, 31)
    words = [w for w in read_volume().wordings if w.code == "J0570" and "penicillin" in w.text.lower()]
    assert {w.valid_to for w in words} == {date(2010, 12, 31)}


def test_a_name_is_composed_of_the_facts(facts: list[Facts]) -> None:
    names = {fact.code: fact.name for fact in facts if fact.valid_to is None}
    assert names["J1885"] == "Ketorolac injection, 15 mg"
    assert names["J0885"] == "Epoetin alfa injection, not on dialysis, 1,000 units"
    assert names["A6402"] == "Gauze, sterile, up to 16 square inches"
    assert names["Q4012"] == "Short arm cast supplies, child, fiberglass"
    assert names["L4361"] == "Walking boot, pneumatic, ready made"


def test_the_books_know_the_starter_set(books: CodeBooks) -> None:
    code = books.get(CodeSystem.HCPCS, "J1885")
    assert code is not None and code.kind == "supply"
    visit = books.get(CodeSystem.HCPCS, "G0402")
    assert visit is not None and visit.kind == "procedure"


DRUGS = "\t".join(hcpcs_facts.COLUMNS["drugs"])


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("J1\tKetorolac\t\t15\tmg", "line 2 is not an HCPCS code"),
        ("J1885\t\t\t15\tmg", "line 2 is not an HCPCS code"),
        ("J1885\tKetorolac\t\tmuch\tmg", "line 2 has 'much' as its amount"),
        ("J1885\tKetorolac\t\t0\tmg", "line 2 has '0' as its amount"),
        ("J1885\tKetorolac\t\t15\tspoons", "line 2 has 'spoons' as its unit"),
        ("J1885\tKetorolac\t\t15\tmg\nJ1885\tKetorolac\t\t30\tmg", "line 3 has J1885 again"),
    ],
)
def test_a_row_of_facts_that_does_not_fit_is_refused_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str, sentence: str
) -> None:
    (tmp_path / "drugs.tsv").write_text(f"{DRUGS}\n{row}\n")
    monkeypatch.setattr(hcpcs_facts, "FOLDER", tmp_path)
    monkeypatch.setattr(hcpcs_facts, "files", lambda: (tmp_path / "drugs.tsv",))
    with pytest.raises(SetupError, match=sentence):
        read_facts()


def _dated(facts: list[Facts], official: dict[str, Entry]) -> list[Facts]:
    """Rows that the official file speaks of."""
    return [fact for fact in facts if fact.code in official and fact.valid_from is not None]


def _states(description: str, columns: dict[str, str]) -> bool:
    """Whether a description says an amount in its unit, a single one also as "per mg"."""
    said = description.lower().replace(",", "").replace(" usp", "")
    amount, unit = Decimal(columns["amount"]), columns["unit"]
    written = "|".join(re.escape(word) for word in OWN_UNITS.get(unit, (unit.lower(),)))
    if amount == 1 and re.search(rf"per (?:{written})\b|(?:per|single use|single dose) {written}", said):
        return True
    if "million" in said and unit == "units":
        amount, said = amount / 1_000_000, said.replace("million ", "")
    number = f"{amount:f}"
    bare = (number.rstrip("0").rstrip(".") if "." in number else number).lstrip("0")
    return re.search(rf"(?<![\d.])0*{re.escape(bare)}(?:\.0+)?\s*\(?(?:{written})", said) is not None


def _names(description: str, drug: str) -> bool:
    said = plain(description)
    return any(word[:5] in said for word in plain(drug).split() if len(word) > 2 or word.isdigit())


def _has_sizes(description: str, columns: dict[str, str]) -> bool:
    said = description.lower().replace(",", "")
    numbers = re.findall(r"\d+(?:\.\d+)?", columns.get("size", "").replace(",", ""))
    return all(
        re.search(rf"(?<![\d.])0*{re.escape(n.lstrip('0'))}(?!\.?\d)|\b{NUMBERS.get(n, n)}\b", said) for n in numbers
    )


def _material(fact: Facts) -> str:
    material = fact.columns.get("material", "")
    return OTHER_WORDS.get(material, material)
