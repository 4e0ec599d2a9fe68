"""Sentences of charts with the supplies that they name, and how near what was found comes to that.

A row of `supply_sentences.tsv`: the sentence; its supplies as written, ` | ` between them; for each supply, in
the same order, its attributes and context (`dose 60 mg; supplied given; negated`); `yes` where it is known
to be misread still.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from pipeline.entities.text.typed_notes import pages_from_text, text_offsets
from pipeline.records import Context, Entity, Label, Page

NAMES = frozenset({"dose", "route", "quantity", "duration", "size", "laterality", "supplied"})
"""Attributes that the truth speaks of; one that it leaves out must not be found."""
FLAGS = tuple(field.name for field in fields(Context))


@dataclass(frozen=True)
class Supply:
    """A supply of a sentence, by its place."""

    start: int
    end: int
    details: frozenset[str]


@dataclass(frozen=True)
class Sentence:
    """A sentence with its truth."""

    text: str
    supplies: tuple[Supply, ...]
    missed: bool


def sentences(table: Path) -> Iterator[Sentence]:
    """The rows of a table."""
    for line in table.read_text(encoding="utf-8").splitlines()[1:]:
        text, named, told, missed = (line.split("\t") + [""] * 3)[:4]
        details = told.split(" | ")
        supplies = []
        cursor = 0
        for number, name in enumerate(named.split(" | ") if named else ()):
            start = text.index(name, cursor)
            cursor = start + len(name)
            said = details[number] if number < len(details) else ""
            held = frozenset(part.strip() for part in said.split(";") if part.strip())
            supplies.append(Supply(start, cursor, held))
        yield Sentence(text, tuple(supplies), missed == "yes")


def found_supplies(text: str, find_entities: Callable[[tuple[Page, ...]], tuple[Entity, ...]]) -> tuple[Supply, ...]:
    """The supplies that are found in a sentence."""
    pages = pages_from_text(text)
    return tuple(
        Supply(*text_offsets(text, entity, pages), _details(entity))
        for entity in find_entities(pages)
        if entity.label is Label.SUPPLY
    )


def _details(entity: Entity) -> frozenset[str]:
    held = {f"{each.name} {each.value}" for each in entity.attributes if each.name in NAMES}
    return frozenset(held | {flag for flag in FLAGS if getattr(entity.context, flag)})
