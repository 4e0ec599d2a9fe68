import io
import os
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from pipeline.inbox.whole import is_complete

PDF = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\nxref\n0 1\ntrailer\n<</Root 1 0 R>>\nstartxref\n44\n%%EOF\n"


def _box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


HEIC = _box(b"ftyp", b"heic\0\0\0\0mif1heic") + _box(b"meta", bytes(40)) + _box(b"mdat", b"picture")


def _saved(format: str, mode: str = "L", **options: object) -> bytes:
    written = io.BytesIO()
    pages = [Image.effect_noise((60, 50), 90).convert(mode) for _ in range(3)]
    if format == "tiff":
        options |= {"save_all": True, "append_images": pages[1:]}
    pages[0].save(written, format, **options)
    return written.getvalue()


WHOLE = {
    "pdf": PDF,
    "heic": HEIC,
    "jpeg": _saved("jpeg"),
    "progressive jpeg": _saved("jpeg", progressive=True),
    "jpeg with a preview": _saved("jpeg", exif=b"Exif\0\0" + _saved("jpeg")),
    "png": _saved("png"),
    "bmp": _saved("bmp"),
    "webp": _saved("webp", "RGB"),
    "tiff": _saved("tiff"),
    "group 4 tiff": _saved("tiff", "1", compression="group4"),
    "jpeg in tiff": _saved("tiff", compression="jpeg"),
    "bigtiff": _saved("tiff", big_tiff=True),
}


def _put(folder: Path, data: bytes) -> Path:
    (folder / "chart").write_bytes(data)
    return folder / "chart"


def _big_endian_tiff(last_strip: int) -> bytes:
    """Two strips of ten bytes; says that the second ends at `last_strip`."""

    def entry(tag: int, kind: int, count: int, value: int) -> bytes:
        return tag.to_bytes(2, "big") + kind.to_bytes(2, "big") + count.to_bytes(4, "big") + value.to_bytes(4, "big")

    directory = (2).to_bytes(2, "big") + entry(273, 4, 2, 38) + entry(279, 4, 2, 46) + bytes(4)
    numbers = [54, 64, 10, last_strip - 64]
    return b"MM\0*\0\0\0\x08" + directory + b"".join(n.to_bytes(4, "big") for n in numbers) + bytes(20)


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_file_is_complete(kind: str, tmp_path: Path) -> None:
    assert is_complete(_put(tmp_path, WHOLE[kind]))


@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_that_is_still_being_copied_is_not_complete(kind: str, tmp_path: Path) -> None:
    whole = WHOLE[kind].rstrip(b"\n\0")
    for length in {len(whole) * part // 12 for part in range(1, 12)} | {len(whole) - 1}:
        # Fewer bytes than tell the format cannot be judged; waiting until it is unchanged covers them.
        if length > 20:
            assert not is_complete(_put(tmp_path, whole[:length])), length


@pytest.mark.parametrize("kind", ["pdf", "jpeg", "png", "tiff", "bmp", "heic"])
def test_room_made_before_the_bytes_arrive_does_not_make_a_file_complete(kind: str, tmp_path: Path) -> None:
    whole = WHOLE[kind]
    if kind == "bmp":
        pytest.skip("a bitmap's pixels may be anything")
    arrived = 60 if kind == "heic" else len(whole) // 2

    assert not is_complete(_put(tmp_path, whole[:arrived] + bytes(len(whole) - arrived)))


@pytest.mark.parametrize("kind", ["jpeg", "png", "bmp", "webp", "heic", "tiff", "pdf"])
@pytest.mark.parametrize("more", [bytes(4096), b"SEFH maker's data " * 9])
def test_what_phones_and_portals_append_is_tolerated(kind: str, more: bytes, tmp_path: Path) -> None:
    assert is_complete(_put(tmp_path, WHOLE[kind] + more))


@pytest.mark.parametrize(
    ("case", "data"),
    [
        ("a revision has begun", PDF + b"7 0 obj\n<</Type/Page"),
        ("it points behind its end", PDF.replace(b"startxref\n44", b"startxref\n4400")),
        (
            "it is shorter than it says",
            PDF.replace(b"%PDF-1.4\n", b"%PDF-1.4\n1 0 obj<</Linearized 1/L 9999>>endobj\n"),
        ),
        ("its end was an earlier one", PDF + b"x" * 70_000),
    ],
)
def test_a_pdf_without_its_true_end_is_not_complete(case: str, data: bytes, tmp_path: Path) -> None:
    assert not is_complete(_put(tmp_path, data))


def test_every_strip_of_either_byte_order_must_lie_inside(tmp_path: Path) -> None:
    assert is_complete(_put(tmp_path, _big_endian_tiff(last_strip=74)))
    assert not is_complete(_put(tmp_path, _big_endian_tiff(last_strip=75)))


def test_a_chain_of_directories_that_bites_its_tail_ends(tmp_path: Path) -> None:
    data = bytearray(_big_endian_tiff(last_strip=74))
    data[34:38] = (8).to_bytes(4, "big")

    assert is_complete(_put(tmp_path, bytes(data)))


def test_an_empty_file_may_be_about_to_grow(tmp_path: Path) -> None:
    assert not is_complete(_put(tmp_path, b""))


def test_an_unknown_format_is_taken_to_be_refused(tmp_path: Path) -> None:
    assert is_complete(_put(tmp_path, b"BMI 24, seen today"))
    assert is_complete(_put(tmp_path, b"GIF89a"))


def test_what_is_no_regular_file_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(_put(tmp_path, PDF))
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(tmp_path / "socket"))

    for name in ("pipe", "link", "socket", "missing", "."):
        assert not is_complete(tmp_path / name)


def test_a_large_file_is_not_read_whole(tmp_path: Path) -> None:
    path = _put(tmp_path, PDF)
    with path.open("r+b") as file:
        file.truncate(3_000_000_000)  # without taking room
        file.seek(0, os.SEEK_END)
        file.write(b"startxref\n44\n%%EOF\n")

    assert is_complete(path)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.sampled_from(sorted(WHOLE)).map(WHOLE.__getitem__), at=st.integers(0, 400), change=st.binary(max_size=12)
)
def test_no_bytes_can_break_the_judgement(data: bytes, at: int, change: bytes, tmp_path: Path) -> None:
    assert is_complete(_put(tmp_path, data[:at] + change + data[at + len(change) :])) in {True, False}
