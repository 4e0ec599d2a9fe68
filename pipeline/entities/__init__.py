"""From pages that were read to findings with context, and to proposed encounters."""

from pipeline.entities.encounters import EncounterFinder
from pipeline.entities.find import EntityFinder
from pipeline.entities.packaged import load_packaged
from pipeline.entities.typed_notes import pages_from_text, text_offsets

__all__ = ["EncounterFinder", "EntityFinder", "load_packaged", "pages_from_text", "text_offsets"]
