"""The words that a PDF page states, each with where it stands and how it is drawn."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from pipeline.render.geometry import Rect

_MOST_CHARACTERS = 40_000
_TINY = 3.0
"""Points; text that is less high cannot be read on paper."""
_FAINT_ALPHA = 40
_WHITE = 225
"""Text whose colours are all at least this light, of 255, is not ink on white paper."""
_FILLED = frozenset({0, 2, 4, 6})
_STROKED = frozenset({1, 2, 5, 6})
"""Text render modes that paint; the others, 3 and 7, are how a recognition's text is hidden."""
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_BULLETS = frozenset({0xF0B7, 0xF0A7, 0xF0D8})
"""Where word processors' symbol fonts put their bullets, in the private use area."""
_HYPHENS = frozenset({0x02, 0xFFFE})
"""What pdfium gives for a hyphen at the end of a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfWord:
    """A word as the file states it; rectangles are in points of the page."""

    text: str
    bounds: Rect
    """Around its ink."""
    reach: Rect
    """Around its ink and the whole height of its font."""
    inked: bool
    """It is drawn in a colour, size and mode that can be seen on white paper."""
    garbled: bool
    """The file does not say which letters its shapes are."""


class _Character(NamedTuple):
    text: str
    bounds: Rect
    reach: Rect
    inked: bool
    garbled: bool


def words_of(page: Any) -> tuple[PdfWord, ...]:
    """Every word of a page in the file's order; nothing where there is more text than a page can show.

    Args:
        page: pdfium's raw page.
    """
    text = pdfium.FPDFText_LoadPage(page)
    try:
        if not 0 < pdfium.FPDFText_CountChars(text) <= _MOST_CHARACTERS:
            return ()
        return tuple(_words(text))
    finally:
        pdfium.FPDFText_ClosePage(text)


def _words(text: Any) -> Iterator[PdfWord]:
    word: list[_Character] = []
    inks: dict[int, bool] = {}
    for index in range(pdfium.FPDFText_CountChars(text)):
        character = _character(text, index, inks)
        if character is not None:
            word.append(character)
        elif word:
            yield _joined(word)
            word = []
    if word:
        yield _joined(word)


def _joined(characters: list[_Character]) -> PdfWord:
    letters = "".join(character.text for character in characters)
    return PdfWord(
        # A letter beyond the basic plane comes as two halves.
        text=letters.encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
        bounds=_union([character.bounds for character in characters]),
        reach=_union([character.reach for character in characters]),
        inked=all(character.inked for character in characters),
        garbled=any(character.garbled for character in characters),
    )


def _character(text: Any, index: int, inks: dict[int, bool]) -> _Character | None:
    """One character, or None for what stands between words."""
    code = pdfium.FPDFText_GetUnicode(text, index)
    letter = "-" if code in _HYPHENS else _LIGATURES.get(code) or ("•" if code in _BULLETS else chr(code))
    if letter.isspace() or pdfium.FPDFText_IsGenerated(text, index) == 1:
        return None
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    loose = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetCharBox(text, index, left, right, bottom, top):
        return None
    pdfium.FPDFText_GetLooseCharBox(text, index, loose)
    bounds = Rect(left.value, bottom.value, right.value, top.value)
    reach = _union([bounds, Rect(loose.left, loose.bottom, loose.right, loose.top)])
    if bounds.x1 <= bounds.x0 or bounds.y1 <= bounds.y0:
        bounds = reach
    painter = pdfium.FPDFText_GetTextObject(text, index)
    address = ctypes.cast(painter, ctypes.c_void_p).value or 0
    if address not in inks:
        inks[address] = _inked(painter)
    # Whichever way the text runs, the longer side of the font's box is its height or more.
    high = max(reach.x1 - reach.x0, reach.y1 - reach.y0)
    garbled = letter != "-" and (
        pdfium.FPDFText_HasUnicodeMapError(text, index) == 1
        or code < 0x20
        or 0x7F <= code < 0xA0
        or code == 0xFFFD
        or (0xE000 <= code <= 0xF8FF and code not in _BULLETS)
    )
    return _Character(letter, bounds, reach, inks[address] and high >= _TINY, garbled)


def _inked(painter: Any) -> bool:
    """Whether a text object is painted at all, in a colour that shows on white."""
    if not painter:
        return False
    mode = pdfium.FPDFTextObj_GetTextRenderMode(painter)
    colours = []
    if mode in _FILLED:
        colours.append(pdfium.FPDFPageObj_GetFillColor)
    if mode in _STROKED:
        colours.append(pdfium.FPDFPageObj_GetStrokeColor)
    for colour_of in colours:
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        if not colour_of(painter, red, green, blue, alpha):
            continue
        if alpha.value >= _FAINT_ALPHA and min(red.value, green.value, blue.value) < _WHITE:
            return True
    return False


def _union(rects: list[Rect]) -> Rect:
    return Rect(
        min(rect.x0 for rect in rects),
        min(rect.y0 for rect in rects),
        max(rect.x1 for rect in rects),
        max(rect.y1 for rect in rects),
    )
