"""Members of a zip file that was brought, read with a limit on their size."""

import io
import zipfile
import zlib
from collections.abc import Callable

from pipeline.errors import UsageError

_LARGEST = 100_000_000
_MOST = 100


def is_zip(content: bytes) -> bool:
    """Whether a file begins as a zip does."""
    return content.startswith(b"PK")


def members(name: str, content: bytes, wanted: Callable[[str], bool]) -> list[tuple[str, bytes]]:
    """Name and content of the members whose names are wanted, in the order of the zip.

    Raises:
        UsageError: the zip is damaged, or holds too many or far too large members.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = [member for member in archive.infolist() if wanted(member.filename)]
            if len(found) > _MOST or sum(member.file_size for member in found) > _LARGEST:
                raise UsageError(f"{name} holds far more than a code book; nothing was imported.")
            return [(member.filename, archive.read(member)) for member in found]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error) as error:
        raise UsageError(f"{name} is a damaged zip file; download it again.") from error
