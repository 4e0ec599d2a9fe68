from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.records import CodeSystem
from pipeline.review.queue.view import ROWS, Queue, age, batch_key, queue, waiting
from pipeline.store import Store
from pipeline.store.decided import Action
from pipeline.store.rows import ArrivalState, EncounterState
from tests.conftest import NOON
from tests.review.drawn_chart import put_in
from tests.store.test_arrivals import File


def proposed(document: str, reading: int) -> dict[str, frozenset[tuple[CodeSystem, str]]]:
    return {
        "e1": frozenset({(CodeSystem.ICD9CM, "401.9"), (CodeSystem.ICD10CM, "I10"), (CodeSystem.CPT, "71020")}),
        "e2": frozenset({(CodeSystem.ICD10CM, "I10")}),
    }


def listed(store: Store, now: datetime = NOON, **narrowed: object) -> Queue:
    return queue(
        store.readings.encounters(),
        store.decisions.reviews(),
        store.arrivals.all(),
        store.arrivals.documents(),
        proposed,
        now,
        **narrowed,  # type: ignore[arg-type]
    )


def confirm(store: Store, encounter: str) -> None:
    from tests.review.chart.test_chart_view import PATIENT

    for action, more in (
        (Action.CONFIRM_PATIENT, {"patient": PATIENT}),
        (Action.CONFIRM_DATE, {"date_of_service": NOON.date()}),
        (Action.CONFIRM_ENCOUNTER, {}),
    ):
        store.decisions.append(who="kim", encounter=encounter, reading=1, action=action, **more)


def test_a_row_counts_the_codes_that_the_date_of_service_asks_for(sqlite_store: Store) -> None:
    put_in(sqlite_store)
    rows = listed(sqlite_store).rows
    assert [row.proposed for row in rows] == [2, 1]
    assert (rows[0].patient, rows[0].day, rows[0].provider, rows[0].pages) == (
        "Okafor, Ruth",
        "2014-03-14",
        "Marsh, Helen",
        3,
    )
    assert rows[0].flags == ("conflict",) and rows[1].flags == ()


def test_a_confirmed_encounter_goes_to_the_end_and_out_of_what_waits(sqlite_store: Store) -> None:
    put_in(sqlite_store)
    first, second = (e.id for e in sqlite_store.readings.encounters())
    confirm(sqlite_store, first)
    assert [(row.id, row.state) for row in listed(sqlite_store).rows] == [
        (second, EncounterState.OPEN),
        (first, EncounterState.CONFIRMED),
    ]
    still = waiting(sqlite_store.readings.encounters(), sqlite_store.decisions.reviews())
    assert [e.id for e in still] == [second]


def test_the_list_is_narrowed_by_state_and_batch_and_counts_within_the_batch(sqlite_store: Store) -> None:
    put_in(sqlite_store)
    put_in(sqlite_store, "other.pdf", "tuesday", "b")
    confirm(sqlite_store, sqlite_store.readings.encounters()[0].id)
    found = listed(sqlite_store, batch=batch_key("monday"))
    assert [(s.state, s.count) for s in found.states] == [
        (None, 2),
        (EncounterState.OPEN, 1),
        (EncounterState.STARTED, 0),
        (EncounterState.HELD, 0),
        (EncounterState.CONFIRMED, 1),
        (EncounterState.MERGED, 0),
    ]
    assert {row.batch for row in found.rows} == {"monday"}
    assert [row.state for row in listed(sqlite_store, state=EncounterState.CONFIRMED).rows] == [
        EncounterState.CONFIRMED
    ]
    assert [(b.label, b.chosen) for b in found.batches] == [("monday", True), ("tuesday", False)]


def test_a_batch_is_named_in_addresses_by_a_key_only() -> None:
    assert "smith" not in batch_key("smith, john")
    assert batch_key("a") != batch_key("b")


def test_a_second_chart_of_the_same_visit_is_flagged_with_its_link(sqlite_store: Store) -> None:
    put_in(sqlite_store)
    put_in(sqlite_store, "again.pdf", "", "b")
    rows = listed(sqlite_store).rows
    assert rows[0].same_visit == (rows[2].id,)


def test_files_are_counted_by_state_and_rejected_ones_say_why(sqlite_store: Store) -> None:
    put_in(sqlite_store)
    arrival = sqlite_store.arrivals.sight([File(Path("bad.jpg"))])[Path("bad.jpg")]
    sqlite_store.arrivals.reject(arrival.id, "The file is damaged.")
    found = listed(sqlite_store)
    assert (found.files[ArrivalState.READ], found.files[ArrivalState.REJECTED]) == (1, 1)
    assert [(t.name, t.sentence) for t in found.rejected] == [("bad.jpg", "The file is damaged.")]


def test_a_file_that_was_read_without_an_encounter_is_still_named(sqlite_store: Store) -> None:
    from tests.review.drawn_chart import reading_of

    arrival = sqlite_store.arrivals.sight([File(Path("blank.pdf"))])[Path("blank.pdf")]
    taken = sqlite_store.arrivals.take(arrival.id, "c" * 64, size=1, mtime_ns=1)
    assert taken.document is not None
    empty = replace(reading_of(taken.document), entities=(), encounters=(), candidates=())
    sqlite_store.readings.add(empty, arrival=arrival.id)
    assert listed(sqlite_store).without_encounter == ("blank.pdf",)


def test_only_the_rows_of_one_screen_are_computed(sqlite_store: Store) -> None:
    put_in(sqlite_store)
    encounter = sqlite_store.readings.encounters()[0]
    many = tuple(replace(encounter, id=str(n)) for n in range(ROWS + 3))
    asked = []

    def counted(document: str, reading: int) -> dict[str, frozenset[tuple[CodeSystem, str]]]:
        asked.append(document)
        return {}

    found = queue(many, {}, (), (), counted, NOON, screen=99)
    assert (found.screen, found.screens, found.total, len(found.rows)) == (2, 2, ROWS + 3, 3)
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("waited", "told"),
    [
        (timedelta(seconds=-5), "0 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_age_is_told_in_the_largest_unit(waited: timedelta, told: str) -> None:
    assert age(NOON - waited, NOON) == told
