r"""What `inkchart evaluate reading DATA.tsv` takes: tables that name pictures and say what is true of them.

A table is UTF-8 with tabs between columns, no quoting, and column names in its first line. `file` names a
picture relative to the table. What a table holds is told by its other columns:

- **crops**: `text` is what one line or word says, without a line break in any row.
- **pages**: `text` is what a page says in reading order, its lines parted by `\n` written as two characters.
- **forms**: `truth` names a JSON file relative to the table, in the manner of FUNSD: a list of entities (or
  `{"form": [...]}`), each with `words`, a list of `{"box": [x0, y0, x1, y1], "text"}` in pixels of the picture.
- **deskew**: `skew_ccw_deg` is by how many degrees the lines of the upright page climb (counter-clockwise),
  `quarter_turn` by how many degrees it was then turned, counter-clockwise too: 0, 90, 180 or 270.

Columns that any of them may have: `style` or `kind` (who wrote it: a word with `hand` in it, else with `typ` or
`print`; else `source` is looked at the same way), `source` (of the collection), `writer` (lines of one writer are
resampled together; without one every row stands for itself), `id`. Other columns are passed over. A collection is
all rows of one source and style or kind.
"""

import csv
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from pipeline.errors import ChartError, UsageError
from pipeline.evaluation.resampling import SEED
from pipeline.records import LineKind, PageImage
from pipeline.render.drawn import Limits
from pipeline.render.formats import HEAD_BYTES, Format, sniff
from pipeline.render.pictures import Pictures

_LONGEST_NAME = 30
_FILE_NAME = re.compile(r"\s*\S+\.(?:bmp|jpe?g|png|tiff?|webp)\b", re.IGNORECASE)


class DataKind(StrEnum):
    """What a table holds."""

    CROPS = "crops"
    PAGES = "pages"
    FORMS = "forms"
    DESKEW = "deskew"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One picture and what is true of it."""

    folder: Path
    """Of the table: what its columns name is found from here."""
    file: Path
    collection: str
    writer: str
    """Whom it is resampled with: the writer, or the picture itself."""
    kind: LineKind | None
    """Who wrote it, where the table says."""
    text: str
    """With true line breaks; empty where the table has none."""
    values: Mapping[str, str]
    """Every column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """A table that was loaded."""

    path: Path
    kind: DataKind
    rows: tuple[Row, ...]


def load_data(path: Path) -> Data:
    """Load a table.

    Raises:
        UsageError: it cannot be read, or its columns are not those of any kind.
    """
    head, table = _table(path)
    rows = tuple(_row(path.parent, values) for values in table)
    if "file" in head and {"skew_ccw_deg", "quarter_turn"} <= head:
        kind = DataKind.DESKEW
    elif "file" in head and "truth" in head:
        kind = DataKind.FORMS
    elif {"file", "text"} <= head:
        kind = DataKind.PAGES if any("\n" in row.text for row in rows) else DataKind.CROPS
    else:
        raise UsageError(
            f"{path} has none of the sets of columns that are measured: file and text; file and truth; "
            "file, skew_ccw_deg and quarter_turn."
        )
    return Data(path=path, kind=kind, rows=rows)


def load_split(path: Path) -> dict[str, str]:
    """Load a table with the columns `writer` (or the `id` of a row) and `part`: which part each belongs to.

    Raises:
        UsageError: it cannot be read or lacks a column.
    """
    head, table = _table(path)
    names = head & {"writer", "id"}
    if not names or "part" not in head:
        raise UsageError(f"{path} is not a split: it needs the columns writer (or id) and part.")
    return {values[name]: values["part"] for values in table for name in names if values[name]}


def choose(data: Data, *, split: Mapping[str, str], part: str, limit: int | None) -> tuple[Row, ...]:
    """The rows to measure: those of one part of a split, and at most so many of each collection.

    Rows whose writer and id the split does not name belong to no part and stay. Which rows a limit leaves is
    drawn with a fixed seed, so a second run measures the same.
    """
    rows = [row for row in data.rows if _part(row, split) in (None, part)]
    if limit is None:
        return tuple(rows)
    kept: set[int] = set()
    for collection in dict.fromkeys(row.collection for row in rows):
        places = [place for place, row in enumerate(rows) if row.collection == collection]
        kept.update(random.Random(SEED).sample(places, min(limit, len(places))))
    return tuple(row for place, row in enumerate(rows) if place in kept)


def open_picture(path: Path) -> PageImage:
    """The first page of a picture file, as the product renders it, in this process: these files are trusted.

    Raises:
        UsageError: it cannot be read or is no picture.
    """
    try:
        with path.open("rb") as file:
            format = sniff(file.read(HEAD_BYTES))
        if format is None or format is Format.PDF:
            raise UsageError(f"{path} is not a picture.")
        limits = Limits(dpi=300, max_pixels=200_000_000, page_seconds=60.0, memory_mb=0)
        drawn = Pictures(path, format, limits).draw(1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    except ChartError as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    return PageImage(number=1, pixels=np.array(drawn.image, np.uint8), dpi=drawn.dpi)


def short(name: str) -> str:
    """A source or kind as it is shown: without what follows in brackets or after a colon, and without folders."""
    plain = _FILE_NAME.sub("", name.split(" (")[0].split(": ")[0]).strip().rsplit("/", 1)[-1]
    return plain if len(plain) <= _LONGEST_NAME else plain[: _LONGEST_NAME - 1].rstrip(" ,-_") + "…"


def _table(path: Path) -> tuple[set[str], list[dict[str, str]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text.") from error
    rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    head = next(rows, [])
    table = [dict(zip(head, values, strict=False)) for values in rows]
    if not table or any(len(values) < len(head) for values in table):
        raise UsageError(f"{path} is no table: it needs column names, then rows with as many columns.")
    return set(head), table


def _row(folder: Path, values: dict[str, str]) -> Row:
    style, source = values.get("style") or values.get("kind", ""), values.get("source", "")
    file = values.get("file", "")
    return Row(
        folder=folder,
        file=folder / file,
        collection=", ".join(name for name in (short(source), short(style)) if name) or "all",
        writer=values.get("writer") or file,
        kind=_kind(style) or _kind(source),
        text=values.get("text", "").replace("\\n", "\n"),
        values=values,
    )


def _kind(words: str) -> LineKind | None:
    lower = words.lower()
    if "hand" in lower:
        return LineKind.HAND
    return LineKind.PRINT if "typ" in lower or "print" in lower else None


def _part(row: Row, split: Mapping[str, str]) -> str | None:
    return split.get(row.values.get("writer", "")) or split.get(row.values.get("id", ""))


def by_writer(rows: Sequence[Row]) -> dict[str, list[int]]:
    """Places of the rows of each writer."""
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(row.writer, []).append(place)
    return places
