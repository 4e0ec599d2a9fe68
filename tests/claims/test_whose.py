"""Whose a page is: identities of others on it, and the parts of it that are other encounters'."""

from dataclasses import replace
from datetime import date

import pytest

from pipeline.claims.whose import IdentityFinder, part_masks
from pipeline.export.evidence import MaskReason
from pipeline.lexicon import load_lexicon
from pipeline.records import Box, Mark, MarkState, Page, Patient
from tests.charts import encounter, finding, page

RUTH = Patient(name="Okafor, Ruth", birth_date=date(1961, 7, 19), record_number="7741029", sex="F")
OWN = "Patient: Okafor, Ruth    DOB: 07/19/1961    MRN: 7741029"
OTHER = "Patient: Breckenridge, Oswin    DOB: 02/14/1990    MRN: 5531872"


@pytest.fixture(scope="module")
def finder() -> IdentityFinder:
    return IdentityFinder(load_lexicon())


def masked(page: Page, boxes: set[Box]) -> list[str]:
    return [word.text for line in page.lines for word in line.words if word.box in boxes]


def test_a_page_of_the_patient_has_nothing_to_mask(finder: IdentityFinder) -> None:
    drawn = page(1, OWN, "Date of visit: 03/14/2014", "Address: 12 Elm Street", "HTN, stable", "mother had DM")
    found = finder(drawn, RUTH)
    assert found.masks == () and found.notes == () and found.own == {"p1l1"}


def test_the_identity_of_another_person_is_masked_with_where_they_live(finder: IdentityFinder) -> None:
    drawn = page(1, OTHER, "Address: 12 Elm Street", "Phone: 555-0100", "HTN, stable", "Provider: Helen Marsh MD")
    found = finder(drawn, RUTH)
    texts = masked(drawn, {mask.box for mask in found.masks})
    assert texts == ["Breckenridge,", "Oswin", "02/14/1990", "5531872", "12", "Elm", "Street", "555-0100"]
    assert {mask.reason for mask in found.masks} == {MaskReason.IDENTITY}


def test_a_number_that_is_not_the_patients_beside_their_name_asks_somebody_to_look(finder: IdentityFinder) -> None:
    drawn = page(4, OWN.replace("7741029", "7741024"))
    found = finder(drawn, RUTH)
    assert found.masks == ()
    assert found.notes == ("Page 4 has a record number that is not the confirmed patient's; look whose it is.",)


def test_a_name_that_was_read_badly_is_still_the_patients(finder: IdentityFinder) -> None:
    assert finder(page(1, OWN.replace("Okafor, Ruth", "Okafer, Rnth")), RUTH).masks == ()


def test_a_patient_of_whom_only_the_name_is_confirmed_keeps_number_and_birth_date(finder: IdentityFinder) -> None:
    bare = replace(RUTH, birth_date=None, record_number=None)
    found = finder(page(1, OWN), bare)
    assert found.masks == () and found.notes == ()


def test_of_two_persons_on_one_page_the_other_one_is_masked(finder: IdentityFinder) -> None:
    drawn = page(1, OWN, "HTN, stable", OTHER)
    texts = masked(drawn, {mask.box for mask in finder(drawn, RUTH).masks})
    assert "Breckenridge," in texts and "Oswin" in texts and "02/14/1990" in texts and "Ruth" not in texts


def test_lines_of_a_page_with_two_visits_are_of_the_one_in_whose_part_they_stand(finder: IdentityFinder) -> None:
    drawn = page(1, OWN, "Date of visit: 03/14/2014", "HTN, stable", "Date of visit: 04/20/2014", "sore throat")
    first = encounter("e1", pages=(1,))
    first = replace(first, date_of_service=finding("2014-03-14"))
    second = replace(first, id="e2", date_of_service=finding("2014-04-20"))
    owners = finder.parts((drawn,), (("second", second), ("first", first)))
    assert [owners[1, line.id] for line in drawn.lines] == ["first", "first", "first", "second", "second"]
    kept = finder(drawn, RUTH).own
    masks = part_masks(drawn, "second", owners, kept, ())
    assert [mask.box for mask in masks] == [line.box for line in drawn.lines[1:3]]
    assert all(mask.reason is MaskReason.PART for mask in masks)
    ink = drawn.lines[2].words[0].box
    assert ink is not None
    assert [mask.box for mask in part_masks(drawn, "second", owners, kept, (ink,))] == [drawn.lines[1].box]
    assert [mask.box for mask in part_masks(drawn, "first", owners, kept, ())] == [line.box for line in drawn.lines[3:]]


def test_strokes_are_of_the_part_that_they_are_nearest_to(finder: IdentityFinder) -> None:
    drawn = page(1, OWN, "Date of visit: 03/14/2014", "HTN, stable", "Date of visit: 04/20/2014", "sore throat")
    early, late = Box(400, 310, 500, 340), Box(400, 560, 500, 600)
    tick = Mark(box=Box(60, 500, 90, 530), state=MarkState.TICKED, line=None)
    drawn = replace(drawn, loose_ink=(early, late), marks=(tick,))
    owners = {(1, line.id): "second" if n > 2 else "first" for n, line in enumerate(drawn.lines)}
    assert {mask.box for mask in part_masks(drawn, "first", owners, (), ())} >= {late, tick.box}
    assert early not in {mask.box for mask in part_masks(drawn, "first", owners, (), ())}
    assert {early, late} & {mask.box for mask in part_masks(drawn, "second", owners, (), ())} == {early}
