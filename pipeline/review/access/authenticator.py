"""Codes of an authenticator app (TOTP, RFC 6238), the picture that sets one up, and recovery codes.

The only door to pyotp and segno.
"""

import base64
import hmac
import secrets
from datetime import datetime

import pyotp
import segno
from markupsafe import Markup

ISSUER = "Inkchart"
RECOVERY_CODES = 10
STEP_SECONDS = 30
DRIFT = 1
"""Steps that the clocks of phone and server may be apart."""


def new_secret() -> str:
    """160 random bits, as apps take them."""
    return pyotp.random_base32()


def grouped(secret: str) -> str:
    """A secret as a person types it: in groups of four."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def picture(secret: str, name: str) -> Markup:
    """The QR code that an app takes, as SVG without a style attribute."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)
    code = segno.make(uri, micro=False)
    # An own attribute says nothing to a screen reader; the secret stands beside the picture as text.
    return Markup(code.svg_inline(scale=4, border=3, dark="#000", light="#fff", svgclass="qr", lineclass=None))


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step that a code is of; None where it is of none that is near enough."""
    digits = "".join(code.split())
    totp = pyotp.TOTP(secret)
    here = int(now.timestamp()) // STEP_SECONDS
    for step in range(here - DRIFT, here + DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), digits.encode()):
            return step
    return None


def new_recovery_codes() -> tuple[str, ...]:
    """Ten codes of 80 random bits, each good once."""
    texts = (base64.b32encode(secrets.token_bytes(10)).decode() for _ in range(RECOVERY_CODES))
    return tuple("-".join(text[at : at + 4] for at in range(0, 16, 4)) for text in texts)
