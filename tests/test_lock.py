import re
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")


def locked(name: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text().splitlines():
        if match := re.match(r"([a-z0-9._-]+(?:\[[a-z,]+\])?)==(\S+)", line):
            found.setdefault(match[1], set()).add(match[2])
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_exactly_one_opencv_is_locked_since_all_own_the_cv2_folder(name: str) -> None:
    assert [package for package in locked(name) if package.startswith("opencv")] == ["opencv-python"]


def test_exactly_one_opencv_is_installed() -> None:
    names = {distribution.metadata["Name"].lower() for distribution in distributions()}
    assert {name for name in names if name.startswith("opencv")} == {"opencv-python"}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_hashes_and_no_index_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "--hash=sha256:" in text
    assert "://" not in text and "--index" not in text and "--find-links" not in text


def test_the_test_lock_agrees_with_the_run_lock() -> None:
    run, test = locked("requirements.lock"), locked("requirements-dev.lock")
    assert {package: test[package] for package in run} == run


@pytest.mark.parametrize("package", ["torch", "tensorflow"])
def test_no_training_library_is_installed_to_run_or_test(package: str) -> None:
    assert package not in locked("requirements.lock") and package not in locked("requirements-dev.lock")
