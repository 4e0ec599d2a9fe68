from pipeline.store import Store
from pipeline.store.rows import Role


def account(store: Store) -> str:
    user = store.users.add("kim", frozenset({Role.CODE}))
    assert user is not None
    return user.id


def test_a_secret_counts_only_after_its_first_code(store: Store) -> None:
    id = account(store)
    assert store.second_steps.begin(id, "OLD") and store.second_steps.begin(id, "NEW")
    assert (store.second_steps.begun(id), store.second_steps.secret(id)) == ("NEW", None)
    assert not store.second_steps.confirm(id, "OLD", 5, ["AAAA"])
    assert store.second_steps.confirm(id, "NEW", 5, ["AAAA", "BBBB"])
    assert (store.second_steps.begun(id), store.second_steps.secret(id)) == (None, "NEW")
    assert not store.second_steps.begin(id, "OTHER")
    found = store.users.get(id)
    assert found is not None and (found.has_second_step, found.codes_left) == (True, 2)


def test_a_code_that_was_taken_is_not_taken_again_nor_one_before_it(store: Store) -> None:
    id = account(store)
    store.second_steps.begin(id, "S")
    store.second_steps.confirm(id, "S", 5, ["AAAA"])
    assert [store.second_steps.use_step(id, step) for step in (5, 6, 6, 4, 7)] == [False, True, False, False, True]


def test_a_recovery_code_is_good_once_however_it_is_typed(store: Store) -> None:
    id = account(store)
    store.second_steps.begin(id, "S")
    store.second_steps.confirm(id, "S", 5, ["ABCD-EFGH", "IJKL-MNOP"])
    assert not store.second_steps.use_recovery_code(id, "ABCD")
    assert store.second_steps.use_recovery_code(id, " abcd efgh ")
    assert not store.second_steps.use_recovery_code(id, "ABCD-EFGH")
    assert store.second_steps.codes_left(id) == 1
    store.second_steps.remove(id)
    assert store.second_steps.secret(id) is None and not store.second_steps.use_recovery_code(id, "IJKL-MNOP")
