"""Sizes, ages, views and counts, compared as numbers: "3 cm" lies in "2.6 to 7.5 cm" and not in "up to 2.5 cm"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "a": 1, "an": 1, "half an": 0.5}
_N = r"(?:\d[\d,]*(?:\.\d+)?|\.\d+|\b(?:half an|one|two|three|four|five|six|an)\b)"
_UNITS = (
    ("area", 1.0, r"sq\.? ?cm|square (?:cm|centimet\w+)"),
    ("length", 1.0, r"cms?\b|centimet\w+"),
    ("length", 0.1, r"mms?\b|millimet\w+"),
    ("age", 1.0, r"y/?o\b|y\.o\.|yrs?\b|years?\b"),
    ("age", 1 / 12, r"m/o\b|mos?\b|months?\b"),
    ("views", 1.0, r"views?\b|vws?\b|v\b"),
    ("minutes", 1.0, r"mins?\b|minutes?\b"),
    ("minutes", 60.0, r"hrs?\b|hours?\b"),
    ("weeks", 1.0, r"wks?\b|weeks?\b"),
    ("percent", 1.0, r"%|percent\b"),
    ("dose", 1.0, r"mgs?\b"),
    ("dose", 1000.0, r"g\b|gms?\b|grams?\b"),
    (
        "count",
        1.0,
        r"(?:[a-z]+ ){0,2}?(?:lesions?|warts?|tags?|regions?|muscles?|studies|visits?|aks|keratos[ei]s|corns?|moles)\b",
    ),
    ("count", 1.0, r"(?=or more\b)"),
)
UNITS = tuple(dict.fromkeys(unit for unit, _, _ in _UNITS))
"""What a quantity may be of; a code's unit is kept by its place here, from 1."""
_UNIT = "|".join(f"(?P<u{n}>{pattern})" for n, (_, _, pattern) in enumerate(_UNITS))
_RANGE = re.compile(
    rf"(?P<before>up to|under|over|less than|more than|before|after|[<>]) ?(?P<edge>{_N})[- ]?(?:{_UNIT})?"
    rf"|(?P<low>{_N}) ?(?:to|or|-|–) ?(?P<high>{_N})[- ]?(?:{_UNIT.replace('<u', '<v')})"
    rf"|(?P<alone>{_N})[- ]?(?:{_UNIT.replace('<u', '<w')})(?P<after> ?(?:or more|or less|and up|and older|old))?"
)
_AGED = re.compile(r"\b(?:ages?|aged) ?(?P<low>\d+)(?: ?(?:to|-) ?(?P<high>\d+)| (?P<after>and up|or less|or more))?")
_LEVEL = re.compile(r"\b(?:level|lvl|lev) ?(\d)\b")
_TIMES = re.compile(r"\bx ?(\d+)\b(?! ?(?:d|day|w|wk|week|m|mo|month|y|yr|year|h|hr|hour|min)s?\b)")
_NOT_MEANT = re.compile(r"\((?:\d{4} )?to \d{4}\)|\b(?:first|further|within|later) \d[\d.]*(?: to \d+)? \w+")
_LITTLE = 1e-3
_UNLIMITED = 1e6


@dataclass(frozen=True, slots=True)
class Quantity:
    """So much of something; a single number where both ends are the same."""

    unit: int
    """Its place in `UNITS`, from 1; that of levels follows the last."""
    low: float
    high: float


LEVEL = len(UNITS) + 1
DOSE = UNITS.index("dose") + 1
"""A code's dose is what one unit of it holds: another dose is more or fewer of them."""


def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities that a text names, in any order."""
    lowered = text.lower()
    if not any(c.isdigit() for c in lowered) and " view" not in lowered and "hour" not in lowered:
        return ()
    lowered = _NOT_MEANT.sub(" ", lowered)
    return tuple(dict.fromkeys(_found(lowered)))


def _found(text: str) -> Iterator[Quantity]:
    for level in _LEVEL.finditer(text):
        yield Quantity(LEVEL, float(level[1]), float(level[1]))
    for aged in _AGED.finditer(text):
        low = high = float(aged["low"])
        if aged["after"]:
            low, high = (0.0, low) if aged["after"] == "or less" else (low, _UNLIMITED)
        yield Quantity(UNITS.index("age") + 1, low, float(aged["high"]) if aged["high"] else high)
    for times in _TIMES.finditer(text):
        yield Quantity(UNITS.index("count") + 1, float(times[1]), float(times[1]))
    for found in _RANGE.finditer(text):
        name = next(
            (group for group, value in found.groupdict().items() if value is not None and group[1:].isdigit()), ""
        )
        if not name and found["before"] != "up to":
            continue
        unit, factor, _ = _UNITS[int(name[1:])] if name else ("count", 1.0, "")
        low, high = _ends(found)
        yield Quantity(UNITS.index(unit) + 1, low * factor, high * factor)


def _ends(found: re.Match[str]) -> tuple[float, float]:
    if found["before"]:
        edge = _number(found["edge"])
        below = found["before"] in ("up to", "under", "less than", "before", "<")
        return (0.0, edge if found["before"] == "up to" else edge - _LITTLE) if below else (edge + _LITTLE, _UNLIMITED)
    if found["low"]:
        return _number(found["low"]), _number(found["high"])
    number, after = _number(found["alone"]), (found["after"] or "").strip()
    if after == "or less":
        return 0.0, number
    return number, _UNLIMITED if after in ("or more", "and up", "and older") or _more(found) else number


def _more(found: re.Match[str]) -> bool:
    return found.string[found.end() :].startswith(("or more", " or more"))


def _number(text: str) -> float:
    return float(_NUMBERS[text]) if text in _NUMBERS else float(text.replace(",", ""))
