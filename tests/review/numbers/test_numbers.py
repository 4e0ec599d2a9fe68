import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI

from pipeline.records import CodeSystem
from pipeline.review.numbers.view import at_desk, numbers
from pipeline.store import Store
from pipeline.store.decided import Action
from pipeline.store.figures import Fate, Outcome, Signed
from pipeline.store.rows import Role
from tests.conftest import NOON
from tests.review.conftest import Client, signed_in
from tests.review.signing import decide, sign

LEAD = frozenset({Role.LEAD})


def outcome(code: str, fate: Fate, *, score: float | None = 0.75, proposed: bool = True) -> Outcome:
    return Outcome(
        encounter="e",
        system=CodeSystem.ICD9CM,
        code=code,
        display="A disease",
        stage="synonym" if proposed else None,
        rank=1 if proposed else None,
        score=score if proposed else None,
        proposed=proposed,
        fate=fate,
    )


def signed(batch: str, sure: float, words: int) -> Signed:
    return Signed(
        encounter=batch + str(words),
        decision=1,
        at=NOON,
        who="kim",
        batch=batch,
        provider="Marsh, Helen",
        pages=2,
        words=words,
        sure=sure,
        unreadable=words // 10,
        lines=20,
        corrected=1,
        advised=0,
    )


def test_acceptance_is_of_what_was_decided() -> None:
    fates = [Fate.ACCEPTED, Fate.ACCEPTED, Fate.REJECTED, Fate.LEFT]
    told = numbers((), tuple(outcome("401.9", fate) for fate in fates), (), {}, NOON.date(), 7)
    (stage,) = told.stages
    assert stage.proposed == 4 and stage.accepted == pytest.approx(200 / 3)
    (bin,) = told.bins
    assert (bin.name, bin.of, bin.count) == ("70–80 %", 3, 2)


def test_what_was_missed_is_found_further_down_or_added() -> None:
    rows = (
        outcome("401.9", Fate.FOUND, proposed=False),
        outcome("401.9", Fate.ADDED, proposed=False),
        outcome("250.00", Fate.ADDED, proposed=False),
        outcome("486", Fate.REJECTED),
    )
    told = numbers((), rows, (), {}, NOON.date(), 7)
    assert [(m.code, m.found, m.added) for m in told.missed] == [("401.9", 1, 1), ("250.00", 0, 1)]


def test_the_confidence_of_a_scanner_is_weighed_by_its_words() -> None:
    told = numbers((signed("a", 0.5, 100), signed("a", 0.9, 300), signed("b", 0.4, 50)), (), (), {}, NOON.date(), 7)
    assert [(s.name, s.charts, round(s.sure or 0)) for s in told.scanners] == [("b", 1, 40), ("a", 2, 80)]
    assert [w.name for w in told.writers] == ["Marsh, Helen"]
    assert sum(count for _, count in told.by_day) == 3 and len(told.by_day) == 7


def test_a_pause_is_not_time_at_the_desk() -> None:
    begin = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    times = [begin, begin + timedelta(minutes=5), begin + timedelta(hours=3), begin + timedelta(hours=3, minutes=8)]
    assert at_desk(("kim", at) for at in times)["kim"] * 60 == pytest.approx(1 + 5 + 1 + 8)


def test_the_page_shows_what_was_signed(client: Client, first: str, sqlite_store: Store) -> None:
    decide(sqlite_store, first, Action.ACCEPT, "466.0", display="Acute bronchitis")
    decide(sqlite_store, first, Action.ADD, "V16.3", display="Family history of breast cancer")
    sign(sqlite_store, first)
    page = client.get("/numbers").text
    assert "What was missed" in page and "V16.3" in page and "By coder" not in page
    assert client.get("/numbers", params={"days": "12"}).status_code == 200


@pytest.mark.parametrize(
    "table", ["signed-by-day", "acceptance-by-stage", "acceptance-by-code", "missed", "reading-by-writer"]
)
def test_every_table_comes_as_csv(client: Client, first: str, sqlite_store: Store, table: str) -> None:
    decide(sqlite_store, first, Action.ADD, "V16.3", display="=1+1")
    sign(sqlite_store, first)
    answer = client.get(f"/numbers/{table}.csv")
    head, *rows = csv.reader(io.StringIO(answer.text))
    assert (
        answer.headers["content-type"].startswith("text/csv") and rows and len({len(row) for row in [head, *rows]}) == 1
    )
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_figures_of_single_coders_are_for_leads(client: Client, app: FastAPI, sqlite_store: Store) -> None:
    assert client.get("/numbers/people.csv").status_code == 403
    assert client.get("/numbers/nothing.csv").status_code == 404
    lead = signed_in(app, sqlite_store, "lee", roles=LEAD)
    assert lead.get("/numbers/people.csv").status_code == 200
    assert "By coder" in lead.get("/numbers").text
