"""The token in every form: proof that a page of this session made the request, and not some page elsewhere."""

import hashlib
import hmac
import re

from fastapi import Request
from starlette.exceptions import HTTPException

FIELD = "csrf"
HEADER = "X-CSRF-Token"
FORM = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*>', re.IGNORECASE)
STALE = "This page is of an earlier session. Load it again, then repeat what you did."


def form_token(session: str) -> str:
    """The token of a session's forms: nobody finds it without the cookie, nor the cookie with it."""
    return hashlib.sha256(f"form {session}".encode()).hexdigest()


def with_tokens(html: str, token: str) -> str:
    """Give every form of a page its hidden token, so that no template can forget it."""
    if not token:
        return html
    field = f'<input type="hidden" name="{FIELD}" value="{token}">'
    return FORM.sub(lambda form: form[0] + field, html)


async def own_form(request: Request) -> None:
    """The dependency that every route has: what changes something must carry the token of its session.

    Signing in needs none: it makes a session, and the guard has seen that it came from an own page.

    Raises:
        HTTPException: 403, with a sentence.
    """
    token: str = request.state.form_token
    signs_in = request.url.path.startswith("/sign-in")
    if request.method in {"GET", "HEAD", "OPTIONS"} or signs_in or not token:
        return
    sent = request.headers.get(HEADER) or (await request.form()).get(FIELD, "")
    if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), token.encode()):
        raise HTTPException(403, STALE)
