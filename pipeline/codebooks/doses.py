"""What one billed unit of a drug is, and how many of them a dose makes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from pipeline.codebooks.hcpcs_facts import read_facts

_SIZES = {
    "mcg": ("mass", Decimal("0.001")),
    "mg": ("mass", Decimal(1)),
    "g": ("mass", Decimal(1000)),
    "mL": ("volume", Decimal(1)),
    "L": ("volume", Decimal(1000)),
    "units": ("units", Decimal(1)),
    "million units": ("units", Decimal(1_000_000)),
    "mEq": ("mEq", Decimal(1)),
    "dose": ("dose", Decimal(1)),
    "vial": ("vial", Decimal(1)),
    "each": ("each", Decimal(1)),
}
"""What each unit measures, and how much of it; units of one measure convert."""
_WRITTEN = {
    "mcg": r"mcgs?|ug|µg|μg|micrograms?",
    "mg": r"mgs?|mgm|milligrams?",
    "g": r"gms?|g|grams?",
    "mL": r"mls?|ccs?|milliliters?",
    "L": r"l|liters?",
    "million units": r"(?:million|mil|mill|m)\.? ?(?:usp )?(?:units?|u|iu)|million|mil|mu",
    "units": r"(?:usp )?units?|u|iu|i\.u\.|kiu",
    "mEq": r"meqs?",
    "dose": r"doses?",
    "vial": r"vials?",
}
_DOSE = re.compile(
    r"(?<![\w.,/])(?P<amount>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)[ -]?(?:"
    + "|".join(f"(?P<u{number}>{pattern})" for number, pattern in enumerate(_WRITTEN.values()))
    + r")(?![\w%/])(?!\.\w)",
    re.IGNORECASE,
)
_DRUG = re.compile(r"^(?:injection|infusion),?\s+(?P<drug>.+?),?\s*(?:\b(?:per|up to))?\s*$", re.IGNORECASE)
_ONE = re.compile(r"\bper (?P<unit>mcg|microgram|mg|gm|gram|g|ml|cc|unit|iu|i\.u\.|vial|dose)(?![\w.])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """How much of a drug, as a note or a book writes it."""

    amount: Decimal
    """Above nought."""
    unit: str
    """`mcg`, `mg`, `g`, `mL`, `L`, `units`, `million units`, `mEq`, `dose`, `vial` or `each`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingUnit:
    """What a claim counts as one of a drug's code."""

    drug: str
    """In lower case."""
    quantity: Quantity


def billing_units() -> Mapping[str, BillingUnit]:
    """From each drug code of the starter set to its billing unit; of a number that was used again, the newest.

    Raises:
        SetupError: a table does not fit.
    """
    found: dict[str, BillingUnit] = {}
    for facts in read_facts():
        if facts.table == "drugs":
            columns = facts.columns
            quantity = Quantity(amount=Decimal(columns["amount"]), unit=columns["unit"])
            found.setdefault(facts.code, BillingUnit(drug=columns["drug"].lower(), quantity=quantity))
    return found


def described_unit(description: str) -> BillingUnit | None:
    """The billing unit that an imported book's description of a drug states, such as `injection, x, per 10 mg`.

    None where it states none, or two (a drug of several parts).
    """
    text = description.split("(")[0]
    stated = list(_DOSE.finditer(text))
    if len(stated) == 1:
        drug, quantity = text[: stated[0].start()], _quantity(stated[0])
    elif not stated and (one := _ONE.search(text)):
        drug, quantity = text[: one.start()], parse_dose(f"1 {one['unit']}")
    else:
        return None
    named = _DRUG.match(drug.strip(" ,"))
    if quantity is None or named is None:
        return None
    return BillingUnit(drug=named["drug"].strip(" ,").lower(), quantity=quantity)


def parse_dose(text: str) -> Quantity | None:
    """The first dose that is written in a text: `60 mg`, `1 g`, `1.2 million units`, `0.5 mL`.

    None where there is none; a strength (`40 mg/mL`) and a percentage are none.
    """
    found = _DOSE.search(text)
    return None if found is None else _quantity(found)


def billed_units(dose: Quantity, unit: BillingUnit) -> int | None:
    """How many billed units a dose makes, a begun one counted whole.

    None where the two do not convert, as millilitres of unknown strength do not to milligrams.
    """
    measure, size = _SIZES[dose.unit]
    billed_measure, billed_size = _SIZES[unit.quantity.unit]
    if measure != billed_measure:
        return None
    # compared as whole numbers, so that no rounding of a quotient can add or lose a unit
    given, each = dose.amount * size, unit.quantity.amount * billed_size
    return int((given / each).to_integral_value(ROUND_CEILING)) if given % each else int(given // each)


def _quantity(found: re.Match[str]) -> Quantity | None:
    unit = next(unit for number, unit in enumerate(_WRITTEN) if found[f"u{number}"])
    amount = Decimal(found["amount"].replace(",", ""))
    return Quantity(amount=amount, unit=unit) if amount > 0 else None
