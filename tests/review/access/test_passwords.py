import pytest
from argon2 import PasswordHasher

from pipeline.review.access.passwords import Passwords, problem

GOOD = "correct horse battery"


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("short", "short", "at least 12 characters"),
        ("x" * 513, "x" * 513, "at most 512"),
        (" helen  MARSH md ", " helen  MARSH md ", "name of the account"),
        (GOOD, GOOD + "!", "differ"),
    ],
)
def test_a_password_that_will_not_do_is_told_why(password: str, again: str, words: str) -> None:
    assert words in (problem(password, again, "Helen Marsh MD") or "")


def test_any_other_password_will_do() -> None:
    assert problem(GOOD, GOOD, "Helen Marsh MD") is None
    assert problem("aaaaaaaaaaaa", "aaaaaaaaaaaa", "kim") is None


def test_a_hash_is_argon2id_and_matches_its_password_alone_in_either_spelling_of_an_accent() -> None:
    passwords = Passwords()
    hashed = passwords.hash("Zo\u00eb und der See")
    assert hashed.startswith("$argon2id$") and not passwords.is_outdated(hashed)
    assert passwords.matches(hashed, "Zoe\u0308 und der See")
    assert not passwords.matches(hashed, "Zoe und der See")
    assert not passwords.matches("no hash at all", "Zoe und der See")


def test_without_an_account_as_much_is_computed_and_nothing_matches() -> None:
    passwords = Passwords()
    assert not passwords.matches(None, GOOD)
    assert not passwords.is_outdated(passwords._nobodys)  # of the very parameters of real ones
    assert not passwords.matches(None, "")


def test_a_hash_of_other_parameters_is_outdated() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    passwords = Passwords()
    assert passwords.matches(weak, GOOD) and passwords.is_outdated(weak)
