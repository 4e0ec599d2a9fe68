import pytest

from pipeline.reading.field_label import words_of_label


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("PRENOM: ZOE", 1),
        ("RENOM: CORENTIN", 1),
        ("NOM GRINCOURT", 1),
        ("OM: CANAULT", 1),
        ("Last Name: O'Brien", 2),
        ("First Nane: JOHN", 2),
        ("MULLER", 0),
        ("NAME:", 0),
        ("Norman Foster", 0),
        ("BP: 120/80", 0),
        ("DE LA CRUZ", 0),
        ("Momar Diop", 0),
        ("Norm Peterson", 0),
        ("Ella: well", 0),
    ],
)
def test_only_the_label_of_a_name_is_told_from_what_was_filled_in(line: str, words: int) -> None:
    assert words_of_label(line.split()) == words
