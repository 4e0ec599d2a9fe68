import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.review.numbers.kappa import Agreement

COUNTS = st.integers(0, 50)


def told(both: int, first_only: int, second_only: int, neither: int) -> Agreement:
    return Agreement(both=both, first_only=first_only, second_only=second_only, neither=neither)


def test_kappa_of_a_table_worked_by_hand() -> None:
    # 35 of 50 alike; yes by 25 and 30 of 50: chance agrees in half of them.
    found = told(20, 5, 10, 15)
    assert found.percentage == 70
    assert found.kappa == pytest.approx(0.4)


def test_there_is_no_kappa_where_both_always_say_the_same_one_thing() -> None:
    assert told(7, 0, 0, 0).kappa is None and told(7, 0, 0, 0).percentage == 100
    assert told(0, 0, 0, 0).kappa is None and told(0, 0, 0, 0).percentage is None


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_kappa_lies_between_minus_one_and_one_and_within_its_interval(a: int, b: int, c: int, d: int) -> None:
    found = told(a, b, c, d)
    if found.kappa is not None:
        low, high = found.interval() or (0, 0)
        assert -1 <= low <= found.kappa + 1e-9 and found.kappa - 1e-9 <= high <= 1


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_it_does_not_matter_who_was_first(a: int, b: int, c: int, d: int) -> None:
    assert told(a, b, c, d).kappa == pytest.approx(told(a, c, b, d).kappa)
