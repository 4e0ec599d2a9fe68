"""The type of the packet: which characters it has, how wide they are, and where lines are broken.

Bitstream Vera comes with ReportLab and is embedded. It has the letters of western and central Europe; another
character is given by its number, `<U+0416>`, so that none vanishes.
"""

import unicodedata
from functools import cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "InkchartVera", "InkchartVeraBold"
FILES = {PLAIN: "Vera.ttf", BOLD: "VeraBd.ttf"}


@cache
def fonts() -> frozenset[int]:
    """Make the type known to ReportLab; the characters that both of its weights have."""
    for name, file in FILES.items():
        pdfmetrics.registerFont(TTFont(name, file))
    return frozenset.intersection(*(frozenset(pdfmetrics.getFont(name).face.charToGlyph) for name in FILES))


def shown(text: str) -> str:
    """A text as the type can show it: blanks for line ends, numbers for characters that it lacks."""
    known = fonts()
    composed = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(char if ord(char) in known and char.isprintable() else _by_number(char) for char in composed)


def _by_number(char: str) -> str:
    return f"<U+{ord(char):04X}>"


def width(text: str, font: str, size: float) -> float:
    """Of a text in points."""
    fonts()
    return float(pdfmetrics.stringWidth(text, font, size))


def wrapped(text: str, room: float, font: str, size: float) -> tuple[str, ...]:
    """A text in lines that fit, at least one; a word that is too long for a line is broken, and nothing is cut."""
    lines: list[str] = []
    line = ""
    for word in shown(text).split():
        longer = f"{line} {word}" if line else word
        if width(longer, font, size) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _broken(word, room, font, size)
        lines.extend(whole)
    return (*lines, line) if line or not lines else tuple(lines)


def _broken(word: str, room: float, font: str, size: float) -> list[str]:
    pieces, piece = [], ""
    for char in word:
        if piece and width(piece + char, font, size) > room:
            pieces.append(piece)
            piece = ""
        piece += char
    return [*pieces, piece]
