"""Page pictures for the screen, smaller than what is read."""

import os
from pathlib import Path

from PIL import Image

from pipeline.records import PageImage

LONGEST = 2200
"""Pixels of the longer side: sharp on a large screen, quick to load."""


def save_picture(image: PageImage, path: Path) -> None:
    """Write a JPEG of a page so that nobody ever sees half of one."""
    picture = Image.fromarray(image.pixels)
    picture.thumbnail((LONGEST, LONGEST))
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    picture.save(part, "JPEG", quality=82)
    part.replace(path)
