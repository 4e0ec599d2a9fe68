from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.inbox.originals import Originals
from pipeline.inbox.scan import look
from pipeline.reconcile import reconcile
from pipeline.settings import Settings
from pipeline.store.rows import ArrivalState
from tests.stages import quick_settings
from tests.test_worker import exceptions, put, work


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = quick_settings(tmp_path)
    put(settings, "a.txt", "pages 2")
    put(settings, "b.txt", "damaged")
    work(settings)[0].drain()
    return settings


def test_a_run_that_went_well_has_no_exception(settings: Settings) -> None:
    put(settings, "new.txt", "pages 1 new")
    _, store = work(settings)
    account = reconcile(settings.inbox_dir, store, Originals(settings.data_dir))
    assert account.exceptions == ()
    assert (account.states[ArrivalState.READ], account.states[ArrivalState.REJECTED]) == (1, 1)
    assert (account.pages.content, account.not_yet_seen) == (2, 1)


def _lose_original(settings: Settings) -> None:
    next(settings.data_dir.glob("originals/[0-9a-f]*")).unlink()


def _spoil_original(settings: Settings) -> None:
    path = next(settings.data_dir.glob("originals/[0-9a-f]*"))
    path.chmod(0o600)
    path.write_text("other bytes")


def _add_original(settings: Settings) -> None:
    (settings.data_dir / "originals" / ("f" * 64)).write_text("who am I")


def _add_receipt(settings: Settings) -> None:
    (settings.inbox_dir / "done" / "stranger.txt").write_text("x")


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (_lose_original, "is missing or damaged"),
        (_spoil_original, "is missing or damaged"),
        (_add_original, "belongs to no document"),
        (_add_receipt, "is not a file that the worker put there"),
    ],
)
def test_each_harm_is_named(settings: Settings, harm: Callable[[Settings], None], sentence: str) -> None:
    harm(settings)
    (found,) = exceptions(settings, work(settings)[1])
    assert sentence in found


def test_a_waiting_file_that_vanished_is_named(settings: Settings) -> None:
    put(settings, "c.pdf", "%PDF-1.4 not yet whole")
    _, store = work(settings)
    store.arrivals.sight(look(settings.inbox_dir).files)
    assert exceptions(settings, store) == ()
    (settings.inbox_dir / "c.pdf").unlink()
    (found,) = exceptions(settings, store)
    assert "c.pdf" in found and "gone from the inbox" in found


def test_emptying_done_is_the_clerks_right(settings: Settings) -> None:
    (settings.inbox_dir / "done/a.txt").unlink()
    assert exceptions(settings, work(settings)[1]) == ()


def test_a_reading_with_fewer_pages_than_its_original_is_named(settings: Settings) -> None:
    _, store = work(settings)
    account = reconcile(settings.inbox_dir, store, Originals(settings.data_dir), lambda path: 3)
    assert ["3 pages, and 2" in sentence for sentence in account.exceptions] == [True]


def test_what_desktops_leave_in_a_folder_is_no_stranger(settings: Settings) -> None:
    (settings.inbox_dir / "done" / "Thumbs.db").write_bytes(b"x")
    assert exceptions(settings, work(settings)[1]) == ()
