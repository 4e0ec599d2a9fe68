"""Terms, headings, abbreviations, cues and labels as tables that a coder can edit."""

from pipeline.lexicon.entries import (
    NUMBER,
    Abbreviation,
    Category,
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
    Place,
    Term,
    VisitWording,
)
from pipeline.lexicon.load import TABLES, load_lexicon

__all__ = [
    "NUMBER",
    "TABLES",
    "Abbreviation",
    "Category",
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
    "Place",
    "Term",
    "VisitWording",
    "load_lexicon",
]
