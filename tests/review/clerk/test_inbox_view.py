from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pipeline.review.clerk.view import NEARLY_FULL, Show, banners, clock, listing, measured, reading, size
from pipeline.review.clerk.view import Row as ListRow
from pipeline.store.concerns import Measures
from pipeline.store.progress import Asides, BeingRead, WorkerAtWork
from tests.conftest import NOON

WORKER = WorkerAtWork(
    started_at=NOON,
    beat_at=NOON,
    due_at=NOON + timedelta(seconds=30),
    stopped_at=None,
    stopped_why=None,
    free_bytes=NEARLY_FULL,
    asides=Asides(),
)
CHART = BeingRead(
    arrival=1,
    document="d",
    name="a.pdf",
    batch="",
    again=False,
    attempt=1,
    pages_done=0,
    pages=None,
    started_at=NOON,
)


def row(key: str, *, retry: bool = False) -> ListRow:
    return ListRow(key=key, name=key, at="12:00", sentence=None, document=None, retry=retry)


def test_a_worker_at_work_needs_no_banner() -> None:
    assert banners(WORKER, NOON, inbox_readable=True) == ()


@pytest.mark.parametrize("worker", [None, replace(WORKER, due_at=NOON - timedelta(seconds=1))])
def test_a_worker_that_does_not_run_is_told_with_what_starts_it(worker: WorkerAtWork | None) -> None:
    (banner,) = banners(worker, NOON, inbox_readable=True)
    assert "not running" in banner.sentence and banner.command == "inkchart run"


def test_why_a_worker_stopped_comes_first() -> None:
    stopped = replace(WORKER, stopped_at=NOON, stopped_why="The inbox cannot be looked through.")
    why, start = banners(stopped, NOON, inbox_readable=False)
    assert "cannot be looked through" in why.sentence and start.command == "inkchart run"


def test_an_inbox_that_cannot_be_read_is_told() -> None:
    assert "cannot be read" in banners(None, NOON, inbox_readable=False)[0].sentence


def test_a_disk_that_is_nearly_full_is_told_with_its_room() -> None:
    (banner,) = banners(replace(WORKER, free_bytes=NEARLY_FULL - 1), NOON, inbox_readable=True)
    assert "nearly full: 2.0 GB are left" in banner.sentence


@pytest.mark.parametrize(
    ("done", "pages", "told"),
    [
        (0, None, "opening the file"),
        (3, None, "page 3 done"),
        (0, 5, "page 1 of 5"),
        (4, 5, "page 5 of 5"),
        (5, 5, "finding the codes"),
    ],
)
def test_how_far_a_chart_is(done: int, pages: int | None, told: str) -> None:
    assert reading([replace(CHART, pages_done=done, pages=pages)], NOON)[0].told == told


def test_rows_are_grouped_by_batch_in_the_order_of_the_newest() -> None:
    rows = [("b", row("1", retry=True)), ("a", row("2")), ("b", row("3", retry=True))]
    found = listing(Show.REJECTED, rows, 3, 1, 1)
    assert [(g.batch, g.retries, [r.key for r in g.rows]) for g in found.groups] == [
        ("b", 2, ["1", "3"]),
        ("a", 0, ["2"]),
    ]
    assert found.grouped and not listing(Show.READ, [("", row("1"))], 1, 1, 1).grouped


def test_a_pages_measures_are_told_where_they_were_taken() -> None:
    taken = Measures(sharpness=0.214, contrast=0.8, brightness=None, letter_height=12.4, cut_letters=5)
    assert measured(taken) == "sharpness 21 %, contrast 80 %, letters 12 px high, 5 letters cut off"
    nothing = Measures(sharpness=None, contrast=None, brightness=None, letter_height=None, cut_letters=0)
    assert measured(nothing) == ""


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (NOON.replace(hour=9, minute=5), "09:05"),
        (NOON - timedelta(days=1), "Feb 28, 12:00"),
        (datetime(2025, 12, 31, 23, 0, tzinfo=NOON.tzinfo), "Dec 31, 2025"),
    ],
)
def test_a_time_is_told_as_briefly_as_it_can_be(at: datetime, told: str) -> None:
    assert clock(at, NOON) == told


def test_room_is_told_in_the_unit_that_says_it() -> None:
    assert (size(1_300_000_000), size(499_999_999)) == ("1.3 GB", "499 MB")
