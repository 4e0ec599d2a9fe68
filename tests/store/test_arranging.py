from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import DecisionRefusedError, OvertakenError
from pipeline.records import Addendum, Anchor, Box, CodeSystem, PageRole, PageSource, Patient
from pipeline.store import Store
from pipeline.store.arranging import Hand
from pipeline.store.decided import Action
from pipeline.store.review_state import Review
from pipeline.store.rows import EncounterState
from pipeline.store.worklist import Narrowing, Order
from tests.charts import encounter, entity, finding, page, reading
from tests.store.test_arrivals import File

KIM = Hand(who="kim")
NINE = CodeSystem.ICD9CM
PATIENT = Patient(name="Lopez, Maria", birth_date=date(1957, 4, 12), record_number="448213", sex="F")
PAGES = (page(1, "a", "b"), page(2, role=PageRole.BLANK), page(3, "c", "d"), page(4, "e", "f"), page(5, "fax cover"))
ENTITIES = (entity("n1"), entity("n2", "gout", page=3), entity("n3", "asthma", page=4))


def file(store: Store, letter: str, name: str | None = None) -> str:
    path = Path(name or f"{letter}.pdf")
    seen = store.arrivals.sight([File(path, size=ord(letter))])[path]
    taken = store.arrivals.take(seen.id, letter * 64, size=10, mtime_ns=5)
    assert taken.document is not None
    return taken.document


def read_file(store: Store, letter: str) -> tuple[str, str]:
    """A file with a visit on pages 1 and 3 and another on page 4; ids of both encounters."""
    visits = (
        encounter("e1", pages=(1, 3), entities=("n1", "n2")),
        encounter("e2", pages=(4,), day="2012-05-01", entities=("n3",)),
    )
    document = file(store, letter)
    store.readings.add(reading(document, pages=PAGES, encounters=visits, entities=ENTITIES, candidates=()))
    one, two = store.readings.encounters(document)
    return one.id, two.id


@pytest.fixture
def visits(store: Store) -> tuple[str, str]:
    return read_file(store, "a")


def review(store: Store, id: str) -> Review:
    return store.decisions.reviews().get(id, Review())


def numbers(store: Store, id: str) -> list[int]:
    found = store.arranging.placed(id)
    assert found is not None
    return [each.number for each in found.pages]


def identify(store: Store, id: str) -> None:
    store.decisions.append(who="kim", encounter=id, reading=1, action=Action.CONFIRM_PATIENT, patient=PATIENT)
    day = date(2012, 3, 14)
    store.decisions.append(who="kim", encounter=id, reading=1, action=Action.CONFIRM_DATE, date_of_service=day)


def sign(store: Store, id: str) -> None:
    identify(store, id)
    store.decisions.append(who="kim", encounter=id, reading=1, action=Action.CONFIRM_ENCOUNTER)


def accept(store: Store, id: str, code: str, page: int) -> None:
    store.decisions.append(
        who="kim",
        encounter=id,
        reading=1,
        action=Action.ACCEPT,
        system=NINE,
        code=code,
        anchors=(Anchor(page=page, boxes=(Box(1, 1, 9, 9),)),),
    )


def codes(store: Store, id: str) -> tuple[list[str], list[str]]:
    """The codes that count, and those that were set aside."""
    found = review(store, id)
    return [code.code for code in found.accepted()], [code.code for code in found.set_aside.values()]


def test_a_split_makes_an_encounter_that_everything_else_finds(store: Store, visits: tuple[str, str]) -> None:
    new = store.arranging.split(KIM, visits[0], {3})
    made = store.readings.encounter(new)
    assert made is not None and (made.proposal.pages, made.proposal.entities) == ((3,), ("n2",))
    assert made.proposal.patient_name is None  # it stands on page 1 alone
    assert (numbers(store, visits[0]), numbers(store, new)) == ([1], [3])
    texts = [store.decisions.of(id)[-1].text for id in (visits[0], new)]
    rows = store.worklist.page(Narrowing(), Order.AGE, overdue_before=None, start=0, limit=9)
    assert {(row.encounter, row.stale) for row in rows} == {(visits[0], False), (visits[1], False), (new, False)}
    assert texts == ["page 3 split off into a new encounter", "page 3 split off “a.pdf” of 2012-03-14"]


def test_an_arrangement_forgets_whose_the_pages_are_in_all_it_touches(store: Store, visits: tuple[str, str]) -> None:
    for id in visits:
        identify(store, id)
    store.decisions.append(who="kim", encounter=visits[0], reading=1, action=Action.ATTEST_SIGNATURE, text="Marsh")
    store.arranging.move(KIM, visits[0], visits[1], {3})
    for id in visits:
        found = review(store, id)
        assert (found.patient, found.date_of_service, found.signature) == (None, None, None)
        assert found.unsettled is not None and found.unsettled.startswith("page 3")
        with pytest.raises(DecisionRefusedError, match="pages changed"):
            store.decisions.append(who="kim", encounter=id, reading=1, action=Action.CONFIRM_ENCOUNTER)
    identify(store, visits[0])
    assert review(store, visits[0]).unsettled is None


def test_what_was_decided_on_a_page_that_left_counts_no_more_and_comes_back_with_it(
    store: Store, visits: tuple[str, str]
) -> None:
    accept(store, visits[0], "401.9", 1)
    accept(store, visits[0], "274.9", 3)
    new = store.arranging.split(KIM, visits[0], {3})
    assert codes(store, visits[0]) == (["401.9"], ["274.9"])
    store.arranging.move_back(KIM, new)
    assert codes(store, visits[0]) == (["401.9", "274.9"], [])
    assert review(store, new).state is EncounterState.MERGED and numbers(store, visits[0]) == [1, 3]
    store.arranging.move_back(KIM, visits[0])
    assert (numbers(store, visits[0]), numbers(store, new)) == ([1], [3])


def test_a_code_that_was_set_aside_can_be_decided_again(store: Store, visits: tuple[str, str]) -> None:
    accept(store, visits[0], "274.9", 3)
    store.arranging.split(KIM, visits[0], {3})
    accept(store, visits[0], "274.9", 1)
    assert codes(store, visits[0]) == (["274.9"], [])


def test_encounters_of_two_files_are_merged_and_parted_again(store: Store, visits: tuple[str, str]) -> None:
    others = read_file(store, "b")
    store.arranging.merge(KIM, visits[0], others[0])
    document = store.readings.encounter(others[0]).document  # type: ignore[union-attr]
    found = store.arranging.placed(visits[0])
    assert found is not None and found.pages[2:] == (
        PageSource(number=6, document=document, page=1),
        PageSource(number=7, document=document, page=3),
    )
    assert (review(store, others[0]).state, review(store, others[0]).merged_into) == (EncounterState.MERGED, visits[0])
    store.arranging.move_back(KIM, visits[0])
    assert numbers(store, visits[0]) == [1, 3] and numbers(store, others[0]) == [1, 3]
    store.arranging.move(KIM, others[0], visits[0], {3})
    assert numbers(store, visits[0]) == [1, 3, 7]  # a page that was here before has the number that it had


def test_moving_the_last_page_merges_and_what_is_merged_moves_nothing(store: Store, visits: tuple[str, str]) -> None:
    store.arranging.move(KIM, visits[1], visits[0], {4})
    assert review(store, visits[1]).state is EncounterState.MERGED and numbers(store, visits[0]) == [1, 3, 4]
    for wrong in (lambda: store.arranging.split(KIM, visits[1], {4}), lambda: store.arranging.merge(KIM, *visits)):
        with pytest.raises(DecisionRefusedError, match="pages of its own"):
            wrong()


def test_pages_in_no_encounter_are_told_and_taken_in_and_put_out(store: Store, visits: tuple[str, str]) -> None:
    def loose() -> list[tuple[int, PageRole]]:
        found = store.arranging.of(visits[0])
        assert found is not None
        return [(each.page, each.role) for each in found[2]]

    document = store.readings.encounters()[0].document
    assert loose() == [(2, PageRole.BLANK), (5, PageRole.CONTENT)]
    store.arranging.take_in(KIM, visits[0], {(document, 5)})
    assert numbers(store, visits[0]) == [1, 3, 5] and loose() == [(2, PageRole.BLANK)]
    store.arranging.put_out(KIM, visits[0], {3})
    assert loose() == [(2, PageRole.BLANK), (3, PageRole.CONTENT)]
    with pytest.raises(DecisionRefusedError, match="changed meanwhile"):
        store.arranging.take_in(KIM, visits[1], {(document, 5)})
    store.arranging.move_back(KIM, visits[0])
    assert numbers(store, visits[0]) == [1, 3, 5]


def test_no_page_stands_in_two_encounters_or_in_none_whatever_is_done(store: Store, visits: tuple[str, str]) -> None:
    other, _ = read_file(store, "b")
    third = store.arranging.split(KIM, visits[0], {1})
    store.arranging.move(KIM, visits[0], third, {3})
    store.arranging.merge(KIM, visits[1], other)
    store.arranging.move_back(KIM, third)
    every = [each for e in store.readings.encounters() if (each := store.arranging.placed(e.id)) is not None]
    sources = [source for each in every for source in each.sources()]
    assert len(sources) == len(set(sources)) == 6


def test_a_signed_encounter_is_reopened_before_its_pages_change(store: Store, visits: tuple[str, str]) -> None:
    sign(store, visits[0])
    with pytest.raises(DecisionRefusedError, match=r"“a\.pdf” of 2012-03-14 is signed; reopen it"):
        store.arranging.move(KIM, visits[1], visits[0], {4})
    assert numbers(store, visits[1]) == [4]


@pytest.mark.parametrize(
    ("chosen", "sentence"), [((), "Choose the pages"), ((1, 3), "leave at least"), ((4,), "meanw")]
)
def test_a_split_that_cannot_be_is_refused(
    store: Store, visits: tuple[str, str], chosen: tuple[int, ...], sentence: str
) -> None:
    with pytest.raises(DecisionRefusedError, match=sentence):
        store.arranging.split(KIM, visits[0], chosen)
    assert len(store.readings.encounters()) == 2


def test_whoever_decided_meanwhile_on_either_encounter_is_not_overwritten(
    store: Store, visits: tuple[str, str]
) -> None:
    store.decisions.append(who="lee", encounter=visits[1], reading=1, action=Action.ADD, system=NINE, code="401.9")
    with pytest.raises(OvertakenError):
        store.arranging.move(Hand(who="kim", seen={visits[0]: 0, visits[1]: 0}), visits[0], visits[1], {3})
    assert numbers(store, visits[0]) == [1, 3] and store.decisions.of(visits[0]) == ()


def test_an_arrangement_that_was_built_on_is_not_moved_back_from_under_it(
    store: Store, visits: tuple[str, str]
) -> None:
    new = store.arranging.split(KIM, visits[0], {3})
    store.arranging.move(KIM, new, visits[1], {3})
    with pytest.raises(DecisionRefusedError, match="move those back first"):
        store.arranging.move_back(KIM, visits[0])


def test_a_split_outlives_a_new_reading_that_knows_nothing_of_it(store: Store, visits: tuple[str, str]) -> None:
    new = store.arranging.split(KIM, visits[0], {3})
    first = store.readings.encounters()[0]
    again = store.readings.get(first.document)
    assert again is not None
    store.readings.add(again)
    carried = store.readings.encounter(new)
    assert carried is not None and (carried.reading, carried.latest_reading) == (2, 2)
    rows = store.worklist.page(Narrowing(), Order.AGE, overdue_before=None, start=0, limit=9)
    assert [row.stale for row in rows if row.encounter == new] == [False]
    assert carried.proposal.entities == ("n2",) and len(store.readings.encounters()) == 3


def late(store: Store, letter: str, **changed: object) -> str:
    """Another file of the visit that is signed comes in; its encounter."""
    document = file(store, letter, "late.pdf")
    store.readings.add(reading(document, encounters=(replace(encounter(), **changed),)))  # type: ignore[arg-type]
    return store.readings.encounters(document)[0].id


def test_an_addendum_that_arrives_reopens_the_signed_encounter(store: Store, visits: tuple[str, str]) -> None:
    sign(store, visits[0])
    new = late(store, "b", addenda=(Addendum(written=finding("2014-05-02"), note=finding("Addendum")),))
    made = store.decisions.of(visits[0])[-1]
    assert (made.who, made.action, made.other) == ("inkchart", Action.REOPEN, new)
    assert made.text == "An addendum of 2014-05-02 arrived in “late.pdf”"
    found = review(store, visits[0])
    assert (found.state, found.reopened_for) == (EncounterState.STARTED, new)


def test_a_late_page_reopens_once(store: Store, visits: tuple[str, str]) -> None:
    sign(store, visits[0])
    new = late(store, "b")
    assert review(store, visits[0]).reopened == "A late page of this visit arrived in “late.pdf”"
    sign(store, visits[0])
    again = store.readings.get(store.readings.encounter(new).document)  # type: ignore[union-attr]
    assert again is not None
    store.readings.add(again)
    assert review(store, visits[0]).state is EncounterState.CONFIRMED


@pytest.mark.parametrize(
    "changed",
    [
        {"patient_name": finding("Lopez, Maira")},
        {"patient_name": replace(finding("Lopez, Maria"), confidence=0.6)},
        {"birth_date": finding("1957-04-21")},
        {"birth_date": None, "record_number": None},
        {"record_number": finding("448218")},
        {"date_of_service": finding("2012-03-15")},
    ],
)
def test_a_file_that_is_not_surely_of_the_signed_visit_reopens_nothing(
    store: Store, visits: tuple[str, str], changed: dict[str, object]
) -> None:
    sign(store, visits[0])
    late(store, "b", **changed)
    assert review(store, visits[0]).state is EncounterState.CONFIRMED


def test_a_later_addendum_that_only_a_new_reading_finds_reopens(store: Store, visits: tuple[str, str]) -> None:
    sign(store, visits[0])  # at noon of 2026-03-01
    document = store.readings.encounters()[0].document
    known = store.readings.get(document)
    assert known is not None
    for day, state in (("2014-05-02", EncounterState.CONFIRMED), ("2026-03-09", EncounterState.STARTED)):
        addendum = Addendum(written=finding(day), note=finding("Addendum"))
        store.readings.add(
            replace(known, encounters=(replace(known.encounters[0], addenda=(addendum,)), known.encounters[1]))
        )
        assert review(store, visits[0]).state is state
    assert review(store, visits[0]).reopened == "An addendum of 2026-03-09 was found in “a.pdf”"
