"""The way of claims: releases, what was sent, and what payers answered. Appended, never edited."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from sqlalchemy import Connection, Engine, insert, select

from pipeline.errors import DecisionRefusedError
from pipeline.records import Claim
from pipeline.store import projection, tables
from pipeline.store.arrivals import utc_now
from pipeline.store.audit import chain
from pipeline.store.audit_rows import Act
from pipeline.store.claim_rows import CLAIM_STEP, COLUMNS, sign_off_of, standing_of, steps_of
from pipeline.store.claim_steps import ClaimState, ClaimStep, Standing, Step, refusal
from pipeline.store.connect import snapshot, transaction
from pipeline.store.decided import Action, Decision
from pipeline.store.decisions import Decisions, journal_of, rounds_of
from pipeline.store.review_state import Review, fold

STANDS = frozenset({ClaimState.RELEASED, ClaimState.SENT, ClaimState.PAID})
"""States in which a claim asks for money, or got it."""


class What(TypedDict, total=False):
    """The parts of a step that not every one has; `ClaimStep` says what they are."""

    claim: Claim | None
    complete: bool
    key: str | None
    text: str | None
    amount: Decimal | None
    reason_code: str | None
    payer_number: str | None


class ClaimSteps:
    """The claims' journal."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock
        self._decisions = Decisions(engine, clock)

    def append(self, step: Step, *, who: str, encounter: str, **what: Unpack[What]) -> ClaimStep:
        """Add one step; a denial reopens the encounter in the same transaction.

        Args:
            step: what is done.
            who: by whom.
            encounter: whose claim.
            what: the parts that the step has.

        Raises:
            DecisionRefusedError: there is no such encounter, or its claim does not stand so that this may follow.
        """
        known = select(tables.encounter.c.id).where(tables.encounter.c.id == encounter).with_for_update()
        with transaction(self._engine) as connection:
            if connection.execute(known).first() is None:
                raise DecisionRefusedError("There is no such encounter.")
            journal = journal_of(connection, encounter)
            signed = sign_off_of(journal)
            made = ClaimStep(id=0, at=self._clock(), who=who, encounter=encounter, step=step, signed=signed, **what)
            before = standing_of(connection, encounter, journal)
            refused = refusal(before, made)
            if refused is not None:
                raise DecisionRefusedError(refused)
            made = self._insert(connection, made)
            if step is Step.DENY and signed is not None and before.state in {ClaimState.SENT, ClaimState.PAID}:
                self._decisions.append_in(connection, _reopening(made, fold(journal)))
            projection.refresh(connection, encounter, rounds_of(connection, encounter))
            chain(  # last: it holds the log's lock until the commit
                connection, at=made.at, who=who, act=Act.CLAIM, subject=encounter, detail=f"{step.value} {made.id}"
            )
            return made

    def of(self, encounter: str) -> Standing:
        """How the claim of an encounter stands."""
        with snapshot(self._engine) as connection:
            return standing_of(connection, encounter, journal_of(connection, encounter))

    def history(self, encounter: str) -> tuple[ClaimStep, ...]:
        """Every step with the claim of an encounter, oldest first."""
        with snapshot(self._engine) as connection:
            return steps_of(connection, encounter)

    def beside(self, claim: Claim) -> tuple[Claim, ...]:
        """Other claims of the same patient and day that ask for money or got it: among them a duplicate would be."""
        table = tables.claim_step
        query = select(table.c.encounter).where(table.c.visit == visit_of(claim), table.c.encounter != claim.encounter)
        found = []
        with snapshot(self._engine) as connection:
            for other in sorted(set(connection.execute(query).scalars())):
                stands = standing_of(connection, other, journal_of(connection, other))
                if stands.state in STANDS and stands.claim is not None:
                    found.append(stands.claim)
        return tuple(found)

    def _insert(self, connection: Connection, step: ClaimStep) -> ClaimStep:
        id = connection.execute(
            insert(tables.claim_step)
            .values(
                at=step.at,
                who=step.who,
                encounter=step.encounter,
                step=step.step,
                visit=None if step.claim is None else visit_of(step.claim),
                record=CLAIM_STEP.dump_json(step, exclude=set(COLUMNS), exclude_defaults=True).decode(),
            )
            .returning(tables.claim_step.c.id)
        ).scalar_one()
        return replace(step, id=id)


def visit_of(claim: Claim) -> str:
    """A fingerprint of who was seen on which day."""
    patient = claim.patient
    words = (patient.name.last.casefold(), patient.name.first.casefold(), patient.birth_date.isoformat())
    day = min(line.day for line in claim.lines).isoformat()
    return hashlib.sha256(json.dumps([*words, day]).encode()).hexdigest()


def _reopening(denial: ClaimStep, review: Review) -> Decision:
    assert review.reading is not None  # it was signed
    words = f": {denial.text.strip()}" if denial.text and denial.text.strip() else ""
    return Decision(
        id=0,
        at=denial.at,
        who=denial.who,
        encounter=denial.encounter,
        reading=review.reading,
        action=Action.REOPEN,
        text=f"The payer denied the claim ({denial.reason_code}){words}",
    )
