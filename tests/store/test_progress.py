from datetime import timedelta
from pathlib import Path

from pipeline.store import Store
from pipeline.store.progress import SHOWN, Asides
from tests.conftest import NOON
from tests.store.test_arrivals import SHA, File, seen

SOON = timedelta(seconds=30)


def reads(store: Store) -> str:
    arrival = store.arrivals.take(seen(store, File(Path("monday/a.pdf"), batch="monday")), SHA, size=10, mtime_ns=5)
    assert arrival.document is not None
    store.progress.reads(arrival.document, arrival=arrival.id, again=False, attempt=2)
    return arrival.document


def test_no_worker_ever_ran(store: Store) -> None:
    assert store.progress.worker() is None and store.progress.being_read() == ()


def test_a_worker_runs_until_its_next_word_is_overdue(store: Store) -> None:
    store.progress.starts(SOON)
    worker = store.progress.worker()
    assert worker is not None and worker.runs(NOON + SOON) and not worker.runs(NOON + 2 * SOON)


def test_pages_are_told_with_the_beat(store: Store) -> None:
    store.progress.starts(SOON)
    document = reads(store)
    store.progress.beats(SOON, asides=Asides(passed_over=("x is a FIFO.",)), free_bytes=7, pages={document: (2, 5)})
    (chart,) = store.progress.being_read()
    assert (chart.name, chart.batch, chart.attempt, chart.pages_done, chart.pages) == ("a.pdf", "monday", 2, 2, 5)
    worker = store.progress.worker()
    assert worker is not None and worker.free_bytes == 7 and worker.asides.passed_over == ("x is a FIFO.",)
    store.progress.ends(document)
    assert store.progress.being_read() == ()


def test_a_worker_that_stops_says_why_and_reads_nothing_any_more(store: Store) -> None:
    store.progress.starts(SOON)
    reads(store)
    store.progress.stops("The disk is full.")
    worker = store.progress.worker()
    assert worker is not None and not worker.runs(NOON)
    assert (worker.stopped_at, worker.stopped_why) == (NOON, "The disk is full.")
    assert store.progress.being_read() == ()


def test_a_new_worker_clears_what_a_killed_one_told(store: Store) -> None:
    store.progress.starts(SOON)
    reads(store)
    store.progress.starts(SOON)
    assert store.progress.being_read() == ()


def test_ten_thousand_sentences_are_cut_and_counted(store: Store) -> None:
    store.progress.starts(SOON)
    many = tuple(f"{n}.part" for n in range(SHOWN + 9))
    store.progress.beats(SOON, asides=Asides(unfinished=many), free_bytes=None, pages={})
    worker = store.progress.worker()
    assert worker is not None
    assert (len(worker.asides.unfinished), worker.asides.more) == (SHOWN, 9)
