from datetime import timedelta

import pyotp
import pytest

from pipeline.review.access.authenticator import grouped, new_recovery_codes, new_secret, picture, step_of
from tests.conftest import NOON

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = int(NOON.timestamp()) // 30


@pytest.mark.parametrize(("seconds", "apart"), [(0, 0), (-30, -1), (30, 1), (-61, None), (90, None)])
def test_a_code_is_taken_from_one_step_around_now(seconds: int, apart: int | None) -> None:
    code = pyotp.TOTP(SECRET).at(NOON + timedelta(seconds=seconds))
    assert step_of(SECRET, code, NOON) == (None if apart is None else STEP + apart)


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "0" * 600])
def test_what_is_no_code_is_none(code: str) -> None:
    assert step_of(SECRET, code, NOON) is None


def test_a_code_may_be_typed_in_groups() -> None:
    code = pyotp.TOTP(SECRET).at(NOON)
    assert step_of(SECRET, f" {code[:3]} {code[3:]} ", NOON) == STEP


def test_the_picture_is_plain_svg_that_the_policy_allows() -> None:
    svg = str(picture(SECRET, "Kim <Lee>"))
    assert svg.startswith("<svg") and "style" not in svg and "<script" not in svg and "Kim" not in svg


def test_secrets_and_recovery_codes_are_never_the_same() -> None:
    assert new_secret() != new_secret() and len(new_secret()) == 32
    codes = [code for _ in range(3) for code in new_recovery_codes()]
    assert len(set(codes)) == 30 and all(len(code) == 19 for code in codes)
    assert grouped("ABCDEFGH") == "ABCD EFGH"
