"""What the words beside a finding add to it, in the sentences of `detail_sentences.tsv`.

A row: the sentence, words of the finding that is meant, and its details; `!cause` where it has none of that name.
"""

from pathlib import Path

import pytest

from pipeline.entities import EntityFinder
from pipeline.entities.text.typed_notes import pages_from_text, text_offsets
from tests.entities.written_pages import page

ROWS = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "detail_sentences.tsv").read_text(encoding="utf-8").splitlines()[1:]
]


@pytest.mark.parametrize(("sentence", "finding", "details"), ROWS, ids=[row[0] for row in ROWS])
def test_a_finding_has_the_details_that_stand_beside_it(
    find_entities: EntityFinder, sentence: str, finding: str, details: str
) -> None:
    pages = pages_from_text(sentence)
    start = sentence.index(finding)
    entity = next(
        each
        for each in find_entities(pages)
        for first, end in [text_offsets(sentence, each, pages)]
        if first < start + len(finding) and start < end
    )
    held = {each.name: each.value for each in entity.attributes}
    wanted = dict(part.split(" ", 1) for part in details.split("; ") if part[0] != "!")
    assert {name: held.get(name) for name in wanted} == wanted
    assert not held.keys() & {part[1:] for part in details.split("; ") if part[0] == "!"}


def test_the_only_cause_of_a_page_explains_the_injury_of_its_assessment(find_entities: EntityFinder) -> None:
    entities = find_entities((page("CC: fell off ladder", "PMH: old hip fracture", "PE: tender", "A: L wrist sprain"),))
    causes = {entity.text: {each.name: each.value for each in entity.attributes}.get("cause") for entity in entities}
    assert causes["L wrist sprain"] == "fall from ladder"
    assert causes.get("hip fracture") is None


def test_of_two_causes_each_explains_what_stands_near(find_entities: EntityFinder) -> None:
    text = "Dog bite to R hand with laceration.", "No fever.", "BP fine.", "Fell down stairs, contusion of L knee."
    entities = find_entities((page(*text),))
    causes = {entity.text: {each.name: each.value for each in entity.attributes}.get("cause") for entity in entities}
    assert causes["laceration"] == "dog bite"
    assert causes["contusion of L knee"] == "fall on stairs"
