from datetime import datetime, timedelta

from sqlalchemy import Engine, text

from pipeline.store.attempts import LONGEST_WAIT, Attempts, Counted, wait_after
from pipeline.store.connect import migrate
from tests.conftest import NOON

KIM, HERE = Counted(key="name kim", free=2), Counted(key="address 10.0.0.1", free=4)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    assert [wait_after(n, 2).total_seconds() for n in (1, 2, 3, 4, 5)] == [0, 0, 2, 4, 8]
    assert wait_after(1_000, 2) == LONGEST_WAIT == timedelta(minutes=15)


def test_after_the_free_failures_each_one_makes_the_next_wait_longer(engine: Engine) -> None:
    migrate(engine)
    clock = Clock()
    attempts = Attempts(engine, clock)
    waits: list[float] = []
    for _ in range(5):
        assert attempts.begin([KIM, HERE]) is None
        wait = attempts.begin([KIM, HERE]) if len(waits) >= 2 else timedelta()
        assert wait is not None
        waits.append(wait.total_seconds())
        clock.pass_seconds(wait.total_seconds())
    assert waits == [0, 0, 2, 4, 8]


def test_a_restart_forgets_nothing_and_a_quiet_day_everything(engine: Engine) -> None:
    migrate(engine)
    for _ in range(3):
        assert Attempts(engine, lambda: NOON).begin([KIM]) is None
    assert Attempts(engine, lambda: NOON).begin([KIM]) == timedelta(seconds=2)
    late = NOON + timedelta(hours=25)
    for _ in range(3):
        assert Attempts(engine, lambda: late).begin([KIM]) is None


def test_an_address_waits_whatever_name_it_tries(engine: Engine) -> None:
    migrate(engine)
    attempts = Attempts(engine, lambda: NOON)
    for number in range(5):
        assert attempts.begin([Counted(key=f"name {number}", free=2), HERE]) is None
    assert attempts.begin([Counted(key="name other", free=2), HERE]) is not None
    assert attempts.begin([Counted(key="name other", free=2)]) is None


def test_who_was_right_has_no_failure_any_more_but_their_address_keeps_those_of_others(engine: Engine) -> None:
    migrate(engine)
    attempts = Attempts(engine, lambda: NOON)
    for _ in range(2):
        attempts.begin([KIM, HERE])
    attempts.succeeded([KIM, HERE], forget=KIM.key)
    for _ in range(3):
        assert attempts.begin([KIM]) is None
    for number in range(4):
        assert attempts.begin([Counted(key=f"name {number}", free=2), HERE]) is None
    assert attempts.begin([HERE]) is not None


def test_what_was_typed_as_a_name_is_not_kept(sqlite: Engine) -> None:
    migrate(sqlite)
    Attempts(sqlite, lambda: NOON).begin([Counted(key="name my secret password", free=2)])
    with sqlite.connect() as connection:
        assert "secret" not in str(connection.execute(text("SELECT * FROM attempt")).all())
