"""What encounters wait for: questions to providers and holds, over all charts."""

from dataclasses import dataclass

from sqlalchemy import Engine, Select, select

from pipeline.store import tables
from pipeline.store.connect import snapshot
from pipeline.store.decided import FIRST_ROUND, Action, HoldKind
from pipeline.store.placed import Placed, placed
from pipeline.store.rows import EncounterState
from pipeline.store.waits import Hold, Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question to a provider, with the encounter that it is about."""

    encounter: Placed
    query: Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A hold that stands, with its encounter."""

    encounter: Placed
    hold: Hold


class Waiting:
    """Encounters that wait for somebody who is not a coder."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def questions(self, batches: frozenset[str] | None = None) -> tuple[Asked, ...]:
        """Every question of these batches that was ever asked and not taken back, oldest first; None for all."""
        table = tables.decision
        ever = select(table.c.encounter).where(table.c.action == Action.ASK, table.c.round == FIRST_ROUND).distinct()
        found = (each for each in self._placed(ever) if batches is None or each.batch in batches)
        asked = [Asked(encounter=encounter, query=query) for encounter in found for query in encounter.review.queries]
        return tuple(sorted(asked, key=lambda each: each.query.id))

    def holds(self, kind: HoldKind, batches: frozenset[str] | None = None) -> tuple[Held, ...]:
        """The holds of a kind that stand in these batches, the longest first; None for all batches.

        Those of merged encounters ended with them.
        """
        table = tables.worklist
        query = select(table.c.encounter).where(table.c.hold_kind == kind, table.c.state != EncounterState.MERGED)
        if batches is not None:
            query = query.where(table.c.batch.in_(batches))
        held = [
            Held(encounter=encounter, hold=encounter.review.hold)
            for encounter in self._placed(query)
            if encounter.review.hold is not None
        ]
        return tuple(sorted(held, key=lambda each: each.hold.id))

    def people(self) -> tuple[str, ...]:
        """The names of all accounts: whoever may see to a hold."""
        with snapshot(self._engine) as connection:
            return tuple(connection.execute(select(tables.user.c.name).order_by(tables.user.c.name)).scalars())

    def _placed(self, ids: Select[str]) -> tuple[Placed, ...]:
        with snapshot(self._engine) as connection:
            found = (placed(connection, id) for id in sorted(connection.execute(ids).scalars()))
            return tuple(each for each in found if each is not None)
