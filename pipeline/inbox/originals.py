"""The truth on disk: `DATA/originals/<sha256>`, written and fsynced before the store names it."""

import errno
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp

from pipeline.errors import DiskFullError, SetupError, UnreadableFileError

CHUNK = 1 << 20
FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A file's content, safe among the originals."""

    sha256: str
    size: int
    mtime_ns: int
    """Of the inbox file that it was copied from."""


class Originals:
    """The folder of originals, each named by the SHA-256 of its bytes."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "originals"
        self._unfinished = data_dir / "originals" / "unfinished"

    def path(self, sha256: str) -> Path:
        """Where the original with this hash lies."""
        return self.folder / sha256

    def take(self, source: Path) -> Original | None:
        """Copy an inbox file here, fsynced; None where it changed or vanished while it was copied.

        Raises:
            UnreadableFileError: the file may not be opened or is no regular file.
            DiskFullError: no room left; what was copied so far is deleted.
        """
        try:
            # O_NONBLOCK: a FIFO that took the file's place must not block; O_NOFOLLOW: nor a link lead elsewhere.
            descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UnreadableFileError from error
        with os.fdopen(descriptor, "rb") as file:
            before = os.fstat(descriptor)
            if not stat.S_ISREG(before.st_mode):
                raise UnreadableFileError
            with _disk():
                self._unfinished.mkdir(parents=True, exist_ok=True)
                handle, name = mkstemp(dir=self._unfinished)
            copy = Path(name)
            try:
                digest = hashlib.sha256()
                with os.fdopen(handle, "wb") as target:
                    while chunk := _read(file):
                        digest.update(chunk)
                        with _disk():
                            target.write(chunk)
                    with _disk():
                        target.flush()
                        os.fsync(target.fileno())
                after = os.fstat(descriptor)
                if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                    return None
                sha256 = digest.hexdigest()
                with _disk():
                    copy.chmod(0o400)
                    copy.replace(self.path(sha256))
                    fsync_folder(self.folder)
            finally:
                copy.unlink(missing_ok=True)
        return Original(sha256=sha256, size=after.st_size, mtime_ns=after.st_mtime_ns)

    def clear_unfinished(self) -> None:
        """Delete copies that a stopped worker left half-done; the inbox still holds their files."""
        if self._unfinished.is_dir():
            for copy in self._unfinished.iterdir():
                copy.unlink(missing_ok=True)

    def names(self) -> set[str]:
        """Every hash that has an original."""
        return {path.name for path in self.folder.iterdir() if path.is_file()} if self.folder.is_dir() else set()

    def intact(self, sha256: str) -> bool:
        """Whether an original is there and still has the bytes that it is named by."""
        path = self.path(sha256)
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def fsync_folder(folder: Path) -> None:
    """Make a rename in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:  # some network shares cannot fsync a folder
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


def _read(file: object) -> bytes:
    try:
        return file.read(CHUNK)  # type: ignore[attr-defined,no-any-return]
    except OSError as error:
        raise UnreadableFileError from error


class _disk:
    """Tell a full or broken disk as what it is."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            if error.errno in FULL:
                raise DiskFullError(
                    "The disk of the data folder is full; make room, then start again. Nothing was moved."
                ) from error
            raise SetupError(f"The data folder cannot be written to: {error.strerror}. Nothing was moved.") from error
