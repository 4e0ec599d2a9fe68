"""An account that is limited to the batch “tuesday”, while everything else lies in “monday”."""

from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, func, select

from pipeline.review.queue.view import batch_key
from pipeline.store import Store, tables
from pipeline.store.arranging import Hand
from pipeline.store.concerns import ConcernKind
from pipeline.store.decided import Action, HoldKind
from pipeline.store.progress import Asides
from pipeline.store.rows import Role
from tests.conftest import NOON
from tests.review.conftest import Client, signed_in
from tests.review.drawn_chart import put_in
from tests.review.signing import decide, sign
from tests.store.test_arrivals import File, seen
from tests.store.test_clerk import poor, rejected

EVERYTHING = frozenset({Role.SCAN, Role.CODE, Role.LEAD})
MONDAYS = (
    "okafor march",
    "monday",
    "bad.pdf",
    "late.pdf",
    "dealt.pdf",
    "poor.pdf",
    "link.pdf",
    "What does the arrow mean?",
)
LISTS = (
    "",
    "?show=rejected",
    "?show=pages",
    "?show=unplaced",
    "?show=waiting",
    "?show=read",
    "?show=duplicates",
    "?show=dealt",
)
OWN = "own.pdf"


@pytest.fixture
def monday(sqlite_store: Store, first: str) -> str:
    """A document of monday with a page to scan again; of monday, there is something in every list."""
    store = sqlite_store
    decide(store, first, Action.ASK, text="What does the arrow mean?", owner="Marsh")
    decide(store, first, Action.HOLD, hold=HoldKind.QUERY, text="Asked.", owner="kim")
    store.progress.starts(timedelta(seconds=30))
    store.progress.beats(
        timedelta(seconds=30), asides=Asides(passed_over=("link.pdf is a symbolic link.",)), free_bytes=None, pages={}
    )
    rejected(store, "monday/bad.pdf", "b" * 64)
    store.clerk.deal(rejected(store, "monday/dealt.pdf", "c" * 64).id, "lee")
    seen(store, File(Path("monday/late.pdf"), size=77, batch="monday"))
    document = put_in(store, "poor.pdf", "monday", "f")
    store.readings.add(poor(document, 1))
    return document


@pytest.fixture
def own(sqlite_store: Store, monday: str) -> str:
    """The same visit in a file of tuesday, and a second copy of monday's file in it."""
    document = put_in(sqlite_store, OWN, "tuesday", "e")
    sqlite_store.arrivals.take(
        seen(sqlite_store, File(Path("tuesday/copy.pdf"), batch="tuesday")), "a" * 64, size=1, mtime_ns=1
    )
    return sqlite_store.readings.encounters(document)[0].id


@pytest.fixture
def limited(app: FastAPI, sqlite_store: Store) -> Client:
    return signed_in(app, sqlite_store, "pat", EVERYTHING, frozenset({"tuesday"}))


@pytest.fixture
def boss(app: FastAPI, sqlite_store: Store) -> Client:
    return signed_in(app, sqlite_store, "ann", EVERYTHING)


def everything(engine: Engine) -> dict[str, object]:
    """All that a form could change."""
    watched = (tables.decision, tables.errand, tables.wanted, tables.encounter)
    with engine.connect() as connection:
        counts = {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in watched}
        rows = connection.execute(select(tables.concern).order_by(tables.concern.c.id)).all()
        states = connection.execute(select(tables.arrival.c.id, tables.arrival.c.state)).all()
    return {**counts, "concerns": rows, "files": states}


def test_no_list_names_anything_of_another_batch(limited: Client, boss: Client, own: str) -> None:
    pages = ["/", "/questions", "/questions?show=answered", "/second", "/second.csv", "/numbers"]
    pages += [f"/inbox{show}" for show in LISTS] + [f"/inbox/live{show}" for show in LISTS]
    told = {page: limited.get(page) for page in [*pages, f"/encounters/{own}", f"/encounters/{own}/arrangement"]}
    for page, answer in told.items():
        assert answer.status_code == 200, page
        assert not [name for name in MONDAYS if name in answer.text], page
    for page in ("/", "/inbox", f"/encounters/{own}"):
        assert OWN in told[page].text, page
    assert "copy.pdf" in told["/inbox"].text and "file of another batch" in told["/inbox"].text
    everywhere = "".join(boss.get(page).text for page in pages)
    assert [name for name in MONDAYS if name not in everywhere] == []


def test_no_form_on_what_lies_in_another_batch_does_anything(
    limited: Client, boss: Client, sqlite_store: Store, sqlite: Engine, monday: str, own: str, first: str
) -> None:
    store = sqlite_store
    (bad,) = store.inbox.concerns(ConcernKind.REJECTED, limit=9)
    (dealt,) = store.inbox.dealt(limit=9)
    page = next(c for c in store.inbox.concerns(ConcernKind.PAGE, limit=9) if c.document == monday)
    arrangement = f"/encounters/{own}/arrangement"
    taken_over: dict[str, object] = {"reading": "1", "system": "ICD9CM", "code": "401.9", "source": first}
    before = everything(sqlite)
    forms: tuple[tuple[str, dict[str, object]], ...] = (
        (f"/inbox/concerns/{bad.id}/retry", {}),
        (f"/inbox/concerns/{bad.id}/dealt", {}),
        (f"/inbox/concerns/{page.id}/dealt", {}),
        (f"/inbox/concerns/{dealt.id}/restored", {}),
        (f"/inbox/batches/{batch_key('monday')}/retry", {}),
        (f"/inbox/documents/{monday}/reading", {}),
        (f"/inbox/documents/{monday}/reading", {"encounter": own}),
        (f"/second/{first}", {}),
        (f"/encounters/{first}/arrangement", {"verb": "split", "page": [3]}),
        (arrangement, {"verb": "move", "page": [3], "target": first, "sure": first}),
        (arrangement, {"verb": f"merge {first}", "sure": first}),
        (arrangement, {"verb": "move", "page": [3], "target": "none"}),
        (f"/encounters/{own}/taken-over", taken_over),
    )
    for address, form in forms:
        assert limited.post(address, data=form).status_code == 404, address
    assert limited.get(f"/inbox/pages/{monday}/1").status_code == 404
    assert boss.get(f"/inbox/pages/{monday}/1").status_code == 200
    assert limited.post(arrangement, data={"verb": "take-in", "loose": [f"{monday}:2"]}).status_code == 409
    found = limited.post(f"{arrangement}/search", data={"q": "okafor"}).text
    assert first not in found and "okafor march" not in found
    assert everything(sqlite) == before
    assert boss.post(f"/inbox/concerns/{bad.id}/retry").status_code == 303


def test_pages_that_somebody_brought_from_another_batch_name_nothing_and_do_not_go_back(
    limited: Client, boss: Client, sqlite_store: Store, own: str, first: str
) -> None:
    store = sqlite_store
    store.arranging.move(Hand(who="ann"), first, own, {3})
    placed = store.arranging.placed(own)
    assert placed is not None
    brought = next(each.number for each in placed.pages if each.document == "a" * 16)
    chart, dialog = f"/encounters/{own}", f"/encounters/{own}/arrangement"
    assert "okafor march.pdf" in boss.get(chart).text and "okafor march.pdf" in boss.get(dialog).text
    for address in (chart, dialog):
        assert "okafor march" not in limited.get(address).text and first not in limited.get(address).text
    for form in ({"verb": "put-out", "page": [brought]}, {"verb": "split", "page": [brought]}, {"verb": "move-back"}):
        refused = limited.post(dialog, data=form)
        assert refused.status_code == 409 and "okafor march" not in refused.text
    assert store.arranging.placed(own) == placed


def test_figures_are_those_of_the_batches_of_the_account(
    limited: Client, boss: Client, sqlite_store: Store, first: str
) -> None:
    sign(sqlite_store, first)
    assert "401.9" in boss.get("/numbers/acceptance-by-code.csv").text and "monday" in boss.get("/numbers").text
    assert sqlite_store.figures.moments(NOON - timedelta(1)) != ()
    page, table = limited.get("/numbers").text, limited.get("/numbers/acceptance-by-code.csv").text
    assert "monday" not in page and "Marsh" not in page and "kim" not in page and "401.9" not in table
