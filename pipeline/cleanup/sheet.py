"""What passes between the steps of cleanup: the page so far and the way back to the page as rendered."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.records import Matrix, PageImage, Pixels

WHITE = 255


class FindText(Protocol):
    """Finds stretches of text: n x 4 x 2 corners, the edge from first to second nearer to horizontal."""

    def __call__(self, pixels: Pixels, *, longest: int) -> NDArray[np.float32]:
        """Look at `pixels` with its longer side scaled to `longest`."""
        ...


Sureness: TypeAlias = Callable[[Pixels], float]
"""How sure a reader is of the crop of one line, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page on its way through cleanup."""

    page: PageImage
    pixels: Pixels
    """RGB until the step that makes it grey."""
    to_page: Matrix
    """Takes a point of `pixels` to the page as rendered."""
    turn: int = 0
    """Degrees clockwise by which the page was turned."""
    skew_degrees: float = 0.0
    """Counter-clockwise, taken out."""

    def warped(self, back: Matrix, width: int, height: int) -> "Sheet":
        """The sheet seen through another frame.

        Args:
            back: takes a point of the new frame to this one.
            width: of the new frame, pixels.
            height: of the new frame, pixels.
        """
        # What lies beyond the page is made paper: an edge drawn out into it would leave streaks that look like ink.
        paper = np.atleast_1d(np.median(self.pixels[::8, ::8], axis=(0, 1)))
        pixels = cv2.warpPerspective(
            self.pixels,
            back,
            (width, height),
            flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=[float(level) for level in paper],
        )
        return replace(self, pixels=pixels.astype(np.uint8), to_page=self.to_page @ back)


def scaling(x: float, y: float) -> Matrix:
    """The transform that multiplies coordinates, keeping the centres of pixels on the centres of pixels."""
    return np.array([[x, 0.0, (x - 1) / 2], [0.0, y, (y - 1) / 2], [0.0, 0.0, 1.0]])
