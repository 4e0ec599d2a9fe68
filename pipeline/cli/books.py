"""`codebook`: the code books of this machine."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from pipeline.cli.code_page import plain_code, print_page, print_page_json
from pipeline.cli.options import Data, Day, Inbox, Json, day_of, settings_of
from pipeline.cli.screen import out, print_json
from pipeline.codebooks.pages import page_of
from pipeline.errors import UsageError
from pipeline.records import Code, CodeSystem
from pipeline.wiring import assembly

STARTER = (
    "A starter set holds common services and supplies in Inkchart's own words, not the whole book; it proves no "
    "validity. The whole HCPCS Level II book is the annual file of CMS (inkchart codebook import)."
)
LICENCE = (
    "CPT is copyright of the American Medical Association. The starter set names CPT numbers in Inkchart's own words "
    "and holds no AMA text; full use needs the practice's own licensed file (inkchart codebook import)."
)
HOSPITALS = "ICD-9-CM Volume 3 (procedures of hospitals) is here to be looked up; it is never proposed or billed."

System = Annotated[CodeSystem | None, typer.Option(help="Only this code system.", case_sensitive=False)]

commands = typer.Typer(help="List, search, import and show code books.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Give the commands to the app."""
    app.add_typer(commands, name="codebook")


@commands.command("list")
def list_books(as_json: Json = False, inbox: Inbox = None, data: Data = None) -> None:
    """Every code book, its edition, when it is in force, how many codes and synonyms it has."""
    settings = settings_of(inbox, data)
    codebooks = assembly.books(settings)
    synonyms = codebooks.synonym_counts()
    if as_json:
        for book in codebooks.books():
            print_json(
                {
                    "system": book.system,
                    "name": book.name,
                    "edition": book.edition,
                    "valid_from": None if book.valid_from is None else book.valid_from.isoformat(),
                    "valid_to": None if book.valid_to is None else book.valid_to.isoformat(),
                    "codes": book.count,
                    "synonyms": synonyms[book.system],
                    "starter": book.starter,
                    "sha256": book.sha256,
                }
            )
        return
    table = Table("system", "book", "proves", "codes", "synonyms", "SHA-256")
    for book in codebooks.books():
        span = "no validity" if book.starter else f"{book.valid_from or '...'} to {book.valid_to or '...'}"
        counts = (f"{book.count:,}", f"{synonyms[book.system]:,}")
        table.add_row(book.system, escape(f"{book.name}, {book.edition}"), span, *counts, book.sha256[:12])
    out.print(table)
    for part in assembly.own_parts(settings):
        out.print(f"Brought here: {part.name}, {part.edition}", markup=False)
    for notice in (STARTER, LICENCE, HOSPITALS):
        out.print(notice)


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
    date_of_service: Day = None,
    as_json: Json = False,
    inbox: Inbox = None,
    data: Data = None,
) -> None:
    """One code in every system that has it: what is above and below it, its notes, names, validity and maps."""
    books = assembly.books(settings_of(inbox, data))
    on = day_of(date_of_service)
    found = [page_of(books, each, code, on) for each in ([system] if system else CodeSystem)]
    pages = [page for page in found if page is not None]
    if not pages:
        raise UsageError(
            f"{code} is in none of the loaded code books; `inkchart codebook search` finds codes by words."
        )
    for number, page in enumerate(pages):
        if as_json:
            print_page_json(page)
        else:
            if number:
                out.print()
            print_page(page)


@commands.command("import")
def import_book(
    file: Annotated[
        Path, typer.Argument(help="A file of CMS or NCHS, the practice's licensed CPT file or its own list.")
    ],
    i_hold_a_licence: Annotated[
        bool, typer.Option("--i-hold-a-licence", help="The practice holds the AMA's licence for this CPT file.")
    ] = False,
    inbox: Inbox = None,
    data: Data = None,
) -> None:
    """Take in a code book, for use from now on by its validity."""
    settings = settings_of(inbox, data)
    own = assembly.import_own(settings, file)
    if own is not None:
        out.print(own, markup=False)
        return
    imported = assembly.import_book(settings, file, licensed=i_hold_a_licence)
    rows = ", ".join(f"{len(rows):,} {name}" for name, rows in imported.tables.items())
    book = imported.book
    out.print(f"{book.name} {book.edition} ({imported.part}): {rows} are in use from now on.", markup=False)


def _print_codes(codes: list[Code], as_json: bool) -> None:
    for code in codes:
        if as_json:
            print_json(plain_code(code))
        else:
            note = "" if code.billable else "  [yellow]not billable: needs a more specific code[/]"
            out.print(f"{code.system:8} {code.code:8} {escape(code.display)}{note}")
