"""What encounters wait for: questions to providers and holds, over all charts."""

from dataclasses import dataclass

from sqlalchemy import Engine, select

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
        found = (each for each in self._with(Action.ASK) if batches is None or each.batch in batches)
        asked = [Asked(encounter=encounter, query=query) for encounter in found for query in encounter.review.queries]
        return tuple(sorted(asked, key=lambda each: each.query.id))

    def holds(self, kind: HoldKind | None = None) -> tuple[Held, ...]:
        """The holds that stand, of one kind or all, the longest first; those of merged encounters ended with them."""
        held = [
            Held(encounter=encounter, hold=encounter.review.hold)
            for encounter in self._with(Action.HOLD)
            if encounter.review.hold is not None and encounter.review.state is not EncounterState.MERGED
        ]
        return tuple(sorted((each for each in held if kind in (None, each.hold.kind)), key=lambda each: each.hold.id))

    def people(self) -> tuple[str, ...]:
        """The names of all accounts: whoever may see to a hold."""
        with snapshot(self._engine) as connection:
            return tuple(connection.execute(select(tables.user.c.name).order_by(tables.user.c.name)).scalars())

    def _with(self, action: Action) -> tuple[Placed, ...]:
        table = tables.decision
        query = select(table.c.encounter).where(table.c.action == action, table.c.round == FIRST_ROUND).distinct()
        with snapshot(self._engine) as connection:
            ids = sorted(connection.execute(query).scalars())
            return tuple(found for id in ids if (found := placed(connection, id)) is not None)
