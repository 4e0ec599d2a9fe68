import pytest

from pipeline.entities import EncounterFinder, pages_from_text


@pytest.mark.parametrize(
    ("note", "payer"),
    [
        ("NURSE VISIT   Medicare\n72 yo here for flu shot.", "medicare"),
        ("Insurance: BCBS\nCough x 3 d", "commercial"),
        ("Medi-Cal. Well child.", "medicaid"),
        ("Applied for Medicaid last month.", None),
        ("Cough x 3 d. No fever.", None),
    ],
)
def test_who_pays_is_read_where_the_note_names_him(
    find_encounters: EncounterFinder, note: str, payer: str | None
) -> None:
    (encounter,) = find_encounters(pages_from_text(note), ())
    assert (encounter.payer.value if encounter.payer else None) == payer


@pytest.mark.parametrize(
    ("note", "age"),
    [
        ("54 y/o with cough.", "54"),
        ("2 month old, fussy.", "0"),
        ("18 month old with rash", "1"),
        ("12 MONTH WCC\nDiet: whole milk", "1"),
        ("WCC 2 mo. Sleeps on back.", "0"),
        ("Return 3 mo. Cough for 2 yr.", None),
        ("Lives with 5 yo son.", None),
    ],
)
def test_an_age_is_read_without_a_sex_beside_it(find_encounters: EncounterFinder, note: str, age: str | None) -> None:
    (encounter,) = find_encounters(pages_from_text(note), ())
    assert (encounter.age.value if encounter.age else None) == age
