r"""What `inkchart evaluate entities|context DATA` takes: notes with their findings, sentences with what they say.

**entities**: JSON Lines, `{"id", "text", "entities": [[start, end, label, text], ...]}` a line; `start` and `end` are
code points of the text, end exclusive, and at least half of the entity's words stand there (one with a gap, as `left
arm` in `left and right arm`, is named without what stands between). `labels.tsv` says which of our labels a label
stands for; others are passed over. A label of ours that no label of the file stands for is not annotated there, and
what is found of it is not counted.

**context**: a table, UTF-8, tabs between columns, no quoting, column names in the first line: `sentence`, `concept`
(or `finding`: the words in the sentence that are asked about), and either `flags` (those of negated, uncertain,
historical, hypothetical and family that are true, parted by commas or blanks) or some of `negation` (Negated,
Affirmed), `temporality` (Historical, Recent, Not particular) and `experiencer` (Patient, or who else). What is empty
is not measured. `id` names the row. Other columns are passed over. Without `concept`, the truth stands in the sentence:
`Mother has {asthma|family}, pt has {cough|none}` (`\\n` for line breaks, `|done` behind the flags where something is
done or given). Of relatives' findings it is not asked whether they are past.
"""

import csv
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from importlib.resources import files
from pathlib import Path
from typing import NoReturn, TypeVar

from pipeline.errors import UsageError
from pipeline.evaluation.resampling import SEED
from pipeline.records import Context, Label

FLAGS = tuple(flag.name for flag in fields(Context))
_SAID = {
    "negation": ("negated", {"negated": True, "affirmed": False}),
    "temporality": ("historical", {"historical": True, "recent": False, "not particular": False}),
}

_MARK = re.compile(r"\{([^{}|]+)\|([^{}|]+)(?:\|done)?\}")

T = TypeVar("T", bound="Document | Statement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A finding in a text."""

    start: int
    """First code point."""
    end: int
    """One past the last code point."""
    label: Label
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A note with its findings."""

    id: str
    text: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """A file of notes."""

    path: Path
    labels: tuple[Label, ...]
    """Those that are annotated in it."""
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence and what it says of one of its findings."""

    id: str
    concept: str
    sentence: str
    flags: Mapping[str, bool]
    """Of the context's flags those that are known, by name."""
    place: tuple[int, int] | None = None
    """First and one past the last code point of the concept, where the table says which of the same words it is."""


def load_documents(path: Path) -> Documents:
    """Load a file of notes.

    Raises:
        UsageError: it cannot be read, a line is not as described, or none of its labels is one that is known.
    """
    ours = label_names()
    documents = [_document(path, number, line, ours) for number, line in _lines(path)]
    labels = {mention.label for document in documents for mention in document.mentions}
    if not labels:
        raise UsageError(f"{path} has no finding with a label that is known: {', '.join(ours)}.")
    return Documents(path=path, labels=tuple(label for label in Label if label in labels), documents=tuple(documents))


def load_statements(path: Path) -> tuple[Statement, ...]:
    """Load a table of sentences.

    Raises:
        UsageError: it cannot be read, lacks a column, or a row is not as described.
    """
    lines = list(_lines(path))
    rows = csv.reader((line for _, line in lines), delimiter="\t", quoting=csv.QUOTE_NONE)
    head = next(rows, [])
    asked = next((name for name in ("concept", "finding") if name in head), None)
    columns = {"flags", "experiencer", *_SAID} & set(head)
    if asked is None and not columns and "sentence" in head:
        told = zip(lines[1:], rows, strict=True)
        at = head.index("sentence")
        return tuple(
            one for (number, _), row in told for one in _marked(path, number, row[at] if at < len(row) else "")
        )
    if asked is None or "sentence" not in head or not columns:
        raise UsageError(
            f"{path} needs the columns sentence, concept (or finding), and flags or some of negation, temporality "
            "and experiencer."
        )
    statements = []
    for (number, _), cells in zip(lines[1:], rows, strict=True):
        if len(cells) < len(head):
            _refuse(path, number, f"it has {len(cells)} columns, the first line has {len(head)}")
        row = dict(zip(head, cells, strict=False))
        if not row[asked].strip() or not row["sentence"].strip():
            _refuse(path, number, f"{asked} and sentence cannot be empty")
        statements.append(
            Statement(
                id=row.get("id") or f"line {number}",
                concept=row[asked],
                sentence=row["sentence"],
                flags=_flags(path, number, row),
            )
        )
    return tuple(statements)


def chosen_documents(
    paths: Sequence[Path], *, split: Mapping[str, str], part: str, limit: int | None
) -> tuple[Documents, ...]:
    """The notes to measure of each file; `labels` stay those of the whole file.

    Args:
        paths: files of notes.
        split: part of each note by its id; empty for no split.
        part: the part that is measured.
        limit: notes of each file at most.

    Raises:
        UsageError: a file does not fit, or nothing of it is left to measure.
    """
    chosen = []
    for data in map(load_documents, paths):
        documents = choose(data.documents, split=split, part=part, limit=limit)
        if not documents:
            raise UsageError(f"No note of {data.path} belongs to the part {part}.")
        chosen.append(replace(data, documents=documents))
    return tuple(chosen)


def chosen_statements(
    paths: Sequence[Path], *, split: Mapping[str, str], part: str, limit: int | None
) -> tuple[tuple[Path, tuple[Statement, ...]], ...]:
    """The sentences to measure of each table; arguments and errors are those of `chosen_documents`."""
    chosen = []
    for path in paths:
        statements = choose(load_statements(path), split=split, part=part, limit=limit)
        if not statements:
            raise UsageError(f"No sentence of {path} belongs to the part {part}.")
        chosen.append((path, statements))
    return tuple(chosen)


def choose(rows: Sequence[T], *, split: Mapping[str, str], part: str, limit: int | None) -> tuple[T, ...]:
    """The rows to measure: those of one part of a split, and at most so many.

    Rows that the split does not name belong to no part and stay. Which rows a limit leaves is drawn with a fixed
    seed, so a second run measures the same.
    """
    kept = [row for row in rows if split.get(row.id, part) == part]
    if limit is None or limit >= len(kept):
        return tuple(kept)
    return tuple(kept[place] for place in sorted(random.Random(SEED).sample(range(len(kept)), limit)))


def label_names() -> dict[str, Label]:
    """Which of our labels a label of a file stands for."""
    table = (files("pipeline.evaluation") / "labels.tsv").read_text(encoding="utf-8").splitlines()
    return {row["theirs"]: Label(row["ours"]) for row in csv.DictReader(table, delimiter="\t")}


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Every line that is not empty, with its number from 1.

    Raises:
        UsageError: the file cannot be read or holds nothing.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text.") from error
    if not text.strip():
        raise UsageError(f"{path} is empty.")
    # no other sign ends a line: form feeds and the like stand within notes
    yield from ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())


def _document(path: Path, number: int, line: str, ours: Mapping[str, Label]) -> Document:
    try:
        value = json.loads(line)
    except json.JSONDecodeError:
        _refuse(path, number, "it is not JSON")
    if not isinstance(value, dict) or not isinstance(value.get("text"), str) or "id" not in value:
        _refuse(path, number, 'it is not an object with "id", "text" and "entities"')
    text, entities = value["text"], value.get("entities")
    if not isinstance(entities, list):
        _refuse(path, number, '"entities" is not a list')
    mentions = []
    for entity in entities:
        match entity:
            case [int(start), int(end), str(label), str(said)]:
                pass
            case _:
                _refuse(path, number, "an entity is not [start, end, label, text]")
        if not 0 <= start < end <= len(text):
            _refuse(path, number, f"the place {start} to {end} is not in the text, which has {len(text)} code points")
        words = said.split()
        if 2 * sum(word in text[start:end] for word in words) < max(1, len(words)):
            _refuse(path, number, f"at {start} to {end} the text says something else than the entity")
        if label in ours:
            mentions.append(Mention(start=start, end=end, label=ours[label], text=said))
    return Document(id=str(value["id"]), text=text, mentions=tuple(mentions))


def _marked(path: Path, number: int, marked: str) -> Iterator[Statement]:
    """What a sentence says of each finding that is marked in it."""
    marks = list(_MARK.finditer(marked))
    sentence = _MARK.sub(lambda mark: mark[1], marked)
    if not marks or set("{|}") & set(sentence):
        _refuse(path, number, "its findings are not marked as in {cough|none} or {asthma|family}")
    gone = 0
    for which, mark in enumerate(marks, start=1):
        before = marked[: mark.start()].count("\\n")
        start = mark.start() - gone - before
        gone += len(mark[0]) - len(mark[1])
        flags = _stated(path, number, "" if mark[2] == "none" else mark[2])
        if flags["family"]:
            del flags["historical"]
        yield Statement(
            id=f"line {number}.{which}",
            concept=mark[1],
            sentence=sentence.replace("\\n", "\n"),
            flags=flags,
            place=(start, start + len(mark[1])),
        )


def _stated(path: Path, number: int, flags: str) -> dict[str, bool]:
    said = set(flags.replace(",", " ").split())
    if not said <= set(FLAGS):
        _refuse(path, number, f"flags are {', '.join(FLAGS)}, not {', '.join(sorted(said - set(FLAGS)))}")
    return {flag: flag in said for flag in FLAGS}


def _flags(path: Path, number: int, row: Mapping[str, str]) -> dict[str, bool]:
    """The flags of a row that are known."""
    if "flags" in row:
        return _stated(path, number, row["flags"])
    flags = {}
    for column, (flag, values) in _SAID.items():
        value = row.get(column, "").strip().lower()
        if value and value not in values:
            _refuse(path, number, f"{column} is one of {', '.join(values)}")
        if value:
            flags[flag] = values[value]
    if who := row.get("experiencer", "").strip().lower():
        flags["family"] = who != "patient"
    return flags


def _refuse(path: Path, number: int, why: str) -> NoReturn:
    raise UsageError(f"{path}, line {number}: {why}.")


Told = Callable[[str, int, int], None]
"""Told a file's name, how many rows there are and how many are done."""
