from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.codebooks.doses import BillingUnit, Quantity, billed_units, billing_units, described_unit, parse_dose


def quantity(amount: str, unit: str) -> Quantity:
    return Quantity(amount=Decimal(amount), unit=unit)


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("toradol 60 mg IM", "60", "mg"),
        ("Rocephin 1 g IM", "1", "g"),
        ("ceftriaxone 500mg x 1", "500", "mg"),
        ("bicillin LA 1.2 million units", "1.2", "million units"),
        ("bicillin 1.2 mil", "1.2", "million units"),
        ("Bicillin L-A 2.4 MU", "2.4", "million units"),
        ("penicillin 600,000 units", "600000", "units"),
        ("heparin 5000 u sq", "5000", "units"),
        ("B12 1000 mcg", "1000", "mcg"),
        ("epi .3 mL", "0.3", "mL"),
        ("kenalog 40 mg/mL, 1 cc", "1", "mL"),
        ("NS 1 L", "1", "L"),
        ("KCl 20 meq", "20", "mEq"),
    ],
)
def test_a_dose_is_read_as_notes_write_it(text: str, amount: str, unit: str) -> None:
    assert parse_dose(text) == quantity(amount, unit)


@pytest.mark.parametrize(
    "text", ["kenalog 40", "lidocaine 1%", "40 mg/mL", "depo medrol", "0 mg", "on 10/2/2010 given"]
)
def test_what_is_no_dose_is_none(text: str) -> None:
    assert parse_dose(text) is None


@pytest.mark.parametrize(
    ("code", "dose", "units"),
    [
        ("J1885", quantity("60", "mg"), 4),
        ("J0696", quantity("1", "g"), 4),
        ("J0561", quantity("1.2", "million units"), 12),
        ("J3301", quantity("40", "mg"), 4),
        ("J3301", quantity("41", "mg"), 5),
        ("J2550", quantity("25", "mg"), 1),
        ("J1050", quantity("150", "mg"), 150),
        ("J0171", quantity("300", "mcg"), 3),
        ("J7030", quantity("1", "L"), 1),
        ("J3301", quantity("1", "mL"), None),
        ("J7300", quantity("1", "mg"), None),
    ],
)
def test_a_dose_makes_billed_units_rounded_up(code: str, dose: Quantity, units: int | None) -> None:
    assert billed_units(dose, billing_units()[code]) == units


AMOUNTS = st.decimals(min_value="0.001", max_value=10**7, places=3)
MASSES = {"mcg": Decimal("0.001"), "mg": Decimal(1), "g": Decimal(1000)}


@given(dose=AMOUNTS, unit=st.sampled_from(list(MASSES)), amount=AMOUNTS, billed=st.sampled_from(list(MASSES)))
def test_units_cover_the_dose_and_one_less_does_not(dose: Decimal, unit: str, amount: Decimal, billed: str) -> None:
    units = billed_units(
        Quantity(amount=dose, unit=unit),
        BillingUnit(drug="any", quantity=Quantity(amount=amount, unit=billed)),
    )
    assert units is not None
    given_mg, each_mg = dose * MASSES[unit], amount * MASSES[billed]
    assert units * each_mg >= given_mg > (units - 1) * each_mg


@pytest.mark.parametrize(
    ("description", "drug", "amount", "unit"),
    [
        ("Injection, ketorolac tromethamine, per 15 mg", "ketorolac tromethamine", "15", "mg"),
        ("Injection, promethazine hcl, up to 50 mg", "promethazine hcl", "50", "mg"),
        ("Injection, penicillin g benzathine, 100,000 units", "penicillin g benzathine", "100000", "units"),
        ("Injection, cefotaxime sodium, per gm", "cefotaxime sodium", "1", "g"),
        ("Injection, adalimumab, 20 mg", "adalimumab", "20", "mg"),
    ],
)
def test_an_imported_description_states_its_billing_unit(description: str, drug: str, amount: str, unit: str) -> None:
    assert described_unit(description) == BillingUnit(drug=drug, quantity=quantity(amount, unit))


@pytest.mark.parametrize(
    "description", ["Crutches, underarm, pair", "Unclassified drugs", "Injection, one 5 mg and another 2 mg"]
)
def test_a_description_without_one_amount_states_no_billing_unit(description: str) -> None:
    assert described_unit(description) is None
