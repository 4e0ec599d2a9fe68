import json
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from pipeline.errors import DecisionRefusedError
from pipeline.records import PageRole, Reading
from pipeline.store import Store
from pipeline.store.clerk import NO_COPY
from pipeline.store.concerns import Concern, ConcernKind
from pipeline.store.connect import migrate
from pipeline.store.rows import ArrivalState, DocumentState
from tests.charts import QUALITY, page, reading
from tests.conftest import NOON, store_on
from tests.store.test_arrivals import SHA, File, seen

BLURRED = replace(QUALITY, sharpness=0.2, advice="The page is blurred.")


def rejected(store: Store, name: str = "monday/a.pdf", sha256: str = SHA) -> Concern:
    """A rejected file that lies in `rejected/`."""
    path = Path(name)
    taken = store.arrivals.take(seen(store, File(path, batch=path.parts[0])), sha256, size=10, mtime_ns=5)
    store.arrivals.reject(taken.id, "The file is damaged.")
    store.arrivals.plan_move(taken.id, Path("rejected") / path)
    store.arrivals.moved(taken.id)
    return next(c for c in store.inbox.concerns(ConcernKind.REJECTED, limit=99) if c.arrival == taken.id)


def poor(document: str, *pages: int) -> Reading:
    made = tuple(replace(page(n, "Lopez"), quality=BLURRED if n in pages else QUALITY) for n in (1, 2))
    return reading(document, pages=made)


def read(store: Store, sha256: str = SHA, name: str = "a.pdf", pages: tuple[int, ...] = (2,)) -> str:
    taken = store.arrivals.take(seen(store, File(Path(name))), sha256, size=10, mtime_ns=5)
    assert taken.document is not None
    store.readings.add(poor(taken.document, *pages), arrival=taken.id)
    store.arrivals.moved(taken.id)
    return taken.document


def errands(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT who, kind FROM errand ORDER BY id"))]


def test_a_retry_sets_the_same_arrival_back_where_its_receipt_lies(store: Store, engine: Engine) -> None:
    concern = rejected(store)
    assert store.clerk.retry(concern.id, "kim") == "a.pdf"
    arrival = store.arrivals.of(concern.arrival or 0)
    assert (arrival.state, arrival.path, arrival.moved_to, arrival.moved_at, arrival.sentence) == (
        ArrivalState.READING,
        Path("rejected/monday/a.pdf"),
        None,
        None,
        None,
    )
    document = store.arrivals.document(SHA[:16])
    assert document is not None and document.state is DocumentState.READING
    assert store.inbox.counts()[ConcernKind.REJECTED] == 0
    assert store.clerk.tries(arrival.id) == 1 and errands(engine) == [("kim", "retry")]


def test_a_retry_happens_once_however_often_it_is_asked(store: Store) -> None:
    concern = rejected(store)
    store.clerk.retry(concern.id, "kim")
    with pytest.raises(DecisionRefusedError, match="somebody was quicker"):
        store.clerk.retry(concern.id, "lee")


def test_a_file_without_an_original_must_be_dropped_again(store: Store) -> None:
    store.arrivals.reject(seen(store, File(Path("big.pdf"))), "The file is larger than is taken here.")
    (concern,) = store.inbox.concerns(ConcernKind.REJECTED, limit=9)
    with pytest.raises(DecisionRefusedError, match=NO_COPY):
        store.clerk.retry(concern.id, "kim")


def test_a_file_that_is_still_being_moved_is_not_tried_yet(store: Store) -> None:
    taken = store.arrivals.take(seen(store, File(Path("a.pdf"))), SHA, size=10, mtime_ns=5)
    store.arrivals.reject(taken.id, "The file is damaged.")
    (concern,) = store.inbox.concerns(ConcernKind.REJECTED, limit=9)
    with pytest.raises(DecisionRefusedError, match="still being moved"):
        store.clerk.retry(concern.id, "kim")


def test_content_that_was_read_meanwhile_settles_its_rejection(store: Store) -> None:
    concern = rejected(store)
    read(store, name="again.pdf")
    assert store.inbox.counts()[ConcernKind.REJECTED] == 0
    (dealt,) = store.inbox.dealt(limit=9)
    assert (dealt.id, dealt.dealt_by) == (concern.id, None)


def test_a_batch_is_tried_again_without_its_neighbours_and_two_copies_once(store: Store) -> None:
    rejected(store, "monday/a.pdf", "a" * 64)
    rejected(store, "monday/b.pdf", "b" * 64)
    rejected(store, "monday/a-copy.pdf", "a" * 64)
    rejected(store, "tuesday/c.pdf", "c" * 64)
    assert store.inbox.rejected_batches() == ("monday", "tuesday")
    assert store.clerk.retry_batch("monday", "kim") == 2
    assert store.arrivals.counts()[ArrivalState.READING] == 2
    assert store.clerk.retry_batch("monday", "kim") == 0  # the second copy waits for the first


def test_what_is_dealt_with_leaves_the_list_stays_on_record_and_comes_back(store: Store, engine: Engine) -> None:
    concern = rejected(store)
    store.clerk.deal(concern.id, "kim")
    assert store.inbox.concerns(ConcernKind.REJECTED, limit=9) == ()
    (dealt,) = store.inbox.dealt(limit=9)
    assert (dealt.name, dealt.dealt_by, dealt.dealt_at) == ("a.pdf", "kim", NOON)
    store.clerk.restore(concern.id, "lee")
    assert store.inbox.counts()[ConcernKind.REJECTED] == 1 and store.inbox.dealt_count() == 0
    assert errands(engine) == [("kim", "dealt"), ("lee", "restored")]


def test_pages_of_the_latest_reading_are_advised_with_their_measures(store: Store) -> None:
    document = read(store)
    (concern,) = store.inbox.concerns(ConcernKind.PAGE, limit=9)
    assert (concern.document, concern.page, concern.sentence) == (document, 2, "The page is blurred.")
    assert (concern.measures.sharpness, concern.measures.contrast) == (0.2, 0.9)
    assert store.inbox.advised(document, 2) and not store.inbox.advised(document, 1)
    store.readings.add(poor(document, 1))
    (concern,) = store.inbox.concerns(ConcernKind.PAGE, limit=9)
    assert concern.page == 1


def test_a_separator_sheet_is_not_to_be_scanned_again(store: Store) -> None:
    document = read(store)
    sheet = replace(page(1, role=PageRole.SEPARATOR), quality=BLURRED)
    store.readings.add(reading(document, pages=(sheet,)))
    assert store.inbox.counts()[ConcernKind.PAGE] == 0


def test_a_page_that_was_scanned_again_stays_ticked_when_its_chart_is_read_again(store: Store) -> None:
    document = read(store)
    store.clerk.deal(store.inbox.concerns(ConcernKind.PAGE, limit=9)[0].id, "kim")
    store.readings.add(poor(document, 2))
    assert store.inbox.counts()[ConcernKind.PAGE] == 0
    assert [c.dealt_by for c in store.inbox.dealt(limit=9)] == ["kim"]


def test_a_later_chart_of_the_same_visit_is_told_beside_the_advice(store: Store) -> None:
    document = read(store)
    assert store.inbox.newer_scans([document]) == {}
    newer = read(store, "b" * 64, "lopez again.pdf", pages=())
    assert store.inbox.newer_scans([document, newer]) == {document: "lopez again.pdf"}


def test_a_chart_without_an_encounter_is_a_concern_until_a_reading_finds_one(store: Store) -> None:
    taken = store.arrivals.take(seen(store, File(Path("blank.pdf"))), SHA, size=10, mtime_ns=5)
    assert taken.document is not None
    empty = reading(taken.document, encounters=(), entities=(), candidates=())
    store.readings.add(empty, arrival=taken.id)
    assert store.inbox.counts()[ConcernKind.UNPLACED] == 1
    store.readings.add(reading(taken.document))
    assert store.inbox.counts()[ConcernKind.UNPLACED] == 0


def test_a_new_reading_is_wanted_until_it_is_kept(store: Store, engine: Engine) -> None:
    document = read(store)
    for _ in range(2):
        assert store.clerk.read_again(document, "kim") == "a.pdf"
    (wanted,) = store.clerk.wanted()
    assert (wanted.arrival.document, wanted.who) == (document, "kim")
    store.readings.add(poor(document))
    assert store.clerk.wanted() == () and errands(engine) == [("kim", "read-again")]


def test_a_new_reading_that_fails_leaves_the_one_before_and_is_told(store: Store) -> None:
    document = read(store)
    store.clerk.read_again(document, "kim")
    store.clerk.not_read_again(document, "A page took too much time.")
    assert store.clerk.wanted() == ()
    (concern,) = store.inbox.concerns(ConcernKind.AGAIN, limit=9)
    assert (concern.name, concern.sentence) == ("a.pdf", "A page took too much time.")
    store.clerk.read_again(document, "kim")
    assert store.inbox.counts()[ConcernKind.AGAIN] == 0


def test_only_a_chart_that_was_read_is_read_again(store: Store) -> None:
    rejected(store)
    for document in (SHA[:16], "none"):
        with pytest.raises(DecisionRefusedError, match="Only a chart that was read"):
            store.clerk.read_again(document, "kim")


def test_an_older_store_brings_its_rejections_and_its_advice_along(sqlite: Engine) -> None:
    store = store_on(sqlite)
    rejected(store, "monday/bad.pdf", "b" * 64)
    document = read(store)
    tables = ("worker", "progress", "wanted", "errand", "concern")
    with sqlite.begin() as connection:
        for table in tables:
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("DROP INDEX ix_arrival_finished"))
        # Later revisions are not taken back; what they made is still there, so only this one is run.
        from alembic.migration import MigrationContext
        from alembic.operations import Operations

        from pipeline.store.migrations.versions import __path__ as versions

        source = (Path(versions[0]) / "0005_clerk.py").read_text()
        with Operations.context(MigrationContext.configure(connection)):
            made: dict[str, object] = {}
            exec(compile(source, "0005_clerk.py", "exec"), made)
            made["upgrade"]()  # type: ignore[operator]
    assert migrate(sqlite)
    assert [c.name for c in store.inbox.concerns(ConcernKind.REJECTED, limit=9)] == ["bad.pdf"]
    (concern,) = store.inbox.concerns(ConcernKind.PAGE, limit=9)
    assert (concern.document, concern.page, concern.measures.sharpness) == (document, 2, 0.2)
    with sqlite.connect() as connection:
        record = connection.execute(text("SELECT record FROM reading")).scalar_one()
    assert json.loads(zlib.decompress(record))["pages"][1]["quality"]["advice"] == concern.sentence
