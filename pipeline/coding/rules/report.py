"""Whether a note is a report of imaging or pathology: what was asked and what was seen, nothing examined or treated."""

from collections.abc import Iterable

from pipeline.records import Encounter, Entity, Label

_SECTIONS = frozenset(("assessment", "reason", "history_present", "past_history", "results", "procedures", None))


def is_report(encounter: Encounter, entities: Iterable[Entity]) -> bool:
    """A report has a history and an impression; no visit is billed and nothing is supplied in it."""
    billed = encounter.visit_level is not None or encounter.time_spent is not None
    sections = {entity.section for entity in entities}
    supplied = any(entity.label is Label.SUPPLY for entity in entities)
    return not billed and not supplied and "assessment" in sections and sections <= _SECTIONS
