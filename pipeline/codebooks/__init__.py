"""The tables of each code system and edition, their importers, and search."""

from pipeline.codebooks.books import CodeBooks, load_books
from pipeline.codebooks.entries import Book, Source
from pipeline.codebooks.importing import import_file

__all__ = ["Book", "CodeBooks", "Source", "import_file", "load_books"]
