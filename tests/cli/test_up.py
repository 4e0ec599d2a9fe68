import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.cli.command import ROOT, environment, inkchart

STARTED_WITHIN = 90


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path


def start(folder: Path, log: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", *arguments],
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=environment(folder, INKCHART_REVIEW__PORT="0", PYTHONUNBUFFERED="1"),
            start_new_session=True,
        )


def link_in(log: Path) -> str:
    deadline = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < deadline:
        if found := re.search(r"Sign in once with (\S+)", log.read_text()):
            return found[1]
        time.sleep(0.2)
    raise AssertionError(log.read_text())


def test_up_reads_what_comes_serves_the_desk_and_ends_cleanly_with_ctrl_c(folder: Path) -> None:
    log = folder / "log"
    shutil.copy(ROOT / "samples" / "prescription-splint.pdf", folder / "inbox")
    running = start(folder, log, "up")
    try:
        link = link_in(log)
        assert httpx.get(link).status_code == 200
        assert httpx.get(link.split("/sign-in")[0] + "/").status_code in {401, 403}
        deadline = time.monotonic() + STARTED_WITHIN
        while not (folder / "inbox/done/prescription-splint.pdf").exists() and time.monotonic() < deadline:
            time.sleep(0.2)
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to the whole group
        assert running.wait(30) == 0, log.read_text()
    finally:
        running.kill()
    assert "1 read" in log.read_text() and "Traceback" not in log.read_text()


def test_nothing_is_left_over_when_up_is_terminated(folder: Path) -> None:
    running = start(folder, folder / "log", "up")
    try:
        link_in(folder / "log")
        running.send_signal(signal.SIGTERM)
        running.wait(30)
        deadline = time.monotonic() + 30
        while _group(running.pid) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert not _group(running.pid)
    finally:
        running.kill()


def _group(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_serve_ends_cleanly_when_it_is_told_to(folder: Path) -> None:
    running = start(folder, folder / "log", "serve")
    try:
        link_in(folder / "log")
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 0
    finally:
        running.kill()


def test_a_port_that_is_taken_is_told_with_what_to_do(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = inkchart("serve", folder=folder, INKCHART_REVIEW__PORT=str(taken.getsockname()[1]))
    assert ran.code == 3 and "INKCHART_REVIEW__PORT" in ran.err


def test_a_link_for_another_coder_carries_no_chart_and_no_name(folder: Path) -> None:
    ran = inkchart("link", "Kim Lee", folder=folder)
    assert ran.code == 0 and "/sign-in?token=" in ran.out and "Kim" not in ran.out
