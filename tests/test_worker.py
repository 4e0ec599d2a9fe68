import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from pipeline.cli.screen import Board, print_tally
from pipeline.errors import DiskFullError, MissingProgramError
from pipeline.inbox.originals import Originals
from pipeline.pool import ReadingPool
from pipeline.progress import Progress, Step, Tally
from pipeline.reconcile import reconcile
from pipeline.settings import Settings
from pipeline.store import Store, open_store
from pipeline.store.rows import ArrivalState
from pipeline.worker import Worker
from tests.stages import InlinePool, build, build_on_a_bare_machine, quick_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return quick_settings(tmp_path)


def put(settings: Settings, name: str, content: str) -> Path:
    path = settings.inbox_dir / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def work(settings: Settings, pool: InlinePool | ReadingPool | None = None, **more: object) -> tuple[Worker, Store]:
    store = open_store(settings)
    worker = Worker(
        settings=settings,
        store=store,
        originals=Originals(settings.data_dir),
        pool=pool or InlinePool(settings),  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )
    return worker, store


def states(store: Store) -> dict[str, ArrivalState]:
    return {arrival.name: arrival.state for arrival in store.arrivals.all()}


def exceptions(settings: Settings, store: Store) -> tuple[str, ...]:
    return reconcile(settings.inbox_dir, store, Originals(settings.data_dir)).exceptions


def test_charts_are_read_kept_and_moved(settings: Settings) -> None:
    put(settings, "a.txt", "pages 2")
    put(settings, "monday/b.txt", "pages 1 b")
    told: list[Progress] = []
    worker, store = work(settings, tell=told.append)
    tally = worker.drain()
    assert (tally.read, tally.pages, tally.rejected, tally.waiting) == (2, 3, 0, ())
    assert (settings.inbox_dir / "done/a.txt").is_file() and (settings.inbox_dir / "done/monday/b.txt").is_file()
    assert [e.batch for e in store.readings.encounters()] == ["", "monday"]
    assert [t.step for t in told] == [Step.STARTED, Step.READ] * 2
    assert exceptions(settings, store) == ()


def test_pages_that_are_better_scanned_again_are_told(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    put(settings, "lopez [a].txt", "pale 3")
    put(settings, "ok.txt", "pages 1")
    with Board() as board:
        worker, _ = work(settings, tell=board)
        tally = worker.drain()
    print_tally(tally)
    shown = capsys.readouterr().out
    assert (tally.read, tally.advised) == (2, 2)
    assert "lopez [a].txt, page 2: Scan it darker." in shown and "page 3" in shown and "page 1" not in shown
    assert "2 pages are better scanned again" in shown


def test_a_second_copy_is_told_and_not_read_again(settings: Settings) -> None:
    put(settings, "a.txt", "pages 1")
    put(settings, "b.txt", "pages 1")
    worker, store = work(settings)
    tally = worker.drain()
    assert (tally.read, tally.duplicates) == (1, 1)
    assert states(store) == {"a.txt": ArrivalState.READ, "b.txt": ArrivalState.DUPLICATE}
    assert "a.txt" in (settings.inbox_dir / "done/b.txt.why.txt").read_text()
    assert len(store.readings.encounters()) == 1
    assert exceptions(settings, store) == ()


def test_a_bad_chart_is_set_aside_and_the_rest_goes_on(settings: Settings) -> None:
    put(settings, "a.txt", "damaged")
    put(settings, "b.txt", "pages 1")
    worker, store = work(settings)
    tally = worker.drain()
    assert (tally.read, tally.rejected, tally.failed) == (1, 1, 0)
    why = (settings.inbox_dir / "rejected/a.txt.why.txt").read_text()
    assert "damaged" in why and "scan it again" in why and "\n" not in why.strip()
    assert exceptions(settings, store) == ()


def test_a_rejected_file_that_is_replaced_is_tried_again(settings: Settings) -> None:
    for _ in range(2):
        put(settings, "a.txt", "damaged")
        worker, store = work(settings)
        assert worker.drain().rejected == 1
    put(settings, "a.txt", "pages 1")
    worker, store = work(settings)
    assert worker.drain().read == 1
    assert [a.state for a in store.arrivals.all()] == ["rejected", "rejected", "read"]
    assert (settings.inbox_dir / "rejected/a~2.txt.why.txt").is_file()
    assert exceptions(settings, store) == ()


def test_a_fault_of_the_program_sets_one_chart_aside_and_logs_no_word_of_it(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    put(settings, "lopez.txt", "fault Maria Lopez")
    put(settings, "b.txt", "pages 1")
    worker, _ = work(settings)
    with caplog.at_level(logging.DEBUG):
        tally = worker.drain()
    assert (tally.read, tally.failed) == (1, 1)
    assert "ValueError" in caplog.text
    assert "Lopez" not in caplog.text and "lopez" not in caplog.text
    assert "Lopez" not in (settings.inbox_dir / "rejected/lopez.txt.why.txt").read_text()


def test_a_full_disk_stops_the_worker_moves_nothing_and_resumes(settings: Settings) -> None:
    put(settings, "a.txt", "full")
    worker, store = work(settings)
    with pytest.raises(DiskFullError):
        worker.drain()
    assert (settings.inbox_dir / "a.txt").is_file()
    assert states(store) == {"a.txt": ArrivalState.READING}
    original = next(iter(Originals(settings.data_dir).folder.glob("[0-9a-f]*")))
    original.chmod(0o600)
    original.write_text("pages 1")  # there is room now: the same chart can be read
    worker, store = work(settings)
    assert worker.drain().read == 1
    assert (settings.inbox_dir / "done/a.txt").is_file()


def test_an_empty_file_waits_and_is_told_as_empty(settings: Settings) -> None:
    put(settings, "a.pdf", "")
    worker, store = work(settings)
    assert worker.drain().rejected == 1
    assert "empty" in (settings.inbox_dir / "rejected/a.pdf.why.txt").read_text()
    assert exceptions(settings, store) == ()


def test_a_file_that_grows_stays_waiting(settings: Settings) -> None:
    path = put(settings, "a.txt", "pages 1")

    class GrowsMeanwhile(threading.Event):
        """What is asked before each look through the inbox: the file has grown since the last one."""

        def is_set(self) -> bool:
            with path.open("a") as file:
                file.write(" x")
            return super().is_set()

    worker, store = work(settings)
    tally = worker.drain(GrowsMeanwhile())
    assert tally.waiting == ("a.txt",) and path.is_file()
    assert states(store) == {"a.txt": ArrivalState.WAITING}
    assert exceptions(settings, store) == ()


def test_a_file_that_is_too_large_is_refused_before_it_is_copied(tmp_path: Path) -> None:
    settings = quick_settings(tmp_path)
    settings = settings.model_copy(update={"inbox": settings.inbox.model_copy(update={"max_bytes": 5})})
    put(settings, "a.txt", "pages 1")
    worker, _ = work(settings)
    assert worker.drain().rejected == 1
    assert Originals(settings.data_dir).names() == set()


def test_a_file_put_in_the_place_of_one_that_is_read_is_a_new_arrival(settings: Settings) -> None:
    path = put(settings, "a.txt", "pages 1")

    def replace(told: Progress) -> None:
        if told.step is Step.STARTED and told.arrival.id == 1:
            path.write_text("pages 2 another")

    worker, store = work(settings, tell=replace)
    # on a busy machine the new file may not have settled when the first pass ends
    worker.drain()
    assert worker.drain().read == 2
    assert [a.state for a in store.arrivals.all()] == ["read", "read"]
    assert exceptions(settings, store) == ()


def test_receipts_are_purged_when_their_time_is_over(settings: Settings, sqlite: Engine) -> None:
    put(settings, "a.txt", "pages 1")
    worker, store = work(settings)
    worker.drain()
    worker, store = work(settings)
    worker.drain()
    assert (settings.inbox_dir / "done/a.txt").exists()
    database = open_store_engine(settings)
    with database.begin() as connection:
        connection.execute(text("UPDATE arrival SET moved_at = '2000-01-01 00:00:00'"))
    worker, store = work(settings)
    worker.drain()
    assert not (settings.inbox_dir / "done/a.txt").exists()
    assert store.arrivals.all()[0].purged_at is not None
    assert len(Originals(settings.data_dir).names()) == 1
    assert exceptions(settings, store) == ()


def test_a_receipt_that_cannot_be_purged_keeps_no_chart_from_being_read(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(settings, "a.txt", "pages 1")
    work(settings)[0].drain()
    with open_store_engine(settings).begin() as connection:
        connection.execute(text("UPDATE arrival SET moved_at = '2000-01-01 00:00:00'"))
    put(settings, "b.txt", "pages 1 b")
    receipt, real = settings.inbox_dir / "done/a.txt", os.unlink

    def not_this_one(path: Path, **more: object) -> None:
        if Path(path) == receipt:
            raise PermissionError(13, "Permission denied")
        real(path)

    monkeypatch.setattr(os, "unlink", not_this_one)
    worker, store = work(settings)
    tally = worker.drain()
    assert (tally.read, len(tally.unmoved)) == (1, 1)
    assert receipt.is_file() and store.arrivals.all()[0].purged_at is None


def open_store_engine(settings: Settings) -> Engine:
    from pipeline.store.connect import open_engine, sqlite_url

    return open_engine(sqlite_url(settings.data_dir))


@pytest.fixture
def pooled(tmp_path: Path) -> Iterator[Callable[[int], tuple[Settings, ReadingPool]]]:
    pools = []

    def make(workers: int) -> tuple[Settings, ReadingPool]:
        settings = quick_settings(tmp_path, workers=workers)
        pools.append(ReadingPool(settings, build, workers))
        return settings, pools[-1]

    yield make
    for pool in pools:
        pool.close()


def test_a_chart_that_takes_its_process_down_is_set_aside_and_its_neighbours_are_read(
    pooled: Callable[[int], tuple[Settings, ReadingPool]],
) -> None:
    settings, pool = pooled(2)
    put(settings, "a.txt", "pages 1 a")
    put(settings, "b.txt", "crash")
    put(settings, "c.txt", "slow 2 0.3")
    worker, store = work(settings, pool)
    tally = worker.drain()
    assert (tally.read, tally.rejected) == (2, 1)
    assert states(store)["b.txt"] is ArrivalState.REJECTED
    assert exceptions(settings, store) == ()


def test_a_machine_that_is_not_set_up_stops_the_worker_and_rejects_nothing(tmp_path: Path) -> None:
    settings = quick_settings(tmp_path)
    put(settings, "a.txt", "pages 1")
    pool = ReadingPool(settings, build_on_a_bare_machine, 1)
    worker, store = work(settings, pool)
    try:
        with pytest.raises(MissingProgramError):
            worker.drain()
    finally:
        pool.close()
    assert (settings.inbox_dir / "a.txt").is_file()
    assert states(store) == {"a.txt": ArrivalState.READING}


def test_a_file_that_was_cut_off_is_kept_among_the_originals_too(settings: Settings) -> None:
    put(settings, "a.pdf", "%PDF-1.4 and no end")
    worker, store = work(settings)
    assert worker.drain().rejected == 1
    assert len(Originals(settings.data_dir).names()) == 1
    (settings.inbox_dir / "rejected/a.pdf").unlink()  # the clerk scans it again
    assert exceptions(settings, store) == ()


def test_watching_takes_what_comes_and_ends_when_told(
    pooled: Callable[[int], tuple[Settings, ReadingPool]],
) -> None:
    settings, pool = pooled(1)
    stop, wake = threading.Event(), threading.Event()
    result: list[Tally] = []
    worker, _ = work(settings, pool)
    thread = threading.Thread(target=lambda: result.append(worker.watch(stop, wake)))
    thread.start()
    put(settings, "a.txt", "pages 1")
    wake.set()
    deadline = time.monotonic() + 60
    while not (settings.inbox_dir / "done/a.txt").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    wake.set()
    thread.join()
    assert result[0].read == 1


OPERATIONS = ("fsync", "link", "unlink", "rename", "replace", "mkdir")


def _run_until(settings: Settings, operation: int) -> int:
    """Drain in a child process that is killed at the n-th step that reaches the disk; its wait status."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    left = operation

    def count() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            count()  # a kill after a step leaves the disk as one before the next step does
            return real(*arguments, **named)

        return call

    for name in OPERATIONS:
        setattr(os, name, counted(getattr(os, name)))
    from sqlalchemy import event
    from sqlalchemy.engine import Engine as AnyEngine

    event.listen(AnyEngine, "commit", lambda connection: count())
    try:
        work(settings)[0].drain()
    finally:
        os._exit(0)


def _result(settings: Settings) -> object:
    store = open_store(settings)
    files = sorted(str(p.relative_to(settings.inbox_dir)) for p in settings.inbox_dir.rglob("*") if p.is_file())
    kept = {document.id: store.readings.get(document.id) for document in store.arrivals.documents()}
    numbers = [encounter.reading for encounter in store.readings.encounters()]
    return files, states(store), kept, numbers, exceptions(settings, store)


@pytest.mark.timeout(600)
def test_a_kill_at_any_step_ends_as_an_undisturbed_run_does(tmp_path: Path) -> None:
    def fresh(name: str) -> Settings:
        folder = tmp_path / name
        folder.mkdir()
        settings = quick_settings(folder)
        put(settings, "a.txt", "pages 2")
        put(settings, "b.txt", "pages 2")  # a second copy
        put(settings, "c.txt", "damaged")
        open_store(settings)  # so that the tables are there and every kill is one of the worker
        return settings

    undisturbed = fresh("undisturbed")
    work(undisturbed)[0].drain()
    expected = _result(undisturbed)
    operation = 0
    while True:
        operation += 1
        settings = fresh(str(operation))
        killed = os.WIFSIGNALED(_run_until(settings, operation))
        work(settings)[0].drain()
        assert _result(settings) == expected, f"killed at step {operation}"
        if not killed:
            break
    assert operation > 30
