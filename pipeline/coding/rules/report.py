"""Whether a note is a report of imaging or pathology: what was asked and what was seen, nothing examined or treated."""

from collections.abc import Iterable

from pipeline.records import Encounter, Entity, Label

_SECTIONS = frozenset(
    ("assessment", "reason", "history_present", "past_history", "results", "procedures", "follow_up", None)
)


def is_report(encounter: Encounter, entities: Iterable[Entity]) -> bool:
    """A report has a history and an impression; no visit is billed and nothing is supplied in it."""
    # drugs that the patient was on are told in the history; what is supplied, prescribed or ordered is of a visit
    supplied = any(entity.label is Label.SUPPLY and _handed_out(entity) for entity in entities)
    billed = encounter.visit_level is not None or encounter.time_spent is not None
    sections = {entity.section for entity in entities}
    return not billed and not supplied and "assessment" in sections and sections <= _SECTIONS


def _handed_out(entity: Entity) -> bool:
    return any(detail.name == "supplied" and detail.value != "own" for detail in entity.attributes)
