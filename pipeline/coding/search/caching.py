"""What is compiled from the books is kept beside them, and made anew when the books or the code changed."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.codebooks import CodeBooks
from pipeline.codebooks.sources import fingerprint
from pipeline.codebooks.tables import read_arrays, write_arrays
from pipeline.errors import SetupError


def cached(
    books: CodeBooks,
    name: str,
    maker: Path,
    columns: tuple[str, ...],
    make: Callable[[], dict[str, NDArray[np.generic]]],
) -> dict[str, NDArray[np.generic]]:
    """Arrays from the file `name`.npz in the cache of the books, or made and left there.

    Args:
        books: what they are made of.
        name: of the file.
        maker: the module that makes them; another version of it makes them anew.
        columns: the names of the arrays; a file with others is not trusted.
        make: makes them.

    Raises:
        SetupError: the cache cannot be written.
    """
    path = books.cache / f"{name}.npz"
    key = f"{books.tables.key} {fingerprint([maker])}"
    found = read_arrays(path)
    if found is not None and found.keys() == {*columns, "key"} and found.pop("key").tobytes() == key.encode():
        return found
    made = make()
    try:
        write_arrays(path, {**made, "key": np.frombuffer(key.encode(), dtype=np.uint8)})
    except OSError as error:
        raise SetupError(f"{path} cannot be written: {error.strerror or error}.") from error
    return made
