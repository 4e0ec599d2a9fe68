"""How the form wants a name, an address, a date and an amount written.

Source: the NUCC's instruction manual of the CMS-1500 (02/12).
"""

from datetime import date
from decimal import Decimal

from pipeline.records import Address, PersonName

_ADDRESS = str.maketrans({".": None, ",": " ", "#": " "})
_NAME = str.maketrans({".": None, ",": " "})
_NUMBER = str.maketrans({"-": None, " ": None})


def plain(text: str) -> str:
    """In capitals, single blanks between the words."""
    return " ".join(text.upper().split())


def person(name: PersonName) -> str:
    """`LAST SUFFIX, FIRST, M`: commas only between the parts, and of the middle name its initial."""
    parts = (f"{name.last} {name.suffix or ''}", name.first, (name.middle or "").strip()[:1])
    return ", ".join(part for part in (plain(part.translate(_NAME)) for part in parts) if part)


def full(name: PersonName) -> str:
    """`FIRST M LAST SUFFIX`, without commas."""
    return " ".join(signed(name))


def signed(name: PersonName) -> tuple[str, str]:
    """A name as it is signed, on two lines: first name and initial, then last name and suffix."""
    first = f"{name.first} {(name.middle or '').strip()[:1]}"
    last = f"{name.last} {name.suffix or ''}"
    return plain(first.translate(_NAME)), plain(last.translate(_NAME))


def unpunctuated(text: str) -> str:
    """In capitals, without points, commas and number signs."""
    return plain(text.translate(_ADDRESS))


def street(address: Address) -> str:
    """Both lines of the street on one."""
    return unpunctuated(f"{address.street} {address.second or ''}")


def city(address: Address) -> str:
    """`CITY ST 12345-6789`."""
    return f"{unpunctuated(address.city)} {plain(address.state)} {zip_code(address)}"


def zip_code(address: Address) -> str:
    """With its hyphen where it has nine digits."""
    return f"{address.zip[:5]}-{address.zip[5:]}" if len(address.zip) > 5 else address.zip


def phone(digits: str | None) -> str:
    """The area code and, a blank away, the number: the form prints the parentheses."""
    return f"{digits[:3]} {digits[3:]}" if digits else ""


def number(text: str) -> str:
    """An identifier of a box that takes neither hyphens nor blanks in it."""
    return plain(text.translate(_NUMBER))


def long_day(day: date) -> str:
    """`MM DD YYYY`."""
    return f"{day:%m %d} {day.year:04}"


def short_day(day: date) -> str:
    """`MM DD YY`."""
    return f"{day:%m %d %y}"


def money(amount: Decimal) -> tuple[str, str]:
    """Dollars and cents, the dollars without separators; both empty for what is no amount of whole cents."""
    if not is_money(amount):
        return "", ""
    dollars, cents = divmod(int(amount * 100), 100)
    return str(dollars), f"{cents:02}"


def is_money(amount: Decimal) -> bool:
    """Whether an amount is one of whole cents and not negative."""
    return amount.is_finite() and amount >= 0 and amount * 100 == int(amount * 100)
