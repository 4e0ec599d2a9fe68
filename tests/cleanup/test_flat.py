import cv2
import numpy as np
import pytest

from pipeline.cleanup.flat import flatten, sheet_corners
from pipeline.cleanup.sheet import Sheet
from pipeline.records import Pixels
from tests import ink

CORNERS = np.array([[260, 150], [1250, 210], [1190, 1700], [180, 1620]], np.float32)


def _photograph(shadow: float = 1.0) -> Pixels:
    """A sheet on a dark wooden table, its left half in shadow."""
    page = ink.page(ink.sheet(width=1000, height=1400)).pixels
    table = np.zeros((1850, 1400, 3), np.uint8)
    table[:] = (92, 60, 40)
    frame = np.array([[0, 0], [1000, 0], [1000, 1400], [0, 1400]], np.float32)
    to_photo = cv2.getPerspectiveTransform(frame, CORNERS)
    seen = cv2.warpPerspective(page, to_photo, (1400, 1850))
    there = cv2.warpPerspective(np.ones(page.shape[:2], np.uint8), to_photo, (1400, 1850))
    table[there > 0] = seen[there > 0]
    table[:, :700] = (table[:, :700] * shadow).astype(np.uint8)
    return table


def _flat(photo: Pixels) -> Sheet:
    return flatten(Sheet(page=ink.page(photo), pixels=photo, to_page=np.eye(3)), ink.detector())


@pytest.mark.parametrize("shadow", [1.0, 0.8])
def test_the_corners_of_a_photographed_sheet_are_found(shadow: float) -> None:
    found = sheet_corners(_photograph(shadow))

    assert found is not None
    assert found == pytest.approx(CORNERS, abs=12)


@pytest.mark.parametrize("side", [0, 1])
def test_a_sheet_that_runs_out_of_the_picture_is_left_whole(side: int) -> None:
    photo = _photograph()

    assert sheet_corners(photo[:, :1150] if side else photo[300:]) is None


def test_a_shadow_across_the_sheet_hides_no_corner() -> None:
    photo = _photograph()
    photo[900:, 500:] = photo[900:, 500:] // 2

    found = sheet_corners(photo)

    assert found is not None
    assert found == pytest.approx(CORNERS, abs=14)


def test_a_white_sheet_on_a_white_table_is_left_whole() -> None:
    photo = np.full((1850, 1400, 3), 235, np.uint8)
    photo[300:1500, 250:1150] = ink.page(ink.sheet(width=900, height=1200)).pixels

    assert sheet_corners(photo) is None


def test_a_photographed_sheet_is_flattened_with_the_way_back() -> None:
    photo = _photograph()
    sheet = _flat(photo)

    height, width = sheet.pixels.shape[:2]
    corner = sheet.to_page @ np.array([width, height, 1.0])
    assert corner[:2] / corner[2] == pytest.approx(CORNERS[2], abs=12)
    assert width / height == pytest.approx(1000 / 1400, abs=0.06)


def test_a_shadow_whose_edge_cuts_lines_is_no_border_of_the_sheet() -> None:
    photo = _photograph()
    photo[:, :600] = photo[:, :600] // 2
    whole = photo[:, 320:]  # the sheet's left side is out of the picture; the shadow's edge stands in for it

    assert sheet_corners(whole) is not None
    assert _flat(whole).pixels is whole


def test_a_copy_with_a_black_margin_and_text_outside_of_it_is_left_whole() -> None:
    photo = np.full((1850, 1400, 3), 235, np.uint8)
    photo[250:1600, 100:1300] = 20
    photo[300:1500, 250:1150] = ink.page(ink.sheet(width=900, height=1200)).pixels
    cv2.putText(photo, "Received by fax 4 May 2012", (250, 1720), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (20, 20, 20), 3)

    assert sheet_corners(photo) is not None
    assert _flat(photo).pixels is photo


def test_a_sheet_on_which_no_text_is_seen_is_left_whole() -> None:
    photo = np.full((1850, 1400, 3), 40, np.uint8)
    cv2.fillPoly(photo, [CORNERS.astype(np.int32)], (225, 225, 225))
    cv2.circle(photo, (700, 900), 300, (150, 150, 150), -1)

    assert sheet_corners(photo) is not None
    assert _flat(photo).pixels is photo


def test_a_plain_card_beside_the_sheet_is_no_text() -> None:
    photo = _photograph()
    cv2.fillPoly(photo, [cv2.boxPoints(((130, 80), (220, 90), -30)).astype(np.int32)], (235, 235, 210))

    assert len(ink.detector()(photo)) == len(ink.NOTE) + 1  # taken for text at first
    assert len(_flat(photo).pixels) < len(photo)


def test_a_white_scan_is_left_whole() -> None:
    assert sheet_corners(ink.page(ink.sheet()).pixels) is None


def test_a_scan_with_one_black_edge_is_left_whole() -> None:
    scan = ink.page(ink.sheet()).pixels
    scan[:, :40] = 0

    assert sheet_corners(scan) is None


def test_a_form_with_a_dark_frame_is_left_whole() -> None:
    scan = ink.page(ink.sheet()).pixels
    cv2.rectangle(scan, (60, 60), (1140, 1440), (0, 0, 0), 6)

    assert sheet_corners(scan) is None


def test_a_dark_page_is_left_whole() -> None:
    assert sheet_corners(np.full((1500, 1200, 3), 30, np.uint8)) is None
