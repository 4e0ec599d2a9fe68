"""Dates as Americans write them, also where a digit was read as a letter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MISREAD = str.maketrans("OoQDlIi|SsBZz", "0000111155822")
PIVOT = 69
"""Two-digit years up to this one are of the 2000s."""
SERVICE_YEARS = range(1950, 2000 + PIVOT + 1)
"""A visit of another year was misread."""

_D = r"[0-9OoQDlIi|SsBZz]"
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?P<year>(?:19|20)\d\d|'?\d\d)"
PATTERNS = (
    re.compile(
        r"(?<![\w/.-])(?P<year>(?:19|20)\d\d)(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?![\w/-])"
    ),
    re.compile(
        rf"(?<![\w/.-])(?P<month>{_D}{{1,2}})\s?[-/.\\]\s?(?P<day>{_D}{{1,2}})\s?[-/.\\]\s?"
        rf"(?P<year>{_D}{{4}}|{_D}{{2}})(?![\w/]|-\d)"
    ),
    re.compile(
        rf"(?<!\w){_MONTH}\.?,?\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*[,.]?\s*{_YEAR}(?!\w|\s?:\d)", re.IGNORECASE
    ),
    re.compile(
        rf"(?<![\w/.-])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s-]*{_MONTH}\.?,?[\s-]*{_YEAR}(?!\w)",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\w/.-])(?P<month>\d\d) (?P<day>\d\d) (?P<year>(?:19|20)\d\d)(?![\w/-])"),
)


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date in a text; its century may be left out."""

    start: int
    """First code point."""
    end: int
    """One past the last code point."""
    year: int
    """Four digits, or the last two."""
    month: int
    day: int

    def of_service(self) -> date:
        """The day, two-digit years up to 69 taken for the 2000s."""
        year = self.year
        if year < 100:
            year += 2000 if year <= PIVOT else 1900
        return date(year, self.month, self.day)

    def dates_a_visit(self) -> bool:
        """Whether a visit can be of its year."""
        return self.of_service().year in SERVICE_YEARS

    def of_birth(self, visit: date | None) -> date:
        """The day, in the latest century that puts it before the visit; without a visit, in the likelier one."""
        if self.year >= 100:
            return date(self.year, self.month, self.day)
        late = date(2000 + self.year, self.month, self.day) if _exists(2000 + self.year, self.month, self.day) else None
        if late is not None and (late <= visit if visit is not None else self.year <= 15):
            return late
        return date(1900 + self.year, self.month, self.day)


def dates_in(text: str) -> tuple[WrittenDate, ...]:
    """Every possible date of a text, in order; what no calendar holds is left out."""
    found: list[WrittenDate] = []
    for written in sorted(_candidates(text), key=lambda w: (w.start, -w.end)):
        if not found or written.start >= found[-1].end:
            found.append(written)
    return tuple(found)


def _candidates(text: str) -> Iterator[WrittenDate]:
    for pattern in PATTERNS:
        for match in pattern.finditer(text):
            digits = sum(char.isdigit() for char in match.group())
            if digits < 3 - ("name" in match.groupdict()):
                continue
            groups = match.groupdict()
            month = MONTHS.index(groups["name"][:3].lower()) + 1 if "name" in groups else _number(groups["month"])
            year, day = _number(groups["year"].lstrip("'")), _number(groups["day"])
            if year is None or month is None or day is None or 100 <= year < 1880 or year > 2099:
                continue
            if any(_exists(year + more, month, day) for more in ((0,) if year >= 100 else (1900, 2000))):
                yield WrittenDate(match.start(), match.end(), year, month, day)


def _number(text: str) -> int | None:
    plain = text.translate(MISREAD)
    return int(plain) if plain.isascii() and plain.isdigit() else None


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
