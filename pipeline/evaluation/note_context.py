"""`inkchart evaluate context`: what is said of a finding, held against tables of sentences.

The finding that is judged is the one that shares most characters with the concept's place in its sentence. A concept
that no finding overlaps, or that its sentence does not hold word for word, is counted and reported, and all other
figures are of those found. For each table it writes into a folder `NAME.errors.tsv`, every sentence that was
understood wrong, and for all tables `context.json`.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.entities import pages_from_text, text_offsets
from pipeline.evaluation import shares
from pipeline.evaluation.comparison import Estimate
from pipeline.evaluation.details import write_table
from pipeline.evaluation.note_data import FLAGS, Statement, Told
from pipeline.evaluation.note_entities import Find, prepare
from pipeline.evaluation.resampling import interval
from pipeline.evaluation.shares import Share
from pipeline.records import Entity

_AROUND = 100
"""Characters of a sentence that are kept on either side of its concept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A sentence and the finding that stands where its concept does."""

    statement: Statement
    place: tuple[int, int] | None
    """First and one past the last code point of the concept; None where the sentence does not hold it."""
    found: Entity | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One flag of one finding."""

    stated: bool
    read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table."""

    flag: str
    """Of the context, or `concept`."""
    measure: str
    estimate: Estimate
    count: int
    unit: str
    """What was counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A concept of which a flag is often missed or invented."""

    flag: str
    what: str
    """`missed` or `invented`."""
    concept: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFigures:
    """What was measured of one table."""

    file: str
    sentences: int
    not_found: int
    """Concepts that no finding overlaps."""
    not_in_sentence: int
    """Concepts that their sentence does not hold."""
    figures: tuple[Figure, ...]
    errors: tuple[Mistake, ...]
    """The commonest first."""


Rate = Callable[[Sequence[Flag]], float | None]


def evaluate_context(
    chosen: Sequence[tuple[Path, Sequence[Statement]]], find: Find, *, out: Path, on_row: Told
) -> tuple[tuple[TableFigures, ...], tuple[Path, ...]]:
    """Measure every table; returns the figures and what was written.

    Args:
        chosen: the sentences of each table.
        find: from pages to findings.
        out: folder for what is written.
        on_row: told how far it is.

    Raises:
        UsageError: `out` cannot be written.
    """
    prepare(out, [path for path, _ in chosen])
    measured, files = [], []
    for path, statements in chosen:
        judged = []
        for place, statement in enumerate(statements):
            on_row(path.name, len(statements), place)
            judged.append(judge(statement, find))
        table = out / f"{path.stem}.errors.tsv"
        write_table(table, ("id", "flag", "what", "concept", "found", "sentence"), _rows(judged))
        files.append(table)
        measured.append(
            TableFigures(
                file=path.name,
                sentences=len(judged),
                not_found=sum(one.place is not None and one.found is None for one in judged),
                not_in_sentence=sum(one.place is None for one in judged),
                figures=tuple(figures(judged)),
                errors=tuple(_mistakes(judged)),
            )
        )
    numbers = out / "context.json"
    numbers.write_text(json.dumps([asdict(one) for one in measured], indent=1) + "\n", encoding="utf-8")
    return tuple(measured), (numbers, *files)


def judge(statement: Statement, find: Find) -> Judged:
    """Find the concept of a sentence."""
    place = concept_place(statement)
    if place is None:
        return Judged(statement=statement, place=None, found=None)
    pages = pages_from_text(statement.sentence)
    best, shared = None, 0
    for entity in find(pages):
        start, end = text_offsets(statement.sentence, entity, pages)
        common = min(end, place[1]) - max(start, place[0])
        if common > shared:
            best, shared = entity, common
    return Judged(statement=statement, place=place, found=best)


def concept_place(statement: Statement) -> tuple[int, int] | None:
    """Where the concept first stands in the sentence, whatever the case and white space; whole words come first."""
    if statement.place is not None:
        return statement.place
    words = r"\s+".join(map(re.escape, statement.concept.split()))
    for pattern in (rf"(?<!\w){words}(?!\w)", words):
        if match := re.search(pattern, statement.sentence, re.IGNORECASE):
            return match.span()
    return None


def figures(judged: Sequence[Judged]) -> Iterator[Figure]:
    """The figures of a table: the concepts found, then precision, recall, F1 and specificity of each flag known."""
    held = [Share(right=one.found is not None, of=1) for one in judged if one.place is not None]
    yield Figure(
        flag="concept",
        measure="found",
        estimate=Estimate(value=shares.rate(held), interval=interval(held, shares.rate)),
        count=len(held),
        unit="in their sentence",
    )
    for name in FLAGS:
        flags = [
            Flag(stated=one.statement.flags[name], read=getattr(one.found.context, name))
            for one in judged
            if one.found is not None and name in one.statement.flags
        ]
        if not flags:
            continue
        stated, read = sum(flag.stated for flag in flags), sum(flag.read for flag in flags)
        rates: tuple[tuple[str, Rate, int, str], ...] = (
            ("precision", precision, read, "read so"),
            ("recall", recall, stated, "stated"),
            ("F1", f1, stated, "stated"),
            ("specificity", specificity, len(flags) - stated, "not stated"),
        )
        for measure, rate, count, unit in rates:
            estimate = Estimate(value=rate(flags), interval=interval(flags, rate))
            yield Figure(flag=name, measure=measure, estimate=estimate, count=count, unit=unit)


def precision(flags: Sequence[Flag]) -> float | None:
    """Of those read so, the share that is; None where none was."""
    read = [flag.stated for flag in flags if flag.read]
    return sum(read) / len(read) if read else None


def recall(flags: Sequence[Flag]) -> float | None:
    """Of those that are so, the share read so (sensitivity); None where none is."""
    stated = [flag.read for flag in flags if flag.stated]
    return sum(stated) / len(stated) if stated else None


def f1(flags: Sequence[Flag]) -> float | None:
    """Harmonic mean of precision and recall; None where none is so and none was read so."""
    total = sum(flag.stated + flag.read for flag in flags)
    return 2 * sum(flag.stated and flag.read for flag in flags) / total if total else None


def specificity(flags: Sequence[Flag]) -> float | None:
    """Of those that are not so, the share not read so; None where all are."""
    others = [flag.read for flag in flags if not flag.stated]
    return others.count(False) / len(others) if others else None


def _wrong(judged: Sequence[Judged]) -> Iterator[tuple[Judged, str, str]]:
    """What was understood wrong: the sentence, the flag, and whether it was missed or invented."""
    for one in judged:
        for name, stated in one.statement.flags.items():
            if one.found is not None and getattr(one.found.context, name) != stated:
                yield one, name, "missed" if stated else "invented"


def _mistakes(judged: Sequence[Judged]) -> list[Mistake]:
    times = Counter((flag, what, " ".join(one.statement.concept.lower().split())) for one, flag, what in _wrong(judged))
    return [
        Mistake(flag=flag, what=what, concept=concept, times=number)
        for (flag, what, concept), number in sorted(times.items(), key=lambda item: (-item[1], item[0]))
    ]


def _rows(judged: Sequence[Judged]) -> Iterator[tuple[str, ...]]:
    for one, flag, what in _wrong(judged):
        yield one.statement.id, flag, what, one.statement.concept, one.found.text if one.found else "", _short(one)
    for one in judged:
        if one.found is None:
            what = "not found" if one.place is not None else "not in the sentence"
            yield one.statement.id, "", what, one.statement.concept, "", _short(one)


def _short(one: Judged) -> str:
    """The sentence around its concept."""
    start, end = one.place or (0, 0)
    text = one.statement.sentence
    left, right = max(0, start - _AROUND), min(len(text), end + _AROUND)
    cut = " ".join(text[left:right].split())
    return f"{'…' if left else ''}{cut}{'…' if right < len(text) else ''}"
