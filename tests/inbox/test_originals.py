import hashlib
import os
from pathlib import Path

import pytest

from pipeline.errors import DiskFullError, UnreadableFileError
from pipeline.inbox.originals import Originals
from tests.disks import small_disk


def test_an_original_is_named_by_the_hash_of_its_bytes(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(b"chart" * 1_000_000)
    originals = Originals(tmp_path / "data")
    taken = originals.take(source)
    assert taken is not None
    assert taken.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert originals.path(taken.sha256).read_bytes() == source.read_bytes()
    assert (taken.size, taken.mtime_ns) == (source.stat().st_size, source.stat().st_mtime_ns)
    assert originals.names() == {taken.sha256} and originals.intact(taken.sha256)
    assert source.exists()


def test_taking_the_same_bytes_twice_keeps_one_original(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"chart")
    originals = Originals(tmp_path / "data")
    first = originals.take(tmp_path / "a.pdf")
    assert first is not None and originals.take(tmp_path / "a.pdf") == first
    assert len(originals.names()) == 1


def test_an_original_that_was_changed_is_not_intact(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"chart")
    originals = Originals(tmp_path / "data")
    taken = originals.take(tmp_path / "a.pdf")
    assert taken is not None
    originals.path(taken.sha256).chmod(0o600)
    originals.path(taken.sha256).write_bytes(b"chart!")
    assert not originals.intact(taken.sha256)


def test_a_file_that_vanished_is_no_error(tmp_path: Path) -> None:
    assert Originals(tmp_path / "data").take(tmp_path / "missing.pdf") is None


def test_neither_a_link_nor_a_fifo_is_opened(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe"):
        with pytest.raises(UnreadableFileError):
            Originals(tmp_path / "data").take(tmp_path / name)
    assert Originals(tmp_path / "data").names() == set()


def test_a_full_disk_is_told_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(os.urandom(3_000_000))
    with small_disk(tmp_path / "disk", "1m") as disk:
        originals = Originals(disk)
        with pytest.raises(DiskFullError):
            originals.take(source)
        assert originals.names() == set()
        assert list((disk / "originals" / "unfinished").iterdir()) == []


def test_what_a_stopped_worker_left_half_done_is_cleared(tmp_path: Path) -> None:
    unfinished = tmp_path / "originals" / "unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "tmp123").write_bytes(b"half")
    Originals(tmp_path).clear_unfinished()
    assert list(unfinished.iterdir()) == []
