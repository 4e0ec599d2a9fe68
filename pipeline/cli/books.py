"""`codebook`: the code books of this machine."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from pipeline.cli.options import Data, Day, Inbox, Json, day_of, settings_of
from pipeline.cli.screen import out, print_json
from pipeline.errors import UsageError
from pipeline.records import Code, CodeSystem
from pipeline.wiring import assembly

NOTICE = (
    "CPT is copyright of the American Medical Association. What stands here as CPT is a starter set of common "
    "services in Inkchart's own words; full use needs the practice's own licensed file (inkchart codebook import)."
)

System = Annotated[CodeSystem | None, typer.Option(help="Only this code system.", case_sensitive=False)]

commands = typer.Typer(help="List, search, import and show code books.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Give the commands to the app."""
    app.add_typer(commands, name="codebook")


@commands.command("list")
def list_books(as_json: Json = False, inbox: Inbox = None, data: Data = None) -> None:
    """Every code book, its edition and when it is in force."""
    books = assembly.books(settings_of(inbox, data)).books()
    if as_json:
        for book in books:
            print_json(
                {
                    "system": book.system,
                    "name": book.name,
                    "edition": book.edition,
                    "valid_from": None if book.valid_from is None else book.valid_from.isoformat(),
                    "valid_to": None if book.valid_to is None else book.valid_to.isoformat(),
                    "codes": book.count,
                    "sha256": book.sha256,
                }
            )
        return
    table = Table("system", "book", "edition", "valid from", "valid to", "codes")
    for book in books:
        span = ("" if day is None else day.isoformat() for day in (book.valid_from, book.valid_to))
        table.add_row(book.system, escape(book.name), escape(book.edition), *span, f"{book.count:,}")
    out.print(table)
    out.print(NOTICE)


@commands.command()
def search(
    words: Annotated[list[str], typer.Argument(help="Words, or the beginning of a code.")],
    system: System = None,
    date_of_service: Day = None,
    limit: Annotated[int, typer.Option(min=1)] = 20,
    as_json: Json = False,
    inbox: Inbox = None,
    data: Data = None,
) -> None:
    """Find codes by words or by the beginning of the code."""
    books = assembly.books(settings_of(inbox, data))
    _print_codes(list(books.search(" ".join(words), system=system, on=day_of(date_of_service), limit=limit)), as_json)


@commands.command()
def show(
    code: Annotated[str, typer.Argument(help="With or without its dot.")],
    system: System = None,
    as_json: Json = False,
    inbox: Inbox = None,
    data: Data = None,
) -> None:
    """One code, in every system that has it."""
    books = assembly.books(settings_of(inbox, data))
    found = [books.get(each, code) for each in ([system] if system else CodeSystem)]
    codes = [entry for entry in found if entry is not None]
    if not codes:
        raise UsageError(f"{code} is in none of the loaded code books.")
    _print_codes(codes, as_json)


@commands.command("import")
def import_book(
    file: Annotated[Path, typer.Argument(help="A file of CMS or NCHS, or the practice's licensed CPT file.")],
    i_hold_a_licence: Annotated[
        bool, typer.Option("--i-hold-a-licence", help="The practice holds the AMA's licence for this CPT file.")
    ] = False,
    inbox: Inbox = None,
    data: Data = None,
) -> None:
    """Take in a code book, for use from now on by its validity."""
    imported = assembly.import_book(settings_of(inbox, data), file, licensed=i_hold_a_licence)
    rows = ", ".join(f"{len(rows):,} {name}" for name, rows in imported.tables.items())
    book = imported.book
    out.print(f"{book.name} {book.edition} ({imported.part}): {rows} are in use from now on.", markup=False)


def _print_codes(codes: list[Code], as_json: bool) -> None:
    for code in codes:
        if as_json:
            print_json(
                {
                    "system": code.system,
                    "code": code.code,
                    "display": code.display,
                    "billable": code.billable,
                    "kind": code.kind,
                }
            )
        else:
            note = "" if code.billable else "  [yellow]not billable: needs a more specific code[/]"
            out.print(f"{code.system:8} {code.code:8} {escape(code.display)}{note}")
