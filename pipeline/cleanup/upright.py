"""Turn a page upright, of print or of handwriting, by reading a few of its lines both ways up.

Which way the lines run tells 0 and 180 from 90 and 270; how sure a reader is of the same line seen
both ways up tells the rest. Where neither says anything the page stays as it came.
"""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.cleanup.sheet import FindText, Sheet, Sureness
from pipeline.records import Matrix, Pixels

LOOKS = (736, 1_280)
"""Pixels of the longer side at which lines are looked for: a lone line that stands on end is seen only larger."""
_ELONGATED = 2.0
_LINES = 6
_WIDEST = 12.0
"""A sample is at most this many times as wide as high: reading it both ways takes time."""
_SETTLED = 0.5
"""No further line is read once the lead is this much."""
_LEAD = 0.05
"""A page is turned over only where the other way up reads better by this much in all."""


def upright(sheet: Sheet, find_text: FindText, sureness: Sureness) -> Sheet:
    """Turn the sheet by 0, 90, 180 or 270 degrees clockwise."""
    for longest in LOOKS:
        quads, long, short, stands = _lines(find_text(sheet.pixels, longest=longest))
        if len(quads):
            break
    else:
        return sheet
    lead = _lead_of_first_way(sheet.pixels, quads[np.argsort(-_value(long, short))], sureness)
    turn = 90 if stands else 0
    return turned(sheet, turn + 180 if lead < -_LEAD else turn)


def _lines(
    quads: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], bool]:
    """Those that are lines, as seen with lines running level; their lengths and heights; whether lines stand on end."""
    across = np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1)
    down = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)
    lying = across > _ELONGATED * down
    standing = down > _ELONGATED * across
    stands = float(down[standing].sum()) > float(across[lying].sum())
    if stands:
        # Seen from the page's right side the lines run left to right: that is a turn by 90 degrees clockwise.
        return np.roll(quads[standing], 1, axis=1), down[standing], across[standing], True
    return quads[lying], across[lying], down[lying], False


def turned(sheet: Sheet, turn: int) -> Sheet:
    """The sheet turned clockwise by 0, 90, 180 or 270 degrees, exactly."""
    turn %= 360
    if turn == 0:
        return sheet
    height, width = sheet.pixels.shape[:2]
    back: dict[int, Matrix] = {
        90: np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, height - 1.0], [0.0, 0.0, 1.0]]),
        180: np.array([[-1.0, 0.0, width - 1.0], [0.0, -1.0, height - 1.0], [0.0, 0.0, 1.0]]),
        270: np.array([[0.0, -1.0, width - 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]),
    }
    pixels = np.ascontiguousarray(np.rot90(sheet.pixels, k=-turn // 90))
    return replace(sheet, pixels=pixels, turn=(sheet.turn + turn) % 360, to_page=sheet.to_page @ back[turn])


def _value(long: NDArray[np.float32], short: NDArray[np.float32]) -> NDArray[np.float32]:
    """Which lines say most: long ones of ordinary height before headings and specks."""
    ordinary = float(np.median(short))
    value: NDArray[np.float32] = (
        np.minimum(long / short, _WIDEST) * np.minimum(short, ordinary) / np.maximum(short, ordinary)
    )
    return value


def _lead_of_first_way(pixels: Pixels, quads: NDArray[np.float32], sureness: Sureness) -> float:
    lead = 0.0
    for quad in quads[:_LINES]:
        line = _crop(pixels, quad)
        lead += sureness(line) - sureness(np.ascontiguousarray(line[::-1, ::-1]))
        if abs(lead) > _SETTLED:
            break
    return lead


def _crop(pixels: Pixels, quad: NDArray[np.float32]) -> Pixels:
    width = max(8.0, float(np.linalg.norm(quad[1] - quad[0])))
    height = max(8.0, float(np.linalg.norm(quad[3] - quad[0])))
    width = min(width, _WIDEST * height)
    along = (quad[1] - quad[0]) / np.linalg.norm(quad[1] - quad[0]) * width
    three = np.stack([quad[0], quad[0] + along, quad[3]]).astype(np.float32)
    size = (round(width), round(height))
    frame = np.array([[0, 0], [size[0], 0], [0, size[1]]], np.float32)
    crop: Pixels = cv2.warpAffine(
        pixels, cv2.getAffineTransform(three, frame), size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.uint8)
    return crop
