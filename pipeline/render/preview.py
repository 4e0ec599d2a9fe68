"""Page pictures for the screen: the page as it is looked at, and small ones of it."""

import os
from pathlib import Path
from threading import get_ident

from PIL import Image

from pipeline.records import PageImage

LONGEST = 4400
"""Pixels of the longer side: a letter page scanned with up to 400 dots an inch stays as it is."""


SMALL = 900
"""Of a small picture: enough to see what is wrong with a scan."""


def save_picture(image: PageImage, path: Path) -> None:
    """Write a JPEG of a page so that nobody ever sees half of one."""
    picture = Image.fromarray(image.pixels)
    picture.thumbnail((LONGEST, LONGEST))
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    picture.save(part, "JPEG", quality=82)
    part.replace(path)


def small_picture(path: Path) -> Path:
    """A small JPEG of a picture that lies ready, kept beside it.

    Raises:
        OSError: there is no such picture, or it cannot be read or written.
    """
    small = path.with_name(f"{path.stem}-small.jpg")
    if not small.is_file():
        with Image.open(path) as picture:
            picture.draft("RGB", (SMALL, SMALL))
            rgb = picture.convert("RGB")
        rgb.thumbnail((SMALL, SMALL))
        part = small.with_name(f".{small.name}.{os.getpid()}-{get_ident()}.part")
        rgb.save(part, "JPEG", quality=80)
        part.replace(small)
    return small
