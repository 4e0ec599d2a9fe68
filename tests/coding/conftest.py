from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data() -> Path:
    """Data to measure on, where it is at hand."""
    path = Path(__file__).parents[3] / "shared" / "data"
    if not path.is_dir():
        pytest.skip("the data to measure on is not at hand")
    return path
