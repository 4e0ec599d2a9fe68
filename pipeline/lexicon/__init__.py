"""Terms, headings, abbreviations, cues and labels as tables that a coder can edit."""

from pipeline.lexicon.entries import (
    Abbreviation,
    Category,
    Cue,
    Direction,
    Field,
    FieldLabel,
    FormKind,
    Heading,
    Lexicon,
    Modifier,
    ModifierKind,
    NameWord,
    NameWordKind,
    Term,
    WordForm,
)
from pipeline.lexicon.load import TABLES, load_lexicon

__all__ = [
    "TABLES",
    "Abbreviation",
    "Category",
    "Cue",
    "Direction",
    "Field",
    "FieldLabel",
    "FormKind",
    "Heading",
    "Lexicon",
    "Modifier",
    "ModifierKind",
    "NameWord",
    "NameWordKind",
    "Term",
    "WordForm",
    "load_lexicon",
]
