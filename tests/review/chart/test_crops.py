"""The small pictures of a chart: thumbnails, and the ink of findings."""

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from pipeline.records import Box, PageImage
from pipeline.render.cuttings import CROP_LONGEST, Cuttings
from pipeline.render.preview import save_picture
from tests.review.conftest import Client
from tests.review.drawn_chart import PAGES


def picture(content: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(content)) as opened:
        assert opened.format == "JPEG"
        return np.asarray(opened.convert("L"))


def word(page: int, line: int, place: int) -> Box:
    box = PAGES[page - 1].page.lines[line].words[place].box
    assert box is not None
    return box


def address(page: int, box: Box) -> str:
    return f"crops/{page}/{'-'.join(map(str, box))}"


def test_a_crop_is_that_part_of_the_page_with_a_little_margin(client: Client, first: str) -> None:
    box = word(1, 11, 1)
    answer = client.get(f"/encounters/{first}/{address(1, box)}")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "no-store"
    found = picture(answer.content)
    assert box.x1 - box.x0 < found.shape[1] < box.x1 - box.x0 + 50
    whole = np.asarray(PAGES[0].picture.convert("L"))
    margin = (found.shape[1] - (box.x1 - box.x0)) // 2
    truth = whole[
        box.y0 - margin : box.y0 - margin + found.shape[0], box.x0 - margin : box.x0 - margin + found.shape[1]
    ]
    assert np.abs(found.astype(int) - truth.astype(int)).mean() < 6


def test_a_crop_of_a_page_scanned_upside_down_is_set_upright(client: Client, first: str) -> None:
    box = word(3, 1, 0)
    found = picture(client.get(f"/encounters/{first}/{address(3, box)}").content)
    upright = np.asarray(PAGES[2].picture.rotate(180).convert("L"))
    left, top = 1275 - box.x1, 1650 - box.y1
    margin = (found.shape[1] - (box.x1 - box.x0)) // 2
    truth = upright[top - margin : top - margin + found.shape[0], left - margin : left - margin + found.shape[1]]
    assert np.abs(found.astype(int) - truth.astype(int)).mean() < 6


@pytest.mark.parametrize(
    "part",
    [
        "crops/1/10-10-10-20",
        "crops/1/20-10-10-20",
        "crops/1/10-10-2000-20",
        "crops/1/10-10-20-1651",
        "crops/1/10-10-20",
        "crops/1/a-b-c-d",
        "crops/1/-1-10-20-20",
        "crops/1/10-10-20-99999999999999999999",
        "crops/9/10-10-20-20",
        "crops/4/10-10-20-20",
        "thumbnails/9",
        "thumbnails/4",
    ],
)
def test_what_is_no_part_of_a_page_with_a_picture_is_not_found(client: Client, first: str, part: str) -> None:
    assert client.get(f"/encounters/{first}/{part}").status_code == 404


def test_crops_of_an_encounter_that_is_not_there_are_not_found(client: Client) -> None:
    assert client.get("/encounters/0000000000000000-1/crops/1/10-10-20-20").status_code == 404


def test_a_thumbnail_is_small_and_upright(client: Client, first: str) -> None:
    answer = client.get(f"/encounters/{first}/thumbnails/3")
    found = picture(answer.content)
    assert found.shape == (217, 168)
    # The text of the second sheet stands in the upper third.
    assert found[:70].min() < 160 < found[110:].min()


def test_a_large_crop_is_made_smaller(tmp_path: Path) -> None:
    file = tmp_path / "page.jpg"
    Image.new("RGB", (4000, 3000), "white").save(file)
    crop = Cuttings().crop(file, Box(0, 0, 4000, 400), 4000, 90)
    assert picture(crop).shape[0] == CROP_LONGEST


def test_a_picture_of_another_scale_than_the_page_gives_the_same_part(tmp_path: Path) -> None:
    file = tmp_path / "page.jpg"
    shape = Image.new("L", (500, 500), "white")
    shape.paste(0, (200, 200, 300, 250))
    shape.save(file)
    found = picture(Cuttings().crop(file, Box(400, 400, 600, 500), 1000, 0))
    assert found.shape == (76, 126)
    assert (found < 128).sum() == pytest.approx(100 * 50, rel=0.02)


def test_a_page_is_decoded_once_for_all_its_crops(tmp_path: Path) -> None:
    file = tmp_path / "page.jpg"
    Image.new("RGB", (400, 300), "white").save(file)
    cuttings = Cuttings()
    cuttings.crop(file, Box(0, 0, 40, 40), 400, 0)
    file.unlink()
    assert picture(cuttings.crop(file, Box(50, 0, 90, 40), 400, 0)).shape == (54, 68)


def test_a_saved_picture_keeps_the_pixels_of_a_usual_scan(tmp_path: Path) -> None:
    file = tmp_path / "cache" / "page.jpg"
    pixels = np.full((3300, 2550, 3), 255, dtype=np.uint8)
    save_picture(PageImage(number=1, pixels=pixels, dpi=300), file)
    with Image.open(file) as opened:
        assert opened.size == (2550, 3300)
