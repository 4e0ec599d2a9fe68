"""Commands start in fresh folders; the compiled code books are made once and copied into each."""

import fcntl
from pathlib import Path

import pytest

from pipeline.codebooks import load_books
from pipeline.coding import Suggester
from pipeline.settings import CodingSettings
from tests.cli import command


@pytest.fixture(scope="session", autouse=True)
def compiled(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The data folder's `cache`, shared by all test processes."""
    alone = worker_id == "master"
    base = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent
    cache = base / "compiled"
    cache.mkdir(exist_ok=True)
    with (base / "compiled.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        Suggester(load_books(cache), CodingSettings())
    command.CACHES.append(cache)
    return cache
