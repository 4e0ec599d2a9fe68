"""The tables of each code system and edition, their importers, and search."""

from pipeline.codebooks.books import CodeBooks, load_books
from pipeline.codebooks.entries import Book, Note, Source
from pipeline.codebooks.importing import Imported, import_file

__all__ = ["Book", "CodeBooks", "Imported", "Note", "Source", "import_file", "load_books"]
