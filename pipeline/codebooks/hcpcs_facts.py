"""The starter set of HCPCS II: what a code stands for as facts, and the name that is composed of them.

The tables of the folder `hcpcs` hold a kind of thing each: drugs by what one billed unit of them is, supplies and
equipment by material and size, braces by part of the body and by how they are made, casts by age and material,
services. A number that was used again has a row for each of its uses, the newest first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pipeline.codebooks.entries import Book, Entry, Source, Volume, Wording
from pipeline.codebooks.sources import TABLES, fingerprint
from pipeline.codebooks.starter import FORMS, day, parted, rows
from pipeline.errors import SetupError
from pipeline.records import CodeSystem

FOLDER = TABLES / "hcpcs"
_NAMES_AND_DATES = ("synonyms", "from", "to")
_THING = ("code", "item", "material", "size", "pack", *_NAMES_AND_DATES)
COLUMNS = {
    "casting": ("code", "item", "age", "material", *_NAMES_AND_DATES),
    "drugs": ("code", "drug", "limit", "amount", "unit", "form", "brands", *_NAMES_AND_DATES),
    "equipment": _THING,
    "orthotics": ("code", "item", "part", "make", *_NAMES_AND_DATES),
    "services": ("code", "item", "payer", *_NAMES_AND_DATES),
    "supplies": _THING,
    "vision": _THING,
}
"""The columns of each table, by the name of its file."""
UNITS = ("mcg", "mg", "g", "mL", "units", "mEq", "dose", "vial", "each")
"""What the amount of a drug is counted in."""
CHOICES = {
    "age": ("", "adult", "child"),
    "limit": ("", "up to", "over"),
    "make": ("", "ready made", "custom fitted", "custom made"),
    "unit": UNITS,
}
"""Columns that hold one of a few words."""
_LONGEST_ABBREVIATION = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A row of a table: one use of a code."""

    code: str
    table: str
    """The file that it stands in, without `.tsv`."""
    columns: dict[str, str]
    """What the table says of it, by column; empty where it says nothing."""
    name: str
    """Composed of the facts."""
    synonyms: tuple[str, ...]
    """Trade names first."""
    valid_from: date | None
    valid_to: date | None


def files() -> tuple[Path, ...]:
    """The tables that are read here."""
    return tuple(FOLDER / f"{table}.tsv" for table in COLUMNS)


def read_facts() -> list[Facts]:
    """Every row of every table.

    Raises:
        SetupError: a row does not fit, or a number has two rows and the older does not say when it ended.
    """
    found: list[Facts] = []
    newest: set[str] = set()
    for path in files():
        for place, cells in rows(path, COLUMNS[path.stem]):
            facts = _facts(path.stem, place, dict(zip(COLUMNS[path.stem], cells, strict=True)))
            if facts.code in newest and facts.valid_to is None:
                raise SetupError(f"{place} has {facts.code} again and does not say when that use of it ended.")
            newest.add(facts.code)
            found.append(facts)
    return found


def read_volume() -> Volume:
    """The starter set as a book; the words of a number that was used again bear the days of their use.

    Raises:
        SetupError: as `read_facts`.
    """
    entries: list[Entry] = []
    wordings: list[Wording] = []
    for facts in read_facts():
        entries.append(
            Entry(
                code=facts.code,
                display=facts.name,
                billable=True,
                kind="procedure" if facts.table == "services" else "supply",
                valid_from=facts.valid_from,
                valid_to=facts.valid_to,
            )
        )
        wordings += _wordings(facts)
    book = Book(
        system=CodeSystem.HCPCS,
        name="HCPCS starter set",
        edition="of this program, in its own words",
        valid_from=None,
        valid_to=None,
        sha256=fingerprint(files()),
        count=len({entry.code for entry in entries}),
    )
    return Volume(book=book, entries=entries, wordings=wordings)


def _facts(table: str, place: str, columns: dict[str, str]) -> Facts:
    code, thing = columns["code"], columns["drug" if table == "drugs" else "item"]
    if not FORMS[CodeSystem.HCPCS].fullmatch(code) or not thing:
        raise SetupError(f"{place} is not an HCPCS code with what it stands for.")
    for column, allowed in CHOICES.items():
        if column in columns and columns[column] not in allowed:
            raise SetupError(f"{place} has {columns[column]!r} as its {column}, not one of {', '.join(allowed)}.")
    if table == "drugs":
        _check_amount(place, columns["amount"])
    return Facts(
        code=code,
        table=table,
        columns=columns,
        name=_drug_name(columns) if table == "drugs" else _item_name(table, columns),
        synonyms=(*parted(columns.get("brands", "")), *parted(columns["synonyms"])),
        valid_from=day(columns["from"], place, first=True),
        valid_to=day(columns["to"], place, first=False),
    )


def _check_amount(place: str, amount: str) -> None:
    try:
        fits = Decimal(amount) > 0
    except InvalidOperation:
        fits = False
    if not fits:
        raise SetupError(f"{place} has {amount!r} as its amount, which is no number above nought.")


def _drug_name(columns: dict[str, str]) -> str:
    """Such as `Epoetin alfa injection, not on dialysis, 1,000 units`."""
    drug, _, more = columns["drug"].partition(", ")
    said = [f"{drug} {columns['form']}".strip(), more]
    if columns["unit"] != "each":
        said.append(f"{columns['limit']} {Decimal(columns['amount']):,} {columns['unit']}".strip())
    return ", ".join(part for part in said if part)


def _item_name(table: str, columns: dict[str, str]) -> str:
    """The item and each further fact that it does not say itself."""
    said = columns["item"]
    if table == "casting" and "cast" in said.lower().split():
        said += " supplies"
    if columns.get("payer"):
        return f"{said} ({columns['payer']})"
    for column in ("age", "material", "size", "pack", "make"):
        if (fact := columns.get(column, "")) and fact not in said.lower():
            said += f", {fact}"
    return said


def _wordings(facts: Facts) -> Iterator[Wording]:
    yield Wording(
        text=facts.name,
        system=CodeSystem.HCPCS,
        code=facts.code,
        source=Source.DESCRIPTION,
        valid_from=facts.valid_from,
        valid_to=facts.valid_to,
    )
    whole = next((text for text in facts.synonyms if len(text) > _LONGEST_ABBREVIATION), facts.name)
    for text in facts.synonyms:
        yield Wording(
            text=text,
            system=CodeSystem.HCPCS,
            code=facts.code,
            source=Source.SYNONYM,
            canonical=whole if len(text) <= _LONGEST_ABBREVIATION else None,
            valid_from=facts.valid_from,
            valid_to=facts.valid_to,
        )
