"""Terms, headings, abbreviations, cues and labels as tables that a coder can edit."""

from pipeline.lexicon.entries import (
    Abbreviation,
    Category,
    Confusion,
    Cue,
    Direction,
    Field,
    FieldLabel,
    Heading,
    Lexicon,
    Modifier,
    ModifierKind,
    NameWord,
    NameWordKind,
    Term,
)
from pipeline.lexicon.load import TABLES, load_lexicon

__all__ = [
    "TABLES",
    "Abbreviation",
    "Category",
    "Confusion",
    "Cue",
    "Direction",
    "Field",
    "FieldLabel",
    "Heading",
    "Lexicon",
    "Modifier",
    "ModifierKind",
    "NameWord",
    "NameWordKind",
    "Term",
    "load_lexicon",
]
