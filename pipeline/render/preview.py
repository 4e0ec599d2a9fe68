"""The page picture for the screen, from which all others are cut (see `cuttings.py`)."""

import os
from pathlib import Path

from PIL import Image

from pipeline.records import PageImage

LONGEST = 4400
"""Pixels of the longer side: a letter page scanned with up to 400 dots an inch stays as it is."""


def save_picture(image: PageImage, path: Path) -> None:
    """Write a JPEG of a page so that nobody ever sees half of one."""
    picture = Image.fromarray(image.pixels)
    picture.thumbnail((LONGEST, LONGEST))
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    picture.save(part, "JPEG", quality=82)
    part.replace(path)
