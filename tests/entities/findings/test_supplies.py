"""Supplies of the sentences in `supply_sentences.tsv` and `supply_sentences_held.tsv`, with what is said of each."""

from pathlib import Path

import pytest

from pipeline.entities import EntityFinder
from tests.entities.findings.supply_truth import Sentence, found_supplies, sentences

FOLDER = Path(__file__).parent
WRITTEN = tuple(sentences(FOLDER / "supply_sentences.tsv"))
HELD_OUT = tuple(sentences(FOLDER / "supply_sentences_held.tsv"))
"""Written after the tables, without a look at them."""


@pytest.mark.parametrize("sentence", [s for s in WRITTEN if not s.missed], ids=lambda s: s.text)
def test_a_sentence_has_its_supplies_with_their_details(find_entities: EntityFinder, sentence: Sentence) -> None:
    found = found_supplies(sentence.text, find_entities)
    assert [each.details for each in found] == [each.details for each in sentence.supplies]
    assert all(
        one.start < other.end and other.start < one.end for one, other in zip(found, sentence.supplies, strict=True)
    )


@pytest.mark.parametrize(("table", "f1", "details"), [(WRITTEN, 0.97, 0.9), (HELD_OUT, 0.95, 0.88)])
def test_supplies_and_their_details_are_found_as_often_as_promised(
    find_entities: EntityFinder, table: tuple[Sentence, ...], f1: float, details: float
) -> None:
    right = found = true = said = agreed = 0
    for sentence in table:
        left = list(found_supplies(sentence.text, find_entities))
        found += len(left)
        true += len(sentence.supplies)
        for supply in sentence.supplies:
            match = next((each for each in left if each.start < supply.end and supply.start < each.end), None)
            said += len(supply.details)
            if match is not None:
                left.remove(match)
                right += 1
                said += len(match.details - supply.details)
                agreed += len(match.details & supply.details)
    assert 2 * right / (found + true) >= f1
    assert agreed / said >= details
