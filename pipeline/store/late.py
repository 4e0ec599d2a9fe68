"""What a new reading means for encounters that were signed already: an addendum, or a page that came late.

Only what is sure reopens an encounter: the visit of the same patient by everything that was confirmed. What may be
the same visit is told beside both charts, and a person decides.
"""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Connection, select

from pipeline.records import Encounter, Finding, Patient, Reading
from pipeline.store import tables
from pipeline.store.arrivals import utc_now
from pipeline.store.decided import Action, Decision
from pipeline.store.decisions import Decisions
from pipeline.store.made import ENCOUNTER, carry_over
from pipeline.store.placed import Placed, placed
from pipeline.store.readings import visit
from pipeline.store.review_state import Review
from pipeline.store.rows import EncounterState

SYSTEM = "inkchart"
"""Who decides where no person does."""
SURE = 0.8
"""A name and a date that are read with less confidence reopen nothing."""


class NewReadings:
    """Looks at every reading in the transaction that adds it."""

    def __init__(self, decisions: Decisions, clock: Callable[[], datetime] = utc_now) -> None:
        self._decisions = decisions
        self._clock = clock

    def __call__(self, connection: Connection, reading: Reading, row: int) -> None:
        """Carry over what people arranged, and reopen what a late page or an addendum is about.

        Args:
            connection: within the transaction that adds the reading.
            reading: the new one.
            row: its id among the readings.
        """
        carry_over(connection, reading, row)
        table = tables.proposal
        proposed = connection.execute(select(table.c.encounter, table.c.record).where(table.c.reading == row)).all()
        for id, record in proposed:
            proposal = ENCOUNTER.validate_json(record)
            own = placed(connection, id)
            if own is not None and own.review.state is EncounterState.CONFIRMED:
                self._read_again(connection, own, proposal, row)
            elif _is_new(connection, id, row):
                self._arrived(connection, id, proposal)

    def _read_again(self, connection: Connection, signed: Placed, proposal: Encounter, row: int) -> None:
        assert signed.review.confirmed_at is not None  # it is confirmed
        known = _days(_before(connection, signed.id, row))
        later = [day for day in _days(proposal) if day > signed.review.confirmed_at.date() and day not in known]
        if later:
            self._reopen(connection, signed, f"An addendum of {max(later)} was found in {_file(signed)}", None)

    def _arrived(self, connection: Connection, id: str, proposal: Encounter) -> None:
        fingerprint = visit(proposal)
        if fingerprint is None:
            return
        table = tables.proposal
        others = select(table.c.encounter).where(table.c.visit == fingerprint, table.c.encounter != id).distinct()
        name = self._name(connection, id)
        for other in sorted(connection.execute(others).scalars().all()):
            signed = placed(connection, other)
            if signed is None or not is_surely(proposal, signed.review):
                continue
            days = _days(proposal)
            what = f"An addendum of {max(days)}" if days else "A late page of this visit"
            self._reopen(connection, signed, f"{what} arrived in {name}", id)

    def _reopen(self, connection: Connection, signed: Placed, reason: str, other: str | None) -> None:
        self._decisions.append_in(
            connection,
            Decision(
                id=0,
                at=self._clock(),
                who=SYSTEM,
                encounter=signed.id,
                reading=signed.reading,
                action=Action.REOPEN,
                other=other,
                text=reason,
            ),
        )

    def _name(self, connection: Connection, id: str) -> str:
        here = placed(connection, id)
        return "another file" if here is None else _file(here)


def is_surely(proposal: Encounter, review: Review) -> bool:
    """Whether a new encounter is the visit that was signed, by all that a person confirmed of it.

    Name and date must be the same and read well, birth date or record number too, and nothing may speak against it.
    """
    patient = review.patient
    if review.state is not EncounterState.CONFIRMED or patient is None or review.date_of_service is None:
        return False
    read_well = all(
        f is not None and (f.confidence or 0) >= SURE for f in (proposal.patient_name, proposal.date_of_service)
    )
    same_day = _value(proposal.date_of_service) == review.date_of_service.isoformat()
    same_name = _folded(_value(proposal.patient_name)) == _folded(patient.name)
    agreeing = _agreeing(proposal, patient)
    return read_well and same_day and same_name and any(agreeing) and all(agreeing)


def _agreeing(proposal: Encounter, patient: Patient) -> list[bool]:
    """For each of birth date and record number that both state: whether they are the same."""
    born = None if patient.birth_date is None else patient.birth_date.isoformat()
    pairs = ((proposal.birth_date, born), (proposal.record_number, patient.record_number))
    return [_bare(found.value) == _bare(stated) for found, stated in pairs if found is not None and stated]


def _days(proposal: Encounter | None) -> list[date]:
    """The days of its dated addenda."""
    found = []
    for addendum in proposal.addenda if proposal else ():
        try:
            found.append(date.fromisoformat(_value(addendum.written)))
        except ValueError:
            continue  # undated, or no day of the calendar
    return found


def _before(connection: Connection, id: str, row: int) -> Encounter | None:
    table = tables.proposal
    query = select(table.c.record).where(table.c.encounter == id, table.c.reading != row)
    record = connection.execute(query.order_by(table.c.reading.desc()).limit(1)).scalar()
    return None if record is None else ENCOUNTER.validate_json(record)


def _is_new(connection: Connection, id: str, row: int) -> bool:
    return _before(connection, id, row) is None


def _file(encounter: Placed) -> str:
    return f"“{encounter.document_name}”"


def _value(finding: Finding | None) -> str:
    return "" if finding is None else finding.value


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _bare(number: str) -> str:
    return "".join(char for char in number.casefold() if char.isalnum())
