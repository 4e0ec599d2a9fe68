"""Billing, order, undo, the table of a code, and what is refused because somebody else came first."""

from datetime import UTC, datetime

import pytest
from fastapi import FastAPI

from pipeline.codebooks.pages import CodePage
from pipeline.errors import DecisionRefusedError
from pipeline.records import Anchor, Box, Code, CodeSystem
from pipeline.review.chart.pointers import suggested_pointers
from pipeline.review.deciding.order import moved
from pipeline.review.deciding.tabular import tabular
from pipeline.review.deciding.undo import last_of, undone_last
from pipeline.store import Store
from pipeline.store.decided import Action, Decision
from pipeline.store.review_state import CodeVerdict, Verdict, fold
from tests.review.conftest import Client, signed_in

HTMX = {"HX-Request": "true"}
NINE, TEN, CPT = CodeSystem.ICD9CM, CodeSystem.ICD10CM, CodeSystem.CPT
AT = datetime(2026, 3, 1, tzinfo=UTC)
IDENTITY = {"reading": "1", "patient_name": "Okafor, Ruth", "date_of_service": "2014-03-14"}


def accept(client: Client, encounter: str, *codes: str, system: str = "ICD9CM") -> None:
    for code in codes:
        form = {"action": "accept", "system": system, "code": code, "reading": "1"}
        assert client.post(f"/encounters/{encounter}/codes", data=form).status_code == 303, code


def bill(client: Client, encounter: str, **fields: str) -> tuple[int, str]:
    form = {"system": "CPT", "code": "71020", "reading": "1", "order": "466.0,401.9", **fields}
    answer = client.post(f"/encounters/{encounter}/billing", data=form)
    return answer.status_code, answer.text


def test_a_service_keeps_units_modifiers_and_pointers(client: Client, first: str, sqlite_store: Store) -> None:
    accept(client, first, "466.0", "401.9")
    accept(client, first, "71020", system="CPT")
    assert bill(client, first, units="3", modifiers="lt, 25", points="BA")[0] == 303
    (service,) = fold(sqlite_store.decisions.of(first)).services()
    assert (service.units, service.modifiers, service.points_to) == (3, ("LT", "25"), ("401.9", "466.0"))
    made = len(sqlite_store.decisions.of(first))
    bill(client, first, units="3", modifiers="LT 25", points="b a")
    assert len(sqlite_store.decisions.of(first)) == made  # nothing changed, nothing is written


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"units": "two"}, "Units are a whole number"),
        ({"units": "0"}, "from 1 to 999"),
        ({"modifiers": "QQ"}, "QQ: no modifier"),
        ({"points": "C"}, "C is the letter of no diagnosis"),
        ({"points": "A", "order": "V70.0"}, "only point to diagnoses that were accepted"),
        ({"code": "71010"}, "Accept the code before"),
    ],
)
def test_billing_that_cannot_be_is_refused(client: Client, first: str, fields: dict[str, str], sentence: str) -> None:
    accept(client, first, "466.0", "401.9")
    accept(client, first, "71020", system="CPT")
    status, text = bill(client, first, **fields)
    assert status == 409 and sentence in text


def test_diagnoses_are_put_in_order_and_letters_follow(client: Client, first: str, sqlite_store: Store) -> None:
    accept(client, first, "466.0", "401.9")
    form = {"system": "ICD9CM", "code": "401.9", "move": "up", "reading": "1"}
    for _ in range(2):  # the second has nowhere to go
        assert client.post(f"/encounters/{first}/order", data=form).status_code == 303
    assert [d.code for d in fold(sqlite_store.decisions.of(first)).diagnoses()] == ["401.9", "466.0"]
    assert [d.action for d in sqlite_store.decisions.of(first)].count(Action.ORDER) == 1
    assert moved(("a", "b", "c"), "a", 1) == ("b", "a", "c")
    with pytest.raises(DecisionRefusedError):
        moved(("a",), "z", 1)


def test_services_without_a_diagnosis_are_asked_about_before_sign_off(
    client: Client, first: str, sqlite_store: Store
) -> None:
    client.post(f"/encounters/{first}/identity", data=IDENTITY)
    accept(client, first, "71020", system="CPT")
    asked = client.post(f"/encounters/{first}/confirmation", data={"reading": "1"})
    assert asked.status_code == 409 and "71020: tied to no diagnosis" in asked.text and 'name="sure"' in asked.text
    assert client.post(f"/encounters/{first}/confirmation", data={"reading": "1", "sure": "1"}).status_code == 303
    assert fold(sqlite_store.decisions.of(first)).confirmed_by == "kim"


def test_suggested_pointers_are_written_down_with_the_signature(
    client: Client, first: str, sqlite_store: Store
) -> None:
    client.post(f"/encounters/{first}/identity", data=IDENTITY)
    accept(client, first, "466.0")
    accept(client, first, "71020", system="CPT")
    page = client.get(f"/encounters/{first}").text
    assert 'value="CPT 71020 466.0"' in page and "suggested A" in page
    form = {"reading": "1", "sure": "1", "suggested": ["CPT 71020 466.0", "CPT 99999 466.0", "nonsense"]}
    assert client.post(f"/encounters/{first}/confirmation", data=form).status_code == 303
    assert [d.action for d in sqlite_store.decisions.of(first)][-2:] == [Action.BILL, Action.CONFIRM_ENCOUNTER]
    assert fold(sqlite_store.decisions.of(first)).services()[0].points_to == ("466.0",)


def test_who_was_overtaken_is_told_what_was_not_done(
    app: FastAPI, client: Client, first: str, sqlite_store: Store
) -> None:
    other = signed_in(app, sqlite_store, "lee")
    accept(other, first, "401.9")
    client.post(f"/encounters/{first}/lease/take-over")
    form = {"action": "accept", "system": "ICD9CM", "code": "466.0", "reading": "1", "decision": "0"}
    answer = client.post(f"/encounters/{first}/codes", data=form, headers=HTMX)
    assert answer.status_code == 409 and answer.text.lstrip().startswith("<aside")
    assert "lee decided on this chart meanwhile" in answer.text and "Not done: accepting ICD-9-CM 466.0" in answer.text
    latest = str(sqlite_store.decisions.of(first)[-1].id)
    assert client.post(f"/encounters/{first}/codes", data={**form, "decision": latest}).status_code == 303


def test_each_line_of_the_history_is_undone_by_itself(client: Client, first: str, sqlite_store: Store) -> None:
    accept(client, first, "466.0", "401.9")
    about = str(sqlite_store.decisions.of(first)[0].id)
    client.post(f"/encounters/{first}/undo", data={"reading": "1", "about": about})
    assert [c.code for c in fold(sqlite_store.decisions.of(first)).accepted()] == ["401.9"]
    page = client.get(f"/encounters/{first}").text
    assert "undid: accepted ICD-9-CM 466.0" in page and f'name="about" value="{about}"' not in page
    again = client.post(f"/encounters/{first}/undo", data={"reading": "1", "about": about})
    assert again.status_code == 409 and "undone already" in again.text


def test_a_category_is_not_accepted(client: Client, first: str, sqlite_store: Store) -> None:
    form = {"action": "accept", "system": "ICD9CM", "code": "401", "reading": "1", "entity": "n7"}
    answer = client.post(f"/encounters/{first}/codes", data=form)
    assert answer.status_code == 409 and "category that payers do not take" in answer.text


def test_the_table_shows_a_codes_place_without_script_too(client: Client, first: str) -> None:
    form = {"system": "ICD9CM", "code": "401", "reading": "1", "entity": "n7"}
    page = client.post(f"/encounters/{first}/table", data=form).text
    for part in ("<html", "Choose the fourth digit", "401.9", "Excludes", "that of pregnancy", "Small book of ICD9CM"):
        assert part in page, part
    assert client.post(f"/encounters/{first}/table", data={**form, "code": "999"}).status_code == 404


def test_digits_are_found_in_the_other_systems_too(client: Client, first: str) -> None:
    form = {"q": "71020", "system": "ICD9CM", "reading": "1", "results_only": "1"}
    assert "two views" in client.post(f"/encounters/{first}/search", data=form, headers=HTMX).text


def decision(id: int, action: Action, who: str = "kim", about: int | None = None) -> Decision:
    return Decision(id=id, at=AT, who=who, encounter="e", reading=1, action=action, system=NINE, code="1", about=about)


def test_undo_goes_back_step_by_step_and_redo_forward() -> None:
    made = [decision(1, Action.ACCEPT), decision(2, Action.REJECT, "lee"), decision(3, Action.ACCEPT)]
    assert last_of(tuple(made), "kim") == made[2] and undone_last(tuple(made), "kim") is None
    made += [decision(4, Action.UNDO, about=3), decision(5, Action.UNDO, about=1)]
    assert last_of(tuple(made), "kim") is None
    assert undone_last(tuple(made), "kim") == made[4]
    made.append(decision(6, Action.UNDO, about=5))
    assert undone_last(tuple(made), "kim") == made[3] and last_of(tuple(made), "kim") == made[0]
    made.append(decision(7, Action.UNDO, about=4))
    assert undone_last(tuple(made), "kim") is None and last_of(tuple(made), "kim") == made[2]
    fresh = [*made[:4], decision(8, Action.ADD)]
    assert undone_last(tuple(fresh), "kim") is None  # a new decision ends what can be done again
    reopened = [made[0], decision(9, Action.CONFIRM_ENCOUNTER), decision(10, Action.REOPEN)]
    assert last_of(tuple(reopened), "kim") is None


def verdict(system: CodeSystem, code: str, y: int | None = None) -> CodeVerdict:
    anchors = () if y is None else (Anchor(page=1, boxes=(Box(0, y, 100, y + 40),)),)
    return CodeVerdict(
        system=system, code=code, display="", verdict=Verdict.ACCEPTED, added=False, replaces=None, who="kim", at=AT,
        reading=1, anchors=anchors,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("service", "y", "points"),
    [
        ("99213", 900, ("J06.9", "I10", "Z23", "E11.9")),
        ("90471", None, ("Z23",)),
        ("93000", 560, ("I10",)),
        ("93000", 5000, ("J06.9",)),
        ("93000", None, ("J06.9",)),
    ],
)
def test_a_visit_is_for_all_a_vaccine_for_its_need_and_others_for_what_stands_near(
    service: str, y: int | None, points: tuple[str, ...]
) -> None:
    places = (("W19.XXXA", 540), ("J06.9", 100), ("I10", 500), ("Z23", None), ("E11.9", 2000), ("M54.5", 3000))
    diagnoses = tuple(verdict(TEN, code, place) for code, place in places)
    assert suggested_pointers(verdict(CPT, service, y), diagnoses) == points
    assert suggested_pointers(verdict(CPT, service, y), diagnoses[:1]) == ()


def test_the_table_asks_for_the_seventh_character() -> None:
    def code(text: str, billable: bool) -> Code:
        return Code(system=TEN, code=text, display=text, billable=billable, kind="diagnosis")

    page = CodePage(
        code=code("S93.401", False), spans=(), parents=(code("S93.40", False),), notes=(), synonyms=(), maps=(),
        children=(code("S93.401A", True), code("S93.401D", True)),
    )  # fmt: skip
    shown = tabular(page, None, edition=None, taken={(TEN, "S93.401D"): True})
    assert shown.asks == "S93.401 is not billable. Choose the seventh character:"
    assert [(row.code, row.billable, row.taken) for row in shown.below] == [
        ("S93.401A", True, False),
        ("S93.401D", True, True),
    ]
