"""What happens to a sheet on its way to a file: scanners, fax machines, phones, coffee.

Every step that moves pixels keeps the way from the sheet to the picture, so that the truth's boxes
can follow.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from samples.drawing.sheet import Quad, Sheet

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A picture of a sheet."""

    pixels: Pixels
    """Height x width x 3 (RGB)."""
    matrix: NDArray[np.float64]
    """3 x 3: takes a point of the sheet to the picture."""
    turn: int = 0
    """Degrees clockwise by which it must be turned to stand upright."""
    skew: float = 0.0
    """Degrees counter-clockwise by which it was turned besides."""

    def place(self, corners: Quad) -> Quad:
        """Where corners of the sheet are in the picture."""
        points = np.array([[[x, y] for x, y in corners]], np.float64)
        moved = cv2.perspectiveTransform(points, self.matrix)[0]
        return [(float(x), float(y)) for x, y in moved]


def scan(sheet: Sheet) -> Scan:
    """The sheet as a perfect scanner sees it."""
    return Scan(pixels=sheet.pixels, matrix=np.eye(3))


def skewed(picture: Scan, degrees: float) -> Scan:
    """Turned a little counter-clockwise under the scanner's lid; the picture keeps its size."""
    height, width = picture.pixels.shape[:2]
    turn = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0), [0, 0, 1]])
    pixels = cv2.warpPerspective(
        picture.pixels, turn, (width, height), flags=cv2.INTER_AREA, borderValue=(238, 238, 236)
    )
    return replace(
        picture, pixels=np.asarray(pixels, np.uint8), matrix=turn @ picture.matrix, skew=picture.skew + degrees
    )


def turned(picture: Scan, degrees: int) -> Scan:
    """Fed in the wrong way round: turned clockwise by 90, 180 or 270 degrees."""
    height, width = picture.pixels.shape[:2]
    moves = {
        90: np.array([[0, -1, height], [1, 0, 0], [0, 0, 1.0]]),
        180: np.array([[-1, 0, width], [0, -1, height], [0, 0, 1.0]]),
        270: np.array([[0, 1, 0], [-1, 0, width], [0, 0, 1.0]]),
    }
    pixels = np.ascontiguousarray(np.rot90(picture.pixels, -degrees // 90))
    return replace(picture, pixels=pixels, matrix=moves[degrees] @ picture.matrix, turn=(picture.turn - degrees) % 360)


def resized(picture: Scan, factor: float) -> Scan:
    """At another resolution."""
    pixels = cv2.resize(picture.pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return replace(picture, pixels=np.asarray(pixels, np.uint8), matrix=np.diag([factor, factor, 1.0]) @ picture.matrix)


def softened(picture: Scan, blur: float, grain: float, random: np.random.Generator) -> Scan:
    """Blur and sensor noise (standard deviations in pixels and in grey levels)."""
    pixels = cv2.GaussianBlur(picture.pixels, (0, 0), blur).astype(np.float32)
    pixels += random.normal(0, grain, (*pixels.shape[:2], 1)).astype(np.float32)
    return replace(picture, pixels=np.clip(pixels, 0, 255).astype(np.uint8))


def shaded(picture: Scan, depth: float, random: np.random.Generator) -> Scan:
    """Uneven light: up to `depth` (0 to 1) darker, smoothly."""
    height, width = picture.pixels.shape[:2]
    field = cv2.resize(random.uniform(0, 1, (4, 3)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    light = 1 - depth * np.clip(field, 0, 1)
    return replace(picture, pixels=(picture.pixels * light[..., None]).astype(np.uint8))


def stained(picture: Scan, x: int, y: int, radius: int, random: np.random.Generator) -> Scan:
    """A coffee cup stood here, and dripped."""
    height, width = picture.pixels.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = np.arctan2(rows - y, columns - x)
    wobble = radius * (1 + 0.02 * np.sin(3 * angle + 1) + 0.012 * np.sin(7 * angle))
    away = np.hypot(rows - y, columns - x)
    edge = np.clip((away - wobble) / 4, -40, 40)
    ring = np.exp(-(((away - wobble) / 9) ** 2)) * (0.55 + 0.45 * np.sin(angle + 0.7))
    pool = 0.35 / (1 + np.exp(edge))
    amount = np.clip(0.34 * ring + 0.22 * pool, 0, 1)
    for _ in range(7):
        drop_x, drop_y = x + random.normal(0, 1.9 * radius), y + random.normal(0, 1.9 * radius)
        size = random.uniform(5, 16)
        rim = np.clip((np.hypot(rows - drop_y, columns - drop_x) - size) / 1.5, -40, 40)
        drop = 1 / (1 + np.exp(rim))
        amount = np.maximum(amount, 0.22 * drop)
    brown = np.array([150, 104, 54], np.float32)
    tinted = picture.pixels * (1 - amount[..., None]) + np.minimum(picture.pixels, brown) * amount[..., None]
    return replace(picture, pixels=tinted.astype(np.uint8))


def faxed(picture: Scan, random: np.random.Generator, *, speckle: float = 0.0012, streak: bool = True) -> Scan:
    """One bit a pixel, with specks, drop-outs and a streak, as a fax machine sends it."""
    grey = cv2.cvtColor(cv2.GaussianBlur(picture.pixels, (0, 0), 0.7), cv2.COLOR_RGB2GRAY)
    grain = random.normal(0, 16, grey.shape)
    bits = np.where(grey + grain > 150, 255, 0).astype(np.uint8)
    specks = random.random(bits.shape) < speckle / 3
    specks = cv2.dilate(specks.astype(np.uint8), np.ones((2, 2), np.uint8)) > 0
    bits[specks] = 0
    bits[random.random(bits.shape) < speckle * 8] = 255
    if streak:
        broken = random.random(bits.shape[0]) < 0.55
        bits[broken, int(random.uniform(0.25, 0.9) * bits.shape[1])] = 0
    return replace(picture, pixels=np.repeat(bits[..., None], 3, axis=2))


def photographed(
    picture: Scan, random: np.random.Generator, *, width: int = 1500, height: int = 2000, tilt: float = 1.0
) -> Scan:
    """Lying on a table, seen by a phone from above and a little aslant, with the hand's shadow."""
    grain = random.normal(0, 1, (height // 40, width)).astype(np.float32)
    wood = cv2.GaussianBlur(cv2.resize(grain, (width, height)), (0, 0), 3)
    table = np.array([112, 82, 58], np.float32) * (1 + 0.35 * wood[..., None] / max(1e-6, float(np.abs(wood).max())))
    sheet_height, sheet_width = picture.pixels.shape[:2]
    ratio = min(0.88 * width / sheet_width, 0.9 * height / sheet_height)
    half = np.array([sheet_width, sheet_height]) * ratio / 2
    middle = np.array([width, height]) / 2
    square = middle + half * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    lean = tilt * width * np.array([(0.045, 0.012), (-0.02, 0.034), (0.022, -0.006), (-0.012, 0.018)])
    corners = (square + lean + random.normal(0, 0.004 * width, (4, 2))).astype(np.float32)
    edge = np.array([(0, 0), (sheet_width, 0), (sheet_width, sheet_height), (0, sheet_height)], np.float32)
    move = cv2.getPerspectiveTransform(edge, corners)
    flat = cv2.warpPerspective(picture.pixels, move, (width, height), flags=cv2.INTER_AREA).astype(np.float32)
    mask = cv2.warpPerspective(
        np.ones((sheet_height, sheet_width), np.float32), move, (width, height), flags=cv2.INTER_LINEAR
    )
    drop = cv2.GaussianBlur(np.roll(mask, (10, 12), (0, 1)), (0, 0), 9)
    table *= 1 - 0.55 * drop[..., None]
    pixels = table * (1 - mask[..., None]) + flat * mask[..., None]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    lamp = 1.04 - 0.3 * np.hypot(columns - 0.25 * width, rows - 0.2 * height) / np.hypot(width, height)
    arm = 1 / (1 + np.exp(-(0.9 * columns + 0.8 * rows - 1.12 * (width + 0.42 * height)) / 40))
    pixels *= (lamp * (1 - 0.32 * arm))[..., None] * np.array([1.0, 0.975, 0.93], np.float32)
    photo = replace(
        picture, pixels=np.clip(pixels, 0, 255).astype(np.uint8), matrix=np.asarray(move, np.float64) @ picture.matrix
    )
    return softened(photo, 0.8, 3.0, random)
