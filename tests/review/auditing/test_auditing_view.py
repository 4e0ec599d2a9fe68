from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipeline.review.auditing.view import NOBODY, WORDS, chosen_name, log_of, verdict
from pipeline.store.audit_proof import Fault, Proof, sentence
from pipeline.store.audit_rows import GENESIS, Act, Entry, Wanted
from tests.conftest import NOON

ACCOUNTS = {"id1": "kim", "id2": "lee"}


def entry(id: int, act: str = "view-chart", **more: object) -> Entry:
    made = Entry(
        id=id,
        at=NOON + timedelta(hours=id),
        who="kim",
        action=act,
        subject="enc-1",
        detail=None,
        request="0123456789abcdef",
        previous=GENESIS,
        hash="f" * 64,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def test_entries_stand_under_their_day_and_one_more_than_fits_leads_on() -> None:
    log = log_of((entry(13), entry(2), entry(1)), Wanted(who="kim"), ACCOUNTS, total=9, before=None, limit=2)
    assert [(day.date, [line.number for line in day.lines]) for day in log.days] == [
        (date(2026, 3, 2), [13]),
        (date(2026, 3, 1), [2]),
    ]
    assert (log.older, log.shown, log.total, log.asked) == (2, 2, 9, {"who": "id1"})
    assert [choice.label for choice in log.whos if choice.chosen] == ["kim"]
    assert log_of((entry(1),), Wanted(), ACCOUNTS, total=1, before=None, limit=2).older is None


def test_every_act_has_words_and_an_act_of_another_version_shows_its_own() -> None:
    assert set(WORDS) == set(Act)
    log = log_of(
        (entry(2, "dance"), entry(1, "take-over", subject="id2")), Wanted(), ACCOUNTS, total=2, before=None, limit=9
    )
    strange, taken = log.days[0].lines
    assert (strange.words, strange.kind) == ("dance", "seen")
    assert (taken.words, taken.kind, taken.subject, taken.subject_name) == (
        "Took a chart over",
        "decided",
        "id2",
        "lee",
    )


def test_nobody_known_can_be_asked_for() -> None:
    assert (chosen_name(NOBODY, ACCOUNTS), chosen_name("id2", ACCOUNTS), chosen_name("id3", ACCOUNTS)) == (
        "",
        "lee",
        None,
    )
    log = log_of((), Wanted(who=""), ACCOUNTS, total=0, before=None, limit=9)
    assert log.asked == {"who": NOBODY} and log.whos[-1].chosen


@pytest.mark.parametrize(
    ("proof", "expected", "words"),
    [
        (Proof(rows=3), None, "Every entry follows from the one before it."),
        (Proof(rows=3), "f", "the head that was written down is among them"),
        (Proof(rows=3, fault=Fault.ALTERED, at=4), None, "at entry 4: it was altered"),
        (Proof(rows=3, fault=Fault.MISSING, at=4, missing=1), None, "at entry 4: it is missing"),
        (Proof(rows=3, fault=Fault.MISSING, at=4, missing=7), None, "at entry 4: 7 entries are missing"),
        (Proof(rows=3, fault=Fault.FORKED, at=4), None, "at entry 4: it does not follow"),
        (Proof(fault=Fault.MISPLACED, at=-1), None, "at entry -1: it stands before the first"),
        (Proof(rows=3, fault=Fault.CUT), "f", "cut off or replaced"),
    ],
)
def test_a_proof_says_what_is_wrong_at_which_link(proof: Proof, expected: str | None, words: str) -> None:
    assert words in sentence(proof, expected)
    assert verdict(proof, expected).whole is (proof.fault is None)
