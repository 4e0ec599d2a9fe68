"""One encounter out of what its pages say now, with what a person confirmed of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pipeline.entities.visits.encounters import age_conflicts, years_between
from pipeline.records import Encounter, Entity, Finding, Layer

ONE_VISIT = {
    "patient_name": "name",
    "birth_date": "birth date",
    "record_number": "record number",
    "date_of_service": "date of service",
}
"""Facts in which the pages of one visit agree, as sentences name them."""


def own_share(
    proposal: Encounter, neighbours: Sequence[Encounter], found: Sequence[Encounter], entities: Sequence[Entity]
) -> Encounter:
    """The encounter as its pages say it now, without what belongs to its neighbours.

    Args:
        proposal: the encounter as the reading proposes it.
        neighbours: the other encounters of the reading.
        found: proposed anew from its pages and those before them.
        entities: found anew, with the ids that those of the reading have.
    """
    theirs = {page for other in neighbours for page in other.pages}
    alone = {*proposal.pages} - theirs
    rivals = [proposal, *(other for other in neighbours if {*other.pages} & {*proposal.pages})]
    own = [each for each in found if max(rivals, key=lambda rival: _likeness(each, rival)) is proposal]
    parts = [each for each in found if ({*each.pages} & alone) or (each in own and {*each.pages} & {*proposal.pages})]
    here = {id for each in own for id in each.entities}
    kept = tuple(
        entity.id
        for entity in entities
        if (page := entity.spans[0].page) in alone or (page in proposal.pages and entity.id in here)
    )
    return replace(merged(proposal, parts), pages=proposal.pages, entities=kept)


def merged(proposal: Encounter, parts: Sequence[Encounter]) -> Encounter:
    """One encounter of what was proposed as several: facts of the likest first, conflicts of all of them."""
    if not parts:
        return proposal
    best = max(parts, key=lambda part: _likeness(part, proposal))
    ranked = [best, *(part for part in parts if part is not best)]

    def first(name: str) -> Finding | None:
        return next((fact for part in ranked if (fact := getattr(part, name)) is not None), None)

    conflicts = [sentence for part in parts for sentence in part.conflicts]
    for name, words in ONE_VISIT.items():
        values = {fact.value.casefold() for part in parts if (fact := getattr(part, name)) is not None}
        if len(values) > 1:
            conflicts.append(f"The pages give more than one {words}.")
    return replace(
        best,
        id=proposal.id,
        part=proposal.part,
        pages=tuple(sorted({page for part in parts for page in part.pages})),
        patient_name=first("patient_name"),
        birth_date=first("birth_date"),
        record_number=first("record_number"),
        date_of_service=first("date_of_service"),
        provider=first("provider"),
        sex=first("sex"),
        age=first("age"),
        payer=first("payer"),
        signature=first("signature"),
        patient_status=first("patient_status"),
        visit_level=first("visit_level"),
        time_spent=first("time_spent"),
        addenda=tuple(addendum for part in parts for addendum in part.addenda),
        conflicts=tuple(dict.fromkeys(conflicts)),
    )


def _likeness(one: Encounter, other: Encounter) -> float:
    """How much two proposals are of one visit: pages, day and findings that they share."""
    return (
        _common({*one.pages}, {*other.pages})
        + _common({*one.entities}, {*other.entities})
        + (_value(one.date_of_service) == _value(other.date_of_service))
    )


def _common(one: set[int] | set[str], other: set[int] | set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0


def _value(finding: Finding | None) -> str | None:
    return None if finding is None else finding.value


def confirmed(encounter: Encounter, layer: Layer) -> Encounter:
    """The encounter with what a person confirmed in place of what was read, and the age that follows from it."""
    day, patient = layer.date_of_service, layer.patient
    given = replace(
        encounter,
        date_of_service=_given(encounter.date_of_service, day.isoformat()) if day else encounter.date_of_service,
    )
    if patient is not None:
        born = patient.birth_date
        given = replace(
            given,
            birth_date=_given(encounter.birth_date, born.isoformat()) if born else None,
            sex=_given(encounter.sex, patient.sex) if patient.sex else None,
        )
    before, now = _days(encounter), _days(given)
    if before == now:
        return given
    old = {*age_conflicts(_said(encounter), *before)} if before else set()
    new = tuple(age_conflicts(_said(given), *now)) if now else ()
    conflicts = tuple(sentence for sentence in encounter.conflicts if sentence not in old)
    return replace(given, age=_age(given, layer), conflicts=tuple(dict.fromkeys((*conflicts, *new))))


def _given(read: Finding | None, value: str) -> Finding:
    """A fact as a person gave it; the ink that was read for it stays with it."""
    if read is None:
        return Finding(value=value, text="", confidence=None, spans=())
    return read if read.value == value else replace(read, value=value)


def _days(encounter: Encounter) -> tuple[date, date] | None:
    """Birth and date of service, where both are days of the calendar."""
    try:
        born, day = encounter.birth_date, encounter.date_of_service
        return (date.fromisoformat(born.value), date.fromisoformat(day.value)) if born and day else None
    except ValueError:
        return None


def _said(encounter: Encounter) -> Finding | None:
    """The age that the note itself gives; one that was reckoned stands at the ink of the birth date."""
    return encounter.age if encounter.age is not None and not encounter.age.spans else None


def _age(encounter: Encounter, layer: Layer) -> Finding | None:
    """A confirmed birth date makes the age; else what the note says of it goes before what is reckoned."""
    said, days = _said(encounter), _days(encounter)
    sure = layer.patient is not None and layer.patient.birth_date is not None
    if days is None or days[0] > days[1] or encounter.birth_date is None or (said is not None and not sure):
        return said
    return replace(encounter.birth_date, value=str(years_between(*days)))
