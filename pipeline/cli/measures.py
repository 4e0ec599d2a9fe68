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

_WIDE = 120
"""Columns of a table that goes to a file or pipe."""


class What(StrEnum):
    """What can be measured by itself; anything else is a folder of charts."""

    READING = "reading"


def add_to(app: typer.Typer) -> None:
    """Give the command to the app."""
    app.command()(evaluate)


def evaluate(
    what: Annotated[str, typer.Argument(help="A folder of charts with their truth beside them, or `reading`.")],
    tables: Annotated[
        list[Path] | None, typer.Argument(help="After `reading`: tables of pictures and what is true of them.")
    ] = None,
    to: Annotated[Path, typer.Option("--to", help="Folder for figures and pictures.")] = Path("out"),
    split: Annotated[Path | None, typer.Option(help="Table of writers and the part each belongs to.")] = None,
    part: Annotated[str, typer.Option(help="Part of the split that is measured.")] = "held-out",
    limit: Annotated[int | None, typer.Option(min=1, help="Rows of each collection at most.")] = None,
    turns: Annotated[bool, typer.Option("--turns", help="Turn every page about and set it upright again.")] = False,
    as_json: Json = False,
    inbox: Inbox = None,
    data: Data = None,
) -> None:
    """Measure the product against what is known to be true, of whole charts or of reading alone."""
    named = what in set(What)
    if named and not tables:
        raise UsageError(f"Name at least one table to measure: inkchart evaluate {what} DATA.tsv.")
    if not named and (tables or split or limit or turns):
        raise UsageError(f"A folder of charts is measured whole; what can be measured alone is {', '.join(What)}.")
    settings = settings_of(inbox, data)
    from pipeline.wiring import measuring  # what draws the report takes long to load

    with errors.status("") as status:
        if named:
            measured = measuring.evaluate_reading(
                settings,
                tables or [],
                to,
                lambda name, of, done: status.update(f"{escape(name)}: {done} of {of}"),
                split=split,
                part=part,
                limit=limit,
                turns=turns,
            )
        else:
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
