"""Understandings: kept by what went into them, never changed."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from pipeline.records import Box, Layer, Patient, Provenance, Understanding, WrittenLine
from pipeline.store import Store
from pipeline.store.decided import Action
from pipeline.store.understandings import key_of
from tests.charts import encounter, entity, page
from tests.conftest import NOON, store_on
from tests.review.drawn_chart import put_in

LINE = WrittenLine(page=1, box=Box(0, 0, 90, 30), text="HTN", drawn=False)
MADE = Understanding(
    pages=(page(1, "HTN"),),
    encounter=encounter(),
    entities=(entity(),),
    candidates=(),
    lines=(),
    unmatched=(),
    provenance=Provenance(version="1", settings="", parts=()),
)
PATIENT = Patient(name="Okafor, Ruth", birth_date=date(1961, 7, 19), record_number="7", sex="F")


@pytest.fixture
def id(store: Store) -> str:
    put_in(store)
    return store.readings.encounters()[0].id


def test_what_was_understood_is_found_again_by_what_went_into_it(store: Store, id: str) -> None:
    decision = store.decisions.append(who="kim", encounter=id, reading=1, action=Action.WRITE_LINE, line=LINE)
    key = key_of([("d", 1)], Layer(lines=(LINE,)))
    assert store.understandings.get(id, key) is None
    kept = store.understandings.add(id, key, MADE, readings=[("d", 1)], decision=decision.id)
    assert store.understandings.get(id, key) == kept
    assert (kept.understanding, kept.readings, kept.decision, kept.at) == (MADE, (("d", 1),), decision.id, NOON)
    assert store.understandings.get(id, key_of([("d", 2)], Layer(lines=(LINE,)))) is None


def test_another_version_of_the_program_does_not_change_what_a_coder_saw(store: Store, id: str) -> None:
    key = key_of([("d", 1)], Layer(lines=(LINE,)))
    store.understandings.add(id, key, MADE, readings=[("d", 1)], decision=0)
    newer = replace(MADE, entities=(), provenance=Provenance(version="2", settings="", parts=()))
    assert store.understandings.add(id, key, newer, readings=[("d", 1)], decision=0).understanding == MADE
    assert [kept.understanding for kept in store.understandings.of(id)] == [MADE]


def test_the_key_follows_what_changes_the_understanding_and_nothing_else() -> None:
    layer = Layer(lines=(LINE,), patient=PATIENT)
    same = Layer(lines=(LINE,), patient=replace(PATIENT, name="Okafor, R", record_number=None))
    assert key_of([("a", 1), ("b", 2)], layer) == key_of([("b", 2), ("a", 1)], same)
    others = [
        Layer(lines=(LINE,), patient=replace(PATIENT, sex="M")),
        Layer(lines=(LINE,), patient=PATIENT, date_of_service=date(2014, 1, 1)),
        Layer(lines=(replace(LINE, text="HIV"),), patient=PATIENT),
        Layer(lines=(LINE,)),
        Layer(),
    ]
    assert len({key_of([("a", 1)], each) for each in (layer, *others)}) == 1 + len(others)


def test_the_database_refuses_to_change_what_was_understood(engine: Engine) -> None:
    store = store_on(engine)
    put_in(store)
    id = store.readings.encounters()[0].id
    store.understandings.add(id, "k", MADE, readings=[("d", 1)], decision=0)
    for statement in ("UPDATE understanding SET key = 'x'", "DELETE FROM understanding"):
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            connection.execute(text(statement))
