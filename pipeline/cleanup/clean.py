"""Cleanup: a page as rendered becomes upright, flat, straight, grey and white. The order stands here."""

from dataclasses import replace

import numpy as np

from pipeline.cleanup.background import grey, whiten
from pipeline.cleanup.flat import flatten
from pipeline.cleanup.quality import judge
from pipeline.cleanup.sheet import FindText, Sheet, Sureness
from pipeline.cleanup.size import resize
from pipeline.cleanup.speckle import despeckle
from pipeline.cleanup.straight import straighten
from pipeline.cleanup.upright import upright
from pipeline.records import CleanImage, PageImage
from pipeline.settings import CleanupSettings


class Cleaner:
    """Cleans one page at a time."""

    def __init__(self, settings: CleanupSettings, *, find_text: FindText, sureness: Sureness) -> None:
        """Take what the steps ask.

        Args:
            settings: of cleanup.
            find_text: where text is on an image, at any angle.
            sureness: how sure a reader is of the crop of one line; tells upright from upside down.
        """
        self._settings = settings
        self._find_text = find_text
        self._sureness = sureness

    def __call__(self, page: PageImage) -> CleanImage:
        """Clean a page; where it carries its text, its pixels are only made grey and judged."""
        sheet = Sheet(page=page, pixels=page.pixels, to_page=np.eye(3))
        sheet = whole = resize(sheet)
        uncut = None
        if page.text_layer is None:
            flat = flatten(sheet, self._find_text)
            sheet = whiten(grey(flat))
            sheet = upright(sheet, self._find_text, self._sureness)
            uncut = sheet.pixels if flat is whole else None
            sheet = straighten(sheet, max_skew_degrees=self._settings.max_skew_degrees)
            sheet = despeckle(sheet)
        else:
            sheet = grey(sheet)
        quality = judge(
            sheet.pixels,
            page,
            scale=float(np.sqrt(abs(np.linalg.det(sheet.to_page[:2, :2])))),
            uncut=uncut,
            blank_ink=self._settings.blank_ink,
            find_text=self._find_text,
        )
        if page.text_layer:
            quality = replace(quality, blank=False, advice=None)
        return CleanImage(
            page=page,
            pixels=sheet.pixels,
            turn=sheet.turn,
            skew_degrees=sheet.skew_degrees,
            to_page=sheet.to_page,
            quality=quality,
        )
