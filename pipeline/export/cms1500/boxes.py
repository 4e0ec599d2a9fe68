"""Where each box of the form has its text, and which texts do not fit."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "boxes.tsv"
ENCODING = "cp1252"
"""What the standard fonts of PDF print."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a box has its text on the form's print grid."""

    row: int
    """From 1, six an inch."""
    column: int
    """From 1, ten an inch; the first of the box."""
    width: int
    """In characters."""
    flush_right: bool
    """Whether a short text stands at the right end."""
    holds: str
    """What stands in it, in a few words."""

    def starts(self, text: str) -> int:
        """The column of the text's first character."""
        return self.column + self.width - len(text) if self.flush_right else self.column


@cache
def places() -> Mapping[str, Place]:
    """The place of every box that is ever filled, by the box's name; of box 24 those of the first service."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        return {
            row["box"]: Place(
                row=int(row["row"]),
                column=int(row["column"]),
                width=int(row["width"]),
                flush_right=row["side"] == "right",
                holds=row["holds"],
            )
            for row in rows
        }


def misfits(texts: Mapping[str, str], where: str = "") -> Iterator[str]:
    """A sentence for every text that is too long for its box or holds what the form's font cannot print.

    Args:
        texts: box name to text.
        where: which service of the claim they are of, to stand behind the box's name.
    """
    for box, text in texts.items():
        place = places()[box]
        name = f"Box {box}{where} ({place.holds})"
        if len(text) > place.width:
            yield f"{name} takes {place.width} characters; there are {len(text)}."
        unprintable = [number for number, char in enumerate(text, start=1) if not _prints(char)]
        if unprintable:
            yield f"{name} cannot be printed: the form has no type for character {', '.join(map(str, unprintable))}."


def _prints(char: str) -> bool:
    return char.isprintable() and char.encode(ENCODING, "ignore") != b""
