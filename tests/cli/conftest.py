"""Commands start in fresh folders, into each of which the compiled code books are copied."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli import command


@pytest.fixture(scope="session", autouse=True)
def commands(compiled: Path) -> Iterator[None]:
    """What was compiled once stands in the `cache` of every data folder."""
    command.CACHES.append(compiled)
    yield
    command.end()
