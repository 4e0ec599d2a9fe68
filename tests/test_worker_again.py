"""What is tried or read again, and what the worker tells the clerk's page meanwhile."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.errors import DiskFullError
from pipeline.pool import PageDone, ReadingPool
from pipeline.settings import Settings
from pipeline.store import Store, open_store
from pipeline.store.concerns import ConcernKind
from pipeline.store.rows import ArrivalState
from pipeline.worker.live import Live
from tests.stages import build, gate, quick_settings
from tests.test_worker import OPERATIONS, _result, _run_until, exceptions, put, states, work


def limited(settings: Settings, pages: int) -> Settings:
    return settings.model_copy(update={"render": settings.render.model_copy(update={"max_pages": pages})})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return quick_settings(tmp_path)


def retry(store: Store) -> None:
    (concern,) = store.inbox.concerns(ConcernKind.REJECTED, limit=9)
    store.clerk.retry(concern.id, "kim")


def files(settings: Settings) -> list[str]:
    return sorted(str(p.relative_to(settings.inbox_dir)) for p in settings.inbox_dir.rglob("*") if p.is_file())


def test_a_rejected_file_that_a_changed_limit_lets_pass_is_read_and_its_receipt_follows(settings: Settings) -> None:
    put(settings, "monday/a.txt", "pages 3")
    _, store = work(limited(settings, 2))
    work(limited(settings, 2))[0].drain()
    assert files(settings) == ["rejected/monday/a.txt", "rejected/monday/a.txt.why.txt"]
    retry(store)
    assert exceptions(settings, store) == ()
    assert work(settings)[0].drain().read == 1
    assert files(settings) == ["done/monday/a.txt"]
    assert states(store) == {"a.txt": ArrivalState.READ}
    assert exceptions(settings, store) == () and store.inbox.counts()[ConcernKind.REJECTED] == 0


def test_a_retry_that_fails_again_leaves_the_file_where_it_lies_with_the_new_sentence(settings: Settings) -> None:
    put(settings, "a.txt", "pages 3")
    worker, store = work(limited(settings, 2))
    worker.drain()
    why = settings.inbox_dir / "rejected/a.txt.why.txt"
    why.write_text("an older sentence")
    retry(store)
    assert work(limited(settings, 2))[0].drain().rejected == 1
    assert files(settings) == ["rejected/a.txt", "rejected/a.txt.why.txt"]
    assert "more pages" in why.read_text()
    assert store.inbox.counts()[ConcernKind.REJECTED] == 1 and exceptions(settings, store) == ()


@pytest.mark.parametrize("pages", [2, 3])
def test_a_retry_needs_no_receipt(settings: Settings, pages: int) -> None:
    put(settings, "a.txt", "pages 3")
    worker, store = work(limited(settings, 2))
    worker.drain()
    (settings.inbox_dir / "rejected/a.txt").unlink()
    retry(store)
    work(limited(settings, pages))[0].drain()
    assert states(store) == {"a.txt": ArrivalState.READ if pages == 3 else ArrivalState.REJECTED}
    assert files(settings) == [] and exceptions(settings, store) == ()


def test_a_file_put_in_a_receipts_place_is_neither_moved_nor_overwritten(settings: Settings) -> None:
    put(settings, "a.txt", "pages 3")
    worker, store = work(limited(settings, 2))
    worker.drain()
    put(settings, "rejected/a.txt", "the clerk's own words")
    retry(store)
    work(settings)[0].drain()
    assert (settings.inbox_dir / "rejected/a.txt").read_text() == "the clerk's own words"


def test_a_lost_original_is_told_when_it_is_tried_again(settings: Settings) -> None:
    put(settings, "a.txt", "damaged")
    worker, store = work(settings)
    worker.drain()
    next(settings.data_dir.glob("originals/[0-9a-f]*")).unlink()
    retry(store)
    work(settings)[0].drain()
    (concern,) = store.inbox.concerns(ConcernKind.REJECTED, limit=9)
    assert concern.sentence is not None and "kept copy" in concern.sentence


def test_a_chart_is_read_again_as_the_next_reading_and_its_receipt_stays(settings: Settings) -> None:
    put(settings, "a.txt", "pages 2")
    worker, store = work(settings)
    worker.drain()
    (document,) = store.arrivals.documents()
    store.clerk.read_again(document.id, "kim")
    assert work(settings)[0].drain().read == 1
    assert [e.reading for e in store.readings.encounters()] == [2]
    assert files(settings) == ["done/a.txt"] and store.clerk.wanted() == ()
    assert work(settings)[0].drain().read == 0


def test_a_chart_that_cannot_be_read_again_keeps_its_reading(settings: Settings) -> None:
    put(settings, "a.txt", "pages 3")
    worker, store = work(settings)
    worker.drain()
    (document,) = store.arrivals.documents()
    store.clerk.read_again(document.id, "kim")
    assert work(limited(settings, 2))[0].drain().rejected == 1
    assert states(store) == {"a.txt": ArrivalState.READ} and exceptions(settings, store) == ()
    (concern,) = store.inbox.concerns(ConcernKind.AGAIN, limit=9)
    assert concern.sentence is not None and "more pages" in concern.sentence


@pytest.mark.timeout(600)
def test_a_kill_at_any_step_of_a_retry_ends_as_an_undisturbed_one_does(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    begun.mkdir()
    settings = quick_settings(begun)
    put(settings, "monday/a.txt", "pages 3")
    put(settings, "b.txt", "pages 1")
    put(settings, "c.txt", "damaged")
    worker, store = work(limited(settings, 2))
    worker.drain()
    for concern in store.inbox.concerns(ConcernKind.REJECTED, limit=9):
        store.clerk.retry(concern.id, "kim")
    store.clerk.read_again(next(d.id for d in store.arrivals.documents() if d.name == "b.txt"), "kim")

    def fresh(name: str) -> Settings:
        shutil.copytree(begun, tmp_path / name)
        return quick_settings(tmp_path / name)

    undisturbed = fresh("undisturbed")
    work(undisturbed)[0].drain()
    expected = _result(undisturbed)
    operation = 0
    while True:
        operation += 1
        settings = fresh(str(operation))
        killed = os.WIFSIGNALED(_run_until(settings, operation))
        assert not any("not a file" in each for each in exceptions(settings, open_store(settings)))
        work(settings)[0].drain()
        assert _result(settings) == expected, f"killed at step {operation}"
        if not killed:
            break
    assert operation > 20 and len(OPERATIONS) == 6


@pytest.fixture
def watching(settings: Settings) -> Iterator[Callable[[], Store]]:
    """A worker with a real reading process, at work."""
    pool = ReadingPool(settings, build, 1)
    stop, wake = threading.Event(), threading.Event()
    worker, store = work(settings, pool)
    thread = threading.Thread(target=lambda: worker.watch(stop, wake))

    def start() -> Store:
        thread.start()
        return store

    yield start
    stop.set()
    wake.set()
    thread.join()
    pool.close()


def until(found: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_store_says_what_is_being_read_and_what_is_asked_for_is_taken_up(
    settings: Settings, watching: Callable[[], Store], tmp_path: Path
) -> None:
    put(settings, "a.txt", f"gated 2 {tmp_path}")
    store = watching()
    until(lambda: any(chart.pages_done == 1 for chart in store.progress.being_read()))
    (chart,) = store.progress.being_read()
    assert (chart.name, chart.pages, chart.attempt, chart.again) == ("a.txt", 2, 1, False)
    gate(tmp_path, 2).touch()
    until(lambda: states(store)["a.txt"] is ArrivalState.READ)
    until(lambda: store.progress.being_read() == ())
    store.clerk.read_again(store.arrivals.documents()[0].id, "kim")
    until(lambda: [e.reading for e in store.readings.encounters()] == [2])


def test_a_worker_that_stops_for_a_reason_says_it_and_one_that_is_ended_does_not(settings: Settings) -> None:
    worker, store = work(settings)
    worker.drain()
    ended = store.progress.worker()
    assert ended is not None and ended.stopped_at is not None and ended.stopped_why is None
    put(settings, "a.txt", "full")
    with pytest.raises(DiskFullError):
        work(settings)[0].drain()
    full = store.progress.worker()
    assert full is not None and full.stopped_why == "The disk is full."


def test_pages_are_written_at_most_once_a_second(settings: Settings) -> None:
    put(settings, "a.txt", "pages 1")
    worker, store = work(settings)
    worker.drain()
    arrival = store.arrivals.all()[0]
    assert arrival.document is not None
    now = [100.0]
    live = Live(settings, store, lambda: now[0])

    def told() -> tuple[int, int | None]:
        (chart,) = store.progress.being_read()
        return chart.pages_done, chart.pages

    with live.working():
        live.reads(arrival.document, arrival.id, again=False, crashes=1)
        live.page(PageDone(document=arrival.document, number=0, of=9))
        live.beat()
        assert told() == (0, 9) and store.progress.being_read()[0].attempt == 2
        live.page(PageDone(document=arrival.document, number=1))
        live.beat()
        assert told() == (0, 9)
        now[0] += 1.0
        live.beat()
        assert told() == (1, 9)
