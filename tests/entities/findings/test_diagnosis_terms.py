"""Findings as charts word them: signs, films, slides, laboratory values, eponyms, British spelling."""

import csv
from pathlib import Path

import pytest

from pipeline.entities import EntityFinder
from pipeline.entities.text.tokens import key_of
from pipeline.entities.text.typed_notes import pages_from_text
from pipeline.records import Entity, Label

with (Path(__file__).parent / "diagnosis_sentences.tsv").open(encoding="utf-8") as table:
    SENTENCES = list(csv.DictReader(table, delimiter="\t"))


def diagnoses(find_entities: EntityFinder, text: str) -> list[Entity]:
    return [entity for entity in find_entities(pages_from_text(text)) if entity.label is Label.DIAGNOSIS]


@pytest.mark.parametrize("row", SENTENCES, ids=lambda row: row["finding"])
def test_a_finding_is_found_in_its_sentence(find_entities: EntityFinder, row: dict[str, str]) -> None:
    found = diagnoses(find_entities, row["sentence"])
    assert any(row["finding"] in entity.text and row["normalized"] in entity.normalized for entity in found), found


@pytest.mark.parametrize("word", ["lesion", "stenosis", "asymptomatic", "recurrence"])
def test_a_vague_finding_is_asked_of_no_code_book(find_entities: EntityFinder, word: str) -> None:
    found = diagnoses(find_entities, f"There was {word}.")
    assert [(e.text, [a.value for a in e.attributes if a.name == "coded"]) for e in found] == [(word, ["no"])]


@pytest.mark.parametrize(
    "text",
    [
        "Microsatellite instability was tested.",
        "The kidney donor was her brother.",
        "Laboratory examination and genetic counseling.",
        "Sputum culture was sent.",
        "In addition, the fiberoptic scope was turned and separated.",
        "Tumor suppressor genes and tumor markers.",
        "Seizure precautions and infection control.",
    ],
)
def test_what_only_looks_like_a_finding_is_none(find_entities: EntityFinder, text: str) -> None:
    assert diagnoses(find_entities, text) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tumour", "tumors"),
        ("diarrhoea", "diarrhea"),
        ("oesophagus", "esophagus"),
        ("anaemia", "anemia"),
        ("metastases", "metastasis"),
        ("stenoses", "stenosis"),
        ("catheterisation", "catheterization"),
        ("fibres", "fiber"),
        ("diseases", "disease"),
    ],
)
def test_british_spelling_and_greek_plurals_have_the_same_key(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize("word", ["four", "hour", "toe", "raised", "overdose"])
def test_a_word_that_only_looks_british_stays(word: str) -> None:
    assert key_of(word) == word


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("There was a dacryoadenitis.", "dacryoadenitis"),
        ("Moderate hypersialorrhoea.", "Moderate hypersialorrhoea"),
        ("He has C6 deficiency.", "C6 deficiency"),
        ("Known Quimby disease.", "Quimby disease"),
        ("She has exocrine dysfunction.", "exocrine dysfunction"),
    ],
)
def test_a_finding_of_no_list_is_known_by_its_form_and_asked_of_the_books(
    find_entities: EntityFinder, text: str, finding: str
) -> None:
    found = diagnoses(find_entities, text)
    assert [entity.text for entity in found] == [finding]
    assert all(attribute.name != "coded" for attribute in found[0].attributes)


@pytest.mark.parametrize(
    "text", ["The diagnosis and prognosis.", "An anastomosis was made.", "A disease.", "Several clinical disorders."]
)
def test_a_form_alone_makes_no_finding(find_entities: EntityFinder, text: str) -> None:
    assert diagnoses(find_entities, text) == []
