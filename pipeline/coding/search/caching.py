"""What is compiled from the books is kept beside them, and made anew when the books or the code changed.

A file holds a line that says what it was made of and where each array lies, then the arrays. It is mapped, not
read: what a question does not touch takes neither time nor memory.
"""

import json
import math
import mmap
import os
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.codebooks import CodeBooks
from pipeline.codebooks.sources import fingerprint
from pipeline.errors import SetupError

_ALIGNED = 64
_CHUNK = 1 << 20


def cached(
    books: CodeBooks,
    name: str,
    makers: tuple[Path, ...],
    columns: tuple[str, ...],
    make: Callable[[], dict[str, NDArray[np.generic]]],
) -> dict[str, NDArray[np.generic]]:
    """Arrays from the file `name`.arrays in the cache of the books, or made and left there; they cannot be written to.

    Args:
        books: what they are made of.
        name: of the file.
        makers: the modules that make them; another version of one makes them anew.
        columns: the names of the arrays; a file with others is not trusted.
        make: makes them.

    Raises:
        SetupError: the cache cannot be written.
    """
    path = books.cache / f"{name}.arrays"
    key = f"{books.tables.key} {fingerprint((Path(__file__), *makers))}"
    found = _mapped(path, key, columns)
    if found is not None:
        return found
    made = make()
    try:
        _write(path, key, {column: np.ascontiguousarray(made[column]) for column in columns})
    except OSError as error:
        raise SetupError(f"{path} cannot be written: {error.strerror or error}.") from error
    return made


def _mapped(path: Path, key: str, columns: tuple[str, ...]) -> dict[str, NDArray[np.generic]] | None:
    """The arrays of a file; None where it is missing, damaged or made of something else."""
    try:
        with path.open("rb") as file:
            line = file.readline()
            head = json.loads(line)
            if head["key"] != key or tuple(head["arrays"]) != columns or head["checksum"] != _checksum(file.read):
                return None
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return {
            name: np.frombuffer(content, np.dtype(kind), math.prod(shape), len(line) + offset).reshape(shape)
            for name, (kind, shape, offset) in head["arrays"].items()
        }
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _checksum(read: Callable[[int], bytes]) -> int:
    checksum = 0
    while chunk := read(_CHUNK):
        checksum = zlib.crc32(chunk, checksum)
    return checksum


def _write(path: Path, key: str, arrays: dict[str, NDArray[np.generic]]) -> None:
    """Write a file by way of a temporary one beside it, whole or not at all.

    Raises:
        OSError: there is no room or no permission.
    """
    places, pieces, length = {}, [], 0
    for name, array in arrays.items():
        piece = array.tobytes()
        places[name] = (array.dtype.str, array.shape, length)
        pieces.append(piece + bytes(-len(piece) % _ALIGNED))
        length += len(pieces[-1])
    body = b"".join(pieces)
    head = json.dumps({"key": key, "checksum": zlib.crc32(body), "arrays": places}).encode()
    head += b" " * ((-len(head) - 1) % _ALIGNED) + b"\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(head + body)
        Path(part).replace(path)
    finally:
        Path(part).unlink(missing_ok=True)
