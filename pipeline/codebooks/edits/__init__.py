"""Edits of CMS on what may stand together on a claim: NCCI pairs and most units (MUE), where they were imported."""

from pipeline.codebooks.edits.edits import Edits, load_edits, take
from pipeline.codebooks.edits.mue import UnitLimit, read_mue
from pipeline.codebooks.edits.ncci import PairEdit, read_ncci

__all__ = ["Edits", "PairEdit", "UnitLimit", "load_edits", "read_mue", "read_ncci", "take"]
