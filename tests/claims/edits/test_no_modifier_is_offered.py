"""Whatever is the matter with a claim, nothing that is said of it names a modifier with which it would pass."""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.claims.edits import ClaimEdits, Edit
from pipeline.claims.edits.edit import KINDS
from pipeline.claims.edits.pairs import load_apart
from pipeline.codebooks import CodeBooks
from pipeline.codebooks.edits import Edits
from pipeline.codebooks.modifiers import load_modifiers
from pipeline.coding.check import CodeCheck, Standing
from pipeline.coding.rules.asks import load_asks
from pipeline.coding.rules.limits import load_limits
from pipeline.coding.rules.rulebook import load_rules
from pipeline.records import Claim, CodeSystem, Frequency
from pipeline.settings import CodingSettings
from tests.claims.drawn_claims import claims
from tests.claims.edits.conftest import IN_2014, IN_2018, claim, kind_of, line
from tests.claims.edits.test_claim_edits import OTHER

MODIFIERS = frozenset(load_modifiers()) | frozenset(load_apart())
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_COUNTED = re.compile(r"\b\d+ (?:units|a day)|at most \d+|given as \d+|diagnosis [\d, ]+")
_PUT = re.compile(r"\b(?:append|attach|modifiers?|mod)\b", re.IGNORECASE)

PAIRS = (
    ("45385", "45380"),
    ("11042", "97597"),
    ("20610", "99213"),
    ("90471", "99213"),
    ("93000", "93005"),
    ("80053", "80048"),
    ("99396", "99213"),
)
BEHIND = ((), ("25",), ("59",), ("XS",), ("RT",), ("GC",))


def named(sentence: str, codes: Iterable[str]) -> set[str]:
    """The modifiers that a sentence names, and words by which one is put to a line."""
    for code in sorted(codes, key=len, reverse=True):
        sentence = sentence.replace(code, " ")
    plain = _COUNTED.sub(" ", _DAY.sub(" ", sentence))
    found = {word for word in re.findall(r"(?<![\w.])[A-Z0-9]{2}(?!\w|\.\d)", plain) if word in MODIFIERS}
    return found | set(_PUT.findall(plain))


def offered(edits: tuple[Edit, ...], made: Claim) -> dict[str, set[str]]:
    codes = [*(each.code for each in made.diagnoses), *(each.code for each in made.lines)]
    return {edit.sentence: words for edit in edits if (words := named(edit.sentence, codes))}


def test_the_measure_sees_what_would_be_an_offer() -> None:
    assert named("99213: modifier 25 says so.", ["99213"]) == {"modifier", "25"}
    assert named("Bill 45380 with 59 or XS.", ["45380"]) == {"59", "XS"}
    assert named("250.50: 25 units on 2014-03-25, where at most 24 a day are paid.", ["250.50"]) == set()


@pytest.mark.parametrize(("pair", "one", "other"), list(product(PAIRS, BEHIND, BEHIND)))
def test_no_pair_of_services_offers_one(
    judge: ClaimEdits, judge_cms: ClaimEdits, pair: tuple[str, str], one: tuple[str, ...], other: tuple[str, ...]
) -> None:
    made = claim(line(pair[0], *one), line(pair[1], *other))
    assert offered((*judge(made, others=()), *judge_cms(made, others=())), made) == {}


WRONG = (
    claim(
        line("99213", units=2),
        line("20610", "LT"),
        line("20610"),
        line("20610"),
        line("45378", "59"),
        line("45380"),
        line("90471", points_to=()),
        line("99391"),
        line("00000"),
        line("90772"),
        line("57454", points_to=(3,)),
        line("73610", "RT", units=3),
        line("J3301", units=20),
        diagnoses=("E885.9", "845.00", "486", "786.2", "357.2", "600.00", "250.0", "779.3", "V30.00", "719.46"),
        sex="M",
    ),
    claim(
        line("99213", on=IN_2018),
        line("20610", "LT", on=IN_2018),
        line("77067", on=IN_2018),
        line("12001", on=IN_2018),
        line("A6402", on=IN_2018),
        diagnoses=("M17.11", "J20.9", "J40", "M25.569", "S61.411A", "O80", "H66.90", "G63", "N40.0"),
        sex="M",
    ),
    claim(line("57454", "KX"), line("J3301", units=17), sex="M"),
    claim(line("45385"), line("45380", "59"), line("93000"), line("93005")),
    claim(line("45385"), line("45380")),
    claim(line("99213"), diagnoses=("486", "401.9")),
)


def test_no_kind_of_edit_offers_one(judge: ClaimEdits, judge_cms: ClaimEdits) -> None:
    twin = replace(WRONG[4], encounter="twin", number="TWIN")
    edition = replace(WRONG[5], diagnoses=WRONG[1].diagnoses[:1])
    reached = set()
    for made, judging in product((*WRONG, edition), (judge, judge_cms)):
        found = judging(made, others=(OTHER, twin))
        assert offered(found, made) == {}
        reached |= {kind_of(each) for each in found}
    assert reached == {kind.value for kind in KINDS}


@given(made=claims(), frequency=st.sampled_from(Frequency), sex=st.sampled_from(["F", "M", None]))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_claim_is_offered_one(
    judge: ClaimEdits, judge_cms: ClaimEdits, made: Claim, frequency: Frequency, sex: str | None
) -> None:
    made = replace(made, frequency=frequency, patient=replace(made.patient, sex=sex))
    for judging in (judge, judge_cms):
        assert offered(judging(made, others=(OTHER,)), made) == {}


def test_the_tables_from_which_sentences_come_name_none() -> None:
    rules = [sentence for setting in ("outpatient", "inpatient") for sentence in load_rules(setting).sentences.values()]
    sentences = {*rules, *(ask.sentence for ask in load_asks()), *(limit.what for limit in load_limits())}
    assert len(sentences) > 60
    # a rule's source may count a guideline's chapters
    assert {s: words for s in sentences if (words := named(s.rpartition(" (")[0] or s, []))} == {}


def test_the_review_panel_names_none(books: CodeBooks, cms: Edits) -> None:
    check = CodeCheck(books, CodingSettings(), cms)
    codes = [(CodeSystem.CPT, code) for pair in PAIRS for code in pair]
    told = set()
    for one, other in combinations(dict.fromkeys(codes), 2):
        standing = tuple(Standing(system=s, code=c, units=99) for s, c in (one, other))
        for warning in check(standing, on=IN_2014, age=50, sex="F"):
            told.add(warning.kind)
            assert named(f"{warning.sentence} {warning.source}", [one[1], other[1]]) == set()
    assert {"pair", "units", "visit", "included"} <= told
