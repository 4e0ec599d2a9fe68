"""`inkchart evaluate entities`: findings held against annotated notes, clean, misread, and read from handwriting.

For each file (`note_data` says what it is) it writes into a folder `NAME.errors.tsv`, what was missed and what was
invented and how often, and for all files `entities.json`.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path

from pipeline.entities import pages_from_text, text_offsets
from pipeline.errors import UsageError
from pipeline.evaluation import by_hand
from pipeline.evaluation.comparison import Estimate
from pipeline.evaluation.details import write_table
from pipeline.evaluation.disturb import Disturbed
from pipeline.evaluation.mentions import Counts, Mistake, Rate, count, exact_f1, f1, mistakes, precision, recall
from pipeline.evaluation.note_data import Document, Documents, Mention, Told
from pipeline.evaluation.resampling import interval
from pipeline.records import Entity, Label, Page, PageImage

Find = Callable[[tuple[Page, ...]], tuple[Entity, ...]]
Pairs = tuple[Sequence[Mention], Sequence[Mention]]
"""True and found, of one document."""
Way = Callable[[Document], Pairs]
"""How a note reaches the finder."""
CLEAN = "clean"
_MEASURES: tuple[tuple[str, Rate, Callable[[Counts], int], str], ...] = (
    ("precision", precision, lambda one: one.found, "found"),
    ("recall", recall, lambda one: one.true, "true"),
    ("F1", f1, lambda one: one.true, "true"),
    ("F1 of exact places", exact_f1, lambda one: one.true, "true"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The same figure of the same notes in another state."""

    way: str
    estimate: Estimate
    of_clean: Estimate
    """Share of the clean figure that is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table."""

    label: str
    """One of ours, or `all`."""
    measure: str
    clean: Estimate
    beside: tuple[Beside, ...]
    count: int
    unit: str
    """What was counted: `found` or `true`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFigures:
    """What was measured of one file."""

    file: str
    documents: int
    figures: tuple[Figure, ...]
    errors: tuple[Mistake, ...]
    """Of the clean notes, the commonest first."""


def evaluate_entities(
    chosen: Sequence[Documents], ways: Mapping[str, Way], *, out: Path, on_row: Told
) -> tuple[tuple[FileFigures, ...], tuple[Path, ...]]:
    """Measure every file; returns the figures and what was written.

    Args:
        chosen: the notes of each file.
        ways: how notes reach the finder, by name; `CLEAN` must be one.
        out: folder for what is written.
        on_row: told how far it is.

    Raises:
        UsageError: `out` cannot be written.
    """
    prepare(out, [data.path for data in chosen])
    measured, files = [], []
    for data in chosen:
        documents = data.documents
        pairs: dict[str, list[Pairs]] = {name: [] for name in ways}
        for place, document in enumerate(documents):
            on_row(data.path.name, len(documents), place)
            for name, way in ways.items():
                pairs[name].append(way(document))
        errors = {name: mistakes(found, data.labels) for name, found in pairs.items()}
        table = out / f"{data.path.stem}.errors.tsv"
        write_table(
            table,
            ("notes", "label", "what", "text", "times"),
            ((name, one.label, one.what, one.text, str(one.times)) for name in errors for one in errors[name]),
        )
        files.append(table)
        measured.append(
            FileFigures(
                file=data.path.name,
                documents=len(documents),
                figures=tuple(_figures(data, pairs)),
                errors=tuple(errors[CLEAN]),
            )
        )
    numbers = out / "entities.json"
    numbers.write_text(json.dumps([asdict(one) for one in measured], indent=1) + "\n", encoding="utf-8")
    return tuple(measured), (numbers, *files)


def clean(find: Find) -> Way:
    """Notes as they are typed."""
    return lambda document: (document.mentions, _found(document.text, find))


def disturbed(find: Find, misread: Callable[[str], Disturbed]) -> Way:
    """Notes with some of their characters misread."""

    def way(document: Document) -> Pairs:
        note = misread(document.text)
        true = [
            Mention(start=note.places[one.start], end=note.places[one.end], label=one.label, text=one.text)
            for one in document.mentions
        ]
        return true, _found(note.text, find)

    return way


def handwritten(find: Find, read_page: Callable[[PageImage], Page], fonts: Sequence[Path]) -> Way:
    """Notes drawn in handwriting fonts, by turns, and read.

    Raises:
        UsageError: one is no font.
    """
    hands = cycle([by_hand.hand(font) for font in fonts])

    def way(document: Document) -> Pairs:
        note = by_hand.draw(document.text, next(hands))
        return document.mentions, by_hand.read(note, read_page, find)

    return way


def prepare(out: Path, paths: Sequence[Path]) -> None:
    """Make the folder for what is written.

    Raises:
        UsageError: it cannot be made, or two files would be written of by the same name.
    """
    if len({path.stem for path in paths}) < len(paths):
        raise UsageError("Two files have the same name, as what is written of them would have; rename one.")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}.") from error


def _found(text: str, find: Find) -> list[Mention]:
    pages = pages_from_text(text)
    mentions = []
    for entity in find(pages):
        start, end = text_offsets(text, entity, pages)
        mentions.append(Mention(start=start, end=end, label=entity.label, text=entity.text))
    return mentions


def _figures(data: Documents, pairs: Mapping[str, Sequence[Pairs]]) -> Iterator[Figure]:
    groups: list[tuple[str, tuple[Label, ...]]] = [(label.value, (label,)) for label in data.labels]
    if len(groups) > 1:
        groups.append(("all", data.labels))
    for label, labels in groups:
        counts = {name: [count(true, found, labels) for true, found in given] for name, given in pairs.items()}
        for measure, rate, counted, unit in _MEASURES:
            yield Figure(
                label=label,
                measure=measure,
                clean=Estimate(value=rate(counts[CLEAN]), interval=interval(counts[CLEAN], rate)),
                beside=tuple(_beside(name, counts[CLEAN], counts[name], rate) for name in counts if name != CLEAN),
                count=sum(map(counted, counts[CLEAN])),
                unit=unit,
            )


def _beside(name: str, before: Sequence[Counts], after: Sequence[Counts], rate: Rate) -> Beside:
    """A figure and the share of the clean one that it keeps, both of the same documents in each draw."""

    def kept(pairs: Sequence[tuple[Counts, Counts]]) -> float | None:
        was, became = rate([one for one, _ in pairs]), rate([other for _, other in pairs])
        return became / was if was and became is not None else None

    pairs = list(zip(before, after, strict=True))
    return Beside(
        way=name,
        estimate=Estimate(value=rate(after), interval=interval(after, rate)),
        of_clean=Estimate(value=kept(pairs), interval=interval(pairs, kept)),
    )
