"""From pages that were read to findings with context, and to proposed encounters."""

from pipeline.entities.encounters import EncounterFinder
from pipeline.entities.find import EntityFinder
from pipeline.entities.typed_notes import pages_from_text, text_offsets

__all__ = ["EncounterFinder", "EntityFinder", "pages_from_text", "text_offsets"]
