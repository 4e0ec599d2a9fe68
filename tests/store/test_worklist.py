from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, text, update

from pipeline.records import CodeSystem, Patient
from pipeline.store import Store, tables
from pipeline.store.decided import SECOND_ROUND, Action, HoldKind
from pipeline.store.rebuilding import catch_up, differences, rebuild
from pipeline.store.rows import EncounterState
from pipeline.store.sign_ins import NEW_ACCOUNT
from pipeline.store.worklist import Narrowing, Order, Waiting
from tests.charts import candidate, encounter, finding, page, reading
from tests.conftest import NOON, store_on
from tests.store.test_decisions import PATIENT, decide, sign
from tests.store.test_readings import document

LATE = date(2012, 6, 1)


def put(store: Store, letter: str, **facts: object) -> str:
    """A document with one encounter; the id of that."""
    name = facts.pop("name", "Lopez, Maria")
    day = facts.pop("day", "2012-03-14")
    made = replace(encounter(name=name, day=day), **facts)  # type: ignore[arg-type]
    id = document(store, letter)
    store.readings.add(reading(id, encounters=(made,)))
    return store.readings.encounters(id)[0].id


def listed(
    store: Store, order: Order = Order.AGE, overdue_before: date | None = None, **narrowed: object
) -> tuple[Waiting, ...]:
    narrowing = Narrowing(**narrowed)  # type: ignore[arg-type]
    return store.worklist.page(narrowing, order, overdue_before=overdue_before, start=0, limit=50)


def sure(row: Waiting) -> float | None:
    return None if row.confidence is None else round(row.confidence, 6)


def ids(store: Store, order: Order = Order.AGE, overdue_before: date | None = None, **narrowed: object) -> list[str]:
    return [row.encounter for row in listed(store, order, overdue_before, **narrowed)]


def test_a_row_holds_what_the_reading_proposes(store: Store) -> None:
    one = put(store, "a")
    (row,) = listed(store)
    assert (row.encounter, row.state, row.patient, row.day) == (
        one,
        EncounterState.OPEN,
        "Lopez, Maria",
        date(2012, 3, 14),
    )
    assert (row.patient_confirmed, row.day_confirmed, row.provider, row.document_name) == (
        False,
        False,
        "Keller, J",
        "a.pdf",
    )
    assert (row.proposed, row.accepted, sure(row), row.part) == (1, 0, 0.9, None)
    assert (row.waiting_since, row.coder, row.hold, row.done) == (NOON, None, None, False)


def test_a_row_follows_the_journal(store: Store) -> None:
    one = put(store, "a")
    decide(store, one, Action.ACCEPT, "401.9")
    decide(store, one, Action.CONFIRM_PATIENT, patient=replace(PATIENT, name="Lopez, Mariä"))
    decide(store, one, Action.CONFIRM_DATE, date_of_service=date(2012, 3, 15))
    (row,) = listed(store)
    assert (row.state, row.accepted, row.coder) == (EncounterState.STARTED, 1, "kim")
    assert (row.patient, row.patient_confirmed, row.day, row.day_confirmed) == (
        "Lopez, Mariä",
        True,
        date(2012, 3, 15),
        True,
    )
    decide(store, one, Action.CONFIRM_ENCOUNTER)
    assert [(row.state, row.done) for row in listed(store)] == [(EncounterState.CONFIRMED, True)]


def test_only_codes_of_the_edition_that_the_day_asks_for_are_counted(store: Store) -> None:
    id = document(store)
    codes = (
        candidate("401.9"),
        replace(candidate("I10", CodeSystem.ICD10CM), score=0.5),
        replace(candidate("I11.9", CodeSystem.ICD10CM), score=0.7),
        replace(candidate("250.00"), proposed=False),
        replace(candidate("401.9"), entity="n2", score=0.2),
    )
    store.readings.add(reading(id, encounters=(encounter(day=None),), candidates=codes))
    one = store.readings.encounters(id)[0].id
    assert [(row.proposed, sure(row)) for row in listed(store)] == [(3, 0.7)]
    decide(store, one, Action.CONFIRM_DATE, date_of_service=date(2015, 10, 1))
    assert [(row.proposed, sure(row)) for row in listed(store)] == [(2, 0.6)]
    decide(store, one, Action.CONFIRM_DATE, date_of_service=date(2015, 9, 30))
    assert [(row.proposed, sure(row)) for row in listed(store)] == [(1, 0.9)]


def test_what_nothing_is_proposed_for_has_no_confidence_and_comes_last_both_ways(store: Store) -> None:
    id = document(store)
    store.readings.add(reading(id, candidates=()))
    none = store.readings.encounters(id)[0].id
    some = put(store, "b")
    assert ids(store, Order.HARDEST) == ids(store, Order.SUREST) == [some, none]
    assert [sure(row) for row in listed(store, Order.HARDEST)] == [0.9, None]


def test_a_reading_again_keeps_what_a_person_confirmed_and_since_when_it_waits(engine: Engine) -> None:
    store, later = store_on(engine), store_on(engine, lambda: NOON + timedelta(days=2))
    one = put(store, "a")
    decide(store, one, Action.CONFIRM_PATIENT, patient=PATIENT)
    id = store.readings.encounters()[0].document
    later.readings.add(reading(id, encounters=(encounter(name="Lopes, M"),)))
    (row,) = listed(store)
    assert (row.patient, row.waiting_since, row.stale) == ("Lopez, Maria", NOON, False)


def test_an_encounter_that_the_latest_reading_lacks_and_a_second_chart_of_the_visit_are_flagged(store: Store) -> None:
    id = document(store)
    both = (encounter("e1", pages=(1,)), encounter("e2", pages=(2,), day="2012-05-01"))
    store.readings.add(reading(id, pages=(page(1, "a"), page(2, "b")), encounters=both))
    store.readings.add(reading(id, encounters=both[:1]))
    other = put(store, "b")
    rows = {row.encounter: row for row in listed(store)}
    second, first = (e.id for e in store.readings.encounters(id))
    assert [rows[each].stale for each in (first, second, other)] == [False, True, False]
    assert (rows[first].same_visit, rows[other].same_visit, rows[second].same_visit) == ((other,), (first,), ())


def test_a_file_read_again_as_another_visit_is_no_second_chart_any_more(store: Store) -> None:
    one, two = put(store, "a"), put(store, "b")
    id = store.readings.encounter(one).document  # type: ignore[union-attr]
    store.readings.add(reading(id, encounters=(encounter(day="2012-07-01"),)))
    assert {row.encounter: row.same_visit for row in listed(store)} == {one: (), two: ()}


def test_what_is_overdue_comes_before_what_waits_longest_and_what_is_done_comes_last(engine: Engine) -> None:
    made = {}
    for hours, (letter, day) in enumerate((("a", "2012-08-01"), ("b", "2012-03-14"), ("c", None), ("d", "2012-01-01"))):
        store = store_on(engine, lambda hours=hours: NOON + timedelta(hours=hours))  # type: ignore[misc]
        made[letter] = put(store, letter, day=day)
    sign(store, made["d"])
    told = [next(letter for letter, id in made.items() if id == found) for found in ids(store, Order.PRIORITY, LATE)]
    assert told == ["b", "a", "c", "d"]
    assert ids(store, Order.AGE) == [made[letter] for letter in "abcd"]
    assert ids(store, Order.DAY) == [made[letter] for letter in "bacd"]
    assert ids(store, served_before=LATE) == [made["b"]]


def test_a_hold_comes_from_the_journal_with_its_owner_and_next_passes_it_over(store: Store) -> None:
    one, two = put(store, "a"), put(store, "b")
    decide(store, one, Action.HOLD, hold=HoldKind.MISSING_PAGE, owner="sam", due=date(2026, 3, 5), text="page 2")
    row = next(row for row in listed(store) if row.encounter == one)
    assert row.state is EncounterState.HELD and row.hold is not None
    assert (row.hold.kind, row.hold.owner, row.hold.since, row.hold.due) == (
        "missing-page",
        "sam",
        NOON,
        date(2026, 3, 5),
    )
    assert ids(store, held=True) == ids(store, mine="sam") == ids(store, state=EncounterState.HELD) == [one]
    kim, _ = accounts(store)
    assert store.worklist.candidates(Narrowing(), Order.AGE, account=kim, overdue_before=None) == (two,)
    decide(store, one, Action.RELEASE)
    assert ids(store, held=True) == [] and all(row.hold is None for row in listed(store))


def test_a_second_coder_does_not_move_the_row_of_the_first(store: Store) -> None:
    one = put(store, "a")
    decide(store, one, Action.ACCEPT, "401.9")
    before = listed(store)
    store.decisions.append(
        who="lee",
        encounter=one,
        reading=1,
        action=Action.ACCEPT,
        system=CodeSystem.ICD9CM,
        code="250.00",
        round=SECOND_ROUND,
    )
    assert listed(store) == (replace(before[0], second=EncounterState.STARTED),)


def test_patients_are_sorted_without_case_and_accents(store: Store) -> None:
    names = {
        put(store, letter, name=name): name for letter, name in zip("abc", ("Ölmez, A", "oak, B", "Zorn"), strict=True)
    }
    assert [names[id] for id in ids(store, Order.PATIENT)] == ["oak, B", "Ölmez, A", "Zorn"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("lopez", "ab"),
        ("LÓPEZ maria", "a"),
        ("keller", "ab"),
        ("b.pdf", "b"),
        ("44-8213", "a"),
        ("448213", "a"),
        ("lopez nobody", ""),
        ("100%", "b"),
        ("%", "b"),
        ("_", ""),
        ("  ", "ab"),
    ],
)
def test_the_search_looks_into_patient_provider_file_and_record_number(store: Store, words: str, found: str) -> None:
    made = {
        put(store, "a", record_number=finding("44-8213")): "a",
        put(store, "b", name="Lopez, José 100%", record_number=finding("77")): "b",
    }
    assert "".join(sorted(made[id] for id in ids(store, words=words))) == found


def test_the_search_finds_the_name_that_a_person_confirmed(store: Store) -> None:
    one = put(store, "a", name=None)
    decide(
        store,
        one,
        Action.CONFIRM_PATIENT,
        patient=Patient(name="Ode, Ann", birth_date=None, record_number="9-9", sex=None),
    )
    assert ids(store, words="ode 99") == [one]
    assert ids(store, words="lopez") == []


def test_an_account_sees_and_counts_only_its_batches(store: Store, engine: Engine) -> None:
    one, two = put(store, "a"), put(store, "b")
    with engine.begin() as connection:
        connection.execute(update(tables.worklist).where(tables.worklist.c.encounter == two).values(batch="tuesday"))
    tuesday = frozenset({"tuesday"})
    assert ids(store, batches=tuesday) == [two]
    assert ids(store, batches=frozenset()) == []
    assert ids(store, batches=tuesday, batch="") == []
    assert store.worklist.batches(Narrowing(batches=tuesday)) == ("tuesday",)
    assert sorted(store.worklist.batches(Narrowing())) == ["", "tuesday"]
    assert store.worklist.counts(Narrowing(batches=tuesday))[EncounterState.OPEN] == 1
    assert store.worklist.counts(Narrowing())[EncounterState.OPEN] == 2
    assert one in ids(store)


def test_mine_is_what_i_began_and_nobody_finished(store: Store) -> None:
    one, two, three = (put(store, letter) for letter in "abc")
    decide(store, one, Action.ACCEPT, "401.9")
    sign(store, two)
    assert ids(store, mine="kim") == [one]
    assert ids(store, mine="lee") == []
    assert store.worklist.counts(Narrowing(mine="kim"))[EncounterState.STARTED] == 1
    assert three in ids(store)


def test_next_is_what_nobody_else_has_open_and_goes_round(store: Store) -> None:
    one, two, three = (put(store, letter) for letter in "abc")
    kim, lee = accounts(store)

    def following(after: str = "", account: str = kim) -> tuple[str, ...]:
        return store.worklist.candidates(Narrowing(), Order.AGE, account=account, overdue_before=LATE, after=after)

    in_order = tuple(ids(store))
    assert set(in_order) == {one, two, three}
    assert following() == in_order
    assert following(in_order[1]) == (in_order[2], in_order[0])
    assert following(in_order[2]) == in_order[:2]
    store.leases.take(in_order[0], lee, "tab")
    assert following() == in_order[1:]
    assert following(account=lee) == in_order
    sign(store, in_order[1])
    assert following() == in_order[2:]


@pytest.mark.parametrize("order", list(Order))
def test_next_goes_round_in_every_order(store: Store, order: Order) -> None:
    for letter, day in zip("abcd", ("2012-08-01", None, "2012-03-14", "2012-01-01"), strict=True):
        put(store, letter, day=day, name=f"Name {letter}")
    kim, _ = accounts(store)
    shown = ids(store, order, LATE)
    here, seen = shown[0], [shown[0]]
    for _ in range(3):
        here = store.worklist.candidates(Narrowing(), order, account=kim, overdue_before=LATE, after=here)[0]
        seen.append(here)
    assert seen == shown


def accounts(store: Store) -> tuple[str, str]:
    made = [store.users.add(name, NEW_ACCOUNT) for name in ("kim", "lee")]
    assert made[0] is not None and made[1] is not None
    return made[0].id, made[1].id


def test_of_two_who_press_next_at_once_none_gets_the_others_chart(store: Store) -> None:
    for letter in "abcdef":
        put(store, letter)
    both, got = Barrier(2, timeout=20), []

    def press(account: str) -> None:
        for _ in range(3):
            both.wait()
            found = store.worklist.candidates(Narrowing(), Order.AGE, account=account, overdue_before=None)
            mine = next(
                id for id in found if id not in got and store.leases.take(id, account, account).account == account
            )
            got.append(mine)

    threads = [Thread(target=press, args=(account,)) for account in accounts(store)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 6 and len(set(got)) == 6


def test_the_kept_rows_are_what_proposals_and_journal_add_up_to(store: Store, engine: Engine) -> None:
    one, two = put(store, "a"), put(store, "b")
    decide(store, one, Action.ACCEPT, "401.9")
    sign(store, two)
    store.readings.add(reading(store.readings.encounters()[0].document))
    assert differences(engine) == ()
    before = listed(store)
    with engine.begin() as connection:
        connection.execute(update(tables.worklist).where(tables.worklist.c.encounter == one).values(accepted=7))
    assert differences(engine) == (one,)
    assert rebuild(engine) == 2
    assert differences(engine) == () and listed(store) == before


def test_rows_that_an_older_program_left_out_are_made_when_the_store_is_opened(store: Store, engine: Engine) -> None:
    one = put(store, "a")
    decide(store, one, Action.ACCEPT, "401.9")
    before = listed(store)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM worklist"))
    decide(store, one, Action.ACCEPT, "250.00")
    assert [row.accepted for row in listed(store)] == [2]
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM worklist"))
    assert catch_up(engine) == 1 and catch_up(engine) == 0
    assert listed(store) == (replace(before[0], accepted=2),)
