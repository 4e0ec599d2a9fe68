"""Entities that were found anew: the ids they had, and the context that a person gave them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.layers.places import area, shared
from pipeline.records import Anchor, Box, ContextChange, Entity
from pipeline.store.matching import anchors_of

SAME_INK = 0.5
"""Share of the smaller ink from which two pieces of ink are one thing's."""


def with_ids(found: Sequence[Entity], before: Sequence[Entity]) -> dict[str, str]:
    """The id that each entity is to have, by the id that it was found with.

    An entity of the same label on the same ink as one of the reading keeps that one's id, so that a screen which
    shows it does not jump; a new one is named after its place, so that it keeps its id as well.
    """
    ids: dict[str, str] = {}
    free = {entity.id: entity for entity in before}
    for same in (_same, _similar, _touching):
        for entity in found:
            if entity.id in ids:
                continue
            old = next((each for each in free.values() if same(entity, each)), None)
            if old is not None:
                ids[entity.id] = old.id
                del free[old.id]
    taken = {*ids.values(), *(entity.id for entity in before)}
    for entity in found:
        if entity.id not in ids:
            ids[entity.id] = id = _fresh(entity, taken)
            taken.add(id)
    return ids


def _same(one: Entity, other: Entity) -> bool:
    return one.label is other.label and one.normalized == other.normalized and one.spans == other.spans


def _similar(one: Entity, other: Entity) -> bool:
    return one.normalized == other.normalized and _touching(one, other)


def _touching(one: Entity, other: Entity) -> bool:
    return one.label is other.label and share_of_ink(anchors_of(one.spans), anchors_of(other.spans)) >= SAME_INK


def _fresh(entity: Entity, taken: set[str]) -> str:
    span = entity.spans[0]
    place = f"{span.boxes[0].x0}-{span.boxes[0].y0}" if span.boxes else f"{span.line}-{span.start}"
    name, n = f"{entity.label.value[0].lower()}{span.page}-{place}".replace(":", "-"), 1
    while name in taken:
        n += 1
        name = f"{name.partition('_')[0]}_{n}"
    return name


def meant(
    entities: Iterable[Entity], changes: Sequence[ContextChange]
) -> tuple[tuple[Entity, ...], tuple[ContextChange, ...]]:
    """Entities as people say they are meant, and what was said of none of them.

    Of several changes of one finding the last one counts.
    """
    given = list(entities)
    counting = [change for n, change in enumerate(changes) if not any(_again(change, c) for c in changes[n + 1 :])]
    unmatched = []
    for change in counting:
        places = [n for n, entity in enumerate(given) if entity.label is change.label]
        share = {n: share_of_ink(anchors_of(given[n].spans), change.anchors) for n in places}
        exact = [n for n in places if anchors_of(given[n].spans) == change.anchors]
        chosen = exact or [n for n in places if share[n] >= SAME_INK]
        for n in chosen:
            given[n] = replace(given[n], context=change.context)
        if not chosen:
            unmatched.append(change)
    return tuple(given), tuple(unmatched)


def _again(change: ContextChange, later: ContextChange) -> bool:
    return change.label is later.label and share_of_ink(change.anchors, later.anchors) >= SAME_INK


def share_of_ink(one: Sequence[Anchor], other: Sequence[Anchor]) -> float:
    """Area in common of two pieces of ink over that of the smaller one, 0 to 1."""
    mine, theirs = _boxes(one), _boxes(other)
    smaller = min(sum(area(box) for _, box in mine), sum(area(box) for _, box in theirs))
    common = sum(shared(a, b) for page, a in mine for number, b in theirs if page == number)
    return min(1.0, common / smaller) if smaller else 0.0


def _boxes(anchors: Sequence[Anchor]) -> list[tuple[int, Box]]:
    return [(anchor.page, box) for anchor in anchors for box in anchor.boxes]
