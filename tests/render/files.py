"""Small chart files to render: each function writes one and gives its path."""

import base64
import hashlib
import struct
import zlib
from pathlib import Path

from PIL import Image, ImageDraw

_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")

# 64 x 48, left half black; the second says that it must be turned a quarter clockwise.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAABcAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRt"
    "AAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5j"
    "bHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBp"
    "eGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAAB9tZGF0AAAAEygBrwQY+AOjn/+rotZd9m+BGkg="
)
TURNED_HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAchtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ADRpbG9jAAAAAERAAAIAAQAAAAAB7AABAAAAAAAAABcAAgAAAAACAwABAAAAAAAAACQAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAA"
    "AAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAABB2lwcnAAAADmaXBjbwAAAHZodmNDAQNwAAAA"
    "kAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq"
    "5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xh"
    "cAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAAAlpcm90AwAAABlpcG1hAAAAAAAAAAEA"
    "AQaBAgMFhIYAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAENtZGF0AAAAEygBrwQY+AOjn/+rotZd9m+BGkgAAAAGRXhpZgAA"
    "TU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAA="
)


def half_black(width: int = 64, height: int = 48) -> Image.Image:
    """White with a black left half."""
    image = Image.new("RGB", (width, height), "white")
    image.paste((0, 0, 0), (0, 0, width // 2, height))
    return image


def scan(width: int = 400, height: int = 300) -> Image.Image:
    """Something like a page: words and a red mark."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.text((20, 20), "Assessment: sprain", fill="black", font_size=30)
    draw.rectangle((10, 200, 60, 250), fill=(200, 0, 0))
    return image


def bomb(path: Path) -> Path:
    """A PNG of a few kilobytes that says it is 40,000 x 40,000."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 40_000, 40_000, 1, 0, 0, 0, 0))
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(2_000_000))) + chunk(b"IEND", b"")
    )
    return path


def typed(*lines: str, top: int = 720, size: int = 11) -> bytes:
    """Content of a PDF page: lines of Helvetica from 72 points left."""
    rows = " ".join(f"({line}) '" for line in lines)
    return f"BT /F1 {size} Tf {size + 3} TL 72 {top} Td {rows} ET\n".encode("latin-1")


NOTE = typed("Assessment: ankle sprain, left.", "Plan: ice, elevation, ibuprofen 400 mg.")


def pdf(
    path: Path,
    *contents: bytes,
    media: str = "0 0 612 792",
    page: str = "",
    image: Image.Image | None = None,
    annotation: str = "",
    user_password: bytes | None = None,
    more: dict[int, bytes] | None = None,
) -> Path:
    """Write a PDF, a page for each content.

    Args:
        path: where to.
        contents: each page's drawing; may use the font /F1 and the image /Im.
        media: media box.
        page: more entries of each page.
        image: what /Im draws.
        annotation: dictionary of an annotation on each page.
        user_password: encrypts the file; empty is a file that opens without one.
        more: further objects, from number 10 on.
    """
    picture = (image or half_black()).convert("L")
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count %d/Kids[%s]>>"
        % (len(contents), b" ".join(b"%d 0 R" % (20 + 2 * at) for at in range(len(contents)))),
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        4: _stream(
            picture.tobytes(),
            b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8" % picture.size,
        ),
        5: b"<<" + annotation.encode() + b">>",
        **(more or {}),
    }
    resources = b"/Resources<</Font<</F1 3 0 R/F2 10 0 R>>/XObject<</Im 4 0 R/Fm 11 0 R>>>>"
    for at, content in enumerate(contents):
        annots = b"/Annots[5 0 R]" if annotation else b""
        objects[20 + 2 * at] = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]%s%s%s/Contents %d 0 R>>" % (
            media.encode(),
            resources,
            annots,
            page.encode(),
            21 + 2 * at,
        )
        objects[21 + 2 * at] = _stream(content)
    trailer = b""
    if user_password is not None:
        key, encryption = _encryption(user_password)
        objects = {number: _encrypted(number, body, key) for number, body in objects.items()}
        objects[6] = encryption
        trailer = b"/Encrypt 6 0 R/ID[<00><00>]"
    return _written(path, objects, trailer)


def _stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n" % (len(data), entries) + data + b"\nendstream"


def form(content: bytes, matrix: str = "1 0 0 1 0 0") -> bytes:
    """An object for `more`: a form that holds the font and the image."""
    entries = f"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Matrix[{matrix}]"
    return _stream(content, entries.encode() + b"/Resources<</Font<</F1 3 0 R>>/XObject<</Im 4 0 R>>>>")


def _written(path: Path, objects: dict[int, bytes], trailer: bytes) -> Path:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 %s \n" % (places.get(number, 0), b"n" if number in places else b"f")
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    path.write_bytes(out)
    return path


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def _encryption(user_password: bytes) -> tuple[bytes, bytes]:
    """File key and dictionary of the standard security handler, revision 2, owner's password `owner`."""
    owner = _rc4(hashlib.md5((b"owner" + _PAD)[:32]).digest()[:5], (user_password + _PAD)[:32])
    permissions = -44
    key = hashlib.md5((user_password + _PAD)[:32] + owner + struct.pack("<i", permissions) + b"\0").digest()[:5]
    user = _rc4(key, _PAD)
    return key, b"<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P %d>>" % (
        owner.hex().encode(),
        user.hex().encode(),
        permissions,
    )


def _encrypted(number: int, body: bytes, key: bytes) -> bytes:
    """An object with its stream encrypted; the dictionaries here hold no strings."""
    before, mark, rest = body.partition(b"\nstream\n")
    if not mark:
        return body
    own = hashlib.md5(key + struct.pack("<I", number)[:3] + bytes(2)).digest()[:10]
    return before + mark + _rc4(own, rest.removesuffix(b"\nendstream")) + b"\nendstream"
