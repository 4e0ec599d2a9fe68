import re
from pathlib import Path

import pytest
from fastapi import FastAPI

from pipeline.codebooks import CodeBooks
from pipeline.store import Store
from pipeline.store.claim_steps import ClaimState
from pipeline.store.rows import EncounterState
from tests.review.claiming.small_office import ERROR, PATIENT, WARNING, small_desk
from tests.review.conftest import Client, app_on, signed_in


def released_by(client: Client, id: str) -> int:
    """Status of the answer to a release of what the page shows."""
    seen = re.search(r'name="seen" value="(\w*)"', client.get(f"/claims/{id}").text)
    assert seen is not None
    status: int = client.post(f"/claims/{id}/release", data={"seen": seen[1]}).status_code
    return status


def reason_given(client: Client, id: str) -> None:
    answer = client.post(f"/claims/{id}/reasons", data={"key": WARNING.key, "text": "the other knee"})
    assert answer.status_code == 303


def sent(client: Client, second: Client, id: str) -> None:
    reason_given(client, id)
    assert released_by(client, id) == released_by(second, id) == 303
    assert client.post(f"/claims/{id}/sending").status_code == 303


@pytest.fixture
def lee(app: FastAPI, sqlite_store: Store) -> Client:
    return signed_in(app, sqlite_store, "lee")


def test_the_page_shows_the_claim_and_what_stands_against_it(client: Client, signed: str) -> None:
    page = client.get(f"/claims/{signed}")
    assert page.status_code == 200
    for words in ("466.0", "99213", "J3301", "97.25", "Northern Mutual", WARNING.sentence, "was not checked"):
        assert words in page.text
    assert "1 warning waits for a reason" in page.text


def test_a_fault_stands_beside_its_field_and_what_is_entered_mends_it(
    sqlite_store: Store, pictures: Path, books: CodeBooks, signed: str
) -> None:
    client = signed_in(
        app_on(sqlite_store, pictures, claims=small_desk(sqlite_store, books, patient=None)), sqlite_store
    )
    page = client.get(f"/claims/{signed}").text
    section = page[page.index("Patient and insurance") :]
    assert "The office has no record of the patient" in section[: section.index("</section>")]
    assert "Nothing is written of a claim that has a fault" in page
    form = client.get(f"/claims/{signed}", params={"edit": "patients"}).text
    assert 'name="record_number" value="7741029"' in form and 'name="birth_date" value="1961-07-19"' in form
    wrong = client.post(f"/claims/{signed}/office/patients", data={**PATIENT, "birth_date": "19.7.1961"})
    assert wrong.status_code == 409 and "a day is written YYYY-MM-DD" in wrong.text
    assert sqlite_store.office.all() == ()
    assert client.post(f"/claims/{signed}/office/patients", data=PATIENT).status_code == 303
    assert "NM1234567" in client.get(f"/claims/{signed}").text
    assert sqlite_store.office.all()[0].who == "kim"


def test_what_a_form_has_no_room_for_is_told_before_the_release(
    sqlite_store: Store, pictures: Path, books: CodeBooks, signed: str
) -> None:
    long = {**PATIENT, "street": "12 Elm Street at the corner of the Old Mill Road"}
    desk = small_desk(sqlite_store, books, patient=long)
    page = signed_in(app_on(sqlite_store, pictures, claims=desk), sqlite_store).get(f"/claims/{signed}").text
    assert re.search(r"CMS-1500: [^<]*street", page, re.IGNORECASE)


def test_an_error_stops_the_release_and_says_so(
    sqlite_store: Store, pictures: Path, books: CodeBooks, signed: str
) -> None:
    client = signed_in(app_on(sqlite_store, pictures, claims=small_desk(sqlite_store, books, ERROR)), sqlite_store)
    page = client.get(f"/claims/{signed}").text
    assert ERROR.sentence in page and re.search(r"<button[^>]*disabled[^>]*>Release this claim", page)
    assert released_by(client, signed) == 409


def test_a_claim_goes_its_way_to_the_payer(client: Client, lee: Client, signed: str, sqlite_store: Store) -> None:
    assert released_by(client, signed) == 409  # the warning has no reason yet
    reason_given(client, signed)
    assert "the other knee" in client.get(f"/claims/{signed}").text
    assert released_by(client, signed) == 303
    assert "another person has to" in client.get(f"/claims/{signed}").text
    assert released_by(client, signed) == 409
    assert released_by(lee, signed) == 303
    assert client.post(f"/claims/{signed}/sending").status_code == 303
    paid = client.post(f"/claims/{signed}/payment", data={"amount": "$61.20", "payer_number": "2014-77"})
    assert paid.status_code == 303
    assert sqlite_store.claims.of(signed).state is ClaimState.PAID
    page = client.get(f"/claims/{signed}").text
    assert "$61.20 paid of $97.25" in page and "Released by kim and lee" in page


def test_a_denied_claim_reopens_its_encounter_and_stays_to_be_seen(
    client: Client, lee: Client, signed: str, sqlite_store: Store
) -> None:
    sent(client, lee, signed)
    denied = client.post(f"/claims/{signed}/denial", data={"reason_code": "co-16", "text": "no referring provider"})
    assert denied.status_code == 303
    assert sqlite_store.decisions.reviews()[signed].state is EncounterState.STARTED
    page = client.get(f"/claims/{signed}").text
    assert "Denied, CO-16" in page and "no referring provider" in page
    assert "CO-16" in client.get(f"/encounters/{signed}").text


@pytest.mark.parametrize(
    ("path", "form", "told"),
    [
        ("payment", {"amount": "61"}, "only to what was sent"),
        ("denial", {"reason_code": "CO-16"}, "only to what was sent"),
        ("sending", {}, "Only a released claim"),
        ("withdrawal", {"text": "wrong"}, "not released"),
        ("reasons", {"key": "nothing", "text": "because"}, "does not stand any more"),
        ("reasons", {"key": WARNING.key, "text": " "}, "Say why the warning"),
    ],
)
def test_a_step_that_does_not_fit_is_told_on_the_page(
    client: Client, signed: str, path: str, form: dict[str, str], told: str
) -> None:
    answer = client.post(f"/claims/{signed}/{path}", data=form)
    assert answer.status_code == 409 and told in answer.text


@pytest.mark.parametrize("amount", ["", "much", "nan", "1.005", "-4"])
def test_an_amount_that_is_none_is_told(client: Client, lee: Client, signed: str, amount: str) -> None:
    sent(client, lee, signed)
    assert client.post(f"/claims/{signed}/payment", data={"amount": amount}).status_code == 409


@pytest.mark.parametrize(
    ("format", "begins", "name"),
    [
        ("cms1500", b"%PDF", "draft.pdf"),
        ("cms1500-red", b"%PDF", "draft.pdf"),
        ("837p", b"ISA*", "draft.837"),
        ("fhir", b"{", "draft.json"),
        ("claims-csv", b"claim,", "draft.csv"),
        ("claims-json", b"[", "draft.json"),
    ],
)
def test_each_format_is_downloaded_and_a_draft_says_that_it_is(
    client: Client, signed: str, format: str, begins: bytes, name: str
) -> None:
    answer = client.get(f"/claims/{signed}/files/{format}")
    assert answer.status_code == 200 and answer.content.startswith(begins)
    assert answer.headers["Content-Disposition"].endswith(f'{name}"')
    if format == "837p":
        assert answer.text[:106].split("*")[15] == "T"
    if format == "fhir":
        assert answer.json()["entry"][0]["resource"]["status"] == "draft"


def test_a_released_claim_is_downloaded_as_one_that_is_paid(client: Client, lee: Client, signed: str) -> None:
    sent(client, lee, signed)
    assert client.get(f"/claims/{signed}/files/837p").text[:106].split("*")[15] == "P"
    assert client.get(f"/claims/{signed}/files/fhir").json()["entry"][0]["resource"]["status"] == "active"


def test_who_codes_a_chart_a_second_time_does_not_see_its_claim(
    app: FastAPI, lee: Client, signed: str, sqlite_store: Store
) -> None:
    sqlite_store.seconds.choose(signed, "kim", 1.0)
    assert lee.post(f"/second/{signed}").status_code == 303
    for path in ("", "/files/claims-json"):
        answer = lee.get(f"/claims/{signed}{path}")
        assert answer.status_code == 409 and "99213" not in answer.text


def test_an_encounter_that_is_open_has_no_claim(client: Client, sqlite_store: Store) -> None:
    other = sqlite_store.readings.encounters()[1].id
    assert client.get(f"/claims/{other}").status_code == 404
    assert client.post(f"/claims/{other}/release", data={"seen": ""}).status_code == 404


def test_the_chart_leads_to_its_claim(client: Client, signed: str) -> None:
    assert f'href="/claims/{signed}"' in client.get(f"/encounters/{signed}").text
