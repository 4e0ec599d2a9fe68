"""Names of people in one form."""

import pytest

from pipeline.entities.visits.names import NameReader, same_person
from pipeline.lexicon import Lexicon


@pytest.fixture(scope="module")
def read_name(lexicon: Lexicon) -> NameReader:
    return NameReader(lexicon)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Maria Lopez", "Lopez, Maria"),
        ("LOPEZ, MARIA A.", "Lopez, Maria A"),
        ("Lopez, Maria", "Lopez, Maria"),
        ("Mrs. Maria A. Lopez", "Lopez, Maria A"),
        ("Juan de la Cruz", "de la Cruz, Juan"),
        ("Sean O'Neil", "O'Neil, Sean"),
        ("MARY O'NEIL", "O'Neil, Mary"),
        ("Anne Smith-Jones", "Smith-Jones, Anne"),
        ("John Hill Jr.", "Hill Jr, John"),
        ("JOHN HILL III", "Hill III, John"),
        ("J. Keller, MD", "Keller, J"),
        ("Dr. Keller", "Keller"),
        (": ___ Maria Lopez 54", "Lopez, Maria"),
        ("Maria Lopez DOB 4/12/57", "Lopez, Maria"),
        ("José Núñez", "Núñez, José"),
    ],
)
def test_a_name_has_its_last_name_first(read_name: NameReader, text: str, value: str) -> None:
    name = read_name(text)
    assert name is not None
    assert name.value == value
    assert text[name.start :].startswith(text[name.start : name.end])


@pytest.mark.parametrize("text", ["", "denies chest pain", "12345", "the patient", "J.", "has cough"])
def test_what_is_no_name_is_none(read_name: NameReader, text: str) -> None:
    assert read_name(text) is None


def test_small_letters_make_a_name_only_by_hand(read_name: NameReader) -> None:
    assert read_name("maria lopez") is None
    by_hand = read_name("maria lopez", any_case=True)
    assert by_hand is not None
    assert by_hand.value == "Lopez, Maria"


@pytest.mark.parametrize(
    ("text", "provider", "staff"),
    [
        ("J. Keller, MD", True, False),
        ("Dr. Keller", True, False),
        ("Joan Birdwell, RN", False, True),
        ("Maria Lopez", False, False),
    ],
)
def test_a_degree_tells_provider_from_staff(read_name: NameReader, text: str, provider: bool, staff: bool) -> None:
    name = read_name(text)
    assert name is not None
    assert (name.provider, name.staff) == (provider, staff)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Lopez, Maria", "LOPEZ, MARIA", True),
        ("Lopez, M", "Lopez, Maria", True),
        ("Lopez, Maria A", "Lopez, Maria", True),
        ("Lopez, Maria", "Lopes, Maria", True),
        ("Lopez, Maria", "Lopez, Mario", None),
        ("Lopez", "Lopez, Maria", None),
        ("Lopez, Maria", "Hill, Robert", False),
        ("Smith, John", "Smith, Ruth", False),
    ],
)
def test_names_are_the_same_alike_or_different(one: str, other: str, same: bool | None) -> None:
    assert same_person(one, other) is same
    assert same_person(other, one) is same
