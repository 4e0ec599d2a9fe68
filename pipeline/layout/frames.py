"""The printed outlines of checkboxes and of round bubbles, whatever stands in them.

Whatever small area ink encloses is filled, and the strokes that are left are wiped out: an outline becomes a solid
patch, however a tick divides or leaves it. A patch is a box where straight ink runs along each of its four
sides and a bubble where ink runs around it; letters and cells of tables are told by what stands about them.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.layout.letters import in_word, is_lettered
from pipeline.layout.outlines import CRISP, SOLID, Frame, boldness, box_at, bubble_at, has_corners, inside, sides
from pipeline.records import Pixels

_LETTER_SIDE = 3_300.0
"""Pixels of the longer side of a letter page at 300 dpi; sizes below are for it."""
_SMALLEST = 21.0
_LARGEST = 72.0
_SQUARER = 1.15
"""The same, of a box that needs no fellow."""
_CORES = (0.62, 1.15)
"""Patches are looked for that hold a square of so many smallest sides."""
_DARK = 205
"""Forms draw their boxes thin and pale."""
_INK = 165
_SIDE = 0.86
"""Share of a side along which there is ink."""
_CRISP_SIDE = 0.92
"""The same, where corners are no large part of a side."""
_SIDE_IN_TEXT, _CORNER_IN_TEXT = 0.97, 0.06
"""The same of side and corner, where letters stand close by."""
_CLEAN = 0.06
"""Less ink than this inside is none."""
_ALIGNED = 0.1
"""Fellows in a column or row are out of line by at most this share of a side."""
_CORNER = 0.12
"""Ink reaches this near to each corner, across and down together, as a share of the side."""
_SURROUNDED = 0.1
"""A square within a square, with so much ink about it, is the corner of a QR code."""
_BOLD = 0.17
"""The thinnest side of a box that needs no fellow is at most this thick, as a share of its length."""
_COVERED, _BEYOND, _PITCH = 0.6, 2.2, 5.0
"""A crossed-out box has so much ink, is at most so many times as large as those in its column, so many sides away."""
_BOLD_LETTER = (0.78, 1.35)
"""Patches of less ink, that are not so many times as large as the boxes, may begin a bold heading."""
_BRIDGED = 0.25
"""A gap in an outline of this share of the smallest side is closed."""


def find_frames(pixels: Pixels) -> list[Frame]:
    """The outlines of a cleaned page, in no order."""
    unit = max(pixels.shape) / _LETTER_SIDE
    smallest, largest = max(11, round(_SMALLEST * unit)), max(16, round(_LARGEST * unit))
    dark, ink = (pixels < _DARK).astype(np.uint8), (pixels < _INK).astype(np.uint8)
    sure: list[Frame] = []
    unsure: list[Frame] = []
    patches = _patches(dark, smallest, largest)
    for x0, y0, x1, y1 in patches:
        if in_word(dark, x0, y0, x1, y1):
            continue
        frame = box_at(dark, ink, x0, y0, x1, y1)
        if frame is None or _share(dark, frame) > SOLID:
            # A disc of ink holds a square.
            frame = bubble_at(dark, x0, y0, x1, y1) or frame
        if frame is not None and smallest <= frame.side <= largest and not _is_code_corner(dark, frame):
            (sure if not frame.round and _is_sure(dark, ink, frame) else unsure).append(frame)
    sure, unsure = _apart(sure), _apart(unsure)
    clean = [frame for frame in unsure if float(inside(dark, frame).mean()) < _CLEAN]
    sure += [frame for frame in unsure if _is_one_of_many(dark, frame, sure, clean)]
    frames = _without_grids(_apart(sure))
    return frames + _covered(dark, ink, patches, frames)


def _patches(dark: NDArray[np.uint8], smallest: int, largest: int) -> set[tuple[int, int, int, int]]:
    """Left, top, right and bottom of what is solid once small areas that ink encloses are filled."""
    bridge = max(3, round(_BRIDGED * smallest))
    closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((bridge, bridge), np.uint8)).astype(np.uint8)
    contours, tree = cv2.findContours(closed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    if tree is None:
        return set()
    holes = []
    for contour, (_, _, _, parent) in zip(contours, tree[0], strict=True):
        if parent >= 0:
            _, _, width, height = cv2.boundingRect(contour)
            if max(width, height) <= largest:
                holes.append(contour)
    cv2.drawContours(closed, holes, -1, 1, cv2.FILLED)
    found = set()
    for core in _CORES:
        kernel = np.ones((max(5, round(core * smallest)),) * 2, np.uint8)
        solid = cv2.morphologyEx(closed, cv2.MORPH_OPEN, kernel).astype(np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=4)
        for x, y, width, height, _ in stats[1:].tolist():
            if min(width, height) >= 0.8 * smallest and max(width, height) <= 1.4 * largest:
                found.add((x, y, x + width, y + height))
    return found


def _share(ink: NDArray[np.uint8], frame: Frame) -> float:
    return float(ink[frame.y0 : frame.y1, frame.x0 : frame.x1].mean())


def _is_one_of_many(dark: NDArray[np.uint8], frame: Frame, sure: Sequence[Frame], clean: Sequence[Frame]) -> bool:
    """Whether its likes stand in its row or column; typewritten letters have likes, too, but few in one column."""
    if frame.round:
        return _fellows(frame, clean, rows=False) > 2 or (
            not is_lettered(dark, frame) and _fellows(frame, clean, rows=True) > 0
        )
    if is_lettered(dark, frame) and frame.side < CRISP:
        return _fellows(frame, [*sure, *clean], rows=False) > 2 and _fellows(frame, sure, rows=False) > 0
    rows = not is_lettered(dark, frame)
    return _fellows(frame, sure, rows=rows) > 0 or _fellows(frame, clean, rows=rows) > 1


def _is_sure(dark: NDArray[np.uint8], ink: NDArray[np.uint8], frame: Frame) -> bool:
    """Whether a box needs no fellow: a small letter stands by others or has ink inside, or has no corners."""
    small, lettered = frame.side < CRISP, is_lettered(dark, frame)
    if small and (lettered or float(inside(dark, frame).mean()) >= _CLEAN):
        return False
    if _share(dark, frame) > SOLID:
        return not lettered
    if frame.side > _SQUARER * min(frame.x1 - frame.x0, frame.y1 - frame.y0):
        return False
    side, corner = (_SIDE_IN_TEXT, _CORNER_IN_TEXT) if lettered else (_SIDE if small else _CRISP_SIDE, _CORNER)
    straight = min(sides(dark, frame)) >= side and has_corners(dark, frame, corner)
    return straight and boldness(ink, frame) <= max(3.0, _BOLD * frame.side)


def _fellows(frame: Frame, frames: Sequence[Frame], *, rows: bool) -> int:
    """How many others of its kind and size stand in its column or, where `rows` count, in its row."""
    found = 0
    for other in frames:
        if other is frame or other.round != frame.round or abs(other.side - frame.side) > max(1, 0.12 * frame.side):
            continue
        away = min(abs(other.x0 - frame.x0), abs(other.y0 - frame.y0) if rows else frame.side)
        found += away <= max(2, _ALIGNED * frame.side) and _overlap(frame, other) == 0.0
    return found


def _covered(
    dark: NDArray[np.uint8],
    ink: NDArray[np.uint8],
    patches: set[tuple[int, int, int, int]],
    frames: Sequence[Frame],
) -> list[Frame]:
    """Patches of ink that stand in a column of outlines where another would be."""
    found: list[Frame] = []
    for x0, y0, x1, y1 in sorted(patches, key=lambda patch: (patch[0] - patch[2]) * (patch[3] - patch[1])):
        patch = Frame(x0=x0, y0=y0, x1=x1, y1=y1, covered=True)
        share = float(ink[y0:y1, x0:x1].mean())
        if share < _COVERED or any(_overlap(patch, one) > 0.2 for one in [*frames, *found]):
            continue
        # A scribble may reach the label; what stands in the column with a letter on either side is in a word.
        if in_word(dark, x0, y0, x1, y1):
            continue
        column = [
            one
            for one in frames
            if abs(one.x0 + one.x1 - x0 - x1) < 0.8 * one.side and 0.8 < patch.side / one.side < _BEYOND
        ]
        if len(column) > 1:
            nearest = min(column, key=lambda one: abs(one.y0 - y0))
            if abs(nearest.y0 - y0) > _PITCH * nearest.side:
                continue
            slight = share < _BOLD_LETTER[0] and patch.side < _BOLD_LETTER[1] * nearest.side
            if slight and is_lettered(dark, patch):
                continue
            top = (y0 + y1 - nearest.side) // 2
            found.append(replace(nearest, y0=max(0, top), y1=top + nearest.side, covered=True))
    return found


def _apart(frames: Sequence[Frame]) -> list[Frame]:
    """One outline for each box: the largest, and a box before a bubble."""
    kept: list[Frame] = []
    for frame in sorted(frames, key=lambda frame: (frame.round, -(frame.x1 - frame.x0) * (frame.y1 - frame.y0))):
        if not any(_overlap(frame, other) > 0.3 for other in kept):
            kept.append(frame)
    return kept


def _overlap(one: Frame, other: Frame) -> float:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    area = min((frame.x1 - frame.x0) * (frame.y1 - frame.y0) for frame in (one, other))
    return across * down / max(1, area) if across > 0 and down > 0 else 0.0


def _without_grids(frames: Sequence[Frame]) -> list[Frame]:
    """Without cells that share sides with others: they are a table or a row of letter cells."""
    return [one for one in frames if sum(_touch(one, other) for other in frames if other is not one) < 2]


def _touch(one: Frame, other: Frame) -> bool:
    gap_x = max(one.x0, other.x0) - min(one.x1, other.x1)
    gap_y = max(one.y0, other.y0) - min(one.y1, other.y1)
    return max(gap_x, gap_y) < 0.12 * one.side


def _is_code_corner(dark: NDArray[np.uint8], frame: Frame) -> bool:
    rim = max(2, round(0.18 * frame.side))
    inside = dark[frame.y0 + rim : frame.y1 - rim, frame.x0 + rim : frame.x1 - rim]
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return False
    core = inside[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    side = frame.side
    around = dark[max(0, frame.y0 - side) : frame.y1 + side, max(0, frame.x0 - side) : frame.x1 + side]
    own = dark[frame.y0 : frame.y1, frame.x0 : frame.x1]
    about = (int(around.sum()) - int(own.sum())) / max(1, around.size - own.size)
    return float(core.mean()) > SOLID and core.shape[0] > 0.3 * side and about > _SURROUNDED
