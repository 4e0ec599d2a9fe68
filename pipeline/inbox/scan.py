"""What lies in the inbox right now, without opening any of it."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import SetupError

DONE = "done"
REJECTED = "rejected"
RECEIPTS = {Path(DONE), Path(REJECTED)}
UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart")
"""Endings that copying programs use until a file is whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxFile:
    """A regular file in the inbox."""

    path: Path
    """Below the inbox, as the file system spells it (undecodable bytes as surrogates)."""
    size: int
    mtime_ns: int
    identity: tuple[int, int]
    """Device and inode: stays the same when the file is renamed."""

    @property
    def name(self) -> str:
        """The file's own name, for people."""
        return shown(self.path.name)

    @property
    def batch(self) -> str:
        """The folder below the inbox; empty at its top."""
        return "" if self.path.parent == Path() else shown(str(self.path.parent))


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One look through the inbox."""

    files: tuple[InboxFile, ...]
    """In order of name."""
    passed_over: tuple[str, ...]
    """One line each for what is never opened: symlinks, FIFOs, sockets, devices."""
    unfinished: tuple[str, ...]
    """Hidden files and those that a copying program has not finished."""


def shown(name: str) -> str:
    """A file name for people: what is not UTF-8, and what would break a line, is escaped."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def look(inbox: Path) -> Snapshot:
    """Look through the inbox and its batches; `done/` and `rejected/` at its top are left out.

    Raises:
        SetupError: the inbox is not a folder that may be read.
    """
    files: list[InboxFile] = []
    passed_over: list[str] = []
    unfinished: list[str] = []
    try:
        for path, status in _walk(inbox, Path()):
            if status is None:
                passed_over.append(f"{shown(str(path))} is a folder that may not be looked into.")
            elif path in RECEIPTS:
                passed_over.append(f"{shown(str(path))} stands where the worker needs a folder; please rename it.")
            elif not stat.S_ISREG(status.st_mode):
                passed_over.append(f"{shown(str(path))} is a {_kind(status.st_mode)}; it was not opened.")
            elif any(part.startswith(".") or part.lower().endswith(UNFINISHED) for part in path.parts):
                unfinished.append(shown(str(path)))
            else:
                files.append(
                    InboxFile(
                        path=path,
                        size=status.st_size,
                        mtime_ns=status.st_mtime_ns,
                        identity=(status.st_dev, status.st_ino),
                    )
                )
    except OSError as error:
        where = shown(str(error.filename or inbox))
        raise SetupError(f"The inbox cannot be looked through ({where}): {error.strerror}.") from error
    return Snapshot(
        files=tuple(sorted(files, key=lambda file: os.fsencode(file.path))),
        passed_over=tuple(sorted(passed_over)),
        unfinished=tuple(sorted(unfinished)),
    )


def _walk(inbox: Path, below: Path) -> Iterator[tuple[Path, os.stat_result | None]]:
    """Everything but folders, each with its status; a folder that may not be looked into has none."""
    with os.scandir(inbox / below) as entries:
        for entry in entries:
            path = below / entry.name
            try:
                if not entry.is_dir(follow_symlinks=False):
                    yield path, entry.stat(follow_symlinks=False)
                elif path not in RECEIPTS:
                    yield from _walk(inbox, path)
            except FileNotFoundError:
                continue  # gone between the listing and the look
            except PermissionError:
                yield path, None


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFLNK: "symbolic link",
        stat.S_IFIFO: "FIFO",
        stat.S_IFSOCK: "socket",
        stat.S_IFBLK: "device",
        stat.S_IFCHR: "device",
    }
    return kinds.get(stat.S_IFMT(mode), "special file")
