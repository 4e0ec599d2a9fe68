"""The folders that everything else is found in."""

import errno
from pathlib import Path

from pipeline.errors import DiskFullError, SetupError
from pipeline.settings import Settings


def prepare(settings: Settings) -> None:
    """Make the inbox and the data folder, which only this user may look into.

    Raises:
        SetupError: they cannot be made.
        DiskFullError: no room left.
    """
    try:
        settings.inbox_dir.mkdir(parents=True, exist_ok=True)
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in ("cache", "work"):
            (settings.data_dir / name).mkdir(exist_ok=True)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFullError("The disk is full; make room, then start again.") from error
        raise SetupError(f"The folder {error.filename} cannot be made: {error.strerror}.") from error


def work_folder(settings: Settings) -> Path:
    """Where decoders and readers put things down for a moment."""
    prepare(settings)
    return settings.data_dir / "work"
