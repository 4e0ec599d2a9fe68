"""All readers that are compared, as they are wired."""

from pathlib import Path

from pipeline.evaluation.plain_pages import PlainPages, tesseract_lines
from pipeline.evaluation.readers import PlainRecognizer, TesseractAlone
from pipeline.evaluation.reading import Readers
from pipeline.evaluation.reading_crops import CropReaders
from pipeline.evaluation.reading_pages import PageReaders
from pipeline.records import Page, PageImage
from tests import ink


def readers(work: Path) -> Readers:
    """The product's stages and the readers beside them."""
    alone, page_alone = PlainRecognizer(ink.model("recognizer")), TesseractAlone(mode=3)
    pages = PlainPages(ink.detector(), alone)
    clean, find, read = ink.cleaner(), ink.finder(), ink.reader(work)

    def inkchart(page: PageImage) -> Page:
        cleaned = clean(page)
        return read(cleaned, find(cleaned))

    return Readers(
        crops=CropReaders(tesseract=TesseractAlone(mode=7), plain=alone, inkchart=read.recognize),
        pages=PageReaders(
            tesseract=page_alone,
            tesseract_lines=lambda pixels: tesseract_lines(page_alone, pixels),
            plain=pages.text,
            plain_lines=pages.lines,
            clean=clean,
            inkchart=inkchart,
        ),
    )
