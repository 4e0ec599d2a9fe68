"""The small parts that the entity stage is made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.entities.chart_text import page_text
from pipeline.entities.phrases import PhraseIndex
from pipeline.entities.tokens import Tokenizer, key_of
from pipeline.records import LineKind
from tests import findings
from tests.entities.written_pages import line, page


@pytest.fixture(scope="module")
def tokenize() -> Tokenizer:
    return findings.tokenizer()


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("c/o HA", ["c", "/", "o", "HA"]),
        ("60mg IM", ["60", "mg", "IM"]),
        ("PMH:HTN,DM2,CAD", ["PMH", ":", "HTN", ",", "DM2", ",", "CAD"]),
        ("1.CAD", ["1", ".", "CAD"]),
        ("HISTORY:,1. Gout", ["HISTORY", ":", ",", "1", ".", "Gout"]),
        ("Dr. Hill", ["Dr.", "Hill"]),
        ("N/V/D.", ["N", "/", "V", "/", "D", "."]),
        ("BP 120/80", ["BP", "120/80"]),
    ],
)
def test_text_is_cut_as_charts_are_written(tokenize: Tokenizer, text: str, tokens: list[str]) -> None:
    assert [token.text for token in tokenize(text)] == tokens


@given(st.text(max_size=120))
def test_tokens_are_pieces_of_their_text_in_order(text: str) -> None:
    tokens = _TOKENIZE(text)
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)


_TOKENIZE = findings.tokenizer()


@pytest.mark.parametrize(
    ("word", "key"),
    [("fractures", "fracture"), ("biopsies", "biopsy"), ("masses", "mass"), ("mass", "mass"), ("diabetes", "diabete"),
     ("pus", "pus"), ("crutches", "crutch"), ("arthritis", "arthritis"), ("lens", "len"), ("s", "s")],
)  # fmt: skip
def test_a_plural_has_the_key_of_its_singular(word: str, key: str) -> None:
    assert key_of(word) == key


def test_the_longest_phrase_at_a_place_is_found() -> None:
    index = PhraseIndex([(("chest",), 1), (("chest", "pain"), 2), (("chest", "pain"), 3)])
    assert index.longest(["chest", "pain", "today"], 0) == (2, 2)
    assert index.longest(["chest"], 0) == (1, 1)
    assert index.longest(["my", "chest"], 0) is None


def test_lines_of_a_paragraph_are_joined_and_others_begin_anew() -> None:
    chart = page(
        "The patient is here for a cough that will not go",
        "away. She sleeps well and eats enough every day,",
        "and works.",
        "Plan: rest",
        "1. return",
    )
    text = page_text(chart)
    assert text.text.count("\n") == 2
    assert "go away" in text.text
    assert text.text.endswith("works.\nPlan: rest\n1. return")
    assert text.soft == frozenset()


def test_by_hand_a_full_margin_alone_joins_softly() -> None:
    text = page_text(page("tender over the shin bone", "swelling down to ankle", hand=True))
    assert text.soft == {len("tender over the shin bone") + 1}


def test_print_and_handwriting_of_one_row_go_together() -> None:
    label = line("Diagnosis:", 1)
    answer = line("gout", 2, x=340, y=160, kind=LineKind.HAND)
    other = line("Fee", 3, x=1500, y=160)
    assert page_text(page(label, answer, other)).text == "Diagnosis: gout\nFee"


def test_a_stretch_leads_back_to_lines_words_and_boxes() -> None:
    first, second = line("a dull chest and a", 1), line("left arm pain", 2)
    text = page_text(page(first, second))
    spans = text.spans(13, 27)
    assert [(span.line, span.start, span.end) for span in spans] == [("p1l1", 13, 18), ("p1l2", 0, 8)]
    assert [word.text for word in text.words_in(13, 27)] == ["and", "a", "left", "arm"]
    assert [len(span.boxes) for span in spans] == [2, 2]


@given(st.lists(st.text(alphabet="ab ,.\u00e9", max_size=12), max_size=6))
def test_every_line_stands_unchanged_in_the_pages_text(texts: list[str]) -> None:
    chart = page(*(line(text, number) for number, text in enumerate(texts, start=1)))
    joined = page_text(chart)
    for start, each in zip(joined.starts, chart.lines, strict=True):
        assert joined.text[start : start + len(each.text)] == each.text
        if each.text:
            (span,) = joined.spans(start, start + len(each.text))
            assert (span.line, span.start, span.end) == (each.id, 0, len(each.text))
