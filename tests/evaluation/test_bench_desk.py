from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.evaluation.bench_desk import Plan, fill, main, plan
from pipeline.settings import Settings
from pipeline.store import open_store
from pipeline.store.worklist import Narrowing, Order


def test_arguments_of_the_desk_are_name_and_value() -> None:
    assert plan(["charts=5", "times=2", "out=x"]) == Plan(charts=5, times=2, out=Path("x"))
    assert plan([]) == Plan()


@pytest.mark.parametrize("argument", ["charts=0", "charts=many", "pages=3", "times"])
def test_an_argument_that_the_desk_does_not_know_is_refused(argument: str) -> None:
    with pytest.raises(UsageError):
        plan([argument])
    assert main([argument]) == 2


def test_a_store_of_many_charts_is_listed_as_any_other(tmp_path: Path) -> None:
    store = open_store(Settings(inbox_dir=tmp_path, data_dir=tmp_path))
    fill(tmp_path / "inkchart.sqlite3", 60, date(2026, 3, 1))
    page = store.worklist.page(Narrowing(words="scan_00004"), Order.PATIENT, overdue_before=None, start=0, limit=50)
    assert len(page) == 10
    assert sum(store.worklist.counts(Narrowing()).values()) == 60
