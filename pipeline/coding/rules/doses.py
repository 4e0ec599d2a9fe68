"""How many units a dose is: the amount that was given over the amount that the code stands for, rounded up."""

import math
import re

_AMOUNT = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|\.\d+)\s?"
    r"(?P<unit>million units|mcg|mg|g|gm|units?|ml|meq)(?!\w)",
    re.IGNORECASE,
)
_IN = {
    "mcg": ("mg", 0.001),
    "mg": ("mg", 1.0),
    "g": ("mg", 1000.0),
    "gm": ("mg", 1000.0),
    "unit": ("units", 1.0),
    "units": ("units", 1.0),
    "million units": ("units", 1_000_000.0),
    "ml": ("ml", 1.0),
    "meq": ("meq", 1.0),
}


def amount(text: str) -> tuple[float, str] | None:
    """The last amount of a text in mg, units, ml or meq: `60 mg`, `up to 1,000 mcg`; None without one."""
    found = list(_AMOUNT.finditer(text))
    if not found:
        return None
    measure, factor = _IN[found[-1]["unit"].lower()]
    return float(found[-1]["number"].replace(",", "")) * factor, measure


def units_of(dose: str | None, name: str) -> int | None:
    """How many times the amount in a code's name a dose is, rounded up; None where that cannot be told."""
    given, one = amount(dose or ""), amount(name)
    if given is None or one is None or given[1] != one[1] or one[0] == 0:
        return None
    return max(1, math.ceil(round(given[0] / one[0], 6)))
