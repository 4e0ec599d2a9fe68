"""An encounter understood anew with people's corrections, by the real stages."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.layers import as_reading, matters, relayered
from pipeline.process import TextReader, understand
from pipeline.records import (
    Anchor,
    Box,
    CodeSystem,
    Context,
    ContextChange,
    Encounter,
    Entity,
    Label,
    Layer,
    PageSource,
    Patient,
    Provenance,
    Reading,
    Understanding,
    WrittenLine,
)
from pipeline.store.matching import anchors_of
from tests.charts import page

VISIT = (
    "Patient: Lopez, Maria    DOB: 02/11/1958",
    "Date of service: 06/03/2013",
    "SUBJECTIVE",
    "cough for three days, no chest pain",
    "ASSESSMENT",
    "1. acute bronchitis",
    "2. HTN, stable",
    "PLAN",
    "chest x-ray, recheck in 2 weeks",
)
NEXT_VISIT = (
    "Patient: Lopez, Maria    DOB: 02/11/1958",
    "Date of service: 07/15/2013",
    "ASSESSMENT",
    "1. asthma",
)


def read(text: TextReader, *pages: tuple[str, ...], document: str = "d1") -> Reading:
    drawn = tuple(page(n, *lines) for n, lines in enumerate(pages, 1))
    entities, encounters, candidates = understand(drawn, text.stages)
    return Reading(
        document=document,
        pages=drawn,
        entities=entities,
        encounters=encounters,
        candidates=candidates,
        provenance=Provenance(version="0", settings="", parts=()),
    )


@pytest.fixture(scope="module")
def visit(text: TextReader) -> Reading:
    return read(text, VISIT)


@pytest.fixture(scope="module")
def two(text: TextReader) -> Reading:
    """Two visits in one file."""
    reading = read(text, VISIT, NEXT_VISIT)
    assert len(reading.encounters) == 2
    return reading


def understood(reading: Reading, text: TextReader, *, encounter: int = 0, **layer: object) -> Understanding:
    return relayered(reading.encounters[encounter], reading, Layer(**layer), text)  # type: ignore[arg-type]


def rewrite(reading: Reading, line: str, text: str, number: int = 1) -> WrittenLine:
    box = next(each.box for each in reading.pages[number - 1].lines if each.text == line)
    assert box is not None
    return WrittenLine(page=number, box=box, text=text, drawn=False)


def proposed(understanding: Understanding, system: CodeSystem = CodeSystem.ICD9CM) -> set[str]:
    return {c.code for c in understanding.candidates if c.proposed and c.system is system}


def named(entities: tuple[Entity, ...], text: str) -> Entity:
    return next(entity for entity in entities if entity.text == text)


@pytest.mark.parametrize("number", [0, 1])
def test_with_nothing_on_it_a_reading_is_understood_as_it_was(two: Reading, text: TextReader, number: int) -> None:
    encounter = two.encounters[number]
    # A line that is written as it was read goes the whole way and changes nothing but how sure its words are.
    same = rewrite(two, two.pages[number].lines[0].text, two.pages[number].lines[0].text, number + 1)
    for layer in (Layer(), Layer(lines=(same,))):
        found = relayered(encounter, two, layer, text)
        own = [entity for entity in two.entities if entity.id in encounter.entities]
        assert [(e.id, e.spans, e.normalized, e.context) for e in found.entities] == [
            (e.id, e.spans, e.normalized, e.context) for e in own
        ]
        assert [(c.entity, c.system, c.code, c.rank, c.proposed) for c in found.candidates] == [
            (c.entity, c.system, c.code, c.rank, c.proposed) for c in two.candidates if c.encounter == encounter.id
        ]
        assert (found.encounter.pages, found.encounter.entities) == (encounter.pages, encounter.entities)
        assert found.encounter.conflicts == encounter.conflicts


def test_a_corrected_line_brings_its_code_and_takes_the_old_one_away(visit: Reading, text: TextReader) -> None:
    before = understood(visit, text)
    after = understood(visit, text, lines=(rewrite(visit, "2. HTN, stable", "2. hypothyroidism, stable"),))
    assert "401.9" in proposed(before) and "244.9" not in proposed(before)
    assert "244.9" in proposed(after) and "401.9" not in proposed(after)
    assert {"466.0"} <= proposed(after) & proposed(before)


def test_entities_that_did_not_change_keep_their_ids(visit: Reading, text: TextReader) -> None:
    after = understood(visit, text, lines=(rewrite(visit, "SUBJECTIVE", "SUBJECTIVE: diabetes"),))
    old = {entity.id: entity for entity in visit.entities}
    new = named(after.entities, "diabetes")
    assert new.id not in old
    assert {e.id: e.text for e in after.entities if e.id in old} == {e.id: e.text for e in visit.entities}
    again = understood(
        visit,
        text,
        lines=(
            rewrite(visit, "SUBJECTIVE", "SUBJECTIVE: diabetes"),
            rewrite(visit, "1. acute bronchitis", "1. acute sinusitis"),
        ),
    )
    assert named(again.entities, "diabetes").id == new.id
    assert named(again.entities, "acute sinusitis").id == named(visit.entities, "acute bronchitis").id


def test_a_drawn_box_is_read_under_its_heading(visit: Reading, text: TextReader) -> None:
    box = Box(100, 745, 400, 775)  # below `2. HTN`, above PLAN
    after = understood(visit, text, lines=(WrittenLine(page=1, box=box, text="3. asthma", drawn=True),))
    found = named(after.entities, "asthma")
    assert found.section == "assessment" and "493.90" in proposed(after)
    assert found.confidence == 1.0 and found.spans[0].boxes[0].x0 >= box.x0


def test_a_context_that_a_person_changed_decides_what_is_proposed(visit: Reading, text: TextReader) -> None:
    bronchitis = named(visit.entities, "acute bronchitis")
    change = ContextChange(anchors=anchors_of(bronchitis.spans), label=Label.DIAGNOSIS, context=Context(uncertain=True))
    after = understood(visit, text, contexts=(change,))
    assert "466.0" in proposed(understood(visit, text)) and "466.0" not in proposed(after)
    assert named(after.entities, "acute bronchitis").context == Context(uncertain=True)
    back = replace(change, context=Context())
    assert "466.0" in proposed(understood(visit, text, contexts=(change, back)))
    assert after.unmatched == ()


def test_a_context_of_something_that_is_gone_is_listed(visit: Reading, text: TextReader) -> None:
    nowhere = ContextChange(
        anchors=(Anchor(page=1, boxes=(Box(900, 900, 990, 930),)),), label=Label.DIAGNOSIS, context=Context()
    )
    bronchitis = anchors_of(named(visit.entities, "acute bronchitis").spans)
    other_label = ContextChange(anchors=bronchitis, label=Label.SUPPLY, context=Context(negated=True))
    after = understood(visit, text, contexts=(nowhere, other_label))
    assert after.unmatched == (nowhere, other_label)
    assert named(after.entities, "acute bronchitis").context == Context()


def test_the_confirmed_date_decides_the_edition(visit: Reading, text: TextReader) -> None:
    after = understood(visit, text, date_of_service=date(2019, 6, 3))
    assert after.encounter.date_of_service is not None and after.encounter.date_of_service.value == "2019-06-03"
    assert after.encounter.date_of_service.text == "06/03/2013"
    assert "I10" in proposed(after, CodeSystem.ICD10CM) and not proposed(after)
    assert understood(visit, text).encounter.age and after.encounter.age
    assert after.encounter.age.value == "61"


def test_confirmed_birth_date_and_sex_go_before_what_was_read(visit: Reading, text: TextReader) -> None:
    patient = Patient(name="Lopez, Maria", birth_date=date(2014, 2, 11), record_number=None, sex="F")
    after = understood(visit, text, patient=patient)
    assert after.encounter.sex is not None and after.encounter.sex.value == "F"
    assert "The birth date lies after the date of service." in after.encounter.conflicts
    righted = understood(visit, text, patient=replace(patient, birth_date=date(2008, 2, 11)))
    assert righted.encounter.conflicts == visit.encounters[0].conflicts
    assert righted.encounter.age is not None and righted.encounter.age.value == "5"


def test_facts_confirmed_as_they_were_read_change_nothing(visit: Reading) -> None:
    proposal = visit.encounters[0]
    patient = Patient(name="Lopez, Mary", birth_date=date(1958, 2, 11), record_number="7", sex=None)
    assert not matters(Layer(), proposal)
    assert not matters(Layer(patient=patient, date_of_service=date(2013, 6, 3)), proposal)
    assert matters(Layer(patient=replace(patient, sex="F")), proposal)
    assert matters(Layer(date_of_service=date(2013, 6, 4)), proposal)
    assert matters(Layer(lines=(WrittenLine(page=1, box=Box(0, 0, 9, 9), text="", drawn=True),)), proposal)


def test_one_encounter_stays_one_where_its_text_would_make_two(visit: Reading, text: TextReader) -> None:
    line = rewrite(visit, "PLAN", "Date of service: 06/10/2013")
    after = understood(visit, text, lines=(line,))
    assert after.encounter.id == visit.encounters[0].id and after.encounter.pages == (1,)
    assert {e.text for e in visit.entities if e.label is Label.DIAGNOSIS} <= {e.text for e in after.entities}
    assert any("date of service" in sentence for sentence in after.encounter.conflicts)


def test_a_neighbouring_visit_keeps_its_findings_where_a_correction_makes_the_two_alike(
    two: Reading, text: TextReader
) -> None:
    same_day = rewrite(two, "Date of service: 07/15/2013", "Date of service: 06/03/2013", 2)
    after = understood(two, text, encounter=1, lines=(same_day,))
    assert {entity.text for entity in after.entities} == {"asthma"}
    assert after.encounter.pages == (2,)


def test_pages_are_understood_together_wherever_they_come_from(two: Reading, text: TextReader) -> None:
    other = read(text, ("Lopez, Maria    page 2", "ASSESSMENT", "3. gout"), document="d2")
    pages = (PageSource(number=1, document="d1", page=1), PageSource(number=3, document="d2", page=1))
    gout = next(line.box for line in other.pages[0].lines if line.text == "3. gout")
    assert gout
    lines = (WrittenLine(page=3, box=gout, text="3. gout, asthma", drawn=False),)
    after = relayered(two.encounters[0], two, Layer(pages=pages, lines=lines), text, others={"d2": other})
    assert after.encounter.pages == (1, 3)
    assert {"466.0", "274.9", "493.90"} <= proposed(after)
    assert [page.number for page in after.pages] == [3]
    assert {span.page for entity in after.entities for span in entity.spans} == {1, 3}
    shown = as_reading(after, two)
    assert [page.number for page in shown.pages] == [1, 2, 3] and shown.pages[:2] == two.pages
    assert shown.pages[2].lines[2].text == "3. gout, asthma"


def test_a_page_that_a_new_reading_lacks_is_told(two: Reading, text: TextReader) -> None:
    pages = (PageSource(number=1, document="d1", page=1), PageSource(number=3, document="gone", page=1))
    after = understood(two, text, pages=pages)
    assert "Page 3 of this encounter is missing from the latest reading of its file." in after.encounter.conflicts


WORDS = st.sampled_from(("HTN", "asthma", "no", "denies", "fever", "PLAN", "r/o", "pneumonia", "stable", "ASSESSMENT:"))
LINES = st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=5)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, st.lists(st.tuples(st.integers(0, 6), WORDS), max_size=3))
def test_what_people_wrote_is_understood_whatever_was_read(
    text: TextReader, lines: list[str], written: list[tuple[int, str]]
) -> None:
    reading = read(text, tuple(lines))
    layer = Layer(
        lines=tuple(
            WrittenLine(page=1, box=Box(100, 100 * n, 400, 100 * n + 30), text=word, drawn=True) for n, word in written
        )
    )
    proposal: Encounter = reading.encounters[0]
    after = relayered(proposal, reading, layer, text)
    on_page = {line.id: line.text for page in as_reading(after, reading).pages for line in page.lines}
    assert all(each.line is not None and on_page[each.line] == each.written.text for each in after.lines)
    ids = [entity.id for entity in after.entities]
    assert len({*ids}) == len(ids) and tuple(ids) == after.encounter.entities
    assert {candidate.entity for candidate in after.candidates} <= {*ids}
    assert relayered(proposal, reading, layer, text) == after
