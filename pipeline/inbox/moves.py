"""Moving decided files out of the inbox: the clerk's receipt in `done/` or `rejected/`.

A rejected file that was tried again goes from `rejected/` to `done/`, or stays with a new sentence.

A move is planned (which free name), committed by the caller, then executed; each step can be done
again after a stop at any point. No file is ever overwritten.
"""

import errno
import os
from enum import Enum, auto
from pathlib import Path

from pipeline.errors import DiskFullError, UnmovableFileError
from pipeline.inbox.originals import FULL, fsync_folder
from pipeline.inbox.scan import RECEIPTS, shown

WHY = ".why.txt"
MAX_NAME = 255
"""Bytes of a file name on every common file system."""


class Outcome(Enum):
    """How a move ended."""

    MOVED = auto()
    TAKEN = auto()
    """Another file took the planned place in the meantime: plan again."""
    GONE = auto()
    """The file was taken away, or another was put in its place: that one is a new arrival."""


def plan(inbox: Path, path: Path, folder: str, *, id: str) -> Path:
    """A free place for an inbox file, with room for a `.why.txt` beside it; its batch is kept.

    Args:
        inbox: the inbox.
        path: of the file, below the inbox; one that lies in `folder` already stays where it is.
        folder: `done` or `rejected`.
        id: makes the name unique where it must be shortened.
    """
    if is_receipt(path) and path.parts[0] == folder:
        return path
    target = Path(folder)
    for part in path.parent.parts[is_receipt(path) :]:  # a batch may be named like a receipt that lies there
        target = target / part
        while os.path.lexists(inbox / target) and not (inbox / target).is_dir():
            target = target.with_name(target.name + "~")
    room = MAX_NAME - len(WHY)
    fitting = path.name if len(os.fsencode(path.name)) <= room else _tagged(path.name, id, room)
    name, number = fitting, 1
    while any(os.path.lexists(inbox / target / place) for place in (name, name + WHY)):
        number += 1
        name = _tagged(fitting, str(number), room)
    return target / name


def is_receipt(path: Path) -> bool:
    """Whether a file lies in `done/` or `rejected/`, where no new file is looked for."""
    return len(path.parts) > 1 and Path(path.parts[0]) in RECEIPTS


def _tagged(name: str, tag: str, room: int) -> str:
    """The name with `~tag` before its ending, cut on a character boundary to fit into `room` bytes."""
    stem, ending = name.removesuffix(Path(name).suffix), Path(name).suffix
    if len(ending) > 16:
        stem, ending = name, ""
    tail = f"~{tag}{ending}"
    while len(os.fsencode(stem + tail)) > room:
        stem = stem[:-1]
    return stem + tail


def execute(inbox: Path, path: Path, moved_to: Path, *, size: int, mtime_ns: int, sentence: str | None) -> Outcome:
    """Move a file to its planned place, with its sentence beside it; done twice it is as done once.

    Raises:
        DiskFullError: no room for the sentence.
        UnmovableFileError: the folders cannot be written to.
    """
    source, target = inbox / path, inbox / moved_to
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unchanged = _is(source, size, mtime_ns)
        outcome = Outcome.MOVED
        if source == target:
            outcome = Outcome.MOVED if unchanged else Outcome.GONE
        elif os.path.lexists(target):
            if not _is(target, size, mtime_ns):
                return Outcome.TAKEN
            # A stop between the link and the unlink left the file in both places.
            if unchanged and target.samefile(source):
                source.unlink()
        elif not unchanged:
            outcome = Outcome.GONE
        elif not _rename_to_free(source, target):
            return Outcome.TAKEN
        if is_receipt(path) and (source != target or outcome is Outcome.GONE):
            _why(source).unlink(missing_ok=True)  # what it said was true of an earlier try
        if outcome is Outcome.GONE:
            return outcome
        if sentence is not None:
            _write(_why(target), sentence)
        fsync_folder(target.parent)
        if source.parent.is_dir():  # a batch's folder in rejected/ may be tidied away at any time
            fsync_folder(source.parent)
    except OSError as error:
        if error.errno in FULL:
            raise DiskFullError("The disk of the inbox is full; make room, then start again.") from error
        raise UnmovableFileError(f"{shown(str(path))} cannot be moved out of the inbox: {error.strerror}.") from error
    return outcome


def _why(path: Path) -> Path:
    return path.with_name(path.name + WHY)


def _is(path: Path, size: int, mtime_ns: int) -> bool:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False
    return (status.st_size, status.st_mtime_ns) == (size, mtime_ns)


def _rename_to_free(source: Path, target: Path) -> bool:
    """Rename without overwriting: a hard link fails where the name is taken, a rename would not."""
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS, errno.EACCES}:
            raise
        # Shares without hard links; `plan` saw a moment ago that the name is free.
        source.rename(target)
    else:
        try:
            source.unlink()
        except OSError:
            target.unlink()  # a folder that is not ours to change: the file must not lie in both places
            raise
    return True


def _write(path: Path, sentence: str) -> None:
    part = path.with_name(".why.part")
    with part.open("w", encoding="utf-8") as file:
        file.write(sentence + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def purge(inbox: Path, moved_to: Path, *, size: int, mtime_ns: int) -> None:
    """Delete a receipt from `done/` and the sentence beside it; the original stays.

    A later file that took the same place, after the clerk emptied the folder, is left alone.

    Raises:
        UnmovableFileError: the folder cannot be written to.
    """
    receipt = inbox / moved_to
    try:
        if _is(receipt, size, mtime_ns):
            receipt.unlink()
            _why(receipt).unlink(missing_ok=True)
    except OSError as error:
        raise UnmovableFileError(f"{shown(str(moved_to))} cannot be purged: {error.strerror}.") from error
