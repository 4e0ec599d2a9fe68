"""Shorthand is written out in the sense that its section and neighbours ask for."""

import csv
import re
from pathlib import Path

import pytest

from pipeline.entities import EntityFinder, pages_from_text
from pipeline.entities.shorthand import Shorthand
from pipeline.entities.tokens import SOFT, Tokenizer
from pipeline.lexicon import Lexicon
from tests import findings

TABLE = Path(__file__).parent / "shorthand_sentences.tsv"
ROWS = csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
SENTENCES = [(row["sentence"], row["short"], row["long"] or "") for row in ROWS]
"""Sentence, shorthand in it, what it means there; nothing where it is no shorthand."""


@pytest.fixture(scope="module")
def tokenize() -> Tokenizer:
    return findings.tokenizer()


@pytest.fixture(scope="module")
def expand(lexicon: Lexicon, tokenize: Tokenizer) -> Shorthand:
    return Shorthand(lexicon, tokenize)


def distinct(short: str) -> str:
    """A shorthand without what makes it only a variant: case, punctuation and the plural."""
    letters = re.sub(r"[\W_]", "", short.casefold()) or short
    return letters.removesuffix("s") or letters


def test_the_table_holds_fifteen_hundred_different_shorthands(lexicon: Lexicon) -> None:
    assert len({distinct(entry.short) for entry in lexicon.abbreviations}) >= 1500


@pytest.mark.parametrize(("sentence", "short", "long"), SENTENCES, ids=[f"{s[1]}-{s[2]}" for s in SENTENCES])
def test_a_shorthand_means_what_its_sentence_says(
    find_entities: EntityFinder, expand: Shorthand, tokenize: Tokenizer, sentence: str, short: str, long: str
) -> None:
    (page,) = pages_from_text(sentence)
    note = find_entities.note(page)
    written = [token.text for token in tokenize(short)]
    texts = [token.text for token in note.tokens]
    first = next(place for place in range(len(texts)) if texts[place : place + len(written)] == written)
    senses = [sense.text for sense in expand(note.tokens, note.words, note.sections, {})
              if sense.expanded and sense.first == first]  # fmt: skip
    assert senses == [token.lower for token in tokenize(long) if token.text not in SOFT]


def test_each_sense_of_an_ambiguous_shorthand_has_its_sentence(lexicon: Lexicon, tokenize: Tokenizer) -> None:
    senses: dict[tuple[str, ...], set[str]] = {}
    for entry in lexicon.abbreviations:
        senses.setdefault(tokenize.lowers(entry.short), set()).add(entry.long)
    told = {(tokenize.lowers(short), long) for _, short, long in SENTENCES}
    untold = {(short, long) for short, longs in senses.items() if len(longs) > 1 for long in longs} - told
    assert untold == set()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("∅ fever, Ø CP", {"fever": True, "chest pain": True}),
        ("HPI: No fever, + cough, -N/V", {"fever": True, "cough": False, "nausea and vomiting": True}),
        ("ROS: +cough -fever", {"cough": False, "fever": True}),
        ("(+) cough (-) fever", {"cough": False, "fever": True}),
        ("fever (-), cough (+)", {"fever": True, "cough": False}),
        ("- cough", {"cough": False}),
        ("↑BP, ↓hearing", {"hypertension": False, "hearing loss": False}),
        ("pain c̄ movement, s̄ fever", {"pain": False, "fever": True}),
    ],
)
def test_signs_affirm_deny_and_grade_what_stands_behind_them(
    find_entities: EntityFinder, text: str, said: dict[str, bool]
) -> None:
    assert {entity.normalized: entity.context.negated for entity in find_entities(pages_from_text(text))} == said


def test_a_term_listed_with_its_abbreviation_stays_whole(find_entities: EntityFinder) -> None:
    names = [entity.normalized for entity in find_entities(pages_from_text("HIV test and chest CT today"))]
    assert names == ["hiv test", "ct of chest"]
