"""Record numbers: `448 213`, `SB-6120`, also where a digit was read as a letter."""

import re
from dataclasses import dataclass

from pipeline.entities.visits.dates import dates_in

NUMBER = re.compile(
    r"(?=[\w\s-]*\d)[#\s]*((?:[A-Za-z]{1,4}[\s-]?)?[0-9OolISB]{2,}(?:[\s-]?[0-9OolISB]{1,}){0,4})(?![\w/])"
)
DIGITS = str.maketrans("OolISB", "001158")


@dataclass(frozen=True, slots=True)
class RecordNumber:
    """A record number at the beginning of a text."""

    value: str
    """Without blanks."""
    start: int
    end: int


def record_number_in(text: str) -> RecordNumber | None:
    """The record number that a text begins with; a date is none."""
    number = NUMBER.match(text)
    if number is None or dates_in(text[: number.end() + 6]):
        return None
    return RecordNumber(_plain(number[1]), number.start(1), number.end(1))


def _plain(text: str) -> str:
    """A record number without blanks; letters before it stay, letters within it were digits."""
    head = re.match(r"([A-Za-z]{1,4})([\s-]|(?=\d))", text)
    letters = head.group(1) if head else ""
    if head and not head.group(2) and set(letters) <= set("OolISB"):
        letters = ""
    return letters.upper() + re.sub(r"\s+", "", text[len(letters) :]).translate(DIGITS)
