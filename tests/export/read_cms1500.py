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
class Beside:
    """What a form says beside its services; days as they are typed, a box that is empty an empty text."""

    other_insured: tuple[str, str, str]
    """Boxes 9, 9a and 9d."""
    another_plan: tuple[str, str]
    """The ticks of yes and no."""
    began: tuple[str, str]
    """Qualifier and day of box 14."""
    unable_to_work: tuple[str, str]
    other_provider: tuple[str, str, str]
    """Qualifier, name and NPI."""
    in_hospital: tuple[str, str]
    more: str
    """Box 19."""
    number: str
    """Box 23."""
    signatures: tuple[str, str]
    """Boxes 12 and 13."""
    assignment: tuple[str, str]
    """The ticks of yes and no."""
    place: tuple[str, ...]
    """Box 32 from the top, and 32a."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadForm:
    """What a form says beside boxes 1 to 8, 10 and 11."""

    indicator: str
    diagnoses: tuple[str, ...]
    services: tuple[Service, ...]
    total: int
    """In cents."""
    paid: int
    """In cents; 0 where the box is empty."""
    practice_npi: str
    beside: Beside


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
        paid=int(page.text(56, 62, 67) + page.text(56, 68, 69) or "0"),
        practice_npi=page.text(61, 50, 59),
        beside=_beside(page),
    )


def _beside(page: Page) -> Beside:
    return Beside(
        other_insured=(page.text(18, 1, 28), page.text(20, 1, 28), page.text(26, 1, 28)),
        another_plan=(page.text(26, 52, 52), page.text(26, 57, 57)),
        began=(page.text(32, 16, 18), page.text(32, 2, 11)),
        unable_to_work=(page.text(32, 54, 63), page.text(32, 68, 77)),
        other_provider=(page.text(34, 1, 2), page.text(34, 4, 27), page.text(34, 33, 42)),
        in_hospital=(page.text(34, 54, 63), page.text(34, 68, 77)),
        more=page.text(36, 1, 48),
        number=page.text(40, 50, 78),
        signatures=(page.text(30, 7, 23), page.text(30, 56, 72)),
        assignment=(page.text(56, 38, 38), page.text(56, 43, 43)),
        place=tuple(page.text(row, 23, 48 if row < 61 else 32) for row in range(58, 62)),
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
