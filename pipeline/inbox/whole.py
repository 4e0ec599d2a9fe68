"""Whether a file is complete in itself, by its bytes.

A file that is still being copied looks unchanged whenever the network pauses, so being unchanged is
not enough: each format says somewhere where it ends. Only headers, directories and ends are read,
never the whole of a large file, save for JPEG, whose end can only be walked to.
"""

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

_TAIL_BYTES = 65_536
_CHUNK_BYTES = 1 << 20
_HEAD_BYTES = 1024


class _Bytes:
    """An open file to look into here and there."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.size = os.fstat(descriptor).st_size

    def at(self, offset: int, length: int) -> bytes:
        """Bytes from an offset on; fewer, or none, where the file ends first."""
        return os.pread(self._descriptor, length, offset) if offset < self.size else b""

    def number(self, offset: int, length: int, order: str = "little") -> int | None:
        """A whole number, or None where the file ends first."""
        found = self.at(offset, length)
        return _number(found, order) if len(found) == length else None


def is_complete(path: Path) -> bool:
    """Say whether a file holds all that its own format promises.

    An empty file is not complete: it may be about to grow. A file in no known format is, and so is one
    that may not be opened: waiting would change nothing, and whoever takes it can say what is wrong. What is
    no regular file (a link, a pipe, a folder), or is no longer there, is never complete.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except PermissionError:
        return not path.is_symlink()
    except OSError:
        return False
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return False
        file = _Bytes(descriptor)
        head = file.at(0, _HEAD_BYTES)
        if not head:
            return False
        for belongs, complete in _FORMATS:
            if belongs(head):
                return complete(file)
        return True
    except OSError:
        return True  # a bad disk or a locked range: whoever takes the file tells it
    finally:
        os.close(descriptor)


def _pdf(file: _Bytes) -> bool:
    """The end mark stands near the end, no revision has begun after it, and it points into the file."""
    linear = re.search(rb"/Linearized\b[^>]*?/L\s+(\d+)", file.at(0, _HEAD_BYTES))
    if linear and int(linear[1]) > file.size:
        return False
    before, end, after = file.at(max(0, file.size - _TAIL_BYTES), _TAIL_BYTES).rpartition(b"%%EOF")
    if not end or re.search(rb"\d\s+\d+\s+obj\b", after):
        return False
    starts = re.findall(rb"startxref\s+(\d{1,12})\s", before)
    return bool(starts) and int(starts[-1]) < file.size


def _jpeg(file: _Bytes) -> bool:
    """From segment to segment, and through each scan, to the end of the picture; phones append more after it."""
    at = 2
    while True:
        found = _next_marker(file, at)
        if found is None:
            return False
        at, marker = found
        if marker == 0xD9:
            return True
        length = file.number(at, 2, "big")
        if length is None or length < 2:
            return False
        at += length


def _next_marker(file: _Bytes, at: int) -> tuple[int, int] | None:
    """The next marker of a segment, and where it ends; stuffed and restart bytes of a scan are passed over."""
    while chunk := file.at(at, _CHUNK_BYTES):
        found = re.search(rb"\xff[^\x00\x01\xd0-\xd8\xff]", chunk)
        if found:
            return at + found.end(), chunk[found.end() - 1]
        if len(chunk) == 1:
            return None
        at += len(chunk) - 1  # a marker may lie across the border
    return None


def _png(file: _Bytes) -> bool:
    at = 8
    while True:
        length, kind = file.number(at, 4, "big"), file.at(at + 4, 4)
        if length is None or not kind.isalpha():
            return False
        at += 12 + length
        if kind == b"IEND":
            return at <= file.size


def _bmp(file: _Bytes) -> bool:
    """As long as it says; where it does not say, its pixels begin inside it."""
    stated, pixels = file.number(2, 4), file.number(10, 4)
    if stated is None or pixels is None:
        return False
    return file.size >= stated if stated else file.size > pixels


def _webp(file: _Bytes) -> bool:
    stated = file.number(4, 4)
    return stated is not None and file.size >= 8 + stated


_HEIC_BOXES = frozenset({b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip", b"uuid"})
"""What stands at the top of a file from a phone; anything else that does not fit was appended."""


def _heic(file: _Bytes) -> bool:
    """A chain of boxes that holds the directory and the pictures' data and ends with the file."""
    at, seen = 0, set()
    while at < file.size:
        length, kind = file.number(at, 4, "big"), file.at(at + 4, 4)
        header = 8
        if length == 1:
            length, header = file.number(at + 8, 8, "big"), 16
        if length is None or (length and length < header):
            break  # what follows is no box
        seen.add(kind)
        if length == 0:  # this box runs to the end, wherever that is; or zeros were appended
            break
        if at + length > file.size:
            if kind in _HEIC_BOXES:
                return False
            break
        if kind == b"meta" and b"idat" in file.at(at, min(length, _CHUNK_BYTES)):
            seen.add(b"mdat")
        at += length
    return {b"meta", b"mdat"} <= seen


_TIFF_TYPE_BYTES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
_STRIP_OFFSETS, _STRIP_BYTES, _TILE_OFFSETS, _TILE_BYTES = 273, 279, 324, 325
_OLD_JPEG_OFFSET, _OLD_JPEG_BYTES = 513, 514
_MOST_PIECES = 4_000_000


def _tiff(file: _Bytes) -> bool:
    """Every directory of the chain is there, with every value, strip and tile that it names."""
    order = "little" if file.at(0, 2) == b"II" else "big"
    big = file.number(2, 2, order) == 43
    word = 8 if big else 4
    next_at, seen = file.number(8 if big else 4, word, order), set[int]()
    while next_at and next_at not in seen:
        seen.add(next_at)
        count = file.number(next_at, 8 if big else 2, order)
        entry_bytes = 20 if big else 12
        first = next_at + (8 if big else 2)
        if not count or first + count * entry_bytes + word > file.size:
            return False
        entries = file.at(first, count * entry_bytes)
        values: dict[int, tuple[int, ...]] = {}
        for start in range(0, len(entries), entry_bytes):
            entry = entries[start : start + entry_bytes]
            found = _tiff_value(file, entry, word, order)
            if found is None:
                return False
            values[_number(entry[:2], order)] = found
        if not _pieces_inside(values, file.size):
            return False
        next_at = file.number(first + count * entry_bytes, word, order)
    return bool(seen) and next_at is not None


def _tiff_value(file: _Bytes, entry: bytes, word: int, order: str) -> tuple[int, ...] | None:
    """The numbers of an entry that says where pieces lie, nothing for other entries, None for one that is cut off."""
    tag, kind = _number(entry[:2], order), _number(entry[2:4], order)
    count = _number(entry[4 : 4 + word], order)
    width = _TIFF_TYPE_BYTES.get(kind, 1)
    where = entry[4 + word :]
    if count * width > word:
        offset = _number(where, order)
        if offset + count * width > file.size:
            return None
    if tag not in _PIECE_TAGS or width not in {2, 4, 8} or count > _MOST_PIECES:
        return ()
    numbers = file.at(offset, count * width) if count * width > word else where[: count * width]
    return tuple(_number(numbers[at : at + width], order) for at in range(0, len(numbers), width))


def _pieces_inside(values: dict[int, tuple[int, ...]], size: int) -> bool:
    """Whether a directory names pieces of a picture, and all of them lie inside the file."""
    named = False
    for offsets, lengths in _PIECES:
        starts = values.get(offsets, ())
        counts = values.get(lengths, ()) or (0,) * len(starts)
        named = named or bool(starts)
        if any(start + count > size for start, count in zip(starts, counts, strict=False)):
            return False
    return named


_PIECES = ((_STRIP_OFFSETS, _STRIP_BYTES), (_TILE_OFFSETS, _TILE_BYTES), (_OLD_JPEG_OFFSET, _OLD_JPEG_BYTES))
_PIECE_TAGS = frozenset(tag for pair in _PIECES for tag in pair)


def _number(digits: bytes, order: str) -> int:
    return int.from_bytes(digits, "little" if order == "little" else "big")


# The first bytes of each format, and how to tell that one is complete.
_FORMATS: tuple[tuple[Callable[[bytes], bool], Callable[[_Bytes], bool]], ...] = (
    (lambda head: head.startswith(b"\xff\xd8\xff"), _jpeg),
    (lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"), _png),
    (lambda head: head[:4] in {b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"}, _tiff),
    (lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP", _webp),
    (lambda head: head[4:8] == b"ftyp", _heic),
    (lambda head: head[:2] == b"BM" and head[6:10] == bytes(4), _bmp),
    (lambda head: b"%PDF-" in head, _pdf),
)
