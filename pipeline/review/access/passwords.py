"""Passwords: which are taken, and their argon2id hashes. The only door to argon2."""

import base64
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pipeline.store.users import name_key

SHORTEST = 12
LONGEST = 512
TURN = threading.BoundedSemaphore(2)
"""Two hashes side by side: each takes 64 MiB, and a crowd at the door must not take the machine down."""


def problem(password: str, again: str, name: str) -> str | None:
    """Why a password is not taken, as a sentence; None where it is."""
    if len(password) < SHORTEST:
        return f"The password needs at least {SHORTEST} characters; a few words in a row are easy to keep in mind."
    if len(password) > LONGEST:
        return f"The password may have at most {LONGEST} characters."
    if name_key(password) == name_key(name):
        return "The password must not be the name of the account."
    if password != again:
        return "The two passwords differ; type the same one twice."
    return None


class Passwords:
    """Makes hashes and checks passwords against them. Each takes a tenth of a second: never on the event loop."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._nobodys = _nobodys(self._hasher)

    def hash(self, password: str) -> str:
        """The argon2id hash of a password."""
        with TURN:
            return self._hasher.hash(_plain(password))

    def matches(self, hashed: str | None, password: str) -> bool:
        """Whether a password has this hash; without one it takes just as long and is wrong."""
        if len(password) > LONGEST:
            return False
        with TURN:
            try:
                return self._hasher.verify(hashed or self._nobodys, _plain(password)) and hashed is not None
            except (VerificationError, InvalidHashError):
                return False

    def is_outdated(self, hashed: str) -> bool:
        """Whether it was made with other parameters than are used now."""
        return self._hasher.check_needs_rehash(hashed)


def _plain(password: str) -> str:
    # One keyboard composes an accent, another one does not.
    return unicodedata.normalize("NFKC", password)


def _nobodys(hasher: PasswordHasher) -> str:
    """A hash that no password has, of the same parameters as those of accounts."""
    salt, digest = (base64.b64encode(bytes(n)).decode().rstrip("=") for n in (hasher.salt_len, hasher.hash_len))
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"
