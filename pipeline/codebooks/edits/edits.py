"""The imported edits of a data folder: kept in `DATA/codebooks/edits/`, a file for each part, and asked by day."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np

from pipeline.codebooks.edits.mue import LimitTable, UnitLimit, read_mue
from pipeline.codebooks.edits.ncci import PairEdit, PairTable, read_ncci
from pipeline.codebooks.tables import read_arrays, write_arrays
from pipeline.errors import SetupError
from pipeline.records import Part

_PAIR_COLUMNS = ("keys", "effective", "deleted", "modifier", "before_1996")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """All edits that were imported; what is not there is not known, which is not the same as allowed."""

    pairs: tuple[PairTable, ...]
    limits: tuple[LimitTable, ...]

    def parts(self) -> tuple[Part, ...]:
        """Every table that was imported, as provenance names it."""
        pairs = (Part(name="NCCI pair edits", edition=table.edition, sha256=table.sha256) for table in self.pairs)
        limits = (
            Part(name="most units (MUE)", edition=f"{table.valid_from} to {table.valid_to}", sha256=table.sha256)
            for table in self.limits
        )
        return (*pairs, *limits)

    def pair(self, code1: str, code2: str, on: date) -> PairEdit | None:
        """The edit on two codes, whichever is given first, that is in force that day."""
        day = on.toordinal()
        for first, second in ((code1, code2), (code2, code1)):
            key = (first + second).encode()
            for table in self.pairs:
                begin, end = (int(np.searchsorted(table.keys, key, side=side)) for side in ("left", "right"))
                for place in range(begin, end):
                    effective, deleted = int(table.effective[place]), int(table.deleted[place])
                    if effective <= day and (not deleted or day <= deleted):
                        return PairEdit(
                            column1=first,
                            column2=second,
                            effective=date.fromordinal(effective),
                            deleted=date.fromordinal(deleted) if deleted else None,
                            modifier=int(table.modifier[place]),
                            before_1996=bool(table.before_1996[place]),
                            edition=table.edition,
                        )
        return None

    def most_units(self, code: str, on: date) -> UnitLimit | None:
        """The limit of the quarter that the day is in; None where that quarter was not imported, or has none."""
        for table in self.limits:
            if table.valid_from <= on <= table.valid_to:
                return next((limit for limit in table.limits if limit.code == code), None)
        return None


def take(name: str, content: bytes, data_dir: Path) -> str | None:
    """Take a file of edits into the data folder, whole or not at all; a sentence of what it held.

    The same part again, or its next version, replaces the former one. None where it is no such file.

    Raises:
        UsageError: it is one, but wrong; line and reason are told.
        SetupError: the data folder cannot be written.
    """
    pairs = read_ncci(name, content)
    if pairs is not None:
        columns = {column: getattr(pairs, column) for column in _PAIR_COLUMNS}
        told = {"edition": pairs.edition, "part": pairs.part, "sha256": pairs.sha256}
        head = np.frombuffer(json.dumps(told).encode(), dtype=np.uint8)
        _write(data_dir, f"ncci-{pairs.part}.npz", lambda path: write_arrays(path, {"head": head, **columns}))
        return f"NCCI pair edits {pairs.edition} are in use from now on; pairs: {len(pairs.keys):,}."
    limits = read_mue(name, content)
    if limits is not None:
        text = np.frombuffer(json.dumps(asdict(limits), default=str).encode(), dtype=np.uint8)
        _write(data_dir, f"mue-{limits.valid_from}.npz", lambda path: write_arrays(path, {"limits": text}))
        span = f"{limits.valid_from} to {limits.valid_to}"
        return f"Most units (MUE) of {span} are in use from now on; codes: {len(limits.limits):,}."
    return None


def load_edits(data_dir: Path) -> Edits:
    """The edits of a data folder.

    Raises:
        SetupError: a file was changed into something else.
    """
    folder = data_dir / "codebooks" / "edits"
    return Edits(
        pairs=tuple(_pairs(path) for path in sorted(folder.glob("ncci-*.npz"))),
        limits=tuple(_limits(path) for path in sorted(folder.glob("mue-*.npz"))),
    )


def _write(data_dir: Path, name: str, write: Callable[[Path], None]) -> None:
    folder = data_dir / "codebooks" / "edits"
    try:
        write(folder / name)
    except OSError as error:
        raise SetupError(f"The edits cannot be written to {folder}: {error.strerror or error}.") from error


def _pairs(path: Path) -> PairTable:
    columns = read_arrays(path)
    try:
        if columns is None:
            raise ValueError
        head = json.loads(columns.pop("head").tobytes())
        return PairTable(**head, **columns)  # type: ignore[arg-type]  # of the types that were written
    except (ValueError, KeyError, TypeError) as error:
        raise SetupError(f"The imported edits {path} are damaged; remove them and import their file again.") from error


def _limits(path: Path) -> LimitTable:
    columns = read_arrays(path)
    try:
        if columns is None:
            raise ValueError
        record = json.loads(columns["limits"].tobytes())
        begins, ends = date.fromisoformat(record["valid_from"]), date.fromisoformat(record["valid_to"])
        limits = (UnitLimit(**{**limit, "valid_from": begins, "valid_to": ends}) for limit in record["limits"])
        return LimitTable(sha256=record["sha256"], valid_from=begins, valid_to=ends, limits=tuple(limits))
    except (ValueError, KeyError, TypeError) as error:
        raise SetupError(f"The imported edits {path} are damaged; remove them and import their file again.") from error
