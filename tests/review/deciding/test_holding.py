from datetime import date, timedelta

import pytest

from pipeline.store import Store
from pipeline.store.decided import Action, HoldKind
from pipeline.store.rows import EncounterState
from tests.conftest import NOON
from tests.review.conftest import Client

HTMX = {"HX-Request": "true"}
HOLD = {"reading": "1", "kind": "missing-page", "reason": " Page 2 is\n missing ", "owner": "lee", "due": "2026-03-04"}


def test_a_chart_is_held_with_reason_owner_and_day_and_released(
    client: Client, first: str, sqlite_store: Store
) -> None:
    assert client.post(f"/encounters/{first}/hold", data=HOLD).status_code == 303
    review = sqlite_store.decisions.reviews()[first]
    assert review.state is EncounterState.HELD and review.hold is not None
    hold = review.hold
    assert (hold.kind, hold.reason, hold.owner, hold.due) == (
        HoldKind.MISSING_PAGE,
        "Page 2 is missing",
        "lee",
        date(2026, 3, 4),
    )
    page = client.get(f"/encounters/{first}").text
    assert "waiting for a missing page: Page 2 is missing" in page and "lee sees to it" in page
    assert "due Mar 4, 2026" in page and "This encounter is on hold" in page
    client.post(f"/encounters/{first}/release", data={"reading": "1", "note": "It was scanned"})
    assert sqlite_store.decisions.reviews()[first].state is EncounterState.STARTED
    assert "released it from hold: It was scanned" in client.get(f"/encounters/{first}").text
    again = client.post(f"/encounters/{first}/release", data={"reading": "1"})
    assert again.status_code == 409 and "not on hold" in again.text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reason": " "}, "Say why it is held"),
        ({"due": "2026-02-28"}, "passed already"),
        ({"due": "soon"}, "no day of the calendar"),
    ],
)
def test_a_hold_that_says_too_little_keeps_what_was_typed(
    client: Client, first: str, sqlite_store: Store, changed: dict[str, str], sentence: str
) -> None:
    refused = client.post(f"/encounters/{first}/hold", data={**HOLD, **changed}, headers=HTMX)
    assert refused.status_code == 409 and sentence in refused.text and 'value="lee"' in refused.text
    assert refused.headers["HX-Retarget"] == "#casework"
    assert sqlite_store.decisions.of(first) == ()


def test_the_form_offers_the_accounts_and_the_hold_that_stands(client: Client, first: str, sqlite_store: Store) -> None:
    sqlite_store.sign_ins.issue("dana", timedelta(minutes=5))
    fresh = client.get(f"/encounters/{first}/hold", headers=HTMX).text
    assert '<option value="dana">' in fresh and 'value="kim"' in fresh and "Release" not in fresh
    assert '"signature" selected' in client.get(f"/encounters/{first}/hold?kind=signature").text
    client.post(f"/encounters/{first}/hold", data=HOLD)
    standing = client.get(f"/encounters/{first}/hold").text
    assert "Page 2 is missing" in standing and "Change the hold" in standing and "Release" in standing


def test_a_hold_that_is_due_is_marked(client: Client, first: str, sqlite_store: Store) -> None:
    sqlite_store.decisions.append(
        who="kim",
        encounter=first,
        reading=1,
        action=Action.HOLD,
        hold=HoldKind.DATE,
        text="Which day?",
        due=NOON.date(),
    )
    assert "held late" in client.get(f"/encounters/{first}").text
