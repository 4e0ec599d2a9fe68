"""Negated, doubted, past, imagined, or somebody else's."""

import csv
import re
from pathlib import Path

import pytest

from pipeline.entities import EntityFinder, pages_from_text
from tests.entities.written_pages import page

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "negation.tsv"
KINDS = ("negated", "uncertain", "historical", "hypothetical", "family")


def contexts(find: EntityFinder, text: str) -> dict[str, set[str]]:
    """What is said of each finding of a note."""
    return {
        entity.normalized: {kind for kind in KINDS if getattr(entity.context, kind)}
        for entity in find(pages_from_text(text))
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Denies fever, cough or chest pain.", {"fever": {"negated"}, "cough": {"negated"}, "chest pain": {"negated"}}),
        ("No fever but has cough", {"fever": {"negated"}, "cough": set()}),
        ("no evidence of pneumonia", {"pneumonia": {"negated"}}),
        ("fever: none", {"fever": {"negated"}}),
        ("cough - no", {"cough": {"negated"}}),
        ("CVA was ruled out", {"stroke": {"negated"}}),
        ("no increase in dyspnea", {"shortness of breath": set()}),
        ("not only asthma", {"asthma": set()}),
        ("Pneumonia cannot be excluded", {"pneumonia": {"uncertain"}}),
        ("r/o appendicitis", {"appendicitis": {"uncertain"}}),
        ("possible gout", {"gout": {"uncertain"}}),
        ("?stroke", {"stroke": {"uncertain"}}),
        ("doubt pyelonephritis", {"pyelonephritis": {"uncertain"}}),
        ("s/p appendectomy", {"appendectomy": {"historical"}}),
        ("h/o kidney stones", {"nephrolithiasis": {"historical"}}),
        ("appendectomy 1975", {"appendectomy": {"historical"}}),
        ("3 day history of cough", {"cough": set()}),
        ("History of present illness: cough", {"cough": set()}),
        ("Return if fever", {"fever": {"hypothetical"}}),
        ("MRI if no better", {"mri": {"hypothetical"}}),
        ("Mother has asthma", {"asthma": {"family"}}),
        ("breast cancer in mother", {"breast cancer": {"family"}}),
        ("family history of gout", {"gout": {"family"}}),
        ("Mother states she has fever", {"fever": set()}),
        ("Family planning discussed, has migraine", {"family planning": set(), "migraine": set()}),
        ("No fever. Has cough.", {"fever": {"negated"}, "cough": set()}),
        ("no fever, history of asthma", {"fever": {"negated"}, "asthma": {"historical"}}),
        ("Rapid strep test negative", {"rapid strep test": set()}),
        ("X-ray deferred", {"x-ray": {"negated"}}),
        ("no h/o fracture", {"fracture": {"negated", "historical"}}),
        ("h/o asthma, denies fever", {"asthma": {"historical"}, "fever": {"negated"}}),
        ("+cough -fever", {"cough": set(), "fever": {"negated"}}),
        ("fever no, cough yes", {"fever": {"negated"}, "cough": set()}),
        ("lives with mother who has asthma", {"asthma": {"family"}}),
        ("Brought by mother for fever", {"fever": set()}),
        ("M: asthma F: gout", {"asthma": {"family"}, "gout": {"family"}}),
        ("M: asthma", {"asthma": set()}),
        ("rlo pneumonia", {"pneumonia": {"uncertain"}}),
        ("possible tendinitis, no fracture", {"tendinitis": {"uncertain"}, "fracture": {"negated"}}),
        ("Chest pain, likely GERD", {"chest pain": set(), "gastroesophageal reflux disease": {"uncertain"}}),
        ("To ER if .chest pain at rest", {"chest pain": {"hypothetical"}}),
        ("eye exam referral", {"eye exam": {"hypothetical"}}),
        ("1. HTN 2. r/o gout 3. migraine", {"hypertension": set(), "gout": {"uncertain"}, "migraine": set()}),
    ],
)
def test_a_cue_speaks_of_the_findings_in_its_scope(
    find_entities: EntityFinder, text: str, said: dict[str, set[str]]
) -> None:
    assert contexts(find_entities, text) == said


def test_a_negated_finding_stays_a_finding(find_entities: EntityFinder) -> None:
    (entity,) = find_entities(pages_from_text("denies chest pain"))
    assert entity.context.negated
    assert entity.normalized == "chest pain"


def test_a_heading_gives_its_context_to_what_stands_under_it(find_entities: EntityFinder) -> None:
    said = contexts(find_entities, "PMH: appendicitis, gout\nFH: migraine\nAssessment: bronchitis")
    assert said == {
        "appendicitis": {"historical"},
        "gout": {"historical"},
        "migraine": {"family"},
        "bronchitis": set(),
    }


def test_an_illness_that_lasts_is_marked_in_a_list_of_past_history_unless_it_is_over(
    find_entities: EntityFinder,
) -> None:
    entities = find_entities(pages_from_text("PMH: HTN, MI 2009, asthma as a child"))
    assert all(entity.context.historical for entity in entities)
    lasting = {
        entity.normalized for entity in entities if any(detail.name == "lasting" for detail in entity.attributes)
    }
    assert lasting == {"hypertension"}


def test_what_is_known_or_old_by_name_is_past_and_still_there(find_entities: EntityFinder) -> None:
    entities = find_entities(pages_from_text("Known to have gallstones. Old MI."))
    assert [(entity.normalized, entity.context.historical) for entity in entities] == [
        ("cholelithiasis", True),
        ("old myocardial infarction", True),
    ]
    assert all(any(detail.name == "lasting" for detail in entity.attributes) for entity in entities)


def test_a_family_heading_does_not_reach_the_patient_on_a_later_line(find_entities: EntityFinder) -> None:
    said = contexts(find_entities, "Family history: Mother had gout.\nThe patient has asthma.")
    assert said == {"gout": {"family"}, "asthma": set()}


def test_by_hand_a_heading_with_its_text_rules_its_own_line_only(find_entities: EntityFinder) -> None:
    entities = find_entities((page("PMH pneumonia, gout", "sore throat today", hand=True),))
    assert [entity.context.historical for entity in entities] == [True, True, False]


def test_a_scope_ends_with_its_line(find_entities: EntityFinder) -> None:
    entities = find_entities((page("no fever", "cough for a week", hand=True),))
    assert [entity.context.negated for entity in entities] == [True, False]


def test_a_scope_goes_on_after_a_comma_at_the_line_end(find_entities: EntityFinder) -> None:
    entities = find_entities((page("denies fever,", "cough", hand=True),))
    assert [entity.context.negated for entity in entities] == [True, True]


@pytest.mark.skipif(not SHARED.exists(), reason="needs the annotated sentences")
def test_negation_is_read_as_annotators_read_it(find_entities: EntityFinder) -> None:
    """Of findings that are found within the annotated phrase, few are judged otherwise."""
    with SHARED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[:600]
    right = wrong = 0
    for row in rows:
        phrase = r"\s+".join(re.escape(word) for word in row["concept"].lower().split())
        for entity in find_entities(pages_from_text(row["sentence"])):
            text = r"\s+".join(re.escape(word) for word in entity.text.lower().split())
            if re.search(text, row["concept"].lower()) and re.search(phrase, row["sentence"].lower()):
                agrees = entity.context.negated == (row["negation"] == "Negated")
                right, wrong = right + agrees, wrong + (not agrees)
    assert right + wrong > 200
    assert right / (right + wrong) > 0.95
