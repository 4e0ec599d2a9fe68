import pytest

from pipeline.coding.search.quantities import LEVEL, UNITS, Quantity, quantities


def of(unit: str, low: float, high: float) -> Quantity:
    return Quantity(LEVEL if unit == "level" else UNITS.index(unit) + 1, low, high)


@pytest.mark.parametrize(
    ("text", "unit", "low", "high"),
    [
        ("Simple repair of a wound, 2.6 to 7.5 cm", "length", 2.6, 7.5),
        ("Simple repair of a wound, up to 2.5 cm", "length", 0, 2.5),
        ("shin lac 30 mm", "length", 3, 3),
        ("X-ray of the hip, 2 or 3 views", "views", 2, 3),
        ("wcc age 3", "age", 3, 3),
        ("Vaccine given with counseling, age 18 or less", "age", 0, 18),
        ("well child 18 mo", "age", 1.5, 1.5),
        ("Hospital discharge, half an hour or less", "minutes", 0, 30),
        ("est pt level 3", "level", 3, 3),
        ("AK x 12", "count", 12, 12),
        ("Destroying warts or other benign lesions, up to 14", "count", 0, 14),
    ],
)
def test_a_quantity_is_read_with_its_ends(text: str, unit: str, low: float, high: float) -> None:
    assert quantities(text) == (of(unit, low, high),)


def test_an_open_end_has_no_limit() -> None:
    (more,) = quantities("Destroying 15 or more premalignant lesions")
    assert (more.low, more.high > 1000) == (15, True)
    (over,) = quantities("Shaving a lesion, over 2 cm")
    assert over.low > 2


@pytest.mark.parametrize("text", ["Complex repair, each further 5 cm", "X-ray of the back (to 2015)", "vitamin B12"])
def test_years_of_a_book_and_further_pieces_are_no_quantity(text: str) -> None:
    assert quantities(text) == ()
