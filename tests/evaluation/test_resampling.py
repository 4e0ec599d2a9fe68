from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluation.resampling import Interval, interval
from pipeline.evaluation.shares import Share, rate

shares = st.lists(
    st.integers(0, 20).flatmap(lambda of: st.integers(0, of).map(lambda right: Share(right=right, of=of))),
    min_size=2,
    max_size=6,
)


def test_charts_that_are_alike_leave_no_doubt() -> None:
    assert interval([Share(right=3, of=4)] * 5, rate) == Interval(low=0.75, high=0.75)


def test_one_chart_gives_no_interval() -> None:
    assert interval([Share(right=3, of=4)], rate) is None


def test_nothing_measured_gives_no_interval() -> None:
    assert interval([Share(right=0, of=0)] * 3, rate) is None


def test_the_same_counts_give_the_same_interval() -> None:
    counts = [Share(right=i, of=10) for i in range(8)]

    assert interval(counts, rate) == interval(counts, rate)


@given(shares)
def test_an_interval_stays_within_the_best_and_the_worst_chart(counts: list[Share]) -> None:
    found = interval(counts, rate)
    single = [share.right / share.of for share in counts if share.of]

    assert found is None or min(single) - 1e-9 <= found.low <= found.high <= max(single) + 1e-9
