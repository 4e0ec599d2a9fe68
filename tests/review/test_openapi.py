"""Every route with whatever its description allows: no input makes the app fail.

The description is made for this test alone; the app itself publishes none.
"""

import json
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline.review.rights import route_names
from pipeline.store import Store
from pipeline.store.rows import Role
from tests.review.conftest import Client, signed_in

EXAMPLES = 8
"""Requests a route."""
ENDING = {"/sign-out", "/account/sessions"}
SEARCHED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def everybody(app: FastAPI, sqlite_store: Store) -> Client:
    """Who has every role: no right keeps a request from reaching its screen."""
    return signed_in(app, sqlite_store, "pat", roles=frozenset(Role))


def described(app: FastAPI) -> dict[str, Any]:
    return get_openapi(title="Inkchart", version="0", routes=app.routes)


def test_no_request_that_the_description_allows_makes_the_app_fail(
    app: FastAPI, everybody: Client, first: str, sqlite_store: Store
) -> None:
    schema = schemathesis.openapi.from_dict(described(app))
    asked: dict[str, set[int]] = {}
    for result in schema.get_all_operations():
        operation = result.ok()  # type: ignore[union-attr]
        if operation.path in ENDING:
            continue  # the others need the session

        @SEARCHED
        @given(case=operation.as_strategy(), known=st.booleans())
        def requests(case: schemathesis.Case[Any], known: bool) -> None:
            parts = dict(case.path_parameters or {})
            if known:  # an id that is there goes further into the screens
                parts = {name: first if name == "id" else value for name, value in parts.items()}
            path = case.operation.path.format(**{name: _segment(value) for name, value in parts.items()})
            form = case.body if isinstance(case.body, dict) else {}
            answer = everybody.request(
                case.method,
                path,
                params={name: _text(value) for name, value in (case.query or {}).items()},
                data={name: _text(value) for name, value in form.items()} if case.method != "GET" else None,
            )
            asked.setdefault(f"{case.method.upper()} {case.operation.path}", set()).add(answer.status_code)
            assert answer.status_code < 500, (case.method, path, form)
            assert answer.headers["cache-control"] in {"no-store", "no-cache"}

        requests()
    assert set(route_names(app)) - set(asked) <= {f"POST {path}" for path in ENDING}
    assert any(200 in statuses for statuses in asked.values())


def test_the_app_publishes_no_description(everybody: Client) -> None:
    for path in ("/openapi.json", "/docs", "/redoc"):
        assert everybody.get(path).status_code == 404


def _segment(value: object) -> str:
    """A part of an address as a browser would send it: never empty, nothing that ends the part."""
    text = _text(value)
    kept = "".join(char for char in text if char.isprintable() and char not in "/?#%.\\")
    return kept.encode("utf-8", "replace").decode("utf-8") or "0"


def _text(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "replace").decode("utf-8")
