"""Notes that law protects beyond other health records: they leave only when a lead lets them.

What shows one stands in `protected.tsv`: codes of the claim, headings and words of the note. A word counts also where
the note denies it, since a negative test is protected too; what is protected in the end is for a lead to judge.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.errors import SetupError
from pipeline.records import CLAIMED, CodeSystem

TABLE = Path(__file__).parent / "protected.tsv"
COLUMNS = ("kind", "how", "first", "last")
SOURCE, NOTICE, SECTION, TERM, WORD = "SOURCE", "NOTICE", "SECTION", "TERM", "WORD"
WRITTEN = frozenset({SECTION, TERM, WORD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """A kind of protection that a note asks for."""

    kind: str
    why: str
    """What shows it: codes, or headings and words of the table, never other words of the note."""
    source: str
    """The rule that protects it, in a sentence."""
    notice: str | None
    """What whoever receives it must be told with it, in the words of the rule."""

    @property
    def sentence(self) -> str:
        """Kind and reason, for a message or a cover."""
        return f"{self.kind} ({self.why}). {self.source}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What stands behind a kind."""

    source: str
    notice: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A row that shows a kind."""

    kind: str
    how: str
    """A code system, SECTION, TERM or WORD."""
    first: str
    """The first code, or the words."""
    last: str
    """The last code; empty for words."""

    def has(self, system: CodeSystem, code: str) -> bool:
        """Whether a code, with its point, is of the range."""
        begun = code[: len(self.first)], code[: len(self.last)]
        return self.how == system.value and begun[0] >= self.first and begun[1] <= self.last


def protected(codes: Iterable[tuple[CodeSystem, str]], text: str) -> tuple[Protected, ...]:
    """The kinds of protection that an encounter's notes may fall under, each once.

    Args:
        codes: billed ones, with their point.
        text: of its pages, line by line.
    """
    signs, rules = table()
    billed = tuple(codes)
    found: dict[str, list[str]] = {}
    for sign in signs:
        found.setdefault(sign.kind, []).extend(_shown(sign, billed, text))
    return tuple(
        Protected(kind=kind, why=", ".join(dict.fromkeys(why)), source=rules[kind].source, notice=rules[kind].notice)
        for kind, why in found.items()
        if why
    )


def _shown(sign: Sign, codes: Iterable[tuple[CodeSystem, str]], text: str) -> Iterator[str]:
    if sign.how in WRITTEN:
        if _pattern(sign).search(text):
            yield f"the {'heading' if sign.how == SECTION else 'words'} “{sign.first}”"
        return
    yield from (f"code {code}" for system, code in codes if sign.has(system, code))


@cache
def _pattern(sign: Sign) -> re.Pattern[str]:
    words = r"[\s-]+".join(re.escape(word) for word in sign.first.split())
    if sign.how == SECTION:  # alone on its line, or with a colon behind it
        return re.compile(rf"^\W*{words}\s*(?::|$)", re.IGNORECASE | re.MULTILINE)
    return re.compile(rf"(?<!\w){words}(?!\w)", re.NOFLAG if sign.how == WORD else re.IGNORECASE)


@cache
def table(path: Path = TABLE) -> tuple[tuple[Sign, ...], dict[str, Rule]]:
    """The rows of the table, and the rule that protects each kind.

    Raises:
        SetupError: a row of it is none.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(
            (line for line in file if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
        )
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise SetupError(f"{path.name} has not the columns {', '.join(COLUMNS)}.")
        read = [Sign(**{name: (row[name] or "").strip() for name in COLUMNS}) for row in rows]
    notices = {row.kind: row.first for row in read if row.how == NOTICE}
    rules = {row.kind: Rule(source=row.first, notice=notices.get(row.kind)) for row in read if row.how == SOURCE}
    signs = tuple(row for row in read if row.how not in {SOURCE, NOTICE})
    systems = {system.value for system in CLAIMED}
    for row in signs:
        if row.kind not in rules:
            raise SetupError(f"{path.name} names no source for {row.kind}.")
        if not row.first or row.how not in systems | WRITTEN:
            raise SetupError(f"{path.name}: a row of {row.kind} is none.")
        if row.how in systems and not (row.last and row.first <= row.last):
            raise SetupError(f"{path.name}: {row.first} to {row.last} is no range of codes.")
    return signs, rules
