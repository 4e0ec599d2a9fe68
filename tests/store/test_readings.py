import json
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from pipeline.records import Box, PageRole
from pipeline.store import Store, tables
from pipeline.store.readings import ENCOUNTER, READING
from pipeline.store.rows import PageCount
from tests.charts import encounter, finding, page, reading
from tests.conftest import NOON
from tests.store.test_arrivals import File


def document(store: Store, letter: str = "a") -> str:
    path = Path(f"{letter}.pdf")
    taken = store.arrivals.take(
        store.arrivals.sight([File(path, size=ord(letter))])[path].id, letter * 64, size=10, mtime_ns=5
    )
    assert taken.document is not None
    return taken.document


def test_a_reading_comes_back_as_it_was_given(store: Store) -> None:
    given = reading(document(store))
    assert store.readings.add(given) == 1
    assert store.readings.get(given.document) == given
    assert store.readings.get(given.document, 2) is None


def test_loose_ink_is_kept_and_an_older_reading_has_none(store: Store) -> None:
    inked = replace(page(1, "Signature"), loose_ink=(Box(300, 80, 600, 130),))
    given = reading(document(store), pages=(inked,))
    store.readings.add(given)
    assert store.readings.get(given.document) == given
    older = json.loads(READING.dump_json(given))
    del older["pages"][0]["loose_ink"]
    assert READING.validate_json(json.dumps(older)).pages == (replace(inked, loose_ink=None),)


def test_reading_again_makes_another_reading_and_keeps_the_encounter(store: Store) -> None:
    id = document(store)
    first = reading(id, pages=(page(1, "a"), page(2, "b")), encounters=(encounter(pages=(1, 2)),))
    store.readings.add(first)
    before = store.readings.encounters()
    second = reading(
        id,
        pages=(page(1, "a"), page(2, "b")),
        encounters=(encounter("e1", pages=(1,)), encounter("e2", pages=(2,), day="2012-05-01")),
    )
    assert store.readings.add(second) == 2
    after = store.readings.encounters(id)
    assert [e.proposal.id for e in after] == ["e1", "e2"]
    assert before[0].id == after[0].id != after[1].id and after[0].reading == 2
    assert store.readings.get(id, 1) == first


def test_an_encounter_that_the_latest_reading_lacks_is_kept_and_told(store: Store) -> None:
    id = document(store)
    store.readings.add(
        reading(id, encounters=(encounter("e1", pages=(1,)), encounter("e2", pages=(2,), day="2012-05-01")))
    )
    second = store.readings.encounters(id)[1].id
    store.readings.add(reading(id, encounters=(encounter("e1", pages=(1,)),)))
    kept = store.readings.encounter(second)
    assert kept is not None and (kept.reading, kept.latest_reading) == (1, 2)


def test_encounters_of_other_parts_of_a_file_are_never_taken_for_the_same(store: Store) -> None:
    id = document(store)
    store.readings.add(reading(id, encounters=(encounter(part=1),)))
    store.readings.add(reading(id, encounters=(encounter(part=2),)))
    assert [(e.proposal.part, e.reading) for e in store.readings.encounters(id)] == [(1, 1), (2, 2)]


def test_a_second_chart_of_the_same_visit_is_flagged(store: Store) -> None:
    one, two, other = (document(store, letter) for letter in "abc")
    store.readings.add(reading(one))
    store.readings.add(reading(two))
    store.readings.add(reading(other, encounters=(encounter(day="2013-01-01"),)))
    (first,), (second,), (third,) = (store.readings.encounters(each) for each in (one, two, other))
    assert (first.same_visit, second.same_visit, third.same_visit) == ((second.id,), (first.id,), ())


def test_a_chart_without_a_name_or_a_date_is_no_second_chart_of_anything(store: Store) -> None:
    for letter in "ab":
        store.readings.add(reading(document(store, letter), encounters=(encounter(name=None),)))
    assert all(e.same_visit == () for e in store.readings.encounters())


@pytest.mark.parametrize(
    ("field", "value", "flagged"),
    [
        ("birth_date", "1951-04-12", False),
        ("record_number", "448214", False),
        ("record_number", "44-8213", True),
        ("patient_name", "Lopez, Mario", False),
        ("patient_name", "Hill, Robert", False),
        ("sex", "M", False),
        ("provider", "Osei, Ama", False),
        ("provider", "Keller, Jane", True),
        ("birth_date", None, True),
        ("record_number", None, True),
        ("provider", None, True),
    ],
)
def test_a_chart_whose_facts_conflict_is_no_second_chart_of_the_visit_and_what_is_unknown_is_no_conflict(
    store: Store, field: str, value: str | None, flagged: bool
) -> None:
    own = replace(encounter(), sex=finding("F"))
    other = replace(own, **{field: None if value is None else finding(value)})  # type: ignore[arg-type]
    for letter, each in (("a", own), ("b", other)):
        store.readings.add(reading(document(store, letter), encounters=(each,)))
    assert [bool(e.same_visit) for e in store.readings.encounters()] == [flagged, flagged]
    looked_up = store.readings.encounter(store.readings.encounters()[0].id)
    assert looked_up is not None and bool(looked_up.same_visit) is flagged


def test_a_reading_of_a_version_that_knew_fewer_facts_is_loaded(store: Store) -> None:
    given = reading(document(store))
    older = json.loads(READING.dump_json(given))
    for each in older["encounters"]:
        for name in ("signature", "patient_status", "visit_level", "time_spent", "addenda"):
            del each[name]
    assert READING.validate_json(json.dumps(older)) == given


def test_pages_are_counted_by_role_in_the_latest_reading(store: Store) -> None:
    id = document(store)
    pages = (page(1, "a"), page(2, role=PageRole.BLANK), page(3, role=PageRole.SEPARATOR), page(4, "b", part=2))
    store.readings.add(reading(id, pages=pages[:1]))
    store.readings.add(reading(id, pages=pages))
    assert store.readings.page_counts() == {id: PageCount(content=2, blank=1, separator=1)}


def test_the_id_of_an_encounter_says_nothing_of_its_document_and_one_is_found_by_it(store: Store) -> None:
    id = document(store)
    store.readings.add(reading(id))
    (only,) = store.readings.encounters()
    assert id not in only.id and len(only.id) >= 16
    assert store.readings.encounter(only.id) == only
    assert store.readings.encounter("nothing") is None
    assert store.readings.document_names([only.id, "nothing"]) == {only.id: "a.pdf"}


def test_an_encounter_with_an_id_of_an_older_store_keeps_it(store: Store, engine: Engine) -> None:
    id = document(store)
    given = reading(id)
    with engine.begin() as connection:
        row = connection.execute(
            insert(tables.reading)
            .values(document=id, number=1, at=NOON, record=zlib.compress(READING.dump_json(given)))
            .returning(tables.reading.c.id)
        ).scalar_one()
        connection.execute(insert(tables.encounter).values(id=f"{id}-1", document=id))
        record = ENCOUNTER.dump_json(given.encounters[0]).decode()
        connection.execute(insert(tables.proposal).values(encounter=f"{id}-1", reading=row, record=record))
    store.readings.add(given)
    assert [(e.id, e.reading) for e in store.readings.encounters()] == [(f"{id}-1", 2)]
