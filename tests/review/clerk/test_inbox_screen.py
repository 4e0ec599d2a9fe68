from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI

from pipeline.review.clerk.view import FIRST, ROWS
from pipeline.review.queue.view import batch_key
from pipeline.store import Store
from pipeline.store.concerns import ConcernKind
from pipeline.store.progress import Asides
from pipeline.store.rows import ArrivalState, Role
from tests.review.conftest import Client, signed_in
from tests.review.drawn_chart import put_in
from tests.store.test_arrivals import File, seen
from tests.store.test_clerk import poor, read, rejected

HTMX = {"HX-Request": "true"}


@pytest.fixture
def clerk(app: FastAPI, sqlite_store: Store) -> Client:
    return signed_in(app, sqlite_store)


@pytest.fixture
def lead(app: FastAPI, sqlite_store: Store) -> Client:
    return signed_in(app, sqlite_store, "lee", roles=frozenset({Role.LEAD}))


def test_an_empty_inbox_says_where_it_is(empty_app: FastAPI, sqlite_store: Store) -> None:
    page = signed_in(empty_app, sqlite_store).get("/inbox").text
    assert "No file came yet" in page and "/charts/inbox" in page and "inkchart run" in page


def test_every_state_of_a_file_is_listed(clerk: Client, sqlite_store: Store) -> None:
    sqlite_store.progress.starts(timedelta(seconds=30))
    seen(sqlite_store, File(Path("waits.pdf"), size=77))
    rejected(sqlite_store, "monday/bad.pdf", "b" * 64)
    taken = sqlite_store.arrivals.take(seen(sqlite_store, File(Path("long.pdf"), size=9)), "d" * 64, size=9, mtime_ns=1)
    assert taken.document is not None
    sqlite_store.progress.reads(taken.document, arrival=taken.id, again=False, attempt=2)
    asides = Asides(passed_over=("link.pdf is a symbolic link; it was not opened.",), unfinished=("x.part",))
    sqlite_store.progress.beats(timedelta(seconds=30), asides=asides, free_bytes=None, pages={taken.document: (2, 7)})
    page = clerk.get("/inbox").text
    for part in ("waits.pdf", "bad.pdf", "The file is damaged.", "long.pdf", "page 3 of 7", "try 2"):
        assert part in page, part
    for part in ("okafor march.pdf", "link.pdf is a symbolic link", "x.part", "monday"):
        assert part in page, part
    assert "not running" not in page


def test_a_worker_that_is_gone_reads_nothing(clerk: Client, sqlite_store: Store) -> None:
    taken = sqlite_store.arrivals.take(seen(sqlite_store, File(Path("a.pdf"))), "d" * 64, size=10, mtime_ns=1)
    assert taken.document is not None
    sqlite_store.progress.starts(timedelta(seconds=-1))
    sqlite_store.progress.reads(taken.document, arrival=taken.id, again=False, attempt=1)
    page = clerk.get("/inbox").text
    assert "The worker is not running" in page and "Waits for the worker" in page and "<progress" not in page


def test_a_rejected_file_is_tried_again(clerk: Client, sqlite_store: Store) -> None:
    concern = rejected(sqlite_store, sha256="b" * 64)
    answer = clerk.post(f"/inbox/concerns/{concern.id}/retry")
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
    assert sqlite_store.arrivals.of(concern.arrival or 0).state is ArrivalState.READING
    late = clerk.post(f"/inbox/concerns/{concern.id}/retry", headers=HTMX)
    assert late.status_code == 409 and "not in the list any more" in late.text and "<html" not in late.text


def test_a_file_of_which_no_copy_was_kept_is_to_be_dropped_again(clerk: Client, sqlite_store: Store) -> None:
    sqlite_store.arrivals.reject(seen(sqlite_store, File(Path("big.pdf"))), "The file is larger than is taken here.")
    page = clerk.get("/inbox").text
    assert "drop it into the inbox again" in page and "Try again" not in page


def test_a_batch_is_tried_again_by_its_key(clerk: Client, sqlite_store: Store) -> None:
    for name, letter in (("monday/a.pdf", "b"), ("monday/b.pdf", "c"), ("tuesday/c.pdf", "d")):
        rejected(sqlite_store, name, letter * 64)
    page = clerk.get("/inbox").text
    assert page.count("Try all again") == 1
    answer = clerk.post(f"/inbox/batches/{batch_key('monday')}/retry", headers=HTMX)
    assert "2 files will be read again." in answer.text
    assert sqlite_store.inbox.counts()[ConcernKind.REJECTED] == 1
    assert clerk.post("/inbox/batches/none/retry").status_code == 409


def test_what_is_dealt_with_is_listed_with_who_and_can_be_put_back(clerk: Client, sqlite_store: Store) -> None:
    concern = rejected(sqlite_store, sha256="b" * 64)
    dealt = clerk.post(f"/inbox/concerns/{concern.id}/dealt", data={"show": "rejected", "screen": "1"}, headers=HTMX)
    assert "is dealt with" in dealt.text and f"/inbox/concerns/{concern.id}/restored" in dealt.text
    assert "kim dealt with it, 12:00." in clerk.get("/inbox", params={"show": "dealt"}).text
    form = {"show": "dealt", "screen": "1"}
    assert clerk.post(f"/inbox/concerns/{concern.id}/restored", data=form).headers["location"] == (
        "/inbox?show=dealt&screen=1"
    )
    assert sqlite_store.inbox.counts()[ConcernKind.REJECTED] == 1
    assert clerk.post("/inbox/concerns/none/restored").status_code == 409


def test_a_page_to_scan_again_is_shown_with_its_picture_and_no_other_page_is(
    clerk: Client, sqlite_store: Store, pictures: Path
) -> None:
    document = put_in(sqlite_store, "poor.pdf", "monday", "f")
    sqlite_store.readings.add(poor(document, 1))
    page = clerk.get("/inbox").text
    assert "The page is blurred." in page and "sharpness 20 %" in page
    picture = clerk.get(f"/inbox/pages/{document}/1")
    assert picture.headers["content-type"] == "image/jpeg"
    assert 0 < len(picture.content) < (pictures / "page-1.jpg").stat().st_size
    other = sqlite_store.readings.encounters()[0].document
    for address in (f"{document}/2", f"{other}/2", "none/1", f"{document}/0", f"{document}/{10**20}"):
        assert clerk.get(f"/inbox/pages/{address}").status_code == 404, address


def test_a_page_without_a_picture_is_told(clerk: Client, sqlite_store: Store) -> None:
    from dataclasses import replace

    document = read(sqlite_store, "f" * 64)
    reading = sqlite_store.readings.get(document)
    assert reading is not None
    fourth = tuple(replace(page, number=page.number + 2) for page in reading.pages)  # the app draws no page 4
    sqlite_store.readings.add(replace(reading, pages=fourth))
    assert "no picture" in clerk.get(f"/inbox/pages/{document}/4").text


def test_a_later_chart_of_the_same_visit_is_hinted_at(clerk: Client, sqlite_store: Store) -> None:
    read(sqlite_store, "e" * 64)
    read(sqlite_store, "f" * 64, "lopez again.pdf", pages=())
    assert "“lopez again.pdf” came later" in clerk.get("/inbox").text


def test_a_chart_is_asked_to_be_read_again_from_the_inbox_and_from_its_own_page(
    lead: Client, sqlite_store: Store
) -> None:
    encounter = sqlite_store.readings.encounters()[0]
    where = f"/inbox/documents/{encounter.document}/reading"
    assert "Read again" in lead.get("/inbox").text
    assert "will be read again" in lead.post(where, headers=HTMX).text
    answer = lead.post(where, data={"encounter": encounter.id})
    assert answer.headers["location"] == f"/encounters/{encounter.id}"
    assert lead.post(where, data={"encounter": "//evil.example"}).headers["location"] == "/inbox"
    assert [w.who for w in sqlite_store.clerk.wanted()] == ["lee"]
    assert lead.post("/inbox/documents/none/reading").status_code == 409


def test_a_clerk_may_not_have_a_chart_read_again(clerk: Client, sqlite_store: Store) -> None:
    document = sqlite_store.readings.encounters()[0].document
    assert clerk.post(f"/inbox/documents/{document}/reading").status_code == 403
    assert "Read again" not in clerk.get("/inbox").text


def test_lists_are_cut_on_the_first_page_and_paged_alone(clerk: Client, sqlite_store: Store) -> None:
    files = [File(Path(f"{n:03}.pdf"), size=n + 1000) for n in range(ROWS + 5)]
    sqlite_store.arrivals.sight(files)
    page = clerk.get("/inbox").text
    assert page.count("<li") < FIRST * 4 and f"All {ROWS + 5}" in page
    assert f"{ROWS + 4:03}.pdf" in page and "000.pdf" not in page
    second = clerk.get("/inbox", params={"show": "waiting", "screen": 2}).text
    assert "000.pdf" in second and "2 of 2" in second and f"{ROWS + 4:03}.pdf" not in second
    assert clerk.get("/inbox", params={"show": "waiting", "screen": 99}).text.count('id="f') == 5
    assert clerk.get("/inbox", params={"show": "nonsense"}).status_code == 422


def test_names_are_escaped(clerk: Client, sqlite_store: Store) -> None:
    seen(sqlite_store, File(Path("<b>x.pdf")))
    page = clerk.get("/inbox").text
    assert "<b>x" not in page and "&lt;b&gt;x.pdf" in page
