"""Encounters: whose page, which day, which visit."""

from dataclasses import replace

import pytest

from pipeline.entities import EncounterFinder, EntityFinder, pages_from_text
from pipeline.records import Encounter, Finding, LineKind, MarkState, Page, PageRole
from tests.entities.written_pages import line, mark, page


def value(finding: Finding | None) -> str | None:
    return finding.value if finding else None


def only(find: EncounterFinder, *lines: str) -> Encounter:
    """The one encounter of a typed page."""
    (encounter,) = find(pages_from_text("\n".join(lines)), ())
    return encounter


def test_labelled_fields_are_read_with_their_ink(find_encounters: EncounterFinder) -> None:
    top = line("Patient: Maria Lopez DOB: 04/12/1957", 1, confidence=0.8)
    chart = page(top, "MRN 448-213", "Date of service: 03/14/2012", "Provider: J. Keller, MD", "Sex: F")
    (encounter,) = find_encounters((chart,), ())
    assert value(encounter.patient_name) == "Lopez, Maria"
    assert value(encounter.birth_date) == "1957-04-12"
    assert value(encounter.record_number) == "448-213"
    assert value(encounter.date_of_service) == "2012-03-14"
    assert value(encounter.provider) == "Keller, J"
    assert value(encounter.sex) == "F"
    assert encounter.conflicts == ()
    name = encounter.patient_name
    assert name is not None
    assert (name.text, name.confidence) == ("Maria Lopez", 0.8)
    ((span,)) = name.spans
    assert (span.line, span.start, span.end) == ("p1l1", 9, 20)
    assert span.boxes == (top.words[1].box, top.words[2].box)


@pytest.mark.parametrize(
    "label",
    ["Patient:", "Pt Name:", "Name:", "PATIENT NAME", "Patient name -", "Pt:", "Pat1ent:", "Patlent Name:"],
)
def test_the_patients_name_has_many_labels(find_encounters: EncounterFinder, label: str) -> None:
    assert value(only(find_encounters, f"{label} Maria Lopez").patient_name) == "Lopez, Maria"


@pytest.mark.parametrize("label", ["DOB", "D.O.B.:", "Date of Birth:", "Birth date", "D0B:", "DO8:", "Date of Blrth:"])
def test_the_birth_date_has_many_labels(find_encounters: EncounterFinder, label: str) -> None:
    assert value(only(find_encounters, f"{label} 4/12/57").birth_date) == "1957-04-12"


@pytest.mark.parametrize(
    "label", ["MRN", "MRN:", "Chart #", "Med Rec No", "Medical Record Number:", "Acct #:", "Account no."]
)
def test_the_record_number_has_many_labels(find_encounters: EncounterFinder, label: str) -> None:
    assert value(only(find_encounters, f"{label} 448213").record_number) == "448213"


@pytest.mark.parametrize(
    ("written", "number"),
    [("448 213", "448213"), ("SB-6120", "SB-6120"), ("CR 40216", "CR40216"), ("44B2l3", "448213")],
)
def test_a_record_number_has_no_blanks_and_its_misread_digits_are_set_right(
    find_encounters: EncounterFinder, written: str, number: str
) -> None:
    assert value(only(find_encounters, f"MRN: {written}").record_number) == number


@pytest.mark.parametrize(
    "label",
    [
        "DOS",
        "Date of service:",
        "Visit date:",
        "Seen on",
        "Date:",
        "Date of visit",
        "Date of servlce:",
        "Date",
        "DATE SEEN",
    ],
)
def test_the_date_of_service_has_many_labels(find_encounters: EncounterFinder, label: str) -> None:
    assert value(only(find_encounters, f"{label} 03/14/2012", "CC: cough").date_of_service) == "2012-03-14"


@pytest.mark.parametrize(
    "text",
    [
        "DOB: 03/14/2012",
        "Printed: 03/14/2012",
        "Fax 03/14/2012 09:12 from 555-1234 Page 1 of 2",
        "Scanned 03/14/2012",
        "Received: 03/14/2012",
        "Electronically signed 03/14/2012",
        "Signature: J Keller MD Date: 03/14/2012",
        "Follow up: 03/14/2012",
        "Return 03/14/2012",
        "RTC 3/14/12",
        "LMP: 03/14/2012",
        "LMP 3/14/12",
        "Onset 3/14/12",
        "Labs drawn: 03/14/2012",
        "Collected: 03/14/2012",
        "Date of injury: 03/14/2012",
        "Last visit: 03/14/2012",
        "Next appointment 03/14/2012",
        "Dictated: 03/14/2012",
        "Date: 13/45/2012",
        "She fell on 03/14/2012 and was seen elsewhere",
    ],
)
def test_another_date_is_never_the_date_of_service(find_encounters: EncounterFinder, text: str) -> None:
    assert only(find_encounters, "Patient: Maria Lopez", text).date_of_service is None


def test_a_date_beside_a_signature_on_the_page_is_not_the_visits(find_encounters: EncounterFinder) -> None:
    signature = line("Signature:", 9)
    dated = line("Date: 3/16/12", 10, x=900, y=signature.box.y0 if signature.box else 0)
    (encounter,) = find_encounters((page("Patient: Maria Lopez", signature, dated),), ())
    assert encounter.date_of_service is None


def test_a_date_alone_at_the_top_is_taken_with_less_trust(find_encounters: EncounterFinder) -> None:
    (bare,) = find_encounters((page("3-14-12", "CC cough"), page("x", number=2)), ())
    (labelled,) = find_encounters((page("DOS: 3-14-12", "CC cough"),), ())
    assert value(bare.date_of_service) == value(labelled.date_of_service) == "2012-03-14"
    assert bare.date_of_service and labelled.date_of_service
    assert bare.date_of_service.confidence and labelled.date_of_service.confidence
    assert bare.date_of_service.confidence < labelled.date_of_service.confidence


def test_a_value_stands_right_of_its_label_or_below_it(find_encounters: EncounterFinder) -> None:
    label, right = line("Patient:", 1), line("maria lopez", 2, x=400, y=160, kind=LineKind.HAND)
    heads = line("Date of birth", 3), line("MRN", 4, x=560, y=280)
    birth = line("4/12/57", 5, y=345, kind=LineKind.HAND)
    number = line("448213", 6, x=560, y=345, kind=LineKind.HAND)
    (encounter,) = find_encounters((page(label, right, *heads, birth, number),), ())
    assert value(encounter.patient_name) == "Lopez, Maria"
    assert value(encounter.birth_date) == "1957-04-12"
    assert value(encounter.record_number) == "448213"


def test_a_name_before_the_birth_date_needs_no_label(find_encounters: EncounterFinder) -> None:
    encounter = only(
        find_encounters, "Orla Pemberwick DOB 11/23/1994 MRN 20881", "Date of service 7/30/2019 Dr Lew Haddock"
    )
    assert value(encounter.patient_name) == "Pemberwick, Orla"
    assert value(encounter.date_of_service) == "2019-07-30"
    assert value(encounter.provider) == "Haddock, Lew"


def test_a_signature_with_its_degree_names_the_provider_and_a_nurse_does_not(find_encounters: EncounterFinder) -> None:
    assert value(only(find_encounters, "CC: cough", "Joan Birdwell, RN").provider) is None
    assert value(only(find_encounters, "Joan Birdwell, RN", "CC: cough", "J. Keller, MD").provider) == "Keller, J"


@pytest.mark.parametrize(("text", "sex"), [("54 y/o F with cough", "F"), ("Sex: Male", "M"), ("a 7 year old boy", "M")])
def test_sex_is_read_from_its_field_or_beside_the_age(find_encounters: EncounterFinder, text: str, sex: str) -> None:
    assert value(only(find_encounters, text).sex) == sex


def test_the_ticked_box_tells_the_sex(find_encounters: EncounterFinder) -> None:
    male, female = line("M", 1), line("F", 2)
    chart = page(male, female, marks=(mark(MarkState.BLANK, male), mark(MarkState.TICKED, female)))
    (encounter,) = find_encounters((chart,), ())
    assert value(encounter.sex) == "F"


def test_a_patient_who_denies_is_no_name(find_encounters: EncounterFinder) -> None:
    assert only(find_encounters, "Patient: denies chest pain").patient_name is None


def test_a_page_without_anything_goes_on_with_the_visit_before(find_encounters: EncounterFinder) -> None:
    pages = (page("Patient: Maria Lopez", "DOS: 3/14/12"), page("continued", number=2), page("DOS 3/14/2012", number=3))
    (encounter,) = find_encounters(pages, ())
    assert encounter.pages == (1, 2, 3)
    assert encounter.conflicts == ()


def test_a_page_with_nothing_on_it_has_an_encounter_all_the_same(find_encounters: EncounterFinder) -> None:
    (encounter,) = find_encounters((page(),), ())
    assert (encounter.id, encounter.pages, encounter.patient_name) == ("e1", (1,), None)


@pytest.mark.parametrize(
    "second",
    ["Patient: Robert Hill", "DOB: 1/2/1960", "MRN: 999111", "Date of service: 3/28/2012"],
)
def test_a_conflicting_identifier_or_another_day_begins_another_encounter(
    find_encounters: EncounterFinder, second: str
) -> None:
    first = page("Patient: Maria Lopez", "DOB: 4/12/1957", "MRN: 448213", "Date of service: 3/14/2012")
    encounters = find_encounters((first, page(second, number=2)), ())
    assert [(encounter.id, encounter.pages) for encounter in encounters] == [("e1", (1,)), ("e2", (2,))]


def test_half_agreeing_identity_is_told_and_nothing_is_taken_over(find_encounters: EncounterFinder) -> None:
    first = page("Patient: Maria Lopez", "DOB: 4/12/1957", "DOS: 3/14/2012")
    second = page("Patient: Maria Lopez", "DOB: 4/12/1951", number=2)
    _, doubted = find_encounters((first, second), ())
    assert doubted.conflicts == (
        "Page 2 has the name of page 1 but another birth date; please check whose page it is.",
    )
    assert doubted.date_of_service is None


def test_another_patient_takes_nothing_over(find_encounters: EncounterFinder) -> None:
    first = page("Patient: Maria Lopez", "DOB: 4/12/1957", "DOS: 3/14/2012", "Sex: F")
    _, other = find_encounters((first, page("Patient: Robert Hill", number=2)), ())
    assert (value(other.patient_name), other.birth_date, other.date_of_service, other.sex) == (
        "Hill, Robert",
        None,
        None,
        None,
    )


def test_another_day_without_a_name_takes_the_identity_over_and_asks(find_encounters: EncounterFinder) -> None:
    first = page("Patient: Maria Lopez", "DOB: 4/12/1957", "DOS: 3/14/2012")
    _, later = find_encounters((first, page("DOS: 3/28/2012", number=2)), ())
    assert (value(later.patient_name), value(later.date_of_service)) == ("Lopez, Maria", "2012-03-28")
    assert later.conflicts == ("Page 2 does not name the patient; the identity is taken from page 1.",)


def test_a_name_spelled_in_two_ways_is_joined_and_told(find_encounters: EncounterFinder) -> None:
    pages = (page("Patient: Maria Lopez", "DOB: 4/12/1957"), page("Patient: Mario Lopez", "DOB: 4/12/1957", number=2))
    (encounter,) = find_encounters(pages, ())
    assert encounter.conflicts == ("The patient's name is spelled in more than one way.",)


def test_two_birth_dates_on_one_page_are_told(find_encounters: EncounterFinder) -> None:
    encounter = only(find_encounters, "Patient: Maria Lopez", "DOB: 4/12/1957", "DOB: 4/12/1975")
    assert encounter.conflicts == ("The pages give more than one birth date.",)


def test_an_encounter_never_crosses_a_part(find_encounters: EncounterFinder) -> None:
    same = ("Patient: Maria Lopez", "DOS: 3/14/2012")
    encounters = find_encounters((page(*same), page(*same, number=2, part=2)), ())
    assert [(encounter.part, encounter.pages) for encounter in encounters] == [(1, (1,)), (2, (2,))]


def test_two_visits_on_one_page_share_it_and_part_its_findings(
    find_entities: EntityFinder, find_encounters: EncounterFinder
) -> None:
    chart = (
        page(
            "Patient: Maria Lopez DOB: 4/12/1957",
            "03/14/2012 Office visit",
            "CC: cough",
            "03/28/2012 Office visit",
            "CC: migraine",
        ),
    )
    entities = find_entities(chart)
    first, second = find_encounters(chart, entities)
    assert (first.pages, second.pages) == ((1,), (1,))
    assert (value(first.date_of_service), value(second.date_of_service)) == ("2012-03-14", "2012-03-28")
    assert value(first.patient_name) == value(second.patient_name) == "Lopez, Maria"
    names = {entity.id: entity.normalized for entity in entities}
    assert "cough" in {names[id] for id in first.entities}
    assert {names[id] for id in second.entities} >= {"migraine"}
    assert not set(first.entities) & set(second.entities)
    assert set(first.entities) | set(second.entities) == set(names)


def test_a_birth_after_the_visit_is_told(find_encounters: EncounterFinder) -> None:
    encounter = only(find_encounters, "DOB: 4/12/2013", "DOS: 3/14/2012")
    assert "The birth date lies after the date of service." in encounter.conflicts


def test_blank_and_separator_pages_are_in_no_encounter(find_encounters: EncounterFinder) -> None:
    pages: list[Page] = []
    for number, role in enumerate((PageRole.CONTENT, PageRole.BLANK, PageRole.SEPARATOR), start=1):
        made = page("x", number=number)
        pages.append(
            Page(
                number=number,
                width=made.width,
                height=made.height,
                dpi=None,
                turn=0,
                skew_degrees=0.0,
                quality=made.quality,
                lines=made.lines,
                role=role,
            )
        )
    (encounter,) = find_encounters(tuple(pages), ())
    assert encounter.pages == (1,)
    assert find_encounters((), ()) == ()


def test_print_and_the_handwriting_that_touches_it_are_one_field(find_encounters: EncounterFinder) -> None:
    top = line("Patient", 1), line("maria lopez", 2, x=242, y=160, kind=LineKind.HAND)
    below = line("Record", 3), line("No. B-4480", 4, x=222, y=280, kind=LineKind.HAND)
    (encounter,) = find_encounters((page(*top, *below),), ())
    assert value(encounter.patient_name) == "Lopez, Maria"
    assert value(encounter.record_number) == "B-4480"


@pytest.mark.parametrize("label", ["DATE OFSERVICE", "Date of sevice:", "DATE EOF SEVICE", "Dat eof service", "100S"])
def test_a_label_with_misread_letters_is_one_before_its_date(find_encounters: EncounterFinder, label: str) -> None:
    assert value(only(find_encounters, f"{label} 2/20/2014").date_of_service) == "2014-02-20"


def test_a_date_that_is_none_is_taken_from_another_reading_with_little_trust(find_encounters: EncounterFinder) -> None:
    misread = {"12101/1957": ("1210111957", "12/01/1957"), "9/7/2071": ("9/7/2011",)}
    chart = page(line("DOB: 12101/1957", 1, alternatives=misread), line("DOS: 9/7/2071", 2, alternatives=misread))
    (encounter,) = find_encounters((chart,), ())
    assert (value(encounter.birth_date), value(encounter.date_of_service)) == ("1957-12-01", "2011-09-07")
    assert encounter.birth_date and encounter.birth_date.confidence == pytest.approx(0.5)


@pytest.mark.parametrize("others", [(), ("6-11-2013", "6-11-2018")])
def test_a_date_that_the_readings_do_not_agree_on_stays_unknown(
    find_encounters: EncounterFinder, others: tuple[str, ...]
) -> None:
    chart = page(line("DOS: 6-11-203", 1, alternatives={"6-11-203": others}))
    (encounter,) = find_encounters((chart,), ())
    assert encounter.date_of_service is None


def test_fields_of_a_page_scanned_upside_down_are_read_as_it_is_turned(find_encounters: EncounterFinder) -> None:
    label = line("Patient:", 1, x=1300, y=1900)
    name = line("Maria Lopez", 2, x=1000, y=1900, kind=LineKind.HAND)
    chart = replace(page(label, name), turn=180)
    (encounter,) = find_encounters((chart,), ())
    assert value(encounter.patient_name) == "Lopez, Maria"
    assert encounter.patient_name and encounter.patient_name.spans[0].boxes == tuple(word.box for word in name.words)


def test_a_scribble_beside_signature_names_nobody(find_encounters: EncounterFinder) -> None:
    signature = line("Physician signature", 1), line("mm", 2, x=490, y=160, kind=LineKind.HAND)
    (encounter,) = find_encounters((page(*signature),), ())
    assert encounter.provider is None


def test_a_misread_degree_behind_the_providers_name_is_no_part_of_it(find_encounters: EncounterFinder) -> None:
    assert value(only(find_encounters, "Provider: Tess Okonjo, Mb").provider) == "Okonjo, Tess"
    assert value(only(find_encounters, "Provider: Tess Okonjo, Mis").provider) == "Okonjo, Tess"
    assert value(only(find_encounters, "Provider: De La Cruz, Ana").provider) == "De La Cruz, Ana"
    assert value(only(find_encounters, "Ordered by: PENHALLOW, I").provider) == "Penhallow, I"


def test_pt_before_a_name_beside_a_record_number_is_its_label(find_encounters: EncounterFinder) -> None:
    assert value(only(find_encounters, "Pt. Halloran, Beatrix  MRN 77-3105").patient_name) == "Halloran, Beatrix"
    assert only(find_encounters, "Pt. Alert, Oriented").patient_name is None
    assert only(find_encounters, "Patient Education Handout  MRN 77-3105").patient_name is None
