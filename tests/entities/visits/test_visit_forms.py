"""What forms and pages tell of a visit: ticked rows, ink beside labels, addenda and sheets of several visits."""

import pytest

from pipeline.entities import EncounterFinder, pages_from_text
from pipeline.records import Encounter, Finding, LineKind, MarkState
from tests.entities.written_pages import line, mark, page

HAND = LineKind.HAND
TICKED, BLANK = MarkState.TICKED, MarkState.BLANK


def value(finding: Finding | None) -> str | None:
    return finding.value if finding else None


def typed(find: EncounterFinder, *lines: str) -> Encounter:
    (encounter,) = find(pages_from_text("\n".join(lines)), ())
    return encounter


def test_the_ticked_row_of_a_superbill_gives_level_and_status_with_its_ink(find_encounters: EncounterFinder) -> None:
    rows = [line(f"{code} Office visit, established, level {code[-1]}", n) for n, code in enumerate(("99213", "99214"))]
    chart = page(*rows, marks=(mark(BLANK, rows[0]), mark(TICKED, rows[1])))
    (encounter,) = find_encounters((chart,), ())
    assert (value(encounter.visit_level), value(encounter.patient_status)) == ("4", "established")
    assert encounter.visit_level and encounter.visit_level.spans[0].line == rows[1].id
    assert encounter.visit_level.spans[0].boxes and encounter.visit_level.confidence == pytest.approx(0.9)


@pytest.mark.parametrize("state", [BLANK, MarkState.DOUBTFUL])
def test_rows_that_nobody_surely_ticked_give_nothing(find_encounters: EncounterFinder, state: MarkState) -> None:
    rows = line("New patient visit, level 2", 1), line("Established visit, level 3", 2)
    (encounter,) = find_encounters((page(*rows, marks=tuple(mark(state, row) for row in rows)),), ())
    assert (encounter.visit_level, encounter.patient_status) == (None, None)
    (unmarked,) = find_encounters((page(*rows),), ())
    assert (unmarked.visit_level, unmarked.patient_status) == (None, None)


def test_a_level_written_by_hand_counts_among_printed_rows(find_encounters: EncounterFinder) -> None:
    rows = line("99213", 1), line("99214", 2), line("99215", 3), line("Level 4", 4, kind=HAND)
    (encounter,) = find_encounters((page(*rows),), ())
    assert value(encounter.visit_level) == "4"


def test_drawn_boxes_of_new_and_established_tell_the_status(find_encounters: EncounterFinder) -> None:
    choice = line("Patient: New Established", 1)
    marks = mark(BLANK, choice, label=((choice, "New"),)), mark(TICKED, choice, label=((choice, "Established"),))
    (encounter,) = find_encounters((page(choice, marks=marks),), ())
    assert value(encounter.patient_status) == "established"


def test_values_written_beside_their_labels_are_read(find_encounters: EncounterFinder) -> None:
    labels = line("Level of service", 1), line("Total time", 2)
    hand = line("4", 3, x=480, y=160, kind=HAND), line("25", 4, x=360, y=220, kind=HAND)
    (encounter,) = find_encounters((page(labels[0], hand[0], labels[1], hand[1]),), ())
    assert (value(encounter.visit_level), value(encounter.time_spent)) == ("4", "25")


@pytest.mark.parametrize(
    ("x", "y"), [(520, 700), (120, 640), (120, 745)], ids=["beside", "above its caption", "below it"]
)
def test_handwriting_at_the_place_for_it_is_a_signature(find_encounters: EncounterFinder, x: int, y: int) -> None:
    label, ink = line("Provider signature", 10), line("mmn", 11, x=x, y=y, kind=HAND)
    (encounter,) = find_encounters((page("CC: cough", label, ink),), ())
    assert value(encounter.signature) == "signed"
    assert encounter.signature and encounter.signature.spans[0].line == ink.id


@pytest.mark.parametrize("label", ["Patient signature", "Parent/guardian signature", "Witness signature"])
def test_the_signature_of_another_is_not_the_providers(find_encounters: EncounterFinder, label: str) -> None:
    ink = line("M Lopez", 11, x=800, y=700, kind=HAND)
    (encounter,) = find_encounters((page("Patient: Maria Lopez", line(label, 10), ink),), ())
    assert (encounter.signature, encounter.provider) == (None, None)


def test_who_agrees_above_a_signature_is_the_patient(find_encounters: EncounterFinder) -> None:
    lines = "I have read the sheet and I agree to be vaccinated.", "Signature: Maria Lopez"
    assert typed(find_encounters, *lines).signature is None
    assert typed(find_encounters, "Patient: Maria Lopez", *lines).provider is None


def test_a_place_for_a_signature_without_a_line_of_text_is_unknown_on_a_scan(find_encounters: EncounterFinder) -> None:
    (encounter,) = find_encounters((page("CC: cough", "Provider signature"),), ())
    assert encounter.signature is None


def test_a_name_with_its_degree_written_below_a_note_signs_it(find_encounters: EncounterFinder) -> None:
    lines = line("CC: cough", 1, kind=HAND), line("J. Keller MD", 20, kind=HAND)
    (encounter,) = find_encounters((page(*lines),), ())
    assert (value(encounter.signature), value(encounter.provider)) == ("signed", "Keller, J")
    (printed,) = find_encounters((page("CC: cough", line("J. Keller MD", 20)),), ())
    assert printed.signature is None


def test_an_addendum_on_a_later_page_belongs_to_the_visit_before(find_encounters: EncounterFinder) -> None:
    first = page("Patient: Maria Lopez", "DOS: 3/4/12", "CC: cough")
    second = page("Patient: Maria Lopez", "Date: 3/9/12", "ADDENDUM", "Culture grew strep.", number=2)
    (encounter,) = find_encounters((first, second), ())
    assert (encounter.pages, value(encounter.date_of_service)) == ((1, 2), "2012-03-04")
    (added,) = encounter.addenda
    assert added.note.text.endswith("Culture grew strep.")
    assert added.note.spans[0].page == 2


def test_an_addendum_stands_with_the_visit_above_it(find_encounters: EncounterFinder) -> None:
    note = "3/4/12 S: cough\nA: URI\nAddendum 3/6/12: CXR clear\n3/18/12 S: f/u cough\nA: resolved"
    one, two = find_encounters(pages_from_text(note), ())
    assert [value(added.written) for added in one.addenda] == ["2012-03-06"]
    assert two.addenda == ()


def test_an_addendum_that_names_another_visit_asks_the_coder(find_encounters: EncounterFinder) -> None:
    encounter = typed(find_encounters, "DOS: 3/4/12", "CC: cough", "Addendum to note of 2/1/12, 3/6/12: biopsy benign")
    assert encounter.conflicts == ("An addendum names the visit of another day.",)


def test_a_column_of_dates_parts_a_sheet_into_visits(find_encounters: EncounterFinder) -> None:
    rows = []
    for n, (day, *note) in enumerate(
        (("3/4/12", "S: cough 3 d", "A: URI"), ("3/18/12", "S: f/u cough", "A: resolved"))
    ):
        y = 800 + 300 * n
        rows.append(line(day, 10 * n + 1, y=y, kind=HAND))
        rows += [line(text, 10 * n + 2 + i, x=400, y=y + 60 * i, kind=HAND) for i, text in enumerate(note)]
    encounters = find_encounters((page("Patient: Maria Lopez", *rows),), ())
    assert [value(e.date_of_service) for e in encounters] == ["2012-03-04", "2012-03-18"]
    assert [value(e.patient_name) for e in encounters] == ["Lopez, Maria"] * 2


def test_a_call_between_visits_is_no_visit(find_encounters: EncounterFinder) -> None:
    note = "3/4/12 S: cough\nA: URI\n3/6/12 pt called, feels better\n3/18/12 S: f/u cough\nA: resolved"
    days = [value(e.date_of_service) for e in find_encounters(pages_from_text(note), ())]
    assert days == ["2012-03-04", "2012-03-18"]


def test_a_name_misread_by_a_letter_is_one_patient_and_the_doubt_is_named(find_encounters: EncounterFinder) -> None:
    first = page("Patient: John Smith", "DOB: 4/12/1957", "MRN 448213", "DOS: 3/4/12")
    second = page("Patient: John Smlth", "DOB: 4/12/1957", "MRN 448213", number=2)
    (encounter,) = find_encounters((first, second), ())
    assert encounter.conflicts == ("The patient's name is spelled in more than one way.",)


def test_a_name_written_with_its_initial_or_without_is_no_doubt(find_encounters: EncounterFinder) -> None:
    first = page("Patient: John A. Smith", "DOB: 4/12/1957", "DOS: 3/4/12")
    second = page("Patient: Smith, J", "DOB: 4/12/1957", number=2)
    (encounter,) = find_encounters((first, second), ())
    assert encounter.conflicts == ()


def test_two_patients_of_one_name_are_two(find_encounters: EncounterFinder) -> None:
    first = page("Patient: John Smith", "DOB: 4/12/1957", "DOS: 3/4/12")
    _, other = find_encounters((first, page("Patient: John Smith", "DOB: 8/2/1981", number=2)), ())
    assert (value(other.birth_date), other.date_of_service, len(other.conflicts)) == ("1981-08-02", None, 1)


def test_a_record_number_and_an_account_number_are_one_patients(find_encounters: EncounterFinder) -> None:
    first = page("Patient: John Smith", "MRN 448213", "DOS: 3/4/12")
    (encounter,) = find_encounters((first, page("Patient: John Smith", "Acct #: 99120", number=2)), ())
    assert (value(encounter.record_number), encounter.conflicts) == ("448213", ())
    assert len(find_encounters((first, page("Patient: John Smith", "MRN 448214", number=2)), ())) == 2


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (("Sex: F", "45 y/o M with cough"), "The pages give more than one sex."),
        (("New patient", "99213"), "The pages give more than one patient status."),
        (("Level 3 visit", "99214"), "The pages give more than one level of the visit."),
        (
            ("DOB: 4/12/1957", "DOS: 3/4/12", "12 yo F with cough"),
            "The note gives the age “12 yo F” but the birth date makes 54; please check whose page it is.",
        ),
    ],
)
def test_facts_that_do_not_fit_together_are_told(
    find_encounters: EncounterFinder, lines: tuple[str, ...], sentence: str
) -> None:
    assert sentence in typed(find_encounters, *lines).conflicts


@pytest.mark.parametrize("age", ["54 yo F", "55 y/o F", "53 year old female"])
def test_an_age_that_fits_the_birth_date_is_no_conflict(find_encounters: EncounterFinder, age: str) -> None:
    assert typed(find_encounters, "DOB: 4/12/1957", "DOS: 3/4/12", f"{age} with cough").conflicts == ()


def test_who_is_only_mentioned_is_not_the_provider(find_encounters: EncounterFinder) -> None:
    assert typed(find_encounters, "CC: cough", "will follow up with Dr. Osei").provider is None
    assert typed(find_encounters, "Sig: BID  Dispense: 60").provider is None
