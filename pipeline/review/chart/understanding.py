"""An encounter as a coder sees it: the reading, understood anew where people corrected it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.layers import as_reading, matters, relayered
from pipeline.process import TextReader
from pipeline.records import Layer, Reading, Understanding
from pipeline.store import Store
from pipeline.store.review_state import Review
from pipeline.store.rows import ProposedEncounter
from pipeline.store.understandings import key_of

KEPT = 16
"""Understandings held in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a coder sees of an encounter."""

    encounter: ProposedEncounter
    """With what people corrected in it."""
    reading: Reading
    understanding: Understanding | None
    """None where nothing was corrected that changes anything: the reading is as it was made."""


class NotReadError(LookupError):
    """The reading that an encounter was proposed by is not in the store."""


def understanding(
    store: Store, read: Callable[[str, int], Reading | None], text: Callable[[], TextReader]
) -> Callable[[ProposedEncounter, Review, int], Seen]:
    """What understands encounters with the corrections of their reviews, and remembers it.

    Args:
        store: keeps every understanding, so that none is made twice.
        read: a reading by document id and number.
        text: the stages from text to codes; they may still be loading.
    """
    one_at_a_time = threading.Lock()

    @lru_cache(maxsize=KEPT)
    def kept(encounter: str, key: str) -> Understanding:
        found = store.understandings.get(encounter, key)
        if found is None:
            raise LookupError  # which is not remembered: it is made next
        return found.understanding

    def others(layer: Layer, own: str) -> dict[str, tuple[int, Reading]]:
        """The latest reading of each other file that pages were brought from; one without a reading is left out."""
        found = {}
        for document in {page.document for page in layer.pages or ()} - {own}:
            number = store.readings.latest(document)
            reading = read(document, number) if number else None
            if reading is not None:
                found[document] = (number, reading)
        return found

    def seen(encounter: ProposedEncounter, review: Review, decision: int) -> Seen:
        layer = review.layer()
        # Pages that a person set are read as they were read last; as proposed they are those of the proposal.
        number = encounter.reading if layer.pages is None else encounter.latest_reading
        own = read(encounter.document, number)
        if own is None:
            raise NotReadError(encounter.id)
        if not matters(layer, encounter.proposal):
            return Seen(encounter=encounter, reading=own, understanding=None)
        brought = others(layer, encounter.document)
        readings = [(encounter.document, number), *((document, n) for document, (n, _) in brought.items())]
        key = key_of(readings, layer)
        try:
            made = kept(encounter.id, key)
        except LookupError:
            with one_at_a_time:
                if store.understandings.get(encounter.id, key) is None:
                    fresh = relayered(
                        encounter.proposal,
                        own,
                        layer,
                        text(),
                        others={document: reading for document, (_, reading) in brought.items()},
                    )
                    store.understandings.add(encounter.id, key, fresh, readings=readings, decision=decision)
            made = kept(encounter.id, key)
        return Seen(
            encounter=replace(encounter, proposal=made.encounter, reading=number),
            reading=as_reading(made, own),
            understanding=made,
        )

    return seen
