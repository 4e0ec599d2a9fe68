"""`evaluate`: the product measured against what is known to be true."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from pipeline.cli.options import Data, Inbox, Json, settings_of
from pipeline.cli.screen import errors, out, print_json
from pipeline.errors import UsageError
from pipeline.records import CodeSystem

_WIDE = 120
"""Columns of a table that goes to a file or pipe."""
_HELD_OUT = "held-out"


class What(StrEnum):
    """What can be measured by itself; anything else is a folder of charts."""

    READING = "reading"
    ENTITIES = "entities"
    CONTEXT = "context"
    CODING = "coding"


_NAMED = ", ".join(f"`{what}`" for what in What)


def add_to(app: typer.Typer) -> None:
    """Give the command to the app."""
    app.command()(evaluate)


def evaluate(
    what: Annotated[
        str,
        typer.Argument(help=f"A folder of charts with their truth beside them, or {_NAMED}."),
    ],
    tables: Annotated[
        list[Path] | None,
        typer.Argument(help=f"After {_NAMED}: tables and what is true of them."),
    ] = None,
    to: Annotated[Path, typer.Option("--to", help="Folder for figures and pictures.")] = Path("out"),
    split: Annotated[Path | None, typer.Option(help="Table of writers or ids and the part each belongs to.")] = None,
    part: Annotated[
        str | None, typer.Option(help="Part that is measured: held-out where a split is named; for coding all.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Rows of each collection at most.")] = None,
    turns: Annotated[bool, typer.Option("--turns", help="Turn every page about and set it upright again.")] = False,
    noise: Annotated[
        float | None, typer.Option(min=0.0, max=1.0, help="Share of the characters that are misread.")
    ] = None,
    fonts: Annotated[
        list[Path] | None, typer.Option("--font", help="Handwriting font in which notes are also drawn and read.")
    ] = None,
    descriptors: Annotated[
        int | None, typer.Option(min=1, help="So many descriptors of the code books are asked for their codes.")
    ] = None,
    system: Annotated[CodeSystem, typer.Option(help="Whose descriptors are asked.")] = CodeSystem.ICD9CM,
    speed: Annotated[bool, typer.Option("--speed", help="Time coding and what it takes to load.")] = False,
    as_json: Json = False,
    inbox: Inbox = None,
    data: Data = None,
) -> None:
    """Measure the product against what is known to be true, of whole charts or of one thing alone."""
    named = what in set(What)
    if named and not tables and not (what == What.CODING and (descriptors or speed)):
        raise UsageError(f"Name at least one table to measure: inkchart evaluate {what} DATA.")
    if not named and (tables or split or limit):
        raise UsageError(f"A folder of charts is measured whole; what can be measured alone is {', '.join(What)}.")
    if turns and what != What.READING:
        raise UsageError("--turns is of reading alone.")
    if fonts and what not in (What.ENTITIES, What.CODING):
        raise UsageError("--font is of entities and coding alone.")
    if noise is not None and what not in (What.ENTITIES, What.CODING):
        raise UsageError("--noise is of entities and coding alone.")
    if (descriptors or speed) and what != What.CODING:
        raise UsageError("--descriptors and --speed are of coding alone.")
    if split and what == What.CODING:
        raise UsageError("--split is not of coding: its tables say themselves which part a row belongs to.")
    settings = settings_of(inbox, data)
    from pipeline.wiring import measuring, measuring_coding  # what draws the report takes long to load

    with errors.status("") as status:

        def on_row(name: str, of: int, done: int) -> None:
            status.update(f"{escape(name)}: {done} of {of}")

        paths = tables or []
        match what:
            case What.READING:
                measured = measuring.evaluate_reading(
                    settings, paths, to, on_row, split=split, part=part or _HELD_OUT, limit=limit, turns=turns
                )
            case What.ENTITIES:
                measured = measuring.evaluate_entities(
                    settings,
                    paths,
                    to,
                    on_row,
                    split=split,
                    part=part or _HELD_OUT,
                    limit=limit,
                    noise=noise,
                    fonts=fonts or [],
                )
            case What.CONTEXT:
                measured = measuring.evaluate_context(
                    settings, paths, to, on_row, split=split, part=part or _HELD_OUT, limit=limit
                )
            case What.CODING:
                measured = measuring_coding.evaluate_coding(
                    settings,
                    paths,
                    to,
                    on_row,
                    part=part,
                    limit=limit,
                    noise=noise,
                    fonts=fonts or [],
                    drawn=descriptors,
                    system=system,
                    speed=speed,
                )
            case _:
                measured = measuring.evaluate(
                    settings, Path(what), to, on_chart=lambda name: status.update(f"reading {escape(name)}")
                )
    if as_json:
        for value in measured.objects:
            print_json(value)
        return
    if not out.is_terminal:
        out.width = max(out.width, _WIDE)
    for one in measured.tables:
        table = Table(*one.head, title=escape(one.title) or None, title_justify="left")
        for row in one.rows:
            table.add_row(*map(escape, row))
        out.print(table)
    out.print("Written to " + ", ".join(map(str, measured.files)) + ".", markup=False)
