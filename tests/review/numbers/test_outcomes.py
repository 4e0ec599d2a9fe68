from datetime import date

from pipeline.records import CodeSystem
from pipeline.review.numbers.outcomes import keep_outcomes, outcomes
from pipeline.store import Store
from pipeline.store.decided import Action
from pipeline.store.figures import Fate
from pipeline.store.review_state import fold
from tests.conftest import NOON
from tests.review.drawn_chart import ENCOUNTERS, put_in, reading_of
from tests.review.signing import decide, sign

NINE, CPT = CodeSystem.ICD9CM, CodeSystem.CPT


def test_every_proposed_and_every_accepted_code_has_its_fate(sqlite_store: Store) -> None:
    put_in(sqlite_store)
    id = sqlite_store.readings.encounters()[0].id
    decide(sqlite_store, id, Action.ACCEPT, "466.0")
    decide(sqlite_store, id, Action.REJECT, "786.2")
    decide(sqlite_store, id, Action.REPLACE, "401.1", replaces="401.9")
    decide(sqlite_store, id, Action.ADD, "V16.3")
    decide(sqlite_store, id, Action.CONFIRM_DATE, date_of_service=date(2014, 3, 14))
    found = {
        o.code: (o.fate, o.rank)
        for o in outcomes("e", ENCOUNTERS[0], reading_of("d"), fold(sqlite_store.decisions.of(id)))
        if o.system is NINE
    }
    assert found == {
        "466.0": (Fate.ACCEPTED, 1),
        "786.2": (Fate.REJECTED, 1),
        "401.9": (Fate.REPLACED, 1),
        "401.1": (Fate.FOUND, 3),
        "780.60": (Fate.LEFT, 1),
        "250.02": (Fate.LEFT, 1),
        "V16.3": (Fate.ADDED, None),
    }


def test_the_edition_that_was_not_asked_for_does_not_count(sqlite_store: Store) -> None:
    put_in(sqlite_store)
    id = sqlite_store.readings.encounters()[0].id
    decide(sqlite_store, id, Action.CONFIRM_DATE, date_of_service=date(2014, 3, 14))
    review = fold(sqlite_store.decisions.of(id))
    assert CodeSystem.ICD10CM not in {o.system for o in outcomes("e", ENCOUNTERS[0], reading_of("d"), review)}


def test_what_is_kept_follows_the_latest_signature(store: Store) -> None:
    put_in(store)
    encounter = store.readings.encounters()[0]
    assert store.figures.missing(5) == ()
    decide(store, encounter.id, Action.ACCEPT, "466.0")
    sign(store, encounter.id)
    assert store.figures.missing(5) == (encounter.id,)
    made = store.decisions.of(encounter.id)
    keep_outcomes(store, encounter, reading_of(encounter.document), fold(made), made)
    assert store.figures.missing(5) == ()
    (signed,) = store.figures.signed(NOON)
    assert (signed.who, signed.batch, signed.provider, signed.pages) == ("kim", "monday", "Marsh, Helen", 3)
    decide(store, encounter.id, Action.REOPEN, text="a code is missing")
    assert store.figures.missing(5) == ()
    decide(store, encounter.id, Action.REJECT, "466.0")
    sign(store, encounter.id)
    assert store.figures.missing(5) == (encounter.id,)
    made = store.decisions.of(encounter.id)
    keep_outcomes(store, encounter, reading_of(encounter.document), fold(made), made)
    assert {o.code: o.fate for o in store.figures.outcomes(NOON)}["466.0"] is Fate.REJECTED
    assert len(store.figures.signed(NOON)) == 1
