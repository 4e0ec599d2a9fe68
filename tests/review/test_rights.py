import re

import pytest
from fastapi import FastAPI

from pipeline.review.rights import OF_ENCOUNTERS, RIGHTS, home_of, route_names, unlisted
from pipeline.store import Store
from pipeline.store.rows import Role, User
from tests.review.conftest import signed_in, stranger_to
from tests.review.drawn_chart import put_in


def address(route: str, encounter: str) -> tuple[str, str]:
    method, path = route.split(" ")
    return method, re.sub(r"\{[^}]*\}", "1", path.replace("{id}", encounter))


def test_every_route_of_the_app_has_its_rights_and_every_right_its_route(app: FastAPI) -> None:
    found = list(route_names(app))
    assert len(found) == len(set(found)) == len(RIGHTS) and unlisted(app) == ()
    described = {f"{method.upper()} {path}" for path, methods in app.openapi()["paths"].items() for method in methods}
    assert described <= set(found)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_use_just_the_routes_that_the_table_gives_it(
    app: FastAPI, sqlite_store: Store, first: str, role: Role
) -> None:
    for route, wanted in RIGHTS.items():
        client = signed_in(app, sqlite_store, role.value, frozenset({role}))
        method, path = address(route, first)
        # A form without its fields: whoever is let in is told that it was not filled in, and nothing happens.
        answer = client.request(method, path)
        if route == "GET /" and wanted is not None and role not in wanted:
            assert answer.headers["location"] == home_of(User(id="", name="", roles=frozenset({role})))
            continue
        refused = answer.status_code == 403 and "does not have the right" in answer.text
        assert refused is (wanted is not None and role not in wanted), (route, answer.status_code)


def test_who_is_not_signed_in_may_use_just_the_open_routes(app: FastAPI, first: str) -> None:
    for route, wanted in RIGHTS.items():
        method, path = address(route, first)
        status = stranger_to(app).request(method, path).status_code
        assert status != 401 if wanted is None and route != "POST /sign-in" else status == 401, route


def test_everybody_starts_where_they_have_something_to_do(app: FastAPI, sqlite_store: Store) -> None:
    homes = {role: home_of(User(id="", name="", roles=frozenset({role}))) for role in Role}
    assert homes[Role.CODE] == homes[Role.LEAD] == "/" and homes[Role.ADMIN] == "/accounts"
    for role, home in homes.items():
        client = signed_in(app, sqlite_store, role.value, frozenset({role}))
        assert client.get(home).status_code == 200
        assert client.get("/").status_code == (200 if home == "/" else 303)


def test_the_top_of_a_page_leads_only_where_the_account_may_go(app: FastAPI, sqlite_store: Store) -> None:
    def places(*roles: Role) -> list[str]:
        client = signed_in(app, sqlite_store, "-".join(roles), frozenset(roles))
        nav = re.search(r'<nav class="places".*?</nav>', client.get("/account").text, re.DOTALL)
        return re.findall(r'href="([^"]+)"', nav[0]) if nav else []

    assert places(Role.ADMIN) == ["/accounts", "/audit"]
    everything = places(*Role)
    assert everything[0] == "/" and everything[-1] == "/audit"
    assert all(f"GET {path}" in RIGHTS for path in everything)
    assert "/accounts" not in places(Role.CODE)


def test_an_encounter_of_a_batch_one_may_not_see_is_answered_as_if_it_did_not_exist(
    app: FastAPI, sqlite_store: Store, first: str
) -> None:
    kim = signed_in(app, sqlite_store, "kim", frozenset(Role), batches=frozenset({"tuesday"}))
    lee = signed_in(app, sqlite_store, "lee", frozenset(Role), batches=frozenset({"monday"}))
    # A new pattern with an id must be put on one side or the other.
    others = ("/accounts/", "/inbox/")  # the inbox tells by the file: see test_batches
    routes = [route for route in RIGHTS if "{id}" in route and not route.split(" ")[1].startswith(others)]
    assert len(routes) >= 7 and all(route.split(" ")[1].startswith(OF_ENCOUNTERS) for route in routes)
    for route in routes:
        hidden, unknown = (kim.request(*address(route, id)) for id in (first, "none"))
        assert (hidden.status_code, hidden.text) == (unknown.status_code, unknown.text), route
        assert hidden.status_code == 404 and "no such encounter" in hidden.text
        assert hidden.headers.get("content-length") == unknown.headers.get("content-length")
        seen = lee.request(*address(route, first))
        assert "no such encounter" not in seen.text, route


def test_a_chart_names_no_other_chart_that_one_may_not_see(app: FastAPI, sqlite_store: Store, first: str) -> None:
    put_in(sqlite_store, "secret.pdf", "tuesday", "e")
    everybody = signed_in(app, sqlite_store, "kim")
    limited = signed_in(app, sqlite_store, "lee", batches=frozenset({"monday"}))
    page = f"/encounters/{first}"
    assert "secret.pdf" in everybody.get(page).text
    assert limited.get(page).status_code == 200 and "secret.pdf" not in limited.get(page).text
