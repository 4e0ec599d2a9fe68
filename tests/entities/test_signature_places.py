"""Ink at the place for a signature on a scan: strokes without letters, bare places, and places that are not sure."""

from dataclasses import replace

import pytest

from pipeline.entities import EncounterFinder
from pipeline.records import Box, Finding, Line, LineKind, Page
from tests.entities.written_pages import HEIGHT, WIDTH, line, page

HAND = LineKind.HAND
LABEL = line("Provider signature", 10)
"""Its words stand at 100 to 460 across, 700 to 740 down."""
BESIDE, ABOVE = Box(520, 680, 800, 745), Box(150, 600, 500, 690)


def scan(*lines: Line | str, ink: tuple[Box, ...] | None = ()) -> Page:
    return replace(page("CC: cough", *lines), loose_ink=ink)


def signature(find: EncounterFinder, *lines: Line | str, ink: tuple[Box, ...] | None = ()) -> Finding | None:
    (encounter,) = find((scan(*lines, ink=ink),), ())
    return encounter.signature


def value(finding: Finding | None) -> str | None:
    return finding.value if finding else None


@pytest.mark.parametrize("text", ["Provider signature", "Signature:", "MD signature ______", "Signed by:"])
@pytest.mark.parametrize("ink", [BESIDE, ABOVE], ids=["beside", "above"])
def test_a_stroke_at_its_place_is_the_signature_with_its_own_box(
    find_encounters: EncounterFinder, text: str, ink: Box
) -> None:
    label = line(text, 10)
    found = signature(find_encounters, label, ink=(ink,))
    assert found and found.value == "signed" and found.confidence and 0.5 < found.confidence < 0.9
    (span,) = found.spans
    assert (span.line, span.boxes) == (label.id, (ink,))
    assert found.text in text


def test_strokes_beside_letters_that_were_read_are_ink_of_the_same_signature(find_encounters: EncounterFinder) -> None:
    read, rest = line("Mm", 11, x=520, y=700, kind=HAND), Box(570, 690, 800, 740)
    found = signature(find_encounters, LABEL, read, ink=(rest,))
    assert found and (found.value, found.text) == ("signed", "Mm")
    assert found.spans[0].boxes == (read.box, rest)


def test_a_stroke_below_its_label_in_a_cell_signs(find_encounters: EncounterFinder) -> None:
    assert value(signature(find_encounters, LABEL, ink=(Box(150, 750, 500, 820),))) == "signed"


def test_a_bare_place_is_unsigned_and_less_sure(find_encounters: EncounterFinder) -> None:
    found = signature(find_encounters, LABEL)
    assert found and found.value == "unsigned" and found.confidence == pytest.approx(0.72)
    assert found.spans[0].line == LABEL.id


def test_nobody_knows_of_ink_that_was_not_looked_for(find_encounters: EncounterFinder) -> None:
    assert signature(find_encounters, LABEL, ink=None) is None


@pytest.mark.parametrize("ink", [Box(520, 725, 560, 740), Box(600, 690, 640, 735)], ids=["dash", "blot"])
def test_a_slip_of_the_pen_leaves_it_open(find_encounters: EncounterFinder, ink: Box) -> None:
    assert signature(find_encounters, LABEL, ink=(ink,)) is None


@pytest.mark.parametrize(
    "ink",
    [Box(520, 100, 800, 165), Box(1400, 690, 1690, 740), Box(10, 690, 70, 740)],
    ids=["far up", "far off", "left"],
)
def test_ink_elsewhere_signs_nothing(find_encounters: EncounterFinder, ink: Box) -> None:
    assert value(signature(find_encounters, LABEL, ink=(ink,))) == "unsigned"


def test_ink_belongs_to_the_nearest_label(find_encounters: EncounterFinder) -> None:
    patients = line("Patient signature", 9, y=610)
    theirs, own = Box(520, 595, 800, 655), Box(520, 690, 800, 745)
    assert value(signature(find_encounters, patients, LABEL, ink=(theirs,))) == "unsigned"
    assert value(signature(find_encounters, patients, LABEL, ink=(theirs, own))) == "signed"
    read = line("mmn", 11, x=520, y=610, kind=HAND)
    assert value(signature(find_encounters, patients, read, LABEL)) == "unsigned"


def test_ink_beyond_the_next_label_of_the_row_is_not_the_signature(find_encounters: EncounterFinder) -> None:
    dated = line("Date", 11, x=900, y=700)
    assert value(signature(find_encounters, LABEL, dated, ink=(Box(1000, 690, 1120, 740),))) == "unsigned"


def test_a_sentence_written_above_a_bare_place_does_not_sign(find_encounters: EncounterFinder) -> None:
    plan = line("rest and fluids, recheck in ten days", 9, y=615, kind=HAND)
    assert value(signature(find_encounters, plan, LABEL)) == "unsigned"


@pytest.mark.parametrize("read", [0.95, 0.02])
def test_how_sure_a_signature_is_does_not_hang_on_its_letters(find_encounters: EncounterFinder, read: float) -> None:
    for scrawl in (
        line("mmn", 11, x=520, y=700, kind=HAND, confidence=read),
        line("mmn", 9, kind=HAND, confidence=read),
    ):
        found = signature(find_encounters, LABEL, scrawl)
        assert found and found.value == "signed" and found.confidence and found.confidence > 0.8


def test_a_few_words_with_a_number_above_a_place_leave_it_open(find_encounters: EncounterFinder) -> None:
    assert signature(find_encounters, line("RTC 3 mo", 9, y=630, kind=HAND), LABEL) is None


@pytest.mark.parametrize("y", [600, 650], ids=["above", "squeezed"])
def test_a_stamp_above_its_caption_leaves_it_open(find_encounters: EncounterFinder, y: int) -> None:
    assert signature(find_encounters, line("J KELLER MD", 9, x=150, y=y), LABEL) is None


def test_high_scrawl_that_was_taken_for_print_signs(find_encounters: EncounterFinder) -> None:
    scrawl = replace(line("Mm", 9, x=150, y=600), box=Box(150, 590, 450, 690))
    assert value(signature(find_encounters, scrawl, LABEL)) == "signed"


def test_ink_behind_an_x_signs_and_a_bare_one_does_not_tell(find_encounters: EncounterFinder) -> None:
    cross = line("X________", 10)
    assert value(signature(find_encounters, cross, ink=(BESIDE,))) == "signed"
    assert signature(find_encounters, cross) is None
    assert signature(find_encounters, "I agree to be vaccinated", line("X", 3), ink=(Box(200, 260, 500, 325),)) is None


def test_an_x_before_a_captioned_rule_is_no_place_of_its_own(find_encounters: EncounterFinder) -> None:
    lines = line("X", 8, y=640), LABEL
    found = signature(find_encounters, *lines, ink=(ABOVE,))
    assert found and found.value == "signed" and found.spans[0].line == LABEL.id
    assert value(signature(find_encounters, *lines)) == "unsigned"
    patients = line("X", 8, y=640), line("Patient signature", 10)
    assert signature(find_encounters, *patients, ink=(ABOVE,)) is None


def test_on_a_page_scanned_upside_down_the_box_is_the_scans(find_encounters: EncounterFinder) -> None:
    def over(box: Box) -> Box:
        return Box(WIDTH - box.x1, HEIGHT - box.y1, WIDTH - box.x0, HEIGHT - box.y0)

    words = tuple(replace(word, box=over(word.box)) for word in LABEL.words if word.box)
    label = replace(LABEL, box=over(LABEL.box) if LABEL.box else None, words=words)
    chart = replace(page(label), turn=180, loose_ink=(over(BESIDE),))
    (encounter,) = find_encounters((chart,), ())
    assert encounter.signature and encounter.signature.value == "signed"
    assert encounter.signature.spans[0].boxes == (over(BESIDE),)
