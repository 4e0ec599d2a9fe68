"""Which words of a page are repaired, and which stay as they were read."""

from functools import cache

import pytest

from pipeline.entities.text.chart_text import page_text
from pipeline.entities.text.tokens import Token
from pipeline.entities.words.gaps import GapMender
from pipeline.entities.words.known import KnownWords
from pipeline.entities.words.repair import Repairer
from pipeline.lexicon import load_lexicon
from pipeline.records import Page
from tests import findings
from tests.entities.written_pages import line, page

MISREAD = (
    "The poticnt comes wlth a histcry of abdorninal paln ond vorniting for tbree doys, n0 fever, dcnies cbest pain. "
    "She has hod brcast canccr ond was trcated with rodiation. Exarn sbows a tcnder abdomcn, lungs arc clcar."
)
CLEAN = "The patient comes with a cough and a sore throat. She was seen last week for the same and was told to rest. "


@cache
def known() -> KnownWords:
    return KnownWords(load_lexicon())


@cache
def repairer() -> Repairer:
    return Repairer(load_lexicon(), known())


@cache
def mender() -> GapMender:
    return GapMender(load_lexicon(), known())


def mended(chart: Page) -> tuple[Token, ...]:
    """The tokens of a page, its gaps mended."""
    text = page_text(chart)
    return mender()(text, findings.tokenizer()(text.text))


def repaired(chart: Page) -> dict[str, str]:
    """The words that were repaired, as read, and what they became."""
    text = page_text(chart)
    tokens = findings.tokenizer()(text.text)
    words = repairer()(text, tokens)
    assert len(words) == len(tokens)
    return {token.text: word for token, word in zip(tokens, words, strict=True) if token.lower != word}


def test_on_a_page_read_badly_short_words_and_cues_are_repaired_too() -> None:
    assert repaired(page(MISREAD)) == {
        "poticnt": "patient", "wlth": "with", "histcry": "history", "abdorninal": "abdominal", "paln": "pain",
        "ond": "and", "vorniting": "vomiting", "tbree": "three", "doys": "days", "n0": "no", "dcnies": "denies",
        "cbest": "chest", "brcast": "breast", "canccr": "cancer", "trcated": "treated",
        "rodiation": "radiation", "Exarn": "exam", "sbows": "shows", "tcnder": "tender", "abdomcn": "abdomen",
        "clcar": "clear",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "read", "word"),
    [
        ("A: hypertensian", "hypertensian", "hypertension"),
        ("A: hypcrtcnsion", "hypcrtcnsion", "hypertension"),
        ("A: pneum0nia", "pneum0nia", "pneumonia"),
        ("Left heart catheterizaton", "catheterizaton", "catheterization"),
    ],
)
def test_among_words_that_are_known_a_long_word_with_one_error_is_repaired(text: str, read: str, word: str) -> None:
    assert repaired(page(CLEAN, text)) == {read: word}


@pytest.mark.parametrize(
    "text",
    [
        "The future is bright", "Dr. Asthman called", "dissection of the tissue", "seen by Gouthman and Rashid",
        "venotomy was made", "anticoagulants, postoperatively, hypotensions", "recall at 5minutes, 3days, gravida-0",
        "500 mg p.o. q.d. x3, 100 mL.", "BRCA1 and TP53, del(5q), FVIII", "qam and qpm", "Marlow Medical Group",
    ],
)  # fmt: skip
def test_names_numbers_doses_and_correct_words_stay(text: str) -> None:
    assert repaired(page(CLEAN, text)) == {}


def test_another_reading_of_the_same_ink_is_taken_before_words_that_are_as_near() -> None:
    assert repaired(page(line("A: bronchihs", alternatives={"bronchihs": ("bronchitis",)}))) == {
        "bronchihs": "bronchitis"
    }


def test_where_the_reader_is_sure_only_a_confusion_is_repaired() -> None:
    assert repaired(page(line("A: hypertensixn", confidence=0.99))) == {}
    assert repaired(page(line("A: hypertensian", confidence=0.99))) == {"hypertensian": "hypertension"}


def test_a_shorthand_is_meant_only_where_it_looks_like_what_was_read() -> None:
    assert repaired(page(line("A: HJN", alternatives={"HJN": ("HTN",)}))) == {"HJN": "htn"}
    assert repaired(page(line("A: RJQ", alternatives={"RJQ": ("HTN",)}))) == {}


def test_shorthand_is_read_otherwise_also_where_it_hangs_on_a_word() -> None:
    assert repaired(page(line("3. OM2-Ac today", alternatives={"OM2-Ac": ("OM2-Avc", "DM2-Ac")}))) == {"OM2": "dm2"}
    assert repaired(page(line("3. OM2-Ac today", alternatives={"OM2-Ac": ("DM2Ac",)}))) == {}


def test_a_figure_within_capitals_may_be_a_letter_of_a_shorthand() -> None:
    assert repaired(page("PMH: C0PD, HTN")) == {"C0PD": "copd"}
    assert repaired(page("PMH: M1, T12, L5, B12")) == {}


def test_capitals_that_spell_a_word_no_chart_uses_may_be_shorthand() -> None:
    assert repaired(page(line("PMH: HIN", alternatives={"HIN": ("HTN",)}))) == {"HIN": "htn"}
    assert repaired(page(line("WBC 5 CM", alternatives={"CM": ("CMP",)}))) == {}


def test_a_full_stop_left_on_a_word_is_no_part_of_it() -> None:
    assert repaired(page("Allergies ,1.  PENICILLIN.,2.  KEFLEX.")) == {"PENICILLIN.": "penicillin"}


def test_a_page_without_words_needs_no_repair() -> None:
    assert repaired(page()) == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Denies ches t pain", "denies chest pain"),
        ("c/o chestpain", "c / o chest pain"),
        ("denies ches tpain", "denies chest pain"),
        ("A: hyper tension", "a : hypertension"),
        ("A: diabetesmellitus", "a : diabetes mellitus"),
        ("shortnessof breath", "shortness of breath"),
        ("has deniesfever", "has denies fever"),
        ("pain in Rknee", "pain in r knee"),
        ("uri nary tract infection", "urinary tract infection"),
    ],
)
def test_words_that_ran_together_or_came_apart_are_read_as_they_were_meant(text: str, words: str) -> None:
    assert " ".join(token.lower for token in mended(page(text))) == words


@pytest.mark.parametrize(
    "text",
    [
        "no thing of this", "he is a symptomatic carrier", "stool in continent", "can not walk, may be", "by Ander son",
        "work up and follow up", "500 mg 3 days", "paraclinical pseudoseizure", "R knee pain", "Marlow Medical Group",
    ],
)  # fmt: skip
def test_gaps_between_words_that_make_sense_and_in_names_stay(text: str) -> None:
    assert not [token.read for token in mended(page(CLEAN, text)) if token.read]


def test_a_word_is_not_put_together_over_the_end_of_a_line() -> None:
    lines = page(line("She was seen because of hyper", 1), line("tension and more of the same that is on the list", 2))
    assert not [token.read for token in mended(lines) if token.read]


def test_a_mended_word_keeps_the_place_of_its_ink() -> None:
    tokens = mended(page("ches tpain"))
    assert [(token.text, token.start, token.end, token.read) for token in tokens] == [
        ("chest", 0, 6, "ches tpain"),
        ("pain", 6, 10, "ches tpain"),
    ]
    assert [token.spaced for token in tokens] == [True, True]
    assert [token.begins_line for token in tokens] == [True, False]


@pytest.mark.parametrize(
    ("text", "others", "read", "word"),
    [
        ("Rx Lisinoprll 10 mg", (), "Lisinoprll", "lisinopril"),
        ("Rx Metoprolal 50mg daily", (), "Metoprolal", "metoprolol"),
        ("Rx Zithrunax 250 mg", ("Zithromax",), "Zithrunax", "zithromax"),
    ],
)
def test_a_misread_drug_before_its_dose_is_repaired_though_a_capital_begins_it(
    text: str, others: tuple[str, ...], read: str, word: str
) -> None:
    assert repaired(page(CLEAN, line(text, 2, alternatives={read: others}))) == {read: word}


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("Rx Leptic 500 mg", ()),
        ("Rx Ritch 5 mg", ("Rich",)),
        ("seen by Lisinoprll 10 times", ()),
        ("Rx Zalop 5 mg", ()),
    ],
)
def test_a_strange_word_before_a_dose_becomes_no_other_word(text: str, others: tuple[str, ...]) -> None:
    assert repaired(page(CLEAN, line(text, 2, alternatives={text.split()[1]: others}))) == {}


@pytest.mark.parametrize(
    ("text", "read", "other", "word"),
    [
        ("clo cough", "clo", "c/o", "c/o"),
        ("TM no. Nose clear", "no", "nl", "nl"),
        ("Lungs nI, heart ok", "nI", "", "nl"),
        ("HbAlc today", "HbAlc", "HbA1c", "hba1c"),
    ],
)
def test_shorthand_whose_strokes_were_taken_for_others_is_repaired(text: str, read: str, other: str, word: str) -> None:
    parts = [part for part in text.split() if part.startswith(read) and other]
    others: dict[str, tuple[str, ...]] = {part: (part.replace(read, other),) for part in parts}

    assert repaired(page(line(text, alternatives=others))) == {read: word}


@pytest.mark.parametrize(
    ("text", "others"),
    [("clo cough", {}), ("no pain", {"no": ("nl",)}), ("weak s1 reflex", {"s1": ("sI",)}), ("no. 4", {})],
)
def test_short_words_that_the_reader_saw_no_shorthand_in_stay(text: str, others: dict[str, tuple[str, ...]]) -> None:
    assert repaired(page(line(text, alternatives=others))) == {}


def test_of_two_shorthands_the_one_that_the_reader_finds_likelier_is_meant() -> None:
    assert repaired(page(line("Hx JIA", confidence=0.05, alternatives={"JIA": ("TIA",)}))) == {"JIA": "tia"}
    assert repaired(page(line("Hx JIA", confidence=0.5, alternatives={"JIA": ("TIA",)}))) == {}


def test_of_the_shorthands_that_the_ink_supports_the_usual_one_is_meant() -> None:
    assert repaired(page(line("2) URE", alternatives={"URE": ("URO", "URI")}))) == {"URE": "uri"}
