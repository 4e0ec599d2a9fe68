from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"


@pytest.fixture(scope="session")
def hcpcs_2019() -> Path:
    """The annual file of CMS, where it is at hand."""
    path = SHARED / "codes" / "2019-Alpha-Numeric-HCPCS-File.zip"
    if not path.is_file():
        pytest.skip("the CMS file is not at hand")
    return path
