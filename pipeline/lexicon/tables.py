"""Reads the lexicon's tables and refuses what a typing slip makes of them.

A table is UTF-8 text: a line of column names, then one row a line with tabs between the fields.
Empty lines and lines that begin with `# ` are for people. Every complaint names file and line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources.abc import Traversable
from itertools import product
from typing import NoReturn, TypeVar

from pipeline.errors import MissingModelError

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, which knows where it stands."""

    file: str
    line: int
    """From 1."""
    fields: dict[str, str]

    def refuse(self, problem: str) -> NoReturn:
        """Complain about this row.

        Raises:
            MissingModelError: always.
        """
        raise MissingModelError(f"{self.file}, line {self.line}: {problem}. Please correct the table.")

    def text(self, column: str) -> str:
        """A field that must not be empty."""
        return self.fields[column] or self.refuse(f"the column '{column}' is empty")

    def one_of(self, column: str, kinds: type[E]) -> E:
        """A field that holds one of an enum's values."""
        value = self.text(column)
        if value not in set(kinds):
            self.refuse(f"'{value}' is not a {column}; known are {', '.join(kinds)}")
        return kinds(value)

    def yes(self, column: str) -> bool:
        """A field that is `yes` or empty."""
        value = self.fields[column]
        if value not in ("", "yes"):
            self.refuse(f"the column '{column}' is 'yes' or empty, not '{value}'")
        return value == "yes"

    def number(self, column: str) -> int | None:
        """A field that is a whole number above 0, or empty."""
        value = self.fields[column]
        if not value:
            return None
        if not value.isascii() or not value.isdigit() or int(value) < 1:
            self.refuse(f"the column '{column}' is a whole number or empty, not '{value}'")
        return int(value)

    def words(self, column: str) -> frozenset[str]:
        """A field that lists words between commas."""
        return frozenset(word.strip() for word in self.fields[column].split(",") if word.strip())


def rows(file: Traversable, columns: tuple[str, ...]) -> Iterator[Row]:
    """The rows of a table.

    Args:
        file: the table.
        columns: its column names, in order; a row may leave out empty fields at its end.

    Raises:
        MissingModelError: the table is missing, is not UTF-8, or a row does not fit its columns.
    """
    lines = read(file).split("\n")
    if tuple(lines[0].split("\t")) != columns:
        raise MissingModelError(f"{file.name}, line 1: the columns must be {', '.join(columns)}.")
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip() or line.startswith("# "):
            continue
        fields = [field.strip() for field in line.split("\t")]
        row = Row(file.name, number, dict(zip(columns, fields + [""] * len(columns), strict=False)))
        if len(fields) > len(columns):
            row.refuse(f"there are {len(fields)} fields for {len(columns)} columns")
        yield row


def read(file: Traversable) -> str:
    """The text of a table, with plain line ends.

    Raises:
        MissingModelError: the table is missing or is not UTF-8.
    """
    try:
        return file.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except FileNotFoundError as error:
        raise MissingModelError(f"The table {file.name} is missing; please install Inkchart again.") from error
    except UnicodeDecodeError as error:
        raise MissingModelError(f"{file.name} is not UTF-8 text: byte {error.start} does not fit.") from error


def wordings(text: str) -> Iterator[str]:
    """What a term stands for: `|` parts choices, `_` joins the words of one, a choice of nothing leaves its place out.

    `x-ray|plain_film of the| knee` is `x-ray of the knee`, `x-ray of knee`, `plain film of the knee` ...
    """
    for words in product(*(place.split("|") for place in text.split())):
        yield " ".join(word.replace("_", " ") for word in words if word)
