"""Paragraphs of a rich text file with their indentation, which is what NCHS's lists carry their meaning by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.codebooks.importing.zipped import is_zip, members
from pipeline.errors import UsageError

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\"
)
_UNSEEN = frozenset(
    b"fonttbl colortbl stylesheet info listtable listoverridetable rsidtbl generator themedata colorschememapping "
    b"latentstyles datastore header footer headerl headerr footerl footerr headerf footerf pict object xmlnstbl "
    b"mmathPr".split()
)
"""Groups whose content is no text of the document."""
_SIGNS = {
    b"tab": "\t", b"emdash": "-", b"endash": "-", b"rquote": "'", b"lquote": "'", b"ldblquote": '"', b"rdblquote": '"'
}  # fmt: skip
_SYMBOLS = {b"~": " ", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\"}
_WORD_LEFTOVER = re.compile(r"^PrFont\w*?Lim0Lim1")
"""What an old word processor left at the head of NCHS's files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph that holds text."""

    number: int
    """Which one of the document, from 1, empty ones counted."""
    begins: int
    """Where its first line begins, in twentieths of a point from the margin."""
    left: int
    """Where its other lines begin; 0 for what hangs on no margin of a list."""
    text: str
    """With its tabs; a dash is `-`."""


def rich_text(name: str, content: bytes) -> tuple[str, bytes] | None:
    """Name and content of the rich text: the file itself or the only one in a zip; None where there is none.

    Raises:
        UsageError: the zip is damaged or holds something far too large.
    """
    if not is_zip(content):
        return (name, content) if content.startswith(b"{\\rtf") else None
    found = members(name, content, lambda member: member.lower().endswith(".rtf"))
    return found[0] if len(found) == 1 and found[0][1].startswith(b"{\\rtf") else None


def paragraphs(name: str, content: bytes) -> Iterator[Paragraph]:
    """The paragraphs in their order.

    Raises:
        UsageError: the text ends in the middle.
    """
    unseen, left, first = False, 0, 0
    outer: list[tuple[bool, int, int]] = []
    text: list[str] = []
    number = 0
    ended = False
    for match in _TOKEN.finditer(content):
        word, value, octet, symbol, brace, letters = match.groups()
        if letters is not None:
            if not unseen:
                text.append(letters.decode("cp1252", "replace"))
        elif word is not None:
            if word in _UNSEEN:
                unseen = True
            elif word == b"par" or word == b"line":
                if not unseen:
                    number += 1
                    yield from _paragraph(number, left, first, text)
                    text = []
            elif word == b"pard":
                left, first = 0, 0
            elif word == b"li":
                left = int(value or 0)
            elif word == b"fi":
                first = int(value or 0)
            elif word in _SIGNS and not unseen:
                text.append(_SIGNS[word])
        elif brace == b"{":
            outer.append((unseen, left, first))
        elif brace == b"}":
            if outer:
                unseen, left, first = outer.pop()
                ended = not outer
        elif octet is not None and not unseen:
            text.append(bytes.fromhex(octet.decode()).decode("cp1252", "replace"))
        elif symbol == b"*":
            unseen = True
        elif symbol in _SYMBOLS and not unseen:
            text.append(_SYMBOLS[symbol])
    if not ended or outer:
        raise UsageError(f"{name} ends in the middle (after paragraph {number}); download it again.")
    yield from _paragraph(number + 1, left, first, text)


def _paragraph(number: int, left: int, first: int, text: list[str]) -> Iterator[Paragraph]:
    joined = "".join(text)
    joined = joined.replace("\xad", "-").replace("–", "-").replace("—", "-").replace("’", "'")
    if number == 1:
        joined = _WORD_LEFTOVER.sub("", joined)
    if joined.strip():
        yield Paragraph(number=number, begins=left + first, left=left, text=joined.rstrip())
