"""What the decoders' own exceptions mean for a chart."""

import errno
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from pipeline.errors import DamagedFileError, DecoderFailedError, DiskFullError, OversizedPageError

# Pillow's readers meet broken bytes with whatever Python raises there; these are the kinds seen and possible.
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    EOFError,
    RuntimeError,
    Warning,
    struct.error,
    zlib.error,
)

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def decoding() -> Iterator[None]:
    """Name what goes wrong inside a decoder.

    Raises:
        OversizedPageError: the decoder itself found the picture too large.
        DecoderFailedError: memory ran out.
        DiskFullError: there is no room for a temporary file.
        DamagedFileError: anything else that broken bytes lead to.
    """
    try:
        yield
    except Image.DecompressionBombError as error:
        raise OversizedPageError from error
    except MemoryError as error:
        raise DecoderFailedError from error
    except _BROKEN as error:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            raise DiskFullError("The disk is full; make room and start again.") from error
        raise DamagedFileError from error
