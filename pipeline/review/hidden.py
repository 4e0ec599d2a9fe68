"""What a chart tells of charts in batches that an account may not see: that pages came or went, and nothing else."""

from dataclasses import replace

from pipeline.review.rights import is_within
from pipeline.store import Store
from pipeline.store.decided import Action, Decision
from pipeline.store.placed import Placed
from pipeline.store.review_state import fold

NAMELESS = {
    Action.SET_PAGES: "pages came from another batch or went there",
    Action.MERGE: "all its pages went into another batch",
    Action.REOPEN: "A late page or an addendum arrived in another batch",
}
"""In place of the sentence of a decision that names another chart."""


def nameless(store: Store, decisions: tuple[Decision, ...], batches: frozenset[str] | None) -> tuple[Decision, ...]:
    """A journal without the names of charts that lie in batches other than these; None for all batches."""
    if batches is None:
        return decisions
    others = {d.other for d in decisions if d.other is not None and d.action in NAMELESS}
    hidden = {other for other in others if not is_seen(store, other, batches)}
    return tuple(replace(d, text=NAMELESS[d.action]) if d.other in hidden else d for d in decisions)


def nameless_placed(store: Store, encounter: Placed, batches: frozenset[str] | None) -> Placed:
    """The same for an encounter with its pages."""
    journal = nameless(store, encounter.journal, batches)
    return encounter if journal == encounter.journal else replace(encounter, journal=journal, review=fold(journal))


def is_seen(store: Store, encounter: str, batches: frozenset[str] | None) -> bool:
    """Whether there is such an encounter in these batches."""
    found = store.readings.encounter(encounter)
    return found is not None and is_within(batches, found.batch)
