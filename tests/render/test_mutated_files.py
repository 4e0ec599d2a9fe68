"""Files that were broken at random: each gives pages or a reason, and never hangs."""

import io
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import ChartError
from pipeline.render import Renderer
from pipeline.settings import RenderSettings
from tests.render.files import HEIC, NOTE, TURNED_HEIC, pdf, scan

_SECONDS = 20.0


def _whole_files(folder: Path) -> list[bytes]:
    files = [HEIC, TURNED_HEIC, pdf(folder / "one", NOTE).read_bytes(), pdf(folder / "two", NOTE, NOTE).read_bytes()]
    for format in ("jpeg", "png", "bmp", "webp", "tiff"):
        written = io.BytesIO()
        scan(80, 60).save(written, format)
        files.append(written.getvalue())
    for compression in ("group4", "jpeg"):
        written = io.BytesIO()
        pages = [scan(80, 60).convert("1" if compression == "group4" else "RGB")] * 2
        pages[0].save(written, "tiff", compression=compression, save_all=True, append_images=pages[1:])
        files.append(written.getvalue())
    return files


@st.composite
def _mutated(draw: st.DrawFn, files: list[bytes]) -> bytes:
    data = bytearray(draw(st.sampled_from(files)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.one_of(st.integers(0, min(200, len(data))), st.integers(0, len(data))))
        length = draw(st.integers(1, 40))
        match draw(st.sampled_from(["flip", "cut", "insert", "splice", "number", "end"])):
            case "flip" if at < len(data):
                data[at] ^= 1 << draw(st.integers(0, 7))
            case "cut":
                del data[at : at + length]
            case "insert":
                data[at:at] = draw(st.binary(min_size=1, max_size=40))
            case "splice":
                other = draw(st.sampled_from(files))
                start = draw(st.integers(0, len(other)))
                data[at : at + length] = other[start : start + length]
            case "number":
                data[at : at + 4] = draw(st.sampled_from([b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", bytes(4), b"9999"]))
            case "end":
                del data[at:]
    return bytes(data)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutated")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_a_mutated_file_gives_pages_or_a_reason(folder: Path, data: st.DataObject) -> None:
    chart = folder / "chart"
    chart.write_bytes(data.draw(_mutated(_whole_files(folder))))
    renderer = Renderer(RenderSettings(dpi=72, max_pixels=2_000_000, page_seconds=_SECONDS), folder / "work")

    started = time.monotonic()
    try:
        pages = list(renderer(chart))
    except ChartError as error:
        assert str(error)
        assert not getattr(error, "__notes__", []), "a kind of exception that nobody expected"
    else:
        assert pages
        assert all(page.pixels.ndim == 3 and page.pixels.shape[2] == 3 for page in pages)
    assert time.monotonic() - started < _SECONDS
    assert not list((folder / "work").glob("*"))


_PEAK = """
import resource, sys
from pathlib import Path
from pipeline.render import Renderer
from pipeline.settings import RenderSettings

for page in Renderer(RenderSettings(dpi=100), Path(sys.argv[2]))(Path(sys.argv[1])):
    pass
for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
    print(resource.getrusage(who).ru_maxrss)
"""


def test_memory_does_not_grow_with_the_number_of_pages(tmp_path: Path) -> None:
    peaks = []
    for count in (8, 48):
        path = pdf(tmp_path / str(count), *[NOTE] * count, image=scan(1000, 1000))
        done = subprocess.run(
            [sys.executable, "-c", _PEAK, path, tmp_path / "work"], check=True, capture_output=True, text=True
        )
        peaks.append([int(line) for line in done.stdout.split()])

    (own, decoders), (own_of_many, decoders_of_many) = peaks
    assert own_of_many < own * 1.1
    assert decoders_of_many < decoders * 1.1
