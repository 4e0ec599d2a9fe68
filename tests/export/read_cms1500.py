"""Reads the CMS-1500 back from its PDF, by the form's columns and rows alone and nothing of the program's."""

import ctypes
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

LETTERS = "ABCDEFGHIJKL"
PAGE_HEIGHT = 792
MOST_OFF = 0.2
"""Of a column or row, that a character may stand beside its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The typed characters of a page at their rows and columns, both from 1."""

    characters: dict[tuple[int, int], str]

    def text(self, row: int, first: int, last: int) -> str:
        """What stands in columns of a row, without the blanks around it."""
        return "".join(self.characters.get((row, column), " ") for column in range(first, last + 1)).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A line of box 24."""

    day: str
    place: str
    code: str
    modifiers: tuple[str, ...]
    points_to: tuple[str, ...]
    """The codes that its letters stand for on its own form, without their points."""
    cents: int
    units: int
    npi: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadForm:
    """What a form says in boxes 21, 24 and 28."""

    indicator: str
    diagnoses: tuple[str, ...]
    services: tuple[Service, ...]
    total: int
    """In cents."""


def pages(pdf: bytes) -> tuple[Page, ...]:
    """Every page of a PDF; labels, which are of another font, are not read."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return tuple(Page(characters=_characters(page)) for page in document)
    finally:
        document.close()


def read_back(pdf: bytes) -> tuple[ReadForm, ...]:
    """Every form of a PDF, in order."""
    return tuple(_form(page) for page in pages(pdf))


def _form(page: Page) -> ReadForm:
    lettered = {letter: page.text(38 + n // 4, 3 + 13 * (n % 4), 9 + 13 * (n % 4)) for n, letter in enumerate(LETTERS)}
    rows = [row for row in range(44, 55, 2) if page.text(row, 1, 79)]
    return ReadForm(
        indicator=page.text(37, 42, 42),
        diagnoses=tuple(code for code in lettered.values() if code),
        services=tuple(_service(page, row, lettered) for row in rows),
        total=int(page.text(56, 51, 57) + page.text(56, 58, 59)),
    )


def _service(page: Page, row: int, lettered: dict[str, str]) -> Service:
    assert page.text(row, 1, 8) == page.text(row, 10, 17)
    return Service(
        day=page.text(row, 1, 8),
        place=page.text(row, 19, 20),
        code=page.text(row, 25, 30),
        modifiers=tuple(page.text(row, 33, 43).split()),
        points_to=tuple(lettered[letter] for letter in page.text(row, 45, 48)),
        cents=int(page.text(row, 50, 55) + page.text(row, 56, 57)),
        units=int(page.text(row, 59, 61)),
        npi=page.text(row, 68, 77),
    )


def _characters(page: pypdfium2.PdfPage) -> dict[tuple[int, int], str]:
    text = page.get_textpage()
    found: dict[tuple[int, int], str] = {}
    for index in range(text.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(text, index))
        if char.isspace() or not _is_typed(text, index):
            continue
        x, y = ctypes.c_double(), ctypes.c_double()
        assert pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        # The grid: 10 columns and 6 rows an inch, column 1 at 0.35 inch, the baseline of row 1 at 0.375 inch.
        column, row = (x.value - 0.35 * 72) / 7.2 + 1, (PAGE_HEIGHT - y.value - 0.375 * 72) / 12 + 1
        place = round(row), round(column)
        assert abs(row - place[0]) < MOST_OFF and abs(column - place[1]) < MOST_OFF
        assert place not in found, "two characters stand on one another"
        found[place] = char
    return found


def _is_typed(text: pypdfium2.PdfTextPage, index: int) -> bool:
    name = ctypes.create_string_buffer(64)
    pdfium.FPDFText_GetFontInfo(text, index, name, len(name), ctypes.c_int())
    return name.value.startswith(b"Courier")
