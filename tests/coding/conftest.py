from pathlib import Path

import pytest

from pipeline.codebooks import CodeBooks, load_books
from pipeline.coding import Suggester
from pipeline.settings import CodingSettings


@pytest.fixture(scope="session")
def books(request: pytest.FixtureRequest) -> CodeBooks:
    """The books of this machine, compiled once for all test runs."""
    assert request.config.cache is not None
    return load_books(request.config.cache.mkdir("codebooks"))


@pytest.fixture(scope="session")
def suggester(books: CodeBooks) -> Suggester:
    return Suggester(books, CodingSettings())


@pytest.fixture(scope="session")
def data() -> Path:
    """Data to measure on, where it is at hand."""
    path = Path(__file__).parents[3] / "shared" / "data"
    if not path.is_dir():
        pytest.skip("the data to measure on is not at hand")
    return path
