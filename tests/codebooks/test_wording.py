import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.codebooks.wording import bag, is_leftover, plain, stem, stems, without_filler


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Diabetes Mellitus, Type II", "diabetes mellitus type 2"),
        ("asthma w/o exacerbation", "asthma without exacerbation"),
        ("asthma w/ exacerbation", "asthma with exacerbation"),
        ("pain d/t fall, s/p surgery", "pain due to fall status post surgery"),
        ("Crohn's disease", "crohn disease"),
        ("Crohn’s disease", "crohn disease"),
        ("Ménière", "meniere"),
        ("chest x-ray", "chest xray"),
        ("chest X ray", "chest xray"),
        ("vitamin B-12", "vitamin b12"),
        ("open wound of finger(s)", "open wound of finger"),
        ("I&D", "i and d"),
        ("0.5 mL", "0.5 ml"),
    ],
)
def test_one_spelling_stands_for_many(written: str, expected: str) -> None:
    assert plain(written) == expected


def test_what_says_nothing_more_is_left_out() -> None:
    assert without_filler(plain("Asthma, unspecified type, unspecified")) == "asthma"
    assert without_filler(plain("Type 2 diabetes mellitus without complications")) == "type 2 diabetes mellitus"
    assert without_filler("unspecified") == "unspecified"


def test_order_plural_and_little_words_do_not_count() -> None:
    assert bag("Fractures of the wrist") == bag("wrist fracture")
    assert bag("asthma with exacerbation") != bag("asthma without exacerbation")


def test_words_that_only_look_plural_stay() -> None:
    assert [stem(word) for word in ("arthritis", "abscess", "virus", "gas", "allergies")] == [
        "arthritis",
        "abscess",
        "virus",
        "gas",
        "allergy",
    ]


def test_other_is_for_what_has_no_code_of_its_own() -> None:
    assert is_leftover(plain("Other specified disorders"))
    assert is_leftover(plain("Pain, NEC"))
    assert not is_leftover(plain("Mother"))


@given(st.text(max_size=60))
def test_any_text_has_words_that_are_plain(text: str) -> None:
    words = plain(text)
    assert words == " ".join(words.split())
    assert all(word.isascii() for word in stems(text))


@given(st.lists(st.text("abcdefgh", min_size=4, max_size=8), max_size=6))
def test_order_and_repetition_change_nothing_of_what_texts_have_in_common(words: list[str]) -> None:
    assert bag(" ".join([*reversed(words), *words])) == bag(" ".join(words))
