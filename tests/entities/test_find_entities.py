"""Findings with label, wording, section, details and the way back to the ink."""

import pytest
from spacy.language import Language

from pipeline.entities import EntityFinder, pages_from_text
from pipeline.lexicon import Lexicon, Term
from pipeline.records import Entity, Label, LineKind, MarkState
from tests.entities.written_pages import line, mark, page


def found(find: EntityFinder, text: str) -> list[Entity]:
    return list(find(pages_from_text(text)))


def attributes(entity: Entity) -> dict[str, str]:
    return {attribute.name: attribute.value for attribute in entity.attributes}


@pytest.mark.parametrize(
    ("text", "label", "normalized"),
    [
        ("HTN", Label.DIAGNOSIS, "hypertension"),
        ("high blood pressure", Label.DIAGNOSIS, "hypertension"),
        ("DM2", Label.DIAGNOSIS, "type 2 diabetes mellitus"),
        ("Crohns disease", Label.DIAGNOSIS, "crohn's disease"),
        ("lacerations", Label.DIAGNOSIS, "laceration"),
        ("CXR", Label.PROCEDURE, "chest x-ray"),
        ("I&D", Label.PROCEDURE, "incision and drainage"),
        ("Rocephin", Label.SUPPLY, "ceftriaxone injection"),
        ("thumb spica splint", Label.SUPPLY, "wrist splint"),
    ],
)
def test_a_term_is_found_in_any_of_its_spellings(
    find_entities: EntityFinder, text: str, label: Label, normalized: str
) -> None:
    (entity,) = found(find_entities, f"Today: {text}.")
    assert (entity.text, entity.label, entity.normalized) == (text, label, normalized)


def test_a_shorthand_of_several_findings_gives_each_of_them(find_entities: EntityFinder) -> None:
    entities = found(find_entities, "c/o N/V/D since Monday")
    assert [entity.normalized for entity in entities] == ["nausea", "vomiting", "diarrhea"]
    assert {entity.text for entity in entities} == {"N/V/D"}


@pytest.mark.parametrize(
    ("text", "normalized"),
    [
        ("PMH: RA, gout", "rheumatoid arthritis"),
        ("Imp: MS, stable on interferon", "multiple sclerosis"),
        ("Morphine: MS 4 mg IV given", "morphine"),
        ("CC: CP since last night", "chest pain"),
        ("Birth history: CP, in wheelchair", "cerebral palsy"),
        ("Labs: PT and INR stable on warfarin", "prothrombin time"),
        ("Plan: refer to PT for 6 weeks", "physical therapy"),
        ("Assessment: PE", "pulmonary embolism"),
        ("Treatment: PND with nasal congestion", "postnasal drip"),
    ],
)
def test_an_ambiguous_shorthand_is_decided_by_section_and_neighbours(
    find_entities: EntityFinder, text: str, normalized: str
) -> None:
    assert normalized in {entity.normalized for entity in found(find_entities, text)}


@pytest.mark.parametrize(
    "text", ["PE: lungs clear", "O2 sat 97 % on RA", "Pt here with mother", "SAW PATIENT AS ABOVE OR SO AT HOME TODAY"]
)
def test_what_only_looks_like_shorthand_is_no_finding(find_entities: EntityFinder, text: str) -> None:
    assert found(find_entities, text) == []


def test_side_and_site_belong_to_the_finding(find_entities: EntityFinder) -> None:
    (entity,) = found(find_entities, "c/o pain in the right shoulder after a game")
    assert entity.text == "pain in the right shoulder"
    assert entity.normalized == "right shoulder pain"
    assert attributes(entity) == {"laterality": "right", "site": "shoulder"}


def test_size_and_shorthand_of_a_side_are_read(find_entities: EntityFinder) -> None:
    (entity,) = found(find_entities, "3 cm lac L forearm")
    assert entity.normalized == "left forearm laceration"
    assert attributes(entity) == {"laterality": "left", "site": "forearm", "size": "3 cm"}


def test_a_site_that_begins_the_next_finding_is_not_taken(find_entities: EntityFinder) -> None:
    names = [entity.normalized for entity in found(find_entities, "low back pain, shoulder pain")]
    assert names == ["low back pain", "shoulder pain"]


@pytest.mark.parametrize(
    ("text", "details"),
    [
        ("Toradol 60mg IM given", {"dose": "60 mg", "route": "intramuscular", "supplied": "given"}),
        ("Rocephin 1 gm IM", {"dose": "1 g", "route": "intramuscular", "supplied": "given"}),
        ("amoxicillin 500 mg tid #30", {"dose": "500 mg", "quantity": "30", "supplied": "prescribed"}),
        ("cough x 3 days", {"duration": "3 days"}),
        ("severe headache for two weeks", {"duration": "2 weeks", "severity": "severe"}),
        ("X-ray ankle, 3 views", {"site": "ankle", "views": "3"}),
    ],
)
def test_details_beside_a_finding_are_read(find_entities: EntityFinder, text: str, details: dict[str, str]) -> None:
    (entity,) = found(find_entities, text)
    held = attributes(entity)
    assert {name: held.get(name) for name in details} == details


def test_the_level_of_a_visit_is_part_of_its_wording(find_entities: EntityFinder) -> None:
    (entity,) = found(find_entities, "Established visit, level 3")
    assert entity.normalized == "established patient office visit level 3"


def test_an_allergy_to_a_drug_is_no_drug_given(find_entities: EntityFinder) -> None:
    (entity,) = found(find_entities, "Allergies: penicillin")
    assert (entity.label, entity.normalized) == (Label.DIAGNOSIS, "allergy to penicillin")


def test_an_allergy_to_a_drug_is_coded_where_the_drug_is_not(find_entities: EntityFinder) -> None:
    (entity,) = found(find_entities, "Allergies: cefaclor")
    assert (entity.normalized, attributes(entity)) == ("allergy to cefaclor", {})
    (entity,) = found(find_entities, "Meds: cefaclor 250 mg")
    assert attributes(entity)["coded"] == "no"


def test_a_finding_of_words_that_ran_together_or_came_apart_holds_all_their_ink(find_entities: EntityFinder) -> None:
    (entity,) = find_entities((page(line("denies ches tpain today")),))
    assert (entity.text, entity.normalized, entity.context.negated) == ("ches tpain", "chest pain", True)
    assert attributes(entity)["repaired"] == "ches tpain"
    assert len(entity.spans[0].boxes) == 2


def test_words_that_ran_together_are_named_as_they_were_read(find_entities: EntityFinder) -> None:
    pain, knee = find_entities((page("c/o chestpain, Rknee pain"),))
    assert (pain.normalized, knee.normalized) == ("chest pain", "right knee pain")
    assert (attributes(pain)["repaired"], attributes(knee)["repaired"]) == ("chestpain", "Rknee")


def test_a_drug_by_mouth_is_no_injection(find_entities: EntityFinder) -> None:
    given, taken = found(find_entities, "Lasix 40 mg IV given\nLasix 40 mg po daily")
    assert (given.normalized, taken.normalized) == ("furosemide injection", "furosemide")


def test_what_a_form_only_asks_is_no_finding(find_entities: EntityFinder) -> None:
    assert found(find_entities, "Have you ever had Guillain-Barre syndrome?") == []


@pytest.mark.parametrize("text", ["Seen by: Tess Okonjo, MI", "Seen by: Tess Okonjo, MIS", "sounded to 8 cm, dilated"])
def test_a_degree_and_a_unit_are_no_illness(find_entities: EntityFinder, text: str) -> None:
    illnesses = {"myocardial infarction", "cardiomyopathy"}
    assert illnesses.isdisjoint(entity.normalized for entity in found(find_entities, text))


def test_a_misread_word_is_repaired_and_says_so(find_entities: EntityFinder) -> None:
    (entity,) = found(find_entities, "A: hypertensian")
    assert (entity.text, entity.normalized) == ("hypertensian", "hypertension")
    assert attributes(entity) == {"repaired": "hypertensian"}


def test_a_repair_follows_the_readers_alternatives(find_entities: EntityFinder) -> None:
    read = line("A: bronchihs", kind=LineKind.HAND, alternatives={"bronchihs": ("bronchitis",)})
    (entity,) = find_entities((page(read),))
    assert entity.normalized == "bronchitis"


@pytest.mark.parametrize("text", ["The future is bright", "Dr. Asthman called", "dissection of the tissue"])
def test_ordinary_words_and_names_are_not_repaired(find_entities: EntityFinder, text: str) -> None:
    assert found(find_entities, text) == []


def test_a_finding_over_a_line_end_has_a_span_on_each_line(find_entities: EntityFinder) -> None:
    first = line("The patient was seen today and complains of chest", 1)
    second = line("pain since yesterday.", 2)
    (entity,) = find_entities((page(first, second),))
    assert entity.text == "chest pain"
    assert [(span.line, span.start, span.end) for span in entity.spans] == [("p1l1", 44, 49), ("p1l2", 0, 4)]
    assert entity.spans[0].boxes == (first.words[-1].box,)
    assert entity.spans[1].boxes == (second.words[0].box,)


def test_a_finding_never_runs_over_a_list_item_a_heading_or_a_page(find_entities: EntityFinder) -> None:
    apart = [
        (page("1. heart", "2. attack"),),
        (page("Exam: heart", "Plan: attack"),),
        (page("heart"), page("attack", number=2)),
    ]
    assert [find_entities(pages) for pages in apart] == [(), (), ()]


def test_confidence_is_that_all_its_words_are_right(find_entities: EntityFinder) -> None:
    (entity,) = find_entities((page(line("chest pain", confidence=0.8)),))
    assert entity.confidence == pytest.approx(0.64)
    (typed,) = found(find_entities, "chest pain")
    assert typed.confidence is None


def test_an_unreadable_word_makes_its_finding_unreadable(find_entities: EntityFinder) -> None:
    blurred, clear = find_entities((page(line("asthma", 1, unreadable=["asthma"]), line("gout", 2)),))
    assert (blurred.unreadable, clear.unreadable) == (True, False)


def test_beside_a_blank_box_nothing_is_found(find_entities: EntityFinder) -> None:
    first, second, third = line("Asthma", 1), line("Gout", 2), line("Migraine", 3)
    marks = (mark(MarkState.BLANK, first), mark(MarkState.TICKED, second), mark(MarkState.DOUBTFUL, third))
    gout, migraine = find_entities((page(first, second, third, marks=marks),))
    assert (gout.normalized, attributes(gout), gout.context.uncertain) == ("gout", {"mark": "ticked"}, False)
    assert (migraine.normalized, attributes(migraine)) == ("migraine", {"mark": "doubtful"})
    assert migraine.context.uncertain


def test_of_several_boxes_on_a_line_each_speaks_of_what_stands_right_of_it(find_entities: EntityFinder) -> None:
    both = line("Asthma Gout", 1)
    gout = both.words[1].box
    assert gout is not None
    marks = (mark(MarkState.BLANK, both), mark(MarkState.TICKED, both, x=gout.x0 - 15))
    (entity,) = find_entities((page(both, marks=marks),))
    assert entity.normalized == "gout"


def test_a_mark_speaks_of_its_label_whichever_side_it_stands_on(find_entities: EntityFinder) -> None:
    both = line("Asthma Gout", 1)
    marks = (
        mark(MarkState.BLANK, both, x=700, label=((both, "Asthma"),)),
        mark(MarkState.TICKED, both, x=800, label=((both, "Gout"),)),
    )
    (entity,) = find_entities((page(both, marks=marks),))
    assert (entity.normalized, attributes(entity)["mark"]) == ("gout", "ticked")


def test_a_label_over_two_lines_is_one_finding_and_marked_as_a_whole(find_entities: EntityFinder) -> None:
    first, second = line("Shortness of", 1), line("breath", 2)
    label = ((first, "Shortness of"), (second, "breath"))
    (entity,) = find_entities((page(first, second, marks=(mark(MarkState.TICKED, first, label=label),)),))
    assert (entity.text, attributes(entity)["mark"]) == ("Shortness of breath", "ticked")
    assert find_entities((page(first, second, marks=(mark(MarkState.BLANK, first, label=label),)),)) == ()


def test_a_line_below_a_blank_label_is_doubtful_as_it_may_be_no_part_of_it(find_entities: EntityFinder) -> None:
    first, second = line("Asthma", 1), line("Gout", 2)
    blank = mark(MarkState.BLANK, first, label=((first, "Asthma"), (second, "Gout")))
    (entity,) = find_entities((page(first, second, marks=(blank,)),))
    assert (entity.normalized, attributes(entity)["mark"]) == ("gout", "doubtful")


@pytest.mark.parametrize(
    ("yes", "no", "state"),
    [
        (MarkState.TICKED, MarkState.BLANK, "ticked"),
        (MarkState.BLANK, MarkState.TICKED, None),
        (MarkState.BLANK, MarkState.BLANK, None),
        (MarkState.TICKED, MarkState.TICKED, "doubtful"),
        (MarkState.DOUBTFUL, MarkState.BLANK, "doubtful"),
    ],
)
def test_boxes_labelled_no_and_yes_answer_the_question_before_them(
    find_entities: EntityFinder, yes: MarkState, no: MarkState, state: str | None
) -> None:
    question = line("Asthma? No Yes", 1)
    marks = (
        mark(no, question, x=300, label=((question, "No"),)),
        mark(yes, question, x=340, label=((question, "Yes"),)),
    )
    states = [attributes(entity)["mark"] for entity in find_entities((page(question, marks=marks),))]
    assert states == ([] if state is None else [state])


def test_typed_boxes_count_like_drawn_ones(find_entities: EntityFinder) -> None:
    (entity,) = found(find_entities, "[x] Diabetes  [ ] Hypertension")
    assert (entity.normalized, attributes(entity)) == ("diabetes mellitus", {"mark": "ticked"})


@pytest.mark.parametrize(
    ("typed", "states"),
    [
        ("(x) Asthma|( ) Gout|( ) Migraine", ["ticked"]),
        ("[X] Asthma|[__] Gout|(___) Migraine", ["ticked"]),
        ("_X_ Asthma|___ Gout|__ Migraine", ["ticked"]),
        ("X__ Asthma|__x Gout|____ Migraine", ["ticked", "ticked"]),
    ],
)
def test_a_list_of_blanks_to_tick_says_what_was_ticked(
    find_entities: EntityFinder, typed: str, states: list[str]
) -> None:
    assert [attributes(entity).get("mark") for entity in find_entities((page(*typed.split("|")),))] == states


def test_a_single_blank_to_fill_in_is_no_mark(find_entities: EntityFinder) -> None:
    (entity,) = find_entities((page("Seen for", "____ asthma", "and sent home"),))
    assert "mark" not in attributes(entity)


def test_ids_count_through_all_pages(find_entities: EntityFinder) -> None:
    entities = find_entities((page("asthma"), page("gout", number=2), page("migraine", number=3, part=2)))
    assert [(entity.id, entity.spans[0].page) for entity in entities] == [("n1", 1), ("n2", 2), ("n3", 3)]


def test_a_section_goes_on_to_the_next_page_but_not_to_the_next_part(find_entities: EntityFinder) -> None:
    pages = (page("Family History:", "asthma"), page("gout", number=2), page("migraine", number=3, part=2))
    assert [entity.section for entity in find_entities(pages)] == ["family_history", "family_history", None]


def test_further_terms_are_found_beside_the_lexicons_own(lexicon: Lexicon, language: Language) -> None:
    term = Term(text="Ackee fruit poisoning, accidental", label=Label.DIAGNOSIS, normalized="ackee poisoning")
    find = EntityFinder(lexicon, language, [term])
    (entity,) = found(find, "Treated for ackee fruit poisoning, accidental, last night")
    assert entity.normalized == "ackee poisoning"


def test_what_a_code_book_words_as_history_is_an_illness_with_its_context(lexicon: Lexicon, language: Language) -> None:
    texts = ("Family history of colon cancer", "Personal history of colon cancer")
    find = EntityFinder(
        lexicon, language, [Term(text=text, label=Label.DIAGNOSIS, normalized=text.lower()) for text in texts]
    )
    relative, past = (found(find, f"Here for {text.lower()}.")[0] for text in texts)
    assert (relative.normalized, relative.context.family) == ("colon cancer", True)
    assert (past.normalized, past.context.historical) == ("colon cancer", True)


def test_an_empty_page_has_no_findings(find_entities: EntityFinder) -> None:
    assert find_entities((page(),)) == ()
    assert find_entities(()) == ()


@pytest.mark.parametrize("text", ["No foreign body left behind", "severe pain right now"])
def test_left_and_right_are_not_always_sides(find_entities: EntityFinder, text: str) -> None:
    (entity,) = found(find_entities, text)
    assert "laterality" not in attributes(entity)


def test_a_shorthand_of_another_reading_is_taken_where_the_best_one_means_nothing(find_entities: EntityFinder) -> None:
    chart = page(line("A: HJN, XQ", 1, alternatives={"HJN,": ("HIN,", "HTN,"), "XQ": ("XY",)}))
    (entity,) = find_entities((chart,))
    assert (entity.text, entity.normalized) == ("HJN", "hypertension")
    assert attributes(entity)["repaired"] == "HJN"


def test_another_reading_of_a_findings_word_is_told_but_not_of_its_side_nor_of_a_drug(
    find_entities: EntityFinder,
) -> None:
    text = "A: left hypotension. Rx: Rocephin"
    others: dict[str, tuple[str, ...]] = {
        "left": ("right",),
        "hypotension.": ("hypertension.",),
        "Rocephin": ("Recephon",),
    }
    entities = find_entities((page(line(text, alternatives=others)),))
    assert {e.text: attributes(e).get("also_read") for e in entities} == {
        "left hypotension": "left hypertension",
        "Rocephin": None,
    }
