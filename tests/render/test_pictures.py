import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipeline.errors import DamagedFileError, OversizedPageError
from pipeline.records import PageImage
from pipeline.render import Renderer
from pipeline.settings import RenderSettings
from tests.render.files import HEIC, TURNED_HEIC, bomb, half_black, scan


def _only(renderer: Renderer, path: Path) -> PageImage:
    (page,) = renderer(path)
    return page


@pytest.mark.parametrize("format", ["png", "bmp", "tiff", "webp"])
def test_a_lossless_picture_keeps_every_pixel(format: str, renderer: Renderer, tmp_path: Path) -> None:
    scan().save(tmp_path / "page", format, **({"lossless": True} if format == "webp" else {}))

    page = _only(renderer, tmp_path / "page")

    assert page.pixels.dtype == np.uint8
    assert np.array_equal(page.pixels, np.asarray(scan()))
    assert (page.number, page.dpi, page.text_layer) == (1, 96.0 if format == "bmp" else None, None)


@pytest.mark.parametrize("compression", ["group3", "group4", "jpeg", "tiff_lzw", "packbits", "tiff_adobe_deflate"])
def test_every_page_of_a_tiff_is_rendered_in_order(compression: str, renderer: Renderer, tmp_path: Path) -> None:
    pages = [scan(), half_black(400, 300), scan()]
    if compression.startswith("group"):
        pages = [page.convert("1") for page in pages]
    pages[0].save(tmp_path / "fax", "tiff", compression=compression, save_all=True, append_images=pages[1:])

    rendered = list(renderer(tmp_path / "fax"))

    assert [page.number for page in rendered] == [1, 2, 3]
    for page, drawn in zip(rendered, pages, strict=True):
        assert np.abs(page.pixels.astype(int) - np.asarray(drawn.convert("RGB"))).mean() < 3


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "tiff"])
def test_a_picture_is_set_upright_as_its_exif_says(format: str, renderer: Renderer, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise: the black half comes up
    half_black().save(tmp_path / "photo", format, exif=exif)

    page = _only(renderer, tmp_path / "photo")

    assert page.pixels.shape == (64, 48, 3)
    assert page.pixels[:30].max() < 60
    assert page.pixels[34:].min() > 200


def test_a_phones_heic_is_rendered_upright(renderer: Renderer, tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(HEIC)
    (tmp_path / "turned").write_bytes(TURNED_HEIC)

    plain, turned = _only(renderer, tmp_path / "plain"), _only(renderer, tmp_path / "turned")

    assert plain.pixels.shape == (48, 64, 3)
    assert plain.pixels[:, :28].max() < 60 and plain.pixels[:, 36:].min() > 200
    assert turned.pixels.shape == (64, 48, 3)
    assert turned.pixels[:28].max() < 60 and turned.pixels[36:].min() > 200


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("one-bit", half_black().convert("1")),
        ("palette", half_black().convert("P")),
        ("grey", half_black().convert("L")),
        ("grey with alpha", half_black().convert("LA")),
        ("16-bit", Image.fromarray(np.asarray(half_black().convert("L")).astype(np.uint16) * 257)),
        ("32-bit", Image.fromarray(np.asarray(half_black().convert("L")).astype(np.int32) * 65_000)),
        ("float", Image.fromarray(np.asarray(half_black().convert("L")).astype(np.float32) / 255)),
        ("cmyk", half_black().convert("CMYK")),
    ],
)
def test_every_way_to_store_tones_ends_in_black_and_white(
    name: str, image: Image.Image, renderer: Renderer, tmp_path: Path
) -> None:
    image.save(tmp_path / name, "tiff" if name in {"cmyk", "float", "32-bit"} else "png")

    pixels = _only(renderer, tmp_path / name).pixels

    assert pixels[:, :32].max() == 0
    assert pixels[:, 32:].min() == 255


def test_middle_tones_of_16_bits_stay_in_the_middle(renderer: Renderer, tmp_path: Path) -> None:
    Image.fromarray(np.full((20, 20), 32_768, np.uint16)).save(tmp_path / "grey", "png")

    assert 126 <= int(_only(renderer, tmp_path / "grey").pixels.mean()) <= 129


def test_what_is_transparent_is_white_paper(renderer: Renderer, tmp_path: Path) -> None:
    image = half_black().convert("RGBA")
    image.putalpha(Image.new("L", image.size, 0))
    image.save(tmp_path / "clear", "png")
    palette = half_black().convert("P")
    palette.save(tmp_path / "palette", "png", transparency=palette.getpixel((0, 0)))

    assert _only(renderer, tmp_path / "clear").pixels.min() == 255
    assert _only(renderer, tmp_path / "palette").pixels.min() == 255


@pytest.mark.parametrize("down", [98, 196])
def test_a_fax_is_stretched_to_square_pixels(down: int, renderer: Renderer, tmp_path: Path) -> None:
    Image.new("1", (1728, 11 * down), 1).save(tmp_path / "fax", "tiff", compression="group4", dpi=(204, down))

    page = _only(renderer, tmp_path / "fax")

    assert page.pixels.shape == (2244, 1728, 3)
    assert page.dpi == 204


def test_dots_per_inch_of_a_scan_are_kept(renderer: Renderer, tmp_path: Path) -> None:
    Image.new("L", (1275, 1650), 255).save(tmp_path / "scan", "jpeg", dpi=(150, 150))

    assert _only(renderer, tmp_path / "scan").dpi == 150


def test_dots_per_inch_of_a_camera_or_an_impossible_sheet_are_unknown(renderer: Renderer, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x829A] = 0.01  # exposure time
    Image.new("L", (1275, 1650), 255).save(tmp_path / "photo", "jpeg", dpi=(300, 300), exif=exif)
    Image.new("L", (3024, 4032), 255).save(tmp_path / "large", "jpeg", dpi=(72, 72))

    assert _only(renderer, tmp_path / "photo").dpi is None
    assert _only(renderer, tmp_path / "large").dpi is None


@pytest.mark.parametrize("format", ["png", "bmp", "tiff", "webp", "jpeg"])
@pytest.mark.parametrize("share", [0.3, 0.95])
def test_a_picture_that_was_cut_off_is_refused(format: str, share: float, renderer: Renderer, tmp_path: Path) -> None:
    scan().save(tmp_path / "page", format)
    whole = (tmp_path / "page").read_bytes()
    (tmp_path / "page").write_bytes(whole[: int(len(whole) * share)])

    with pytest.raises(DamagedFileError):
        list(renderer(tmp_path / "page"))


def test_a_heic_that_was_cut_off_is_refused(renderer: Renderer, tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(HEIC[:-9])

    with pytest.raises(DamagedFileError):
        list(renderer(tmp_path / "photo"))


def test_a_tiff_of_which_a_later_page_was_cut_off_is_refused(renderer: Renderer, tmp_path: Path) -> None:
    scan().save(tmp_path / "fax", "tiff", save_all=True, append_images=[scan()] * 4)
    whole = (tmp_path / "fax").read_bytes()
    (tmp_path / "fax").write_bytes(whole[: len(whole) * 9 // 10])

    with pytest.raises(DamagedFileError):
        list(renderer(tmp_path / "fax"))


def test_a_tiff_whose_next_directory_lies_behind_its_end_is_refused(renderer: Renderer, tmp_path: Path) -> None:
    scan().save(tmp_path / "fax", "tiff")
    data = bytearray((tmp_path / "fax").read_bytes())
    (first,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, first)
    struct.pack_into("<I", data, first + 2 + 12 * entries, len(data) + 1000)
    (tmp_path / "fax").write_bytes(data)

    with pytest.raises(DamagedFileError):
        list(renderer(tmp_path / "fax"))


def test_a_jpeg_filled_up_with_zeros_is_refused_and_one_with_more_after_its_end_is_not(
    renderer: Renderer, tmp_path: Path
) -> None:
    scan().save(tmp_path / "photo", "jpeg")
    whole = (tmp_path / "photo").read_bytes()
    (tmp_path / "zeros").write_bytes(whole[: len(whole) // 2] + bytes(len(whole) // 2))
    (tmp_path / "more").write_bytes(whole + b"maker's notes" * 100)

    with pytest.raises(DamagedFileError):
        list(renderer(tmp_path / "zeros"))
    assert _only(renderer, tmp_path / "more").pixels.shape == (300, 400, 3)


def test_a_phones_second_picture_in_a_jpeg_is_no_page(renderer: Renderer, tmp_path: Path) -> None:
    scan().save(tmp_path / "photo", "mpo", save_all=True, append_images=[half_black()])

    assert _only(renderer, tmp_path / "photo").pixels.shape == (300, 400, 3)


def test_a_bomb_is_refused_without_decoding_it(renderer: Renderer, tmp_path: Path) -> None:
    with pytest.raises(OversizedPageError):
        list(renderer(bomb(tmp_path / "bomb.png")))


def test_stretching_a_fax_does_not_pass_the_pixel_limit(tmp_path: Path) -> None:
    Image.new("1", (400, 400), 1).save(tmp_path / "fax", "tiff", compression="group4", dpi=(400, 100))
    small = Renderer(RenderSettings(max_pixels=200_000), tmp_path / "work")

    with pytest.raises(OversizedPageError):
        list(small(tmp_path / "fax"))
