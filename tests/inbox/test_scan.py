import os
import socket
from pathlib import Path

import pytest

from pipeline.errors import SetupError
from pipeline.inbox.scan import look, shown


def test_files_and_batches_are_found_and_receipts_are_not(tmp_path: Path) -> None:
    for name in ("b.pdf", "monday/a.pdf", "monday/done/c.pdf", "done/x.pdf", "rejected/y.pdf"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    snapshot = look(tmp_path)
    assert [(str(f.path), f.batch, f.name, f.size) for f in snapshot.files] == [
        ("b.pdf", "", "b.pdf", 1),
        ("monday/a.pdf", "monday", "a.pdf", 1),
        ("monday/done/c.pdf", "monday/done", "c.pdf", 1),
    ]


def test_a_symlink_a_fifo_and_a_socket_are_named_and_never_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "outside").mkdir()
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "link.pdf").symlink_to("/etc/passwd")
    (inbox / "folder").symlink_to(tmp_path / "outside")
    os.mkfifo(inbox / "pipe.pdf")
    monkeypatch.chdir(inbox)  # a socket's path has little room
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.pdf")
        snapshot = look(inbox)
    assert snapshot.files == ()
    assert snapshot.passed_over == (
        "folder is a symbolic link; it was not opened.",
        "link.pdf is a symbolic link; it was not opened.",
        "pipe.pdf is a FIFO; it was not opened.",
        "socket.pdf is a socket; it was not opened.",
    )


def test_what_a_copying_program_has_not_finished_is_left_alone(tmp_path: Path) -> None:
    for name in (".scan.pdf", "scan.pdf.part", "scan.PDF.TMP"):
        (tmp_path / name).write_bytes(b"x")
    snapshot = look(tmp_path)
    assert snapshot.files == ()
    assert len(snapshot.unfinished) == 3


def test_odd_names_are_shown_on_one_line() -> None:
    assert shown(os.fsdecode(b"a\nb\xff.pdf")) == "a\\nb\\xff.pdf"
    assert shown("Müller 'x' -.pdf") == "Müller 'x' -.pdf"


def test_an_inbox_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="inbox"):
        look(tmp_path / "missing")


def test_hidden_folders_are_left_alone_with_all_that_is_in_them(tmp_path: Path) -> None:
    (tmp_path / ".Trash-1000/files").mkdir(parents=True)
    (tmp_path / ".Trash-1000/files/old.pdf").write_bytes(b"x")
    assert look(tmp_path).files == ()


def test_a_file_where_the_worker_needs_its_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "done").write_bytes(b"x")
    snapshot = look(tmp_path)
    assert snapshot.files == ()
    assert "done stands where" in snapshot.passed_over[0]
