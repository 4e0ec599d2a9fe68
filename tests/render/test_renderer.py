import errno
import os
import signal
import socket
import tempfile
from pathlib import Path

import pytest
from PIL import Image

from pipeline import errors
from pipeline.errors import (
    ChartError,
    DamagedFileError,
    DecoderFailedError,
    DiskFullError,
    EmptyFileError,
    OversizedPageError,
    TooManyPagesError,
    UnknownFormatError,
    UnreadableFileError,
)
from pipeline.render import Renderer
from pipeline.render.failures import decoding
from pipeline.settings import RenderSettings
from tests.render.files import NOTE, pdf, scan


def _decoders() -> set[int]:
    """Processes that this one started and that still run; other tests of the same worker may have some of their own."""
    return {int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"", EmptyFileError), (b"Patient seen today.", UnknownFormatError), (b"GIF89a\0\0", UnknownFormatError)],
)
def test_a_file_that_is_no_chart_is_refused_with_its_reason(
    content: bytes, error: type[ChartError], renderer: Renderer, tmp_path: Path
) -> None:
    (tmp_path / "chart.jpg").write_bytes(content)

    with pytest.raises(error):
        list(renderer(tmp_path / "chart.jpg"))


def test_what_cannot_be_opened_is_unreadable_and_never_waited_for(renderer: Renderer, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(tmp_path / "socket"))

    for name in ("pipe", "loop", "socket", "missing", "."):
        with pytest.raises(UnreadableFileError):
            list(renderer(tmp_path / name))


def test_a_file_without_permission_is_unreadable(renderer: Renderer, tmp_path: Path) -> None:
    scan().save(tmp_path / "chart.png")
    (tmp_path / "chart.png").chmod(0)
    user = os.geteuid()
    if user == 0:  # the superuser may read everything
        os.seteuid(65_534)
    try:
        with pytest.raises(UnreadableFileError):
            list(renderer(tmp_path / "chart.png"))
    finally:
        os.seteuid(user)


@pytest.mark.parametrize(
    "name", ["-r.pdf", "new\nline", "quo'te\"", "Zoë 病历", "a" * 255, b"\xff\xfe".decode(errors="surrogateescape")]
)
def test_any_name_that_a_file_can_have_is_opened(name: str, renderer: Renderer, tmp_path: Path) -> None:
    pdf(tmp_path / name, NOTE)

    assert len(list(renderer(tmp_path / name))) == 1


def test_relative_paths_are_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan().save(tmp_path / "-.png")
    monkeypatch.chdir(tmp_path)

    assert Renderer(RenderSettings(), Path("work")).count_pages(Path("-.png")) == 1


def test_a_single_page_is_the_same_as_in_its_file(renderer: Renderer, tmp_path: Path) -> None:
    path = pdf(tmp_path / "chart", b"10 10 50 50 re f", NOTE, b"")

    second = renderer.page(path, 2)

    assert second.number == 2
    assert second.text_layer is not None
    assert second.text_layer == list(renderer(path))[1].text_layer
    with pytest.raises(ValueError, match="no page 4"):
        renderer.page(path, 4)


def test_pages_of_both_kinds_of_many_paged_files_are_counted(renderer: Renderer, tmp_path: Path) -> None:
    scan().save(tmp_path / "fax", "tiff", save_all=True, append_images=[scan()] * 6)

    assert renderer.count_pages(tmp_path / "fax") == 7
    assert renderer.count_pages(pdf(tmp_path / "chart", NOTE, NOTE, NOTE)) == 3


def test_a_file_with_too_many_pages_is_refused_with_its_own_sentence(tmp_path: Path) -> None:
    few = Renderer(RenderSettings(max_pages=2), tmp_path / "work")

    with pytest.raises(TooManyPagesError):
        list(few(pdf(tmp_path / "chart", NOTE, NOTE, NOTE)))


def test_a_page_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    hasty, before = Renderer(RenderSettings(page_seconds=0.01), tmp_path / "work"), _decoders()

    with pytest.raises(DecoderFailedError):
        list(hasty(pdf(tmp_path / "chart", NOTE)))
    assert _decoders() <= before


def test_a_picture_that_takes_too_much_memory_is_given_up(tmp_path: Path) -> None:
    Image.new("RGB", (9_000, 9_000)).save(tmp_path / "chart", "png", compress_level=1)
    small = Renderer(RenderSettings(memory_mb=256, max_pixels=100_000_000), tmp_path / "work")

    with pytest.raises(DecoderFailedError):
        list(small(tmp_path / "chart"))


def test_a_decoder_that_dies_takes_only_its_file_down(renderer: Renderer, tmp_path: Path) -> None:
    path = pdf(tmp_path / "chart", *[NOTE] * 9)
    before = _decoders()
    pages = renderer(path)
    next(pages)
    (decoder,) = _decoders() - before

    os.kill(decoder, signal.SIGSEGV)

    with pytest.raises(DecoderFailedError):
        list(pages)
    assert len(list(renderer(path))) == 9


def test_nothing_is_left_behind_however_the_reading_ends(renderer: Renderer, tmp_path: Path) -> None:
    chart, cut, before = pdf(tmp_path / "chart", *[NOTE] * 5), tmp_path / "cut", _decoders()
    cut.write_bytes(chart.read_bytes()[:-9])

    list(renderer(chart))
    abandoned = renderer(chart)
    next(abandoned)
    abandoned.close()  # type: ignore[attr-defined]
    with pytest.raises(DamagedFileError):
        list(renderer(cut))

    assert list((tmp_path / "work").iterdir()) == []
    assert _decoders() <= before


def test_a_full_disk_is_not_the_charts_fault(
    renderer: Renderer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*args: object, **kwargs: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = pdf(tmp_path / "chart", NOTE)
    monkeypatch.setattr(tempfile, "mkdtemp", no_room)

    with pytest.raises(DiskFullError):
        list(renderer(path))


def test_what_broken_bytes_raise_inside_a_decoder_is_named() -> None:
    for error, name in [
        (OSError(errno.ENOSPC, ""), "DiskFullError"),
        (OSError("image file is truncated"), "DamagedFileError"),
        (MemoryError(), "DecoderFailedError"),
        (Image.DecompressionBombError(), "OversizedPageError"),
        (KeyError(273), "DamagedFileError"),
        (OversizedPageError(), "OversizedPageError"),
    ]:
        with pytest.raises(getattr(errors, name)), decoding():
            raise error
