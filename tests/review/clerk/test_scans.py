from datetime import timedelta

import pytest
from fastapi import FastAPI

from pipeline.review.clerk.scans import scans_wanted
from pipeline.store import Store
from pipeline.store.decided import Action, HoldKind
from pipeline.store.rows import Role
from tests.conftest import NOON
from tests.review.conftest import signed_in


@pytest.fixture
def held(sqlite_store: Store, first: str) -> str:
    sqlite_store.decisions.append(
        who="kim",
        encounter=first,
        reading=1,
        action=Action.HOLD,
        hold=HoldKind.RESCAN,
        text="The right edge is cut off",
        owner="lee",
        due=NOON.date() + timedelta(days=2),
    )
    return first


def test_a_scan_that_a_coder_waits_for_is_told_with_its_age(sqlite_store: Store, held: str) -> None:
    waits = sqlite_store.waiting.holds(HoldKind.RESCAN)
    (today,) = scans_wanted(waits, NOON)
    assert (today.name, today.batch, today.pages) == ("okafor march.pdf", "monday", "pages 1, 2, 3")
    assert (today.reason, today.who, today.owner) == ("The right edge is cut off", "kim", "lee")
    assert (today.asked, today.overdue) == ("today", False)
    (later,) = scans_wanted(waits, NOON + timedelta(days=3))
    assert (later.asked, later.overdue) == ("3 days ago", True)


def test_the_clerk_sees_it_until_the_coder_waits_for_something_else(
    app: FastAPI, sqlite_store: Store, held: str
) -> None:
    clerk = signed_in(app, sqlite_store, "pat", roles=frozenset({Role.SCAN}))
    page = clerk.get("/inbox").text
    assert "Coders wait for a better scan" in page and "The right edge is cut off" in page and "lee sees to it" in page
    sqlite_store.decisions.append(
        who="kim", encounter=held, reading=1, action=Action.HOLD, hold=HoldKind.SIGNATURE, text="Not signed"
    )
    assert "Coders wait for a better scan" not in clerk.get("/inbox").text


def test_a_scan_of_another_batch_is_not_told(app: FastAPI, sqlite_store: Store, held: str) -> None:
    assert sqlite_store.waiting.holds(HoldKind.RESCAN, frozenset({"tuesday"})) == ()
    assert len(sqlite_store.waiting.holds(HoldKind.RESCAN, frozenset({"monday"}))) == 1
