import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pipeline.store import Store
from pipeline.store.concerns import ConcernKind
from pipeline.store.rows import ArrivalState, DocumentState
from tests.charts import reading
from tests.conftest import NOON

SHA = "a" * 64


@dataclass(frozen=True)
class File:
    path: Path
    size: int = 10
    mtime_ns: int = 1_700_000_000_123_456_789
    batch: str = ""

    @property
    def name(self) -> str:
        return os.fsencode(self.path.name).decode("utf-8", "backslashreplace")


def seen(store: Store, file: File) -> int:
    return store.arrivals.sight([file])[file.path].id


def test_a_file_that_is_seen_twice_is_one_arrival(store: Store) -> None:
    first = store.arrivals.sight([File(Path("a.pdf"))])[Path("a.pdf")]
    assert (first.state, first.first_seen, first.mtime_ns) == (ArrivalState.WAITING, NOON, 1_700_000_000_123_456_789)
    grown = store.arrivals.sight([File(Path("a.pdf"), size=20)])[Path("a.pdf")]
    assert (grown.id, grown.size) == (first.id, 20)


def test_a_name_that_is_no_utf8_comes_back_as_it_was(store: Store) -> None:
    path = Path(os.fsdecode(b"\xff\xfe\n'-.pdf"))
    assert store.arrivals.sight([File(path)])[path].path == path


def test_a_waiting_file_that_is_renamed_stays_the_same_arrival(store: Store) -> None:
    first = seen(store, File(Path("scan0001.pdf")))
    assert seen(store, File(Path("lopez.pdf"))) == first
    assert store.arrivals.of(first).path == Path("lopez.pdf")


def test_new_content_is_to_be_read_and_a_second_copy_is_a_duplicate(store: Store) -> None:
    first = store.arrivals.take(seen(store, File(Path("a.pdf"))), SHA, size=10, mtime_ns=5)
    assert (first.state, first.document, first.mtime_ns) == (ArrivalState.READING, SHA[:16], 5)
    second = seen(store, File(Path("b.pdf"), size=11))
    assert store.arrivals.take(second, SHA, size=11, mtime_ns=6).state is ArrivalState.WAITING
    store.readings.add(reading(SHA[:16]), arrival=first.id)
    duplicate = store.arrivals.take(second, SHA, size=11, mtime_ns=6)
    assert duplicate.state is ArrivalState.DUPLICATE
    assert duplicate.sentence is not None and "a.pdf" in duplicate.sentence
    assert store.arrivals.counts()[ArrivalState.READ] == store.arrivals.counts()[ArrivalState.DUPLICATE] == 1


def test_content_that_was_rejected_is_tried_again(store: Store) -> None:
    first = store.arrivals.take(seen(store, File(Path("a.pdf"))), SHA, size=10, mtime_ns=5)
    assert first.document is not None
    assert store.arrivals.count_attempt(first.document) == 1
    rejected = store.arrivals.reject(first.id, "The file is damaged.")
    assert (rejected.state, rejected.sentence) == (ArrivalState.REJECTED, "The file is damaged.")
    assert store.arrivals.documents()[0].state is DocumentState.REJECTED
    store.arrivals.moved(first.id)
    again = store.arrivals.take(seen(store, File(Path("a.pdf"))), SHA, size=10, mtime_ns=5)
    assert again.id != first.id and again.state is ArrivalState.READING
    document = store.arrivals.document(first.document)
    assert document is not None and (document.state, document.attempts) == (DocumentState.READING, 0)


def test_a_move_is_planned_before_it_is_done(store: Store) -> None:
    id = seen(store, File(Path("a.pdf")))
    store.arrivals.reject(id, "The file is empty.")
    assert [a.id for a in store.arrivals.unmoved()] == [id]
    store.arrivals.plan_move(id, Path("rejected/a.pdf"))
    assert store.arrivals.of(id).moved_to == Path("rejected/a.pdf")
    store.arrivals.moved(id)
    assert store.arrivals.unmoved() == ()


def test_a_purge_is_recorded_and_happens_once(store: Store) -> None:
    arrival = store.arrivals.take(seen(store, File(Path("a.pdf"))), SHA, size=10, mtime_ns=5)
    store.readings.add(reading(SHA[:16]), arrival=arrival.id)
    store.arrivals.plan_move(arrival.id, Path("done/a.pdf"))
    store.arrivals.moved(arrival.id)
    assert store.arrivals.moved_before(NOON) == ()
    later = NOON + timedelta(seconds=1)
    assert [a.id for a in store.arrivals.moved_before(later)] == [arrival.id]
    store.arrivals.purged(arrival.id)
    assert store.arrivals.moved_before(later) == ()
    assert store.arrivals.of(arrival.id).purged_at == NOON


def test_a_rejected_file_becomes_a_concern_that_a_later_rejection_replaces(store: Store) -> None:
    first = store.arrivals.take(seen(store, File(Path("a.pdf"))), SHA, size=10, mtime_ns=5)
    store.arrivals.reject(first.id, "The file is damaged.")
    store.arrivals.reject(first.id, "The file is empty.")
    (concern,) = store.inbox.concerns(ConcernKind.REJECTED, limit=9)
    assert (concern.name, concern.sentence, concern.document) == ("a.pdf", "The file is empty.", SHA[:16])


def test_one_kind_of_the_undecided_is_told_alone(store: Store) -> None:
    taken = store.arrivals.take(seen(store, File(Path("a.pdf"))), SHA, size=10, mtime_ns=5)
    waiting = seen(store, File(Path("b.pdf"), size=11))
    assert [a.id for a in store.arrivals.undecided()] == [taken.id, waiting]
    assert [a.id for a in store.arrivals.undecided(ArrivalState.WAITING)] == [waiting]
    assert [a.id for a in store.arrivals.undecided(ArrivalState.READING)] == [taken.id]
