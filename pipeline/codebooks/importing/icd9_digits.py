"""Fourth and fifth digits that a tabular list gives once for many categories, written out for each code."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_SCOPE = re.compile(
    r"(?<![\d.])([EV]?\d{2,3}(?:\.\d)?)(?:\s*-\s*([EV]?\d{2,3}(?:\.\d)?|\.\d))?|(?<=[\s,])(\.\d)(?:-(\.\d))?"
)
_DIGIT = re.compile(r"(\d)(?:-(\d))?")


_PROCEDURE = 2
"""Digits of the category of a procedure."""


@dataclass(slots=True)
class DigitTable:
    """A table of digits with the sentence that says what it is for."""

    scope: str
    """Such as `... for use with categories 403 and 404.1-404.3`."""
    after: str
    """The code or block under which it stands: its scope where the sentence names none."""
    meanings: dict[str, str] = field(default_factory=dict)

    def ranges(self) -> list[tuple[str, str]]:
        """First and last code that take one of these digits, pair by pair."""
        found, whole = [], ""
        for match in _SCOPE.finditer(self.scope):
            first, last, short, short_last = match.groups()
            if short:
                first, last = whole + short, whole + (short_last or short)
            whole = first.split(".")[0]
            found.append((first, whole + last if last and last.startswith(".") else last or first))
        first, _, last = self.after.partition("-")
        return found or [(first, last or first)]


def written_out(titles: Mapping[str, str], tables: Sequence[DigitTable], valid: Mapping[str, str]) -> dict[str, str]:
    """The titles with those of the codes that a digit makes, each after the code that it is added to.

    Args:
        titles: by code with its dot.
        tables: of digits; a fourth digit goes to categories, a fifth to codes of four.
        valid: the digits that a code takes where it does not take all, such as `0-2,5`.
    """
    scopes = [(table, table.ranges()) for table in reversed(tables) if table.meanings]
    longer = {code[:-1].rstrip(".") for code in titles}
    whole = {}
    for code, title in titles.items():
        whole[code] = title
        category, _, detail = code.partition(".")
        wants = "fifth" if detail and len(category) > _PROCEDURE else "fourth"
        if code in longer or len(detail) > 1:
            continue
        table = next(
            (
                table
                for table, ranges in scopes
                if wants in table.scope and any(_within(code, first, last) for first, last in ranges)
            ),
            None,
        )
        if table is None:
            continue
        allowed = _digits(valid.get(code, ""))
        for digit, meaning in table.meanings.items():
            if not allowed or digit in allowed:
                added = f"{code}{digit}" if "." in code else f"{code}.{digit}"
                whole[added] = f"{title}, {meaning}"
    return whole


def _digits(text: str) -> set[str]:
    found = set()
    for first, last in _DIGIT.findall(text):
        found |= {str(digit) for digit in range(int(first), int(last or first) + 1)}
    return found


def _within(code: str, first: str, last: str) -> bool:
    return bool(first) and first <= code[: len(first)] and code[: len(last)] <= last
