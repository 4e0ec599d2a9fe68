from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import DamagedFileError, MissingProgramError, OversizedPageError, ProtectedFileError
from pipeline.render import Renderer
from pipeline.settings import RenderSettings
from tests.render.files import NOTE, pdf, typed


def test_pages_are_drawn_at_the_wanted_resolution(tmp_path: Path) -> None:
    path = pdf(tmp_path / "chart", NOTE, b"72 72 100 50 re f")

    first, second = Renderer(RenderSettings(dpi=150), tmp_path / "work")(path)

    assert (first.number, second.number) == (1, 2)
    assert first.pixels.shape == second.pixels.shape == (1650, 1275, 3)
    assert first.dpi == 150
    ink = np.argwhere(second.pixels[:, :, 0] < 128)
    left, bottom, right, top = 150, 1650 - 150, 150 + 208, 1650 - 150 - 104
    assert np.abs(ink.min(axis=0) - (top, left)).max() <= 1
    assert np.abs(ink.max(axis=0) - (bottom, right)).max() <= 1


def test_a_page_is_shown_as_its_rotation_and_crop_box_say(renderer: Renderer, tmp_path: Path) -> None:
    path = pdf(tmp_path / "chart", b"100 692 20 20 re f", page="/Rotate 90/CropBox[50 42 562 742]")

    (page,) = renderer(path)

    assert page.pixels.shape == (512, 700, 3)
    ink = np.argwhere(page.pixels[:, :, 0] < 128)
    # 50 from the crop box's left and 30 from its top: turned clockwise, 50 from the top and 30 from the right.
    assert np.abs(ink.min(axis=0) - (50, 650)).max() <= 1


def test_a_large_sheet_is_drawn_coarser_and_an_impossible_one_refused(tmp_path: Path) -> None:
    renderer = Renderer(RenderSettings(dpi=300, max_pixels=4_000_000), tmp_path / "work")
    plan = pdf(tmp_path / "plan", NOTE, media="0 0 1200 1600")
    wide = pdf(tmp_path / "wide", NOTE, media="0 0 1000000 792")
    thread = pdf(tmp_path / "thread", NOTE, media="0 0 1000000 2")
    wall = pdf(tmp_path / "wall", NOTE, media="0 0 3000 3000")

    (page,) = renderer(plan)

    assert page.dpi is not None and 72 <= page.dpi < 300
    assert 3_800_000 < page.pixels.shape[0] * page.pixels.shape[1] <= 4_000_000
    for path in (wide, thread, wall):
        with pytest.raises(OversizedPageError):
            list(renderer(path))


def test_a_pdf_that_asks_for_a_password_is_refused(renderer: Renderer, tmp_path: Path) -> None:
    with pytest.raises(ProtectedFileError):
        list(renderer(pdf(tmp_path / "chart", NOTE, user_password=b"secret")))


def test_a_pdf_that_only_its_owner_locked_is_read(renderer: Renderer, tmp_path: Path) -> None:
    (page,) = renderer(pdf(tmp_path / "chart", NOTE, user_password=b""))

    assert page.text_layer is not None
    assert [word.text for word in page.text_layer[:2]] == ["Assessment:", "ankle"]


@pytest.mark.parametrize("missing", [5, 60, 400])
def test_a_pdf_that_was_cut_off_is_refused(missing: int, renderer: Renderer, tmp_path: Path) -> None:
    path = pdf(tmp_path / "chart", NOTE, NOTE)
    path.write_bytes(path.read_bytes()[:-missing])

    with pytest.raises(DamagedFileError):
        list(renderer(path))


def test_a_pdf_whose_last_revision_was_cut_off_is_refused(renderer: Renderer, tmp_path: Path) -> None:
    path = pdf(tmp_path / "chart", NOTE)
    path.write_bytes(path.read_bytes() + b"\n30 0 obj\n<</Type/Page")

    with pytest.raises(DamagedFileError):
        list(renderer(path))


def test_a_web_pdf_shorter_than_it_says_is_refused(renderer: Renderer, tmp_path: Path) -> None:
    path = pdf(tmp_path / "chart", NOTE)
    path.write_bytes(path.read_bytes().replace(b"%PDF-1.4\n", b"%PDF-1.4\n1 0 obj<</Linearized 1/L 99999>>endobj\n"))

    with pytest.raises(DamagedFileError):
        list(renderer(path))


def test_a_pdf_with_junk_after_its_end_is_read(renderer: Renderer, tmp_path: Path) -> None:
    path = pdf(tmp_path / "chart", NOTE)
    path.write_bytes(path.read_bytes() + b"\r\n<!-- sent by a portal -->" * 80)

    assert renderer.count_pages(path) == 1


def test_a_pdf_without_pages_or_sense_is_damaged(renderer: Renderer, tmp_path: Path) -> None:
    (tmp_path / "nonsense").write_bytes(b"%PDF-1.4\nnothing\nstartxref\n3\n%%EOF\n")

    for path in (pdf(tmp_path / "none"), tmp_path / "nonsense"):
        with pytest.raises(DamagedFileError):
            list(renderer(path))


def test_a_machine_without_poppler_is_not_set_up(
    renderer: Renderer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(MissingProgramError, match="poppler-utils"):
        list(renderer(pdf(tmp_path / "chart", NOTE)))


def test_a_file_longer_than_one_opening_of_pdfium_is_read_to_its_end(tmp_path: Path) -> None:
    path = pdf(tmp_path / "chart", *(typed(f"page {number}") for number in range(1, 54)), media="0 0 200 800")

    words = [page.text_layer for page in Renderer(RenderSettings(dpi=72), tmp_path / "work")(path)]

    assert [layer and layer[1].text for layer in words] == [str(number) for number in range(1, 54)]
