"""From pages that were read to findings with context, and to proposed encounters."""

from pipeline.entities.find import EntityFinder
from pipeline.entities.text.packaged import load_packaged
from pipeline.entities.text.typed_notes import pages_from_text, text_offsets
from pipeline.entities.visits.encounters import EncounterFinder

__all__ = ["EncounterFinder", "EntityFinder", "load_packaged", "pages_from_text", "text_offsets"]
