"""Procedures as notes write them, each sentence with what it holds."""

from pathlib import Path

import pytest

from pipeline.entities import EntityFinder, pages_from_text
from pipeline.records import Label

TABLE = Path(__file__).with_name("procedure_sentences.tsv")
SENTENCES = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()]


def procedures(find_entities: EntityFinder, text: str) -> list[str]:
    """The words of each procedure that a note holds."""
    return [entity.text for entity in find_entities(pages_from_text(text)) if entity.label is Label.PROCEDURE]


@pytest.mark.parametrize(("sentence", "truth"), SENTENCES, ids=[sentence[:40] for sentence, _ in SENTENCES])
def test_a_sentence_holds_these_procedures(find_entities: EntityFinder, sentence: str, truth: str) -> None:
    assert procedures(find_entities, sentence) == [text for text in truth.split(" | ") if text]


@pytest.mark.parametrize(
    ("text", "normalized"),
    [
        ("CT head ordered.", "ct of head"),
        ("Sonogram of the thyroid ordered.", "thyroid ultrasound"),
        ("Full blood count sent.", "complete blood count"),
        ("Lap chole in 2010.", "cholecystectomy"),
    ],
)
def test_a_procedure_is_asked_for_in_the_words_of_the_code_books(
    find_entities: EntityFinder, text: str, normalized: str
) -> None:
    (entity,) = find_entities(pages_from_text(text))
    assert entity.normalized == normalized


@pytest.mark.parametrize("text", ["The tumor was resected.", "Stained for vimentin.", "The vital signs were stable."])
def test_what_says_too_little_is_found_and_no_code_book_is_asked(find_entities: EntityFinder, text: str) -> None:
    (entity,) = (found for found in find_entities(pages_from_text(text)) if found.label is Label.PROCEDURE)
    assert [attribute.value for attribute in entity.attributes if attribute.name == "coded"] == ["no"]


def test_words_that_no_code_book_is_asked_for_are_no_goal_of_repair(find_entities: EntityFinder) -> None:
    assert procedures(find_entities, "They rejected the plan, and the coat was ejected.") == []
