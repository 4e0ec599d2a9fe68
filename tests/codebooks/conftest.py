from pathlib import Path

import pytest

from pipeline.codebooks import CodeBooks, load_books

SHARED = Path(__file__).parents[3] / "shared"


@pytest.fixture(scope="session")
def books(request: pytest.FixtureRequest) -> CodeBooks:
    """The books of this machine, compiled once for all test runs."""
    assert request.config.cache is not None
    return load_books(request.config.cache.mkdir("codebooks"))


@pytest.fixture(scope="session")
def hcpcs_2019() -> Path:
    """The annual file of CMS, where it is at hand."""
    path = SHARED / "codes" / "2019-Alpha-Numeric-HCPCS-File.zip"
    if not path.is_file():
        pytest.skip("the CMS file is not at hand")
    return path
