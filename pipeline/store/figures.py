"""How reading and proposals fared in the encounters that were signed, for the page of numbers."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Engine, delete, func, insert, select, true

from pipeline.records import CodeSystem
from pipeline.store import tables
from pipeline.store.connect import snapshot, transaction
from pipeline.store.decided import FIRST_ROUND, Action


class Fate(StrEnum):
    """What became of a code in a signed encounter."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REPLACED = "replaced"
    LEFT = "left"
    """Proposed, and signed off without a decision on it."""
    FOUND = "found"
    """Accepted from further down the list: it was a candidate and not proposed."""
    ADDED = "added"
    """The coder brought it: it was no candidate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One code of a signed encounter."""

    encounter: str
    system: CodeSystem
    code: str
    display: str
    stage: str | None
    """What brought it up: the source of its first evidence; None where the product did not."""
    rank: int | None
    score: float | None
    proposed: bool
    fate: Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signed encounter and how its pages were read."""

    encounter: str
    decision: int
    """Id of the sign-off."""
    at: datetime
    who: str
    batch: str
    provider: str | None
    pages: int
    words: int
    sure: float | None
    """Mean probability that a word was read right; None where no word says."""
    unreadable: int
    lines: int
    corrected: int
    """Lines that a person wrote anew."""
    advised: int
    """Pages that are better scanned again."""


class Figures:
    """The projection behind the numbers."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, signed: Signed, outcomes: Iterable[Outcome]) -> None:
        """Keep what became of an encounter, in place of what was kept of it before."""
        rows = [asdict(outcome) for outcome in outcomes]
        with transaction(self._engine) as connection:
            for table in (tables.outcome, tables.signed):
                connection.execute(delete(table).where(table.c.encounter == signed.encounter))
            connection.execute(insert(tables.signed).values(**asdict(signed)))
            if rows:
                connection.execute(insert(tables.outcome), rows)

    def missing(self, limit: int) -> tuple[str, ...]:
        """Signed encounters of which nothing, or an earlier signature, was kept, the latest first."""
        decision, kept = tables.decision, tables.signed
        last = (
            select(decision.c.encounter, func.max(decision.c.id).label("id"))
            .where(decision.c.action.in_((Action.CONFIRM_ENCOUNTER, Action.REOPEN)), decision.c.round == FIRST_ROUND)
            .group_by(decision.c.encounter)
            .subquery()
        )
        query = (
            select(last.c.encounter)
            .join(decision, decision.c.id == last.c.id)
            .join(kept, kept.c.encounter == last.c.encounter, isouter=True)
            .where(
                decision.c.action == Action.CONFIRM_ENCOUNTER,
                kept.c.decision.is_(None) | (kept.c.decision != last.c.id),
            )
            .order_by(last.c.id.desc())
            .limit(limit)
        )
        with snapshot(self._engine) as connection:
            return tuple(connection.execute(query).scalars())

    def signed(self, since: datetime, batches: frozenset[str] | None = None) -> tuple[Signed, ...]:
        """What was signed of these batches since a time, oldest first; None for all."""
        table = tables.signed
        with snapshot(self._engine) as connection:
            query = select(table).where(table.c.at >= since, _within(table.c.batch, batches))
            rows = connection.execute(query.order_by(table.c.at))
            return tuple(Signed(**row._mapping) for row in rows)

    def outcomes(self, since: datetime, batches: frozenset[str] | None = None) -> tuple[Outcome, ...]:
        """The codes of what was signed of these batches since a time; None for all."""
        table, kept = tables.outcome, tables.signed
        query = select(table).join(kept, kept.c.encounter == table.c.encounter)
        query = query.where(kept.c.at >= since, _within(kept.c.batch, batches))
        with snapshot(self._engine) as connection:
            return tuple(
                Outcome(
                    encounter=row.encounter,
                    system=CodeSystem(row.system),
                    code=row.code,
                    display=row.display,
                    stage=row.stage,
                    rank=row.rank,
                    score=row.score,
                    proposed=row.proposed,
                    fate=Fate(row.fate),
                )
                for row in connection.execute(query.order_by(table.c.id))
            )

    def moments(self, since: datetime, batches: frozenset[str] | None = None) -> tuple[tuple[str, datetime], ...]:
        """Who decided when since a time on charts of these batches, in order: time at the desk is computed from it."""
        table = tables.decision
        query = select(table.c.who, table.c.at).where(table.c.at >= since).order_by(table.c.who, table.c.at)
        if batches is not None:
            of = select(tables.encounter.c.id).join(
                tables.document, tables.document.c.id == tables.encounter.c.document
            )
            query = query.where(table.c.encounter.in_(of.where(_within(tables.document.c.batch, batches))))
        with snapshot(self._engine) as connection:
            return tuple((row.who, row.at) for row in connection.execute(query))


def _within(column: ColumnElement[str], batches: frozenset[str] | None) -> ColumnElement[bool]:
    return true() if batches is None else column.in_(sorted(batches))
