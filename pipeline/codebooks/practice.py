"""The practice's own list of services: its names for codes, with modifiers and fees.

A CSV with the columns `name` and `code`, and where wanted `system`, `modifiers` (parted by blanks) and `fee`
(dollars). Its names become synonyms; fees and modifiers are for claims. It stands in `DATA/codebooks/practice.csv`.
"""

import csv
import io
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from pipeline.codebooks.entries import Source, Wording
from pipeline.codebooks.sources import fingerprint
from pipeline.codebooks.starter import FORMS
from pipeline.errors import SetupError, UsageError
from pipeline.records import CLAIMED, CodeSystem, Part

_NAMES = {
    "name": ("name", "service", "description", "item"),
    "code": ("code", "cpt", "cpt code", "procedure code", "hcpcs"),
    "system": ("system", "code system"),
    "modifiers": ("modifiers", "modifier", "mod"),
    "fee": ("fee", "price", "charge", "amount"),
}
"""What each column may be called."""
_ORDER = (CodeSystem.CPT, CodeSystem.HCPCS, CodeSystem.ICD9CM, CodeSystem.ICD10CM)
"""Where a row names no system: the first whose book has the code."""
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_FEE = re.compile(r"\$?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A row of the practice's list."""

    line: int
    """In the file, from 1."""
    name: str
    """What the practice calls it."""
    code: str
    """With its dot."""
    system: CodeSystem | None
    """None where the list does not say, until the books did."""
    modifiers: tuple[str, ...]
    fee: Decimal | None
    """In dollars; None where the list has none."""


def read_practice(name: str, content: bytes) -> tuple[Service, ...] | None:
    """The rows of a practice's list; None where this is no such file.

    Raises:
        UsageError: it is one, but a row does not fit.
    """
    if b"\0" in content or content.startswith(b"PK"):
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    delimiter = max("\t;,", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        head = [cell.strip().lower() for cell in next(rows, [])]
        places = {column: next((head.index(n) for n in names if n in head), None) for column, names in _NAMES.items()}
        bare = places["fee"] is None and places["modifiers"] is None
        if (
            places["code"] is None
            or places["name"] is None
            or (bare and head[places["name"]] not in _NAMES["name"][:2])
        ):
            return None
        return tuple(
            _service(f"{name} line {rows.line_num}", rows.line_num, {c: _cell(cells, p) for c, p in places.items()})
            for cells in rows
            if any(cell.strip() for cell in cells)
        )
    except csv.Error as error:
        raise UsageError(f"{name} line {rows.line_num} cannot be read: {error}; nothing was imported.") from error


def known(name: str, services: Iterable[Service], codes: Iterable[tuple[CodeSystem, str]]) -> tuple[Service, ...]:
    """The rows with their systems.

    Args:
        name: of the file, for complaints.
        services: its rows.
        codes: every code that the loaded books have.

    Raises:
        UsageError: no loaded book has a code.
    """
    there = set(codes)
    found = []
    for service in services:
        systems = _ORDER if service.system is None else (service.system,)
        system = next((s for s in systems if (s, service.code) in there), None)
        if system is None:
            raise UsageError(
                f"{name} line {service.line} has {service.code}, which is in no loaded code book; nothing was imported."
            )
        found.append(replace(service, system=system))
    return tuple(found)


def keep(services: Iterable[Service], data_dir: Path) -> None:
    """Write the list into the data folder, in place of the former one.

    Raises:
        SetupError: the folder cannot be written.
    """
    body = io.StringIO()
    writer = csv.writer(body, lineterminator="\n")
    writer.writerow(_NAMES)
    writer.writerows(
        (s.name, s.code, s.system or "", " ".join(s.modifiers), "" if s.fee is None else s.fee) for s in services
    )
    path = kept(data_dir)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(body.getvalue())
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        raise SetupError(f"The practice's list cannot be written to {path}: {error.strerror or error}.") from error


def kept(data_dir: Path) -> Path:
    """Where the list stands, if it was brought."""
    return data_dir / "codebooks" / "practice.csv"


def load_practice(data_dir: Path) -> tuple[Service, ...]:
    """The list of a data folder; empty where none was brought.

    Raises:
        SetupError: the file was changed into something else.
    """
    path = kept(data_dir)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise SetupError(f"The practice's list {path} cannot be read: {error.strerror or error}.") from error
    try:
        services = read_practice(path.name, content)
    except UsageError as error:
        raise SetupError(f"The practice's list {path} is damaged; import its file again.") from error
    if services is None:
        raise SetupError(f"The practice's list {path} is damaged; import its file again.")
    return services


def part(data_dir: Path) -> Part | None:
    """The list as provenance names it; None where none was brought."""
    path = kept(data_dir)
    return (
        Part(name="practice's own list", edition="as imported", sha256=fingerprint((path,))) if path.is_file() else None
    )


def wordings(services: Iterable[Service]) -> tuple[Wording, ...]:
    """The practice's names as synonyms."""
    return tuple(
        Wording(text=service.name, system=service.system, code=service.code, source=Source.SYNONYM)
        for service in services
        if service.system is not None
    )


def _service(place: str, line: int, cells: dict[str, str]) -> Service:
    code, system = cells["code"].upper(), cells["system"].upper().replace("-", "").replace(" ", "")
    if not cells["name"]:
        raise UsageError(f"{place} has no name; nothing was imported.")
    if system and system not in CLAIMED:
        raise UsageError(f"{place} has {system} where one of {', '.join(CLAIMED)} should be; nothing was imported.")
    forms = [FORMS[CodeSystem(system)]] if system else [FORMS[each] for each in _ORDER]
    if not any(form.fullmatch(code) for form in forms):
        raise UsageError(f"{place} has {code!r} where a code should be; nothing was imported.")
    modifiers = tuple(re.split(r"[\s,;/]+", cells["modifiers"].upper())) if cells["modifiers"] else ()
    if not all(_MODIFIER.fullmatch(modifier) for modifier in modifiers):
        raise UsageError(f"{place} has {cells['modifiers']!r} where modifiers should be; nothing was imported.")
    fee = _FEE.fullmatch(cells["fee"])
    if cells["fee"] and fee is None:
        raise UsageError(f"{place} has {cells['fee']!r} where a fee in dollars should be; nothing was imported.")
    return Service(
        line=line,
        name=" ".join(cells["name"].split()),
        code=code,
        system=CodeSystem(system) if system else None,
        modifiers=modifiers,
        fee=Decimal(fee[1].replace(",", "") + (fee[2] or "")) if fee else None,
    )


def _cell(cells: list[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""
