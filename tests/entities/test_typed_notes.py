"""A typed note keeps its code points, whatever they are."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.entities import pages_from_text, text_offsets
from pipeline.records import Entity, LineKind
from tests import findings

FIND = findings.entity_finder()
PIECES = st.sampled_from(
    ["asthma", "chest pain", "HTN", "r/o gout", "é", "𝔘", "\r\n", "\n", "\t", "\f", "\u2028", " ", "  ", ":", ",", ".",
     "PMH:", ",ALLERGIES: ,", "1. ", "[x] ", "Ⅸ", "\x1c", "\r", "-", "N/V/D", "3 cm lac L forearm", "\u00a0", "İ", "ß"]
)  # fmt: skip


def covered(text: str) -> list[tuple[Entity, str]]:
    pages = pages_from_text(text)
    found = []
    for entity in FIND(pages):
        start, end = text_offsets(text, entity, pages)
        assert 0 <= start < end <= len(text)
        found.append((entity, text[start:end]))
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_offsets_lead_back_to_the_note_exactly(text: str) -> None:
    for entity, piece in covered(text):
        if len(entity.spans) == 1:
            assert piece == entity.text
        else:
            assert piece.split() == entity.text.split()


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    pages = pages_from_text(text)
    assert all(line.text in text for line in pages[0].lines)
    covered(text)


def test_the_lines_of_a_note_are_its_text_without_line_ends() -> None:
    (page,) = pages_from_text("CC: cough\r\n\r\nA: gout\f\tP: rest")
    assert [line.text for line in page.lines] == ["CC: cough", "", "A: gout", "\tP: rest"]
    assert [line.id for line in page.lines] == ["p1l1", "p1l2", "p1l3", "p1l4"]
    assert {line.kind for line in page.lines} == {LineKind.PRINT}
    assert all(word.box is None and word.confidence is None for line in page.lines for word in line.words)
    assert (page.width, page.quality.ink, page.quality.sharpness, page.quality.blank) == (0, 0, None, False)


def test_a_note_that_lost_its_line_ends_is_cut_at_its_sections() -> None:
    text = "CHIEF COMPLAINT:,  Ankle pain.,PAST MEDICAL HISTORY: , Gout.,ALLERGIES:  , Penicillin.,"
    assert [(entity.section, piece) for entity, piece in covered(text)] == [
        ("reason", "Ankle pain"),
        ("past_history", "Gout"),
        ("allergies", "Penicillin"),
    ]


def test_a_finding_over_a_windows_line_end_is_covered_whole() -> None:
    text = "The patient came in today and complains of a dull chest\r\npain since the morning."
    ((entity, piece),) = covered(text)
    assert entity.text == "chest pain"
    assert piece == "chest\r\npain"
