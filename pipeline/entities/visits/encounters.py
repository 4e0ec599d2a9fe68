"""Proposes encounters: which pages are one visit of one patient, and what they say of it.

A page goes on with the visit before it unless it says otherwise: another patient, another birth
date, another record number or another date of service begins the next encounter. Where the evidence
disagrees, a sentence asks the coder to look; nothing is joined in silence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.entities.visits.facts import Fact
from pipeline.entities.visits.names import same_person, spelled_alike
from pipeline.entities.visits.page_facts import FactFinder, Stretch, birth_date
from pipeline.lexicon import Field, Lexicon
from pipeline.records import Encounter, Entity, Finding, Page, PageRole

IDENTITY = (Field.NAME, Field.BIRTH_DATE, Field.RECORD_NUMBER)
WRITTEN_ONCE = (Field.SEX, Field.PATIENT_STATUS, Field.VISIT_LEVEL)
"""What two places may not say differently, however firmly."""
WORDS = {
    Field.NAME: "name",
    Field.BIRTH_DATE: "birth date",
    Field.RECORD_NUMBER: "record number",
    Field.SERVICE_DATE: "date of service",
    Field.PROVIDER: "provider",
    Field.SEX: "sex",
    Field.PATIENT_STATUS: "patient status",
    Field.VISIT_LEVEL: "level of the visit",
}
AGE_OFF = 1
"""Years by which an age may miss what birth date and date of service make; more asks whose page it is."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Stretches of pages that belong together, while they are gathered."""

    stretches: tuple[Stretch, ...]
    inherited: tuple[Fact, ...] = ()
    """Identity that an earlier visit of the same part gave."""
    conflicts: tuple[str, ...] = ()

    def facts(self, field: Field) -> list[Fact]:
        """What is said of a field, firmest first, then in reading order; inherited facts last."""
        own = [fact for stretch in self.stretches for fact in stretch.facts if fact.field is field]
        return sorted(own, key=lambda fact: -fact.firmness) or [f for f in self.inherited if f.field is field]

    def first(self, field: Field) -> Fact | None:
        """The firmest fact of a field."""
        return next(iter(self.facts(field)), None)


class EncounterFinder:
    """Proposes the encounters of a file."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._find_facts = FactFinder(lexicon)

    def __call__(self, pages: tuple[Page, ...], entities: tuple[Entity, ...]) -> tuple[Encounter, ...]:
        """The encounters in the order of their pages, numbered from e1; every content page is in at least one."""
        visits = self._visits(pages)
        owners = _owners(visits)
        return tuple(
            _encounter(f"e{number}", visit, tuple(e.id for e in entities if _owner(e, owners) == number))
            for number, visit in enumerate(visits, start=1)
        )

    def lines(self, pages: tuple[Page, ...]) -> tuple[tuple[Encounter, frozenset[tuple[int, str]]], ...]:
        """The encounters, without entities, each with page number and id of its lines; a line is of one encounter."""
        visits = self._visits(pages)
        owners = _owners(visits)
        return tuple(
            (_encounter(f"e{number}", visit, ()), frozenset(line for line, owner in owners.items() if owner == number))
            for number, visit in enumerate(visits, start=1)
        )

    def _visits(self, pages: tuple[Page, ...]) -> list[Visit]:
        visits: list[Visit] = []
        for page in pages:
            if page.role is not PageRole.CONTENT:
                continue
            for stretch in self._find_facts(page):
                current = visits[-1] if visits and visits[-1].stretches[-1].page.part == page.part else None
                if current is None:
                    visits.append(Visit((stretch,)))
                    continue
                differing = _differing(current, stretch)
                if differing:
                    visits.append(_next_visit(current, stretch, differing))
                else:
                    visits[-1] = replace(current, stretches=(*current.stretches, stretch))
        return visits


def _differing(visit: Visit, stretch: Stretch) -> tuple[Field, ...]:
    """Fields in which a stretch cannot belong to a visit."""
    return tuple(
        field
        for field in (*IDENTITY, Field.SERVICE_DATE)
        if any(_differ(field, one, other) for one, other in _compared(visit, stretch, field))
    )


def _compared(visit: Visit, stretch: Stretch, field: Field) -> Iterator[tuple[Fact, Fact]]:
    """The facts of a visit and of a stretch that must agree."""
    if field is not Field.RECORD_NUMBER:
        one, other = visit.first(field), _first(stretch, field)
        if one and other:
            yield one, other
        return
    # a record number and an account number may differ; each is held against its own kind
    for one in visit.facts(field):
        other = next((f for f in stretch.facts if f.field is field and f.firmness == one.firmness), None)
        if other:
            yield one, other
            return


def _first(stretch: Stretch, field: Field) -> Fact | None:
    return next((fact for fact in stretch.facts if fact.field is field), None)


def _differ(field: Field, one: Fact, other: Fact) -> bool:
    if field is Field.NAME:
        return same_person(one.finding.value, other.finding.value) is False
    if field is Field.BIRTH_DATE and one.written and other.written:
        same_year = (one.written.year - other.written.year) % 100 == 0 and min(
            one.written.year, other.written.year
        ) < 100
        same_day = (one.written.month, one.written.day) == (other.written.month, other.written.day)
        return not (same_day and (same_year or one.written.year == other.written.year))
    if field is Field.RECORD_NUMBER:
        return one.finding.value.replace("-", "") != other.finding.value.replace("-", "")
    return one.finding.value != other.finding.value


def _next_visit(current: Visit, stretch: Stretch, differing: tuple[Field, ...]) -> Visit:
    """A visit that begins at a stretch, after one that it does not belong to."""
    identity = [field for field in differing if field in IDENTITY]
    own = [field for field in IDENTITY if _first(stretch, field)]
    if identity:
        agreeing = [field for field in own if field not in identity and current.first(field)]
        if not agreeing:
            return Visit((stretch,))
        return Visit((stretch,), conflicts=(_disagree(current, stretch, agreeing, identity),))
    # another date and nothing against its being the same patient: what the page leaves out is taken over
    same_page = current.stretches[-1].page.number == stretch.page.number
    taken = tuple(fact for field in (*IDENTITY, Field.SEX) if (fact := current.first(field)) and field not in own)
    unsure: tuple[str, ...] = ()
    if taken and not own and not same_page:
        unsure = (
            f"Page {stretch.page.number} does not name the patient; "
            f"the identity is taken from page {taken[0].finding.spans[0].page}.",
        )
    return Visit((stretch,), inherited=taken, conflicts=unsure)


def _disagree(current: Visit, stretch: Stretch, agreeing: Sequence[Field], differing: Sequence[Field]) -> str:
    same, other = (" and ".join(WORDS[field] for field in fields) for fields in (agreeing, differing))
    return (
        f"Page {stretch.page.number} has the {same} of page {current.stretches[-1].page.number} "
        f"but another {other}; please check whose page it is."
    )


def _encounter(id: str, visit: Visit, entities: tuple[str, ...]) -> Encounter:
    service, birth = visit.first(Field.SERVICE_DATE), visit.first(Field.BIRTH_DATE)
    day = date.fromisoformat(service.finding.value) if service else None
    born = birth_date(birth, day) if birth else None
    conflicts = [*visit.conflicts, *_inner_conflicts(visit)]
    if born is not None and day is not None:
        conflicts += age_conflicts(_said_age(visit), date.fromisoformat(born.value), day)
    added = [note for stretch in visit.stretches for note in stretch.added]
    if day and any(note.refers_to and note.refers_to != day.isoformat() for note in added):
        conflicts.append("An addendum names the visit of another day.")
    return Encounter(
        id=id,
        part=visit.stretches[0].page.part,
        pages=tuple(sorted({stretch.page.number for stretch in visit.stretches})),
        patient_name=_finding(visit.first(Field.NAME)),
        birth_date=born,
        record_number=_finding(visit.first(Field.RECORD_NUMBER)),
        date_of_service=_finding(service),
        provider=_finding(_provider(visit)),
        sex=_finding(visit.first(Field.SEX)),
        age=_age(visit, born, day),
        payer=_finding(visit.first(Field.PAYER)),
        signature=_finding(visit.first(Field.SIGNATURE)),
        patient_status=_finding(visit.first(Field.PATIENT_STATUS)),
        visit_level=_finding(visit.first(Field.VISIT_LEVEL)),
        time_spent=_finding(_longest(visit)),
        addenda=tuple(note.addendum for note in added),
        entities=entities,
        conflicts=tuple(conflicts),
    )


def age_conflicts(said: Finding | None, born: date, day: date) -> Iterator[str]:
    """Where birth date, date of service and the age that the note gives do not fit together."""
    if born > day:
        yield "The birth date lies after the date of service."
        return
    age = years_between(born, day)
    if said is not None and abs(int(said.value) - age) > AGE_OFF:
        yield f"The note gives the age “{said.text}” but the birth date makes {age}; please check whose page it is."


def _said_age(visit: Visit) -> Finding | None:
    said = next((stretch.age for stretch in visit.stretches if stretch.age), None)
    return None if said is None else Finding(value=str(said.years), text=said.text, confidence=None, spans=())


def _age(visit: Visit, born: Finding | None, day: date | None) -> Finding | None:
    """The age that the note says, else the one that the birth date makes."""
    said = _said_age(visit)
    if said is not None or born is None or day is None or day.isoformat() < born.value:
        return said
    return replace(born, value=str(years_between(date.fromisoformat(born.value), day)))


def years_between(born: date, day: date) -> int:
    """Whole years from a birth to a later day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _longest(visit: Visit) -> Fact | None:
    """The firmest time; of several, the whole is the longest."""
    facts = visit.facts(Field.TIME_SPENT)
    firm = [fact for fact in facts if fact.firmness == facts[0].firmness]
    return max(firm, key=lambda fact: int(fact.finding.value), default=None)


def _inner_conflicts(visit: Visit) -> list[str]:
    """Where what was joined does not quite agree."""
    found = []
    for field in (*IDENTITY, Field.SERVICE_DATE, *WRITTEN_ONCE):
        facts = visit.facts(field)
        others = [fact for fact in facts[1:] if field in WRITTEN_ONCE or fact.firmness == facts[0].firmness]
        if any(_differ(field, facts[0], other) for other in others):
            found.append(f"The pages give more than one {WORDS[field]}.")
        elif field is Field.NAME and any(
            not spelled_alike(facts[0].finding.value, other.finding.value) for other in facts[1:]
        ):
            found.append("The patient's name is spelled in more than one way.")
    providers = {fact.finding.value.casefold() for fact in visit.facts(Field.PROVIDER) if fact.firmness > 1}
    if len(providers) > 1 and not _one_person(sorted(providers)):
        found.append("The pages give more than one provider.")
    return found


def _one_person(names: Sequence[str]) -> bool:
    return all(same_person(names[0], other) is not False for other in names[1:])


def _provider(visit: Visit) -> Fact | None:
    """A labelled provider; else the last name with a degree, which is the signature and not the letterhead.

    The patient signs too, and is no provider.
    """
    patient = visit.first(Field.NAME)
    facts = [
        fact
        for fact in visit.facts(Field.PROVIDER)
        if patient is None or same_person(patient.finding.value, fact.finding.value) is not True
    ]
    firm = [fact for fact in facts if fact.firmness > 1]
    return firm[0] if firm else (facts[-1] if facts else None)


def _finding(fact: Fact | None) -> Finding | None:
    return fact.finding if fact else None


def _owners(visits: Sequence[Visit]) -> dict[tuple[int, str], int]:
    """For each line, by page number and id, the number of the visit that it belongs to."""
    return {
        (stretch.page.number, line.id): number
        for number, visit in enumerate(visits, start=1)
        for stretch in visit.stretches
        for line in stretch.page.lines[stretch.first : stretch.last]
    }


def _owner(entity: Entity, owners: dict[tuple[int, str], int]) -> int:
    """The number of the visit on whose lines an entity stands."""
    return owners[entity.spans[0].page, entity.spans[0].line]
