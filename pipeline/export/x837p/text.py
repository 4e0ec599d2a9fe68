"""What may stand in an element of X12, and how text and amounts are brought into it.

The characters are X12's basic and extended sets (005010, appendix B.1.1.2). The delimiters `* : ^ ~` are never data:
in free text each becomes a blank, in an identifier it is refused, since an identifier without it is another one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

DELIMITERS = "*:^~"
"""Between elements, between components, between repetitions, and at the end of a segment."""
_BLANKS = str.maketrans(DELIMITERS, " " * len(DELIMITERS))
_CHARACTERS = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 !\"&'()*+,-./:;?=%~@[]_{}\\|<>#$^"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A value that is to stand in an element, with what the element takes."""

    name: str
    """What a person calls it, as the beginning of a sentence."""
    value: str | None
    """None, or an empty text, where there is none."""
    least: int = 1
    most: int
    """Characters."""
    free: bool = False
    """Whether it is free text; an identifier where not."""
    required: bool = True


def plain(text: str) -> str:
    """A free text as it is written: delimiters are blanks, and blanks stand one at a time and never at an end."""
    return " ".join(part for part in text.translate(_BLANKS).split(" ") if part)


def amount(value: Decimal) -> str:
    """A decimal (type R): no zeros at either end, and no point behind whole dollars."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.lstrip("0") or "0"


def faults_of(element: Element) -> Iterator[str]:
    """Every reason why a value cannot stand in its element, as a sentence."""
    value = element.value or ""
    written = plain(value) if element.free else value
    if not written.strip():
        if element.required or value:
            yield f"{element.name} is empty."
        return
    for char in dict.fromkeys(value):
        if char not in _CHARACTERS:
            shown = f'"{char}"' if char.isprintable() else f"U+{ord(char):04X}"
            yield f"{element.name} has the character {shown}, which X12 does not have."
        elif char in DELIMITERS and not element.free:
            yield f'{element.name} has the character "{char}", which is a delimiter of X12.'
    if written != written.strip(" "):
        yield f"{element.name} begins or ends with a blank."
    if not element.least <= len(written) <= element.most:
        room = str(element.most) if element.least == element.most else f"{element.least} to {element.most}"
        yield f"{element.name} has {len(written)} characters; 837P takes {room}."
