"""The provider's own code numbers in the sentences of `code_sentences.tsv`, and numbers that are none.

A row: the sentence, and its codes as `401.9 DIAGNOSIS HTN`, the last words being the finding that it stands with
or `alone`.
"""

from pathlib import Path

import pytest

from pipeline.entities import EntityFinder
from pipeline.entities.text.typed_notes import pages_from_text
from pipeline.records import Label, MarkState
from tests.entities.written_pages import line, mark, page

ROWS = [
    (row + "\t").split("\t")[:2]
    for row in (Path(__file__).parent / "code_sentences.tsv").read_text(encoding="utf-8").splitlines()[1:]
]


@pytest.mark.parametrize(("sentence", "codes"), ROWS, ids=[row[0] for row in ROWS])
def test_the_providers_own_codes_and_no_other_numbers_are_read(
    find_entities: EntityFinder, sentence: str, codes: str
) -> None:
    found = [
        f"{attribute.value} {entity.label} {entity.text if entity.normalized else 'alone'}"
        for entity in find_entities(pages_from_text(sentence))
        for attribute in entity.attributes
        if attribute.name == "written_code"
    ]
    assert " | ".join(found) == codes


def test_a_box_ticked_beside_a_number_makes_it_the_providers(find_entities: EntityFinder) -> None:
    ticked, blank = line("99214", 1), line("99213", 2)
    marks = (mark(MarkState.TICKED, ticked), mark(MarkState.BLANK, blank))
    entities = find_entities((page(ticked, blank, marks=marks),))
    assert [(entity.text, entity.label) for entity in entities] == [("99214", Label.PROCEDURE)]


def test_findings_and_codes_stand_in_reading_order(find_entities: EntityFinder) -> None:
    entities = find_entities((page("CC: cough", "99213", "A: asthma"),))
    assert [entity.text for entity in entities] == ["cough", "99213", "asthma"]
    assert [entity.id for entity in entities] == ["n1", "n2", "n3"]
