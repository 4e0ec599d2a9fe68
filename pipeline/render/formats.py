"""Which format a file is in, by its first bytes; its name is never asked."""

from enum import StrEnum

HEAD_BYTES = 1024
"""How much of a file is looked at; a PDF may begin with that much junk."""

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_BMP_HEADER_SIZES = frozenset({12, 40, 52, 56, 64, 108, 124})


class Format(StrEnum):
    """The formats that are read; everything else is refused."""

    PDF = "pdf"
    TIFF = "tiff"
    JPEG = "jpeg"
    PNG = "png"
    BMP = "bmp"
    WEBP = "webp"
    HEIC = "heic"


def sniff(head: bytes) -> Format | None:
    """The format that the first `HEAD_BYTES` bytes of a file belong to, or None."""
    if head.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if head[:4] in {b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"}:
        return Format.TIFF
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Format.WEBP
    if head[4:8] == b"ftyp" and _is_heic(head):
        return Format.HEIC
    # Two letters are too little to tell a bitmap from a sentence that begins with them.
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES:
        return Format.BMP
    if b"%PDF-" in head[:HEAD_BYTES]:
        return Format.PDF
    return None


def _is_heic(head: bytes) -> bool:
    """Whether an ISO file's brands name HEVC pictures; AVIF uses the same boxes."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12]} | {head[at : at + 4] for at in range(16, end, 4)}
    return bool(brands & _HEIC_BRANDS)
