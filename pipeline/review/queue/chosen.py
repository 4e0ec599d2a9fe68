"""How the list is narrowed and ordered. It stands in addresses, so nothing of it is text of a chart."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlencode

from pydantic import TypeAdapter

from pipeline.store.rows import EncounterState
from pipeline.store.worklist import Order


class Only(StrEnum):
    """What else the list can be narrowed to."""

    MINE = "mine"
    """What the coder has begun or is to see to."""
    HELD = "held"
    DEADLINE = "deadline"
    """Unfinished, and the filing deadline is near or over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What a coder chose of the list."""

    state: EncounterState | None = None
    batch: str | None = None
    """Key of the batch."""
    only: Only | None = None
    order: Order = Order.PRIORITY
    screen: int = 1

    def but(self, **changes: object) -> "Chosen":
        """The same with something else chosen, from its first screen."""
        return replace(self, **{"screen": 1, **changes})  # type: ignore[arg-type]

    def at(self, screen: int) -> "Chosen":
        """Another screen of the same list."""
        return replace(self, screen=screen)

    def query(self) -> str:
        """The query of an address; never empty, so that an address always says all of it."""
        values = {"state": self.state, "batch": self.batch, "only": self.only, "order": self.order}
        if self.screen != 1:
            values["screen"] = str(self.screen)
        return urlencode({name: value for name, value in values.items() if value is not None})

    def address(self) -> str:
        """The list as chosen."""
        return f"/?{self.query()}"

    def fields(self) -> dict[str, str]:
        """The same as hidden fields of a form."""
        values = {"state": self.state, "batch": self.batch, "only": self.only, "order": self.order}
        return {name: str(value) for name, value in values.items() if value is not None}


CHOSEN = TypeAdapter(Chosen)


def chosen_in(values: Mapping[str, object]) -> Chosen:
    """What an address or a form chooses; names that are not among its fields are passed over.

    Raises:
        ValueError: a value is none that can be chosen.
    """
    known = {name: values[name] for name in ("state", "batch", "only", "order", "screen") if values.get(name)}
    return CHOSEN.validate_python(known)
