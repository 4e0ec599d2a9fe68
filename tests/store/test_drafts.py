from pipeline.store import Store
from pipeline.store.drafts import Draft
from tests.charts import reading
from tests.conftest import NOON
from tests.store.test_decisions import sign
from tests.store.test_readings import document
from tests.store.test_worklist import accounts


def opened(store: Store) -> tuple[str, str, str]:
    store.readings.add(reading(document(store)))
    return store.readings.encounters()[0].id, *accounts(store)


def test_the_last_text_of_a_field_is_kept_for_whoever_typed_it(store: Store) -> None:
    one, kim, lee = opened(store)
    store.drafts.save(one, kim, "query/text", "Is it")
    saved = store.drafts.save(one, kim, "query/text", "Is it acute?\nOr chronic?")
    store.drafts.save(one, kim, "hold/reason", "waits")
    assert saved == Draft(key="query/text", text="Is it acute?\nOr chronic?", at=NOON)
    assert [draft.key for draft in store.drafts.of(one, kim)] == ["hold/reason", "query/text"]
    assert store.drafts.of(one, lee) == ()


def test_a_draft_goes_when_it_is_sent_or_emptied(store: Store) -> None:
    one, kim, _ = opened(store)
    store.drafts.save(one, kim, "a", "x")
    store.drafts.save(one, kim, "b", "y")
    store.drafts.forget(one, kim, "a")
    assert store.drafts.save(one, kim, "b", "") is None
    store.drafts.forget(one, kim, "never")
    assert store.drafts.of(one, kim) == ()


def test_signing_off_deletes_every_draft_of_the_encounter(store: Store) -> None:
    one, kim, lee = opened(store)
    store.drafts.save(one, kim, "a", "x")
    store.drafts.save(one, lee, "a", "y")
    sign(store, one)
    assert store.drafts.of(one, kim) == store.drafts.of(one, lee) == ()
