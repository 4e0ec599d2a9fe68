import csv
import hashlib
import io
import json
import logging
import threading
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine, delete, insert, select, text, update

from pipeline.errors import DecisionRefusedError, InkchartError, StoreError
from pipeline.records import CodeSystem
from pipeline.store import Store, tables
from pipeline.store.audit import REQUEST, Audit, chain
from pipeline.store.audit_proof import Fault, Proof, prove
from pipeline.store.audit_rows import GENESIS, Act, Wanted, as_csv_lines, as_json_lines, digest, text_of
from pipeline.store.connect import snapshot, transaction
from pipeline.store.decided import Action, Decision
from tests.charts import reading
from tests.conftest import NOON, store_on
from tests.store.test_readings import document

HOUR = timedelta(hours=1)


@pytest.fixture
def encounter(store: Store) -> str:
    store.readings.add(reading(document(store)))
    store.sign_ins.issue("kim", HOUR)
    return store.readings.encounters()[0].id


def accept(store: Store, encounter: str, code: str | None = "401.9") -> int:
    system = CodeSystem.ICD9CM
    made = store.decisions.append(
        who="kim", encounter=encounter, reading=1, action=Action.ACCEPT, system=system, code=code
    )
    return made.id


def accepted(encounter: str) -> Decision:
    return Decision(
        id=0,
        at=NOON,
        who="kim",
        encounter=encounter,
        reading=1,
        action=Action.ACCEPT,
        system=CodeSystem.ICD9CM,
        code="401.9",
    )


def test_an_entry_carries_who_what_and_the_request_and_the_hash_before_it(store: Store, encounter: str) -> None:
    token = REQUEST.set("f00d")
    try:
        store.audit.write(Act.VIEW_CHART, who="kim", subject=encounter)
    finally:
        REQUEST.reset(token)
    store.audit.write(Act.EXPORT, who=None, detail="csv 12")
    second, first = store.audit.newest(Wanted(), limit=9)
    assert (first.id, first.at, first.who, first.action, first.subject, first.request, first.previous) == (
        1,
        NOON,
        "kim",
        "view-chart",
        encounter,
        "f00d",
        GENESIS,
    )
    assert (second.id, second.who, second.detail, second.request, second.previous) == (
        2,
        None,
        "csv 12",
        None,
        first.hash,
    )
    assert store.audit.verify() == Proof(rows=2, first=text_of(NOON), last=text_of(NOON), head=second.hash)


def test_names_and_ids_that_the_store_does_not_know_are_left_out(store: Store, encounter: str) -> None:
    store.audit.write(Act.SIGN_IN_FAILED, who="a password typed here", subject="Okafor")
    store.audit.write(Act.SIGN_IN_FAILED, who="a\0b", subject="Okafor\0")
    entry, _ = store.audit.newest(Wanted(), limit=9)
    assert (entry.who, entry.subject) == (None, None)


@pytest.mark.parametrize(
    "more", [{"subject": "Okafor, Ruth"}, {"detail": "Okafor"}, {"detail": "chest pain;"}, {"detail": "a" * 65}]
)
def test_words_of_a_chart_do_not_fit_into_an_entry(store: Store, more: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="plain words only"), transaction(store.audit._engine) as connection:
        chain(connection, at=NOON, who="kim", act=Act.VIEW, **more)
    assert store.audit.verify().rows == 0


def test_a_decision_and_its_entry_stand_together(store: Store, encounter: str) -> None:
    id = accept(store, encounter)
    (entry,) = store.audit.newest(Wanted(), limit=9)
    assert (entry.who, entry.action, entry.subject, entry.detail) == ("kim", "decide", encounter, f"accept {id}")
    with pytest.raises(DecisionRefusedError):
        accept(store, encounter, code=None)
    assert store.audit.verify().rows == 1


def test_without_the_log_nothing_is_decided(engine: Engine, store: Store, encounter: str) -> None:
    with transaction(engine) as connection:
        connection.execute(text("ALTER TABLE audit RENAME TO elsewhere"))
    with pytest.raises(InkchartError):
        accept(store, encounter)
    with pytest.raises(InkchartError):
        store.audit.write(Act.VIEW_CHART, who="kim")
    assert store.decisions.of(encounter) == ()


def test_an_entry_that_the_database_refuses_is_an_error_in_words(engine: Engine, store: Store) -> None:
    with transaction(engine) as connection:  # as another program would leave it: an entry at the next place, unseen
        connection.execute(text("CREATE UNIQUE INDEX one_only ON audit (action)"))
    store.audit.write(Act.EXPORT, who=None)
    with pytest.raises(StoreError, match="audit log cannot be written"):
        store.audit.write(Act.EXPORT, who=None)


def test_writers_side_by_side_do_not_fork_the_chain(store: Store, encounter: str) -> None:
    store.readings.add(reading(document(store, "b")))
    both = [each.id for each in store.readings.encounters()]
    store.audit.write(Act.VIEW_LIST, who="kim")
    failed: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for turn in range(10):
                if number == 0:
                    store.audit.write(Act.VIEW_PAGE, who="kim", subject=encounter, detail=str(turn))
                elif number == 1:
                    accept(store, encounter)
                else:  # two encounters at once, in either order
                    store.decisions.append_all(tuple(accepted(id) for id in both[:: 1 if number % 2 else -1]))
        except BaseException as error:
            failed.append(error)
            raise

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    proof = store.audit.verify()
    assert (proof.rows, proof.fault) == (1 + 20 + 4 * 20, None)
    assert len(store.decisions.of(encounter)) == 50


def test_the_log_is_asked_by_who_what_whom_and_when(engine: Engine, store: Store, encounter: str) -> None:
    store.sign_ins.issue("lee", HOUR)
    days = [NOON + timedelta(days=day) for day in range(5)]
    for day, who in zip(days, ("kim", "lee", None, "kim", "lee"), strict=True):
        now = Audit(engine, lambda day=day: day)  # type: ignore[misc]
        now.write(Act.VIEW_CHART if who else Act.SIGN_IN_FAILED, who=who, subject=encounter if who == "kim" else None)

    def ids(**more: object) -> list[int]:
        wanted = Wanted(**more)  # type: ignore[arg-type]
        found = [entry.id for entry in store.audit.newest(wanted, limit=9)]
        assert [entry.id for entry in store.audit.each(wanted, 99)] == found[::-1]
        assert store.audit.count(wanted) == len(found)
        return found

    assert ids() == [5, 4, 3, 2, 1]
    assert ids(who="lee") == [5, 2]
    assert ids(who="") == ids(act=Act.SIGN_IN_FAILED) == [3]
    assert ids(subject=encounter) == [4, 1]
    assert ids(since=date(2026, 3, 2), until=date(2026, 3, 4)) == [4, 3, 2]
    assert [entry.id for entry in store.audit.newest(Wanted(), before=4, limit=2)] == [3, 2]
    assert list(store.audit.accounts().values()) == ["kim", "lee"]


def test_an_export_holds_all_that_is_needed_to_prove_it_elsewhere(store: Store, encounter: str) -> None:
    store.sign_ins.issue("=cmd", HOUR)
    for who in ("kim", "=cmd", None):
        store.audit.write(Act.VIEW_CHART, who=who, subject=encounter, detail="panel")
    previous = "0" * 64
    for line in as_json_lines(store.audit.each(Wanted(), 99)):
        entry = json.loads(line)
        hashed = {key: value for key, value in entry.items() if key != "hash"}
        canonical = json.dumps(hashed, sort_keys=True, separators=(",", ":"))
        assert entry["previous"] == previous
        previous = hashlib.sha256(canonical.encode()).hexdigest()
        assert entry["hash"] == previous
    assert store.audit.verify().head == previous
    rows = list(csv.reader(io.StringIO("".join(as_csv_lines(store.audit.each(Wanted(), 99))), newline="")))
    assert rows[0][:4] == ["id", "at", "who", "action"] and [row[2] for row in rows[1:]] == ["kim", "'=cmd", ""]
    assert next(iter(as_csv_lines(()))).startswith("id,at,who")


def test_a_head_written_down_earlier_is_found_again_and_a_cut_tail_is_told(store: Store) -> None:
    heads = []
    for _ in range(3):
        store.audit.write(Act.VIEW_LIST, who=None)
        heads.append(store.audit.verify().head)
    assert all(store.audit.verify(head).fault is None for head in heads)
    told = store.audit.verify("f" * 64)
    assert (told.fault, told.at, told.rows, told.head) == (Fault.CUT, None, 3, heads[-1])


def test_rows_stay_out_of_the_log_however_far_it_is_turned_up(sqlite: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="sqlalchemy.engine.Engine")
    store = store_on(sqlite)
    store.sign_ins.issue("quokka", HOUR)
    assert store.audit.account("quokka") in store.audit.accounts() and store.audit.account("nobody") is None
    with pytest.raises(Exception) as raised, transaction(sqlite) as connection:
        connection.execute(insert(tables.user).values(id="quokka", name=None, roles="quokka", created_at=NOON))
    assert "quokka" not in caplog.text and "quokka" not in str(raised.value)


# --- any single change is named at its link --------------------------------------------------------

WORDS = st.one_of(st.none(), st.text(st.characters(codec="utf-8"), max_size=8))
DRAFT = st.tuples(WORDS, st.sampled_from(list(Act)), st.integers(0, 10**9))


@pytest.fixture(scope="module")
def loose() -> Iterator[Engine]:
    """The table alone and without its triggers, as somebody has it who writes to the file."""
    engine = create_engine("sqlite://")
    tables.metadata.create_all(engine, tables=[tables.audit])
    yield engine
    engine.dispose()


def rows(connection: Connection) -> list[dict[str, object]]:
    return [dict(row._mapping) for row in connection.execute(select(tables.audit).order_by(tables.audit.c.id))]


def forged(row: dict[str, object], **changed: object) -> dict[str, object]:
    """A row with a hash that fits it."""
    made = {**row, **changed}
    told = {key: value for key, value in made.items() if key not in {"hash", "at"}}
    return {**made, "hash": digest(at=text_of(made["at"]), **told)}  # type: ignore[arg-type]


@settings(max_examples=100, deadline=None)
@given(drafts=st.lists(DRAFT, min_size=1, max_size=7), data=st.data())
def test_any_single_change_is_named_at_its_link(
    loose: Engine, drafts: list[tuple[str | None, Act, int]], data: st.DataObject
) -> None:
    table, n = tables.audit, len(drafts)
    with loose.connect() as connection:
        for who, act, seconds in drafts:
            chain(connection, at=NOON + timedelta(microseconds=seconds), who=who, act=act)
        before = rows(connection)
        proof = prove(connection)
        assert (proof.rows, proof.fault, proof.head) == (n, None, before[-1]["hash"])

        k = data.draw(st.integers(1, n), label="link")
        row = before[k - 1]
        expected: tuple[Fault, int | None]
        match data.draw(st.sampled_from(["field", "id", "delete", "swap", "insert", "forge"]), label="change"):
            case "field":
                column = data.draw(st.sampled_from([c for c in row if c != "id"]), label="column")
                new = NOON - HOUR if column == "at" else data.draw(st.text(max_size=70), label="value")
                if new == row[column]:
                    new = f"{new}x"
                raw = data.draw(st.sampled_from([new, b"\xff"]) if column != "at" else st.just(new), label="raw")
                value = raw if isinstance(raw, str) or column == "at" else None
                if value is None:  # SQLite lets anything into any column
                    connection.execute(text(f"UPDATE audit SET {column} = :raw WHERE id = :k"), {"raw": raw, "k": k})
                else:
                    connection.execute(update(table).where(table.c.id == k).values({column: value}))
                expected = (Fault.ALTERED, k)
            case "id":
                to = data.draw(st.one_of(st.integers(-3, 0), st.integers(n + 1, n + 9)), label="to")
                connection.execute(update(table).where(table.c.id == k).values(id=to))
                expected = (Fault.MISPLACED, to) if to <= 0 else (Fault.MISSING, k)
            case "delete":
                connection.execute(delete(table).where(table.c.id == k))
                # A cut tail shows against the head that was written down only.
                expected = (Fault.MISSING, k) if k < n else (Fault.CUT, None)
            case "swap":
                other = data.draw(st.integers(1, n), label="other")
                if other == k:
                    return
                for old, to in ((k, -1), (other, k), (-1, other)):
                    connection.execute(update(table).where(table.c.id == old).values(id=to))
                expected = (Fault.ALTERED, min(k, other))
            case "insert":
                for id in range(n, k - 1, -1):
                    connection.execute(update(table).where(table.c.id == id).values(id=id + 1))
                connection.execute(insert(table).values(forged(row, who="somebody else")))
                expected = (Fault.ALTERED, k + 1)
            case _:  # a row that is rewritten with a hash that fits it no longer carries the next one
                rewritten = forged(row, who=f"not {row['who']}")
                connection.execute(update(table).where(table.c.id == k).values(rewritten))
                expected = (Fault.FORKED, k + 1) if k < n else (Fault.CUT, None)
        told = prove(connection, str(before[-1]["hash"]))
        assert (told.fault, told.at) == expected
        connection.rollback()


def test_a_time_that_is_none_is_an_altered_entry(sqlite: Engine) -> None:
    store = store_on(sqlite)
    for _ in range(2):
        store.audit.write(Act.VIEW_LIST, who=None)
    with transaction(sqlite) as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("UPDATE audit SET at = 'yesterday' WHERE id = 2"))
    told = store.audit.verify()
    assert (told.fault, told.at, told.rows) == (Fault.ALTERED, 2, 1)


def test_a_chain_is_proven_page_by_page(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.store.audit_proof.ROWS_AT_ONCE", 2)
    monkeypatch.setattr("pipeline.store.audit.ROWS_AT_ONCE", 2)
    store = store_on(sqlite)
    assert store.audit.verify() == Proof() == store.audit.verify(GENESIS)
    for count in range(1, 6):
        store.audit.write(Act.VIEW_LIST, who=None)
        assert store.audit.verify().rows == count == len(list(store.audit.each(Wanted(), 99)))
    with snapshot(sqlite) as connection:
        assert prove(connection, store.audit.verify().head).fault is None
