"""What is wrong with a single field or party of a claim: numbers with check digits, names, addresses, amounts.

Sources: 45 CFR 162.406 for the check digit of a National Provider Identifier; the rest as in `faults`.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from pipeline.records import Address, Claim, Fault, Person, PersonName

# fmt: off
STATES = frozenset((
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY",
    "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH",
    "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "AS", "GU", "MP",
    "PR", "VI", "AA", "AE", "AP",
))
"""With the territories and the military."""
# fmt: on
LARGEST_CHARGE = Decimal("999999.99")
"""What box 24F has room for."""
_DIGITS = re.compile(r"[0-9]+")


def is_npi(number: str) -> bool:
    """Whether ten digits are a National Provider Identifier: the last is Luhn's check digit behind the prefix 80840."""
    if len(number) != 10 or not _DIGITS.fullmatch(number):
        return False
    total = 0
    for place, digit in enumerate(int(char) for char in reversed(f"80840{number}")):
        total += digit if place % 2 == 0 else sum(divmod(2 * digit, 10))
    return total % 10 == 0


def person(who: str, path: str, named: Person, claim: Claim) -> Iterator[Fault]:
    """Of a patient or an insured person."""
    yield from name(who, f"{path}.name", named.name)
    yield from address(who, f"{path}.address", named.address)
    if any(named.birth_date > line.day for line in claim.lines):
        yield Fault(field=f"{path}.birth_date", sentence=f"{who} was born after the date of service.")
    if named.phone is not None and not has_digits(named.phone, 10):
        yield Fault(field=f"{path}.phone", sentence=f"{who}'s phone number is not ten digits.")
    if named.sex not in {"F", "M", None}:
        yield Fault(field=f"{path}.sex", sentence=f"{who}'s sex is neither F nor M.")


def name(who: str, path: str, named: PersonName) -> Iterator[Fault]:
    """Of the parts of a name."""
    for part, words, value in (("last", "last name", named.last), ("first", "first name", named.first)):
        if not value.strip():
            yield Fault(field=f"{path}.{part}", sentence=f"{who} has no {words}.")


def address(whose: str, path: str, given: Address) -> Iterator[Fault]:
    """Of an address."""
    yield from missing(f"{whose}'s address", path, street=given.street, city=given.city)
    if given.state not in STATES:
        yield Fault(field=f"{path}.state", sentence=f"{whose}'s state is not one of the United States.")
    if not (has_digits(given.zip, 5) or has_digits(given.zip, 9)):
        yield Fault(field=f"{path}.zip", sentence=f"{whose}'s ZIP code is not five or nine digits.")


def amount(money: Decimal) -> Iterator[str]:
    """The rest of a sentence that begins with an amount, for each thing that is wrong with it."""
    if not money.is_finite():
        yield "is no amount."
        return
    if 100 % money.as_integer_ratio()[1] != 0:
        yield "has more than two decimals."
    if money <= 0:
        yield "is not more than nothing."
    if money > LARGEST_CHARGE:
        yield f"is more than {LARGEST_CHARGE}."


def missing(whose: str, path: str, **fields: str) -> Iterator[Fault]:
    """Of texts that must not be empty, each by its field's name."""
    for name, value in fields.items():
        if not value.strip():
            yield Fault(field=f"{path}.{name}", sentence=f"{whose} has no {name.replace('_', ' ')}.")


def has_digits(text: str, count: int) -> bool:
    """Whether a text is so many digits and nothing else."""
    return len(text) == count and _DIGITS.fullmatch(text) is not None
