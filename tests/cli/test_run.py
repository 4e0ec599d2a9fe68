import fcntl
import os
import shutil
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from pipeline.inbox.moves import WHY
from tests.cli.command import CACHES, ROOT, Ran, inkchart
from tests.disks import small_disk
from tests.render.files import bomb, pdf, scan, typed

SAMPLE = ROOT / "samples" / "lab-order.png"


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _truncated_tiff(path: Path) -> None:
    scan().save(path, "TIFF", save_all=True, append_images=[scan()])
    _cut(path)


def _truncated_jpeg(path: Path) -> None:
    scan().save(path, "JPEG")
    _cut(path)


def _truncated_pdf(path: Path) -> None:
    pdf(path, typed("one"), typed("two"))
    _cut(path)


BAD: dict[str, Callable[[Path], object]] = {
    "empty.pdf": lambda path: path.write_bytes(b""),
    "text.jpg": lambda path: path.write_text("Dear doctor"),
    "unknown.xyz": lambda path: path.write_bytes(os.urandom(3000)),
    "truncated.pdf": _truncated_pdf,
    "truncated.tif": _truncated_tiff,
    "truncated.jpg": _truncated_jpeg,
    "password.pdf": lambda path: pdf(path, typed("secret"), user_password=b"secret"),
    "bomb.png": bomb,
    "wide.pdf": lambda path: pdf(path, typed("wide"), media="0 0 1000000 1000000"),
    "-dash\nline 'quote\" ü.pdf": _truncated_pdf,
    "ü" * 125 + ".pdf": _truncated_pdf,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An inbox of bad files, special files, a growing file and one good chart in a batch, drained once."""
    folder = tmp_path_factory.mktemp("run")
    inbox = folder / "inbox"
    (inbox / "monday").mkdir(parents=True)
    for name, make in BAD.items():
        make(inbox / name)
    shutil.copy(SAMPLE, inbox / "monday" / "chart.png")
    (inbox / "link.pdf").symlink_to("/etc/passwd")
    os.mkfifo(inbox / "pipe.pdf")
    here = Path.cwd()
    os.chdir(inbox)  # a socket's path has little room
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket.pdf")
    finally:
        os.chdir(here)
    return folder


@pytest.fixture(scope="module")
def ran(folder: Path) -> Ran:
    growing, stop = folder / "inbox" / "growing.jpg", threading.Event()

    def grow() -> None:
        while not stop.is_set():
            with growing.open("ab") as file:
                file.write(b"\xff\xd8\xff")
            stop.wait(0.1)

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        return inkchart("run", "--once", folder=folder)
    finally:
        stop.set()
        thread.join()


def test_bad_files_end_with_exit_code_4(ran: Ran) -> None:
    assert ran.code == 4, ran.err
    assert "Traceback" not in ran.out + ran.err


@pytest.mark.parametrize("name", [name for name in BAD if len(name.encode()) < 240])
def test_each_bad_file_is_rejected_with_one_plain_sentence(ran: Ran, folder: Path, name: str) -> None:
    assert (folder / "inbox/rejected" / name).is_file()
    why = (folder / "inbox/rejected" / (name + WHY)).read_text().strip()
    assert why.endswith(".") and "\n" not in why and "Traceback" not in why and "Error" not in why
    assert "please" in why
    assert "secret" not in why and "Dear" not in why


def test_names_of_files_are_shown_and_never_logged(ran: Ran) -> None:
    assert "truncated.jpg" in ran.out and ran.err == ""


def test_a_name_too_long_for_its_companion_is_shortened_with_the_documents_id(ran: Ran, folder: Path) -> None:
    found, why = sorted(path.name for path in (folder / "inbox/rejected").iterdir() if path.name.startswith("üüü"))
    assert found.endswith(".pdf") and "~" in found and why == found + WHY


def test_the_rest_of_the_inbox_is_processed(ran: Ran, folder: Path) -> None:
    assert (folder / "inbox/done/monday/chart.png").is_file()


def test_a_file_that_grows_stays_waiting_and_is_told(ran: Ran, folder: Path) -> None:
    assert (folder / "inbox/growing.jpg").is_file()
    assert "growing.jpg" in ran.out


@pytest.mark.parametrize("name", ["link.pdf", "pipe.pdf", "socket.pdf"])
def test_special_files_stay_and_are_named(ran: Ran, folder: Path, name: str) -> None:
    assert os.path.lexists(folder / "inbox" / name)
    assert name in ran.out


def test_everything_is_accounted_for(ran: Ran, folder: Path) -> None:
    account = inkchart("reconcile", "--json", folder=folder)
    assert account.code == 0, account.out
    (told,) = account.objects()
    assert told["exceptions"] == []
    assert told["states"] == {"waiting": 1, "reading": 0, "read": 1, "duplicate": 0, "rejected": len(BAD)}


def test_a_second_run_has_nothing_to_do(ran: Ran, folder: Path) -> None:
    (folder / "inbox/growing.jpg").unlink()
    again = inkchart("run", "--once", folder=folder)
    assert again.code == 0 and "0 read" in again.out


def test_a_full_disk_ends_with_exit_code_3_moves_nothing_and_resumes(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    chart = tmp_path / "inbox" / "big.bmp"
    Image.effect_noise((2400, 2400), 100).convert("RGB").save(chart)  # 17 MB
    with small_disk(tmp_path / "disk", "400m") as disk:
        shutil.copytree(CACHES[0], disk / "data" / "cache")
        filler = disk / "filler"
        filler.write_bytes(b"\0" * (shutil.disk_usage(disk).free - 5_000_000))
        full = inkchart("run", "--once", "--data", disk / "data", folder=tmp_path)
        assert full.code == 3, full.out + full.err
        assert "full" in full.err and chart.is_file()
        filler.unlink()
        resumed = inkchart("run", "--once", "--data", disk / "data", folder=tmp_path)
        assert resumed.code == 0, resumed.err
        assert (tmp_path / "inbox/done/big.bmp").is_file()


def test_two_workers_do_not_work_on_one_folder(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with (tmp_path / "data" / "worker.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ran = inkchart("run", "--once", folder=tmp_path)
    assert ran.code == 3 and "Another worker" in ran.err
