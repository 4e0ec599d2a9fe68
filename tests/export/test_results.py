import json
from dataclasses import replace

import numpy as np
import pytest

from pipeline.export import error_result, extract_result, read_result, recognize_result, suggest_result
from pipeline.records import (
    Addendum,
    Alternative,
    Attribute,
    Box,
    Candidate,
    CodeSystem,
    Context,
    Encounter,
    Entity,
    Evidence,
    Finding,
    Label,
    Line,
    LineKind,
    LineSpan,
    Mark,
    MarkState,
    Page,
    PageQuality,
    Part,
    Provenance,
    Reading,
    RecognizedLine,
    Word,
)

SPAN = LineSpan(page=1, line="p1l1", start=0, end=3, boxes=(Box(1, 2, 3, 4),))
ENTITY = Entity(
    id="n1",
    label=Label.DIAGNOSIS,
    text="HTN",
    normalized="hypertension",
    section="assessment",
    context=Context(historical=True),
    attributes=(Attribute(name="laterality", value="left"), Attribute(name="laterality", value="right")),
    spans=(SPAN,),
    confidence=0.9,
)


def candidate(system: CodeSystem, code: str, rank: int, entity: str | None = "n1") -> Candidate:
    return Candidate(
        encounter=None if entity is None else "e1",
        entity=entity,
        system=system,
        code=code,
        display="Hypertension",
        score=0.9 - rank / 10,
        rank=rank,
        proposed=rank == 1,
        billable=True,
        evidence=(Evidence(source="synonym", detail="HTN stands for hypertension."),),
        withheld=None if rank == 1 else "A better one is proposed.",
    )


READING = Reading(
    document="abc",
    pages=(
        Page(
            number=1,
            width=100,
            height=200,
            dpi=None,
            turn=90,
            skew_degrees=-1.5,
            quality=PageQuality(sharpness=None, contrast=0.5, ink=0.1, blank=False, advice="Scan it darker."),
            lines=(
                Line(
                    id="p1l1",
                    kind=LineKind.HAND,
                    box=Box(1, 2, 30, 4),
                    text="HTN",
                    confidence=0.8,
                    words=(
                        Word(
                            text="HTN",
                            box=Box(1, 2, 3, 4),
                            confidence=0.4,
                            unreadable=True,
                            alternatives=(Alternative(text="HTM", confidence=None),),
                        ),
                    ),
                ),
            ),
            marks=(Mark(box=Box(5, 6, 7, 8), state=MarkState.TICKED, line=None),),
        ),
    ),
    entities=(ENTITY,),
    encounters=(
        Encounter(
            id="e1",
            part=1,
            pages=(1,),
            patient_name=Finding(value="Lopez, Maria", text="Maria Lopez", confidence=0.7, spans=(SPAN,)),
            birth_date=None,
            record_number=None,
            date_of_service=None,
            provider=None,
            visit_level=Finding(value="3", text="level 3", confidence=None, spans=()),
            addenda=(Addendum(written=None, note=Finding(value="x", text="x", confidence=None, spans=())),),
            entities=("n1",),
            conflicts=("Two names.",),
        ),
    ),
    candidates=(
        candidate(CodeSystem.ICD10CM, "I10", 1),
        candidate(CodeSystem.ICD9CM, "401.1", 2),
        candidate(CodeSystem.ICD9CM, "401.9", 1),
    ),
    provenance=Provenance(version="1", settings="f", parts=(Part(name="book", edition="2014", sha256=None),)),
)


def test_a_chart_gives_the_fields_of_the_contract() -> None:
    found = read_result(READING, "in/chart.pdf", "chart.pdf")
    candidates = found.pop("candidates")
    assert isinstance(candidates, list)
    assert [(c["system"], c["code"]) for c in candidates] == [
        ("ICD9CM", "401.9"),
        ("ICD9CM", "401.1"),
        ("ICD10CM", "I10"),
    ]
    line = {"page": 1, "line": "p1l1", "start": 0, "end": 3, "boxes": [[1, 2, 3, 4]]}
    assert found == {
        "file": "in/chart.pdf",
        "document": {"id": "abc", "name": "chart.pdf"},
        "pages": [
            {
                "number": 1,
                "width": 100,
                "height": 200,
                "dpi": None,
                "turn": 90,
                "skew_degrees": -1.5,
                "quality": {
                    "sharpness": None,
                    "contrast": 0.5,
                    "brightness": None,
                    "letter_height": None,
                    "cut_letters": None,
                    "ink": 0.1,
                    "blank": False,
                    "advice": "Scan it darker.",
                },
                "marks": [{"box": [5, 6, 7, 8], "state": "ticked", "line": None}],
                "lines": [
                    {
                        "id": "p1l1",
                        "kind": "hand",
                        "box": [1, 2, 30, 4],
                        "text": "HTN",
                        "confidence": 0.8,
                        "words": [
                            {
                                "text": "HTN",
                                "box": [1, 2, 3, 4],
                                "confidence": 0.4,
                                "unreadable": True,
                                "alternatives": [{"text": "HTM", "confidence": None}],
                            }
                        ],
                    }
                ],
            }
        ],
        "entities": [
            {
                "id": "n1",
                "label": "DIAGNOSIS",
                "text": "HTN",
                "normalized": "hypertension",
                "section": "assessment",
                "attributes": {"laterality": "left; right"},
                "context": {
                    "negated": False,
                    "uncertain": False,
                    "historical": True,
                    "hypothetical": False,
                    "family": False,
                },
                "lines": [line],
            }
        ],
        "encounters": [
            {
                "id": "e1",
                "part": 1,
                "pages": [1],
                "patient_name": {"value": "Lopez, Maria", "text": "Maria Lopez", "confidence": 0.7, "lines": [line]},
                "birth_date": None,
                "record_number": None,
                "sex": None,
                "date_of_service": None,
                "provider": None,
                "signature": None,
                "age": None,
                "payer": None,
                "patient_status": None,
                "visit_level": {"value": 3, "text": "level 3", "confidence": None, "lines": []},
                "time_spent": None,
                "addenda": [
                    {"date": None, "note": {"value": "x", "text": "x", "confidence": None, "lines": []}},
                ],
                "entities": ["n1"],
                "conflicts": ["Two names."],
            }
        ],
        "provenance": {
            "version": "1",
            "settings": "f",
            "parts": [{"name": "book", "edition": "2014", "sha256": None}],
        },
    }


def test_a_candidate_has_the_fields_of_the_contract() -> None:
    found = suggest_result("7", "HTN", [candidate(CodeSystem.ICD9CM, "401.9", 1, entity=None)])
    assert found == {
        "id": "7",
        "text": "HTN",
        "candidates": [
            {
                "entity": None,
                "system": "ICD9CM",
                "code": "401.9",
                "display": "Hypertension",
                "score": 0.8,
                "rank": 1,
                "proposed": True,
                "billable": True,
                "evidence": [{"source": "synonym", "detail": "HTN stands for hypertension."}],
                "withheld": None,
                "units": None,
                "modifiers": [],
                "warnings": [],
            }
        ],
    }


def test_candidates_follow_the_entities_in_reading_order_and_come_best_first() -> None:
    second = replace(ENTITY, id="n2")
    mixed = replace(
        READING,
        entities=(second, ENTITY),
        candidates=(
            candidate(CodeSystem.HCPCS, "J1", 1),
            candidate(CodeSystem.ICD9CM, "2", 2, "n2"),
            candidate(CodeSystem.ICD9CM, "1", 1, "n2"),
        ),
    )
    found = read_result(mixed, "f", "f")["candidates"]
    assert isinstance(found, list)
    assert [c["code"] for c in found] == ["1", "2", "J1"]


def test_a_note_gives_offsets_instead_of_lines() -> None:
    found = extract_result("note-1", READING, {"n1": (12, 15)})
    assert list(found) == ["id", "entities", "encounters", "candidates"]
    assert isinstance(found["entities"], list)
    (entity,) = found["entities"]
    assert (entity["start"], entity["end"]) == (12, 15)
    assert set(entity) == {
        "id",
        "label",
        "text",
        "normalized",
        "section",
        "attributes",
        "context",
        "start",
        "end",
    }


def test_an_entity_without_offsets_is_a_bug() -> None:
    with pytest.raises(KeyError):
        extract_result("note-1", READING, {})


def test_a_crop_gives_the_fields_of_the_contract() -> None:
    line = RecognizedLine(
        kind=LineKind.PRINT,
        text="Take one",
        confidence=None,
        unreadable=False,
        alternatives=(Alternative(text="Take ore", confidence=0.2),),
    )
    assert recognize_result("a.png", line) == {
        "file": "a.png",
        "kind": "print",
        "text": "Take one",
        "confidence": None,
        "unreadable": False,
        "alternatives": [{"text": "Take ore", "confidence": 0.2}],
    }


def test_a_bad_input_gives_its_key_and_a_sentence() -> None:
    assert error_result("file", "a.png", "The file is damaged.") == {"file": "a.png", "error": "The file is damaged."}


def test_numbers_of_numpy_become_json() -> None:
    box = Box(*(np.int64(n) for n in (1, 2, 3, 4)))  # type: ignore[arg-type]
    word = Word(text="a", box=box, confidence=np.float32(0.5))  # type: ignore[arg-type]
    page = replace(READING.pages[0], lines=(replace(READING.pages[0].lines[0], words=(word,)),))
    found = read_result(replace(READING, pages=(page,)), "f", "f")
    assert '"box": [1, 2, 3, 4], "confidence": 0.5' in json.dumps(found)
