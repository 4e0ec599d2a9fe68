from pathlib import Path

from pipeline.inbox.scan import InboxFile
from pipeline.inbox.settling import Settling

PATH = Path("a.pdf")


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def file(size: int = 1, inode: int = 7) -> InboxFile:
    return InboxFile(path=PATH, size=size, mtime_ns=1, identity=(1, inode))


def test_a_file_that_rests_settles_then_runs_out_of_patience() -> None:
    clock = Clock()
    settling = Settling(3, 10, clock)
    settling.observe([file()])
    assert not settling.settled(PATH)
    clock.now += 3
    settling.observe([file()])
    assert settling.settled(PATH) and not settling.out_of_patience(PATH)
    clock.now += 7
    settling.observe([file()])
    assert settling.out_of_patience(PATH)


def test_what_was_seen_once_has_not_settled_however_long_ago() -> None:
    clock = Clock()
    settling = Settling(3, 10, clock)
    settling.observe([file()])
    clock.now += 20
    assert not settling.settled(PATH)
    assert not settling.long_observed(PATH) and not settling.out_of_patience(PATH)
    settling.observe([file(2)])
    assert not settling.settled(PATH) and settling.long_observed(PATH)


def test_a_file_that_grows_does_not_settle_though_it_is_long_in_sight() -> None:
    clock = Clock()
    settling = Settling(3, 10, clock)
    for size in range(12):
        settling.observe([file(size)])
        assert not settling.settled(PATH)
        clock.now += 1
    assert settling.long_observed(PATH) and not settling.out_of_patience(PATH)


def test_a_file_that_takes_the_place_of_another_settles_anew() -> None:
    clock = Clock()
    settling = Settling(3, 10, clock)
    settling.observe([file(inode=7)])
    clock.now += 3
    settling.observe([file(inode=8)])
    assert not settling.settled(PATH)


def test_a_file_that_was_gone_is_forgotten() -> None:
    clock = Clock()
    settling = Settling(3, 10, clock)
    settling.observe([file()])
    clock.now += 20
    settling.observe([])
    settling.observe([file()])
    assert not settling.settled(PATH) and not settling.long_observed(PATH)


def test_patience_is_never_shorter_than_settling() -> None:
    clock = Clock()
    settling = Settling(20, 10, clock)
    settling.observe([file()])
    clock.now += 15
    settling.observe([file()])
    assert not settling.long_observed(PATH) and not settling.out_of_patience(PATH)
