"""`check`, `migrate`, `reconcile` and `separator`: everything around the daily work."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pipeline.cli.options import Data, Inbox, Json, settings_of
from pipeline.cli.screen import out, print_json
from pipeline.errors import ExitCode
from pipeline.wiring import folders, machine, outputs


def add_to(app: typer.Typer) -> None:
    """Give the commands to the app."""
    for command in (check, migrate, reconcile, separator):
        app.command()(command)


def check(inbox: Inbox = None, data: Data = None) -> None:
    """Say whether this machine has everything that Inkchart needs."""
    failed = False
    for name, problem in machine.checks(settings_of(inbox, data)):
        failed = failed or problem is not None
        mark = "[green]ok[/]     " if problem is None else "[red]missing[/]"
        out.print(f"{mark} {escape(name)}" + ("" if problem is None else f": {escape(problem)}"))
    if failed:
        raise typer.Exit(ExitCode.NOT_SET_UP)


def migrate(inbox: Inbox = None, data: Data = None) -> None:
    """Bring the store's tables up to this program."""
    settings = settings_of(inbox, data)
    folders.prepare(settings)
    opened = machine.open_store(settings)
    opened.worklist.rebuild()
    out.print(f"The store is at revision {opened.revision}.")


def reconcile(as_json: Json = False, inbox: Inbox = None, data: Data = None) -> None:
    """Prove that nothing was lost, over inbox, originals, store and files; exceptions are named."""
    account = machine.account(settings_of(inbox, data))
    if as_json:
        print_json(
            {
                "states": {state.value: count for state, count in account.states.items()},
                "not_yet_seen": account.not_yet_seen,
                "pages": {
                    "content": account.pages.content,
                    "blank": account.pages.blank,
                    "separator": account.pages.separator,
                },
                "passed_over": list(account.passed_over),
                "exceptions": list(account.exceptions),
            }
        )
    else:
        states = ", ".join(f"{count} {state}" for state, count in account.states.items())
        out.print(f"Files: {states}; {account.not_yet_seen} not yet looked at.")
        pages = account.pages
        out.print(f"Pages read: {pages.content} with content, {pages.blank} blank, {pages.separator} separator sheets.")
        for sentence in account.passed_over:
            out.print(f"[yellow]passed over[/] {escape(sentence)}")
        for sentence in account.exceptions:
            out.print(f"[red]exception[/]   {escape(sentence)}")
        if not account.exceptions:
            out.print("[green]Everything that was seen is accounted for.[/]")
    if account.exceptions:
        raise typer.Exit(ExitCode.SOME_REJECTED)


def separator(
    to: Annotated[Path, typer.Argument(help="PDF or PNG file to write.")] = Path("separator.pdf"),
    inbox: Inbox = None,
    data: Data = None,
) -> None:
    """Write a separator sheet to print: laid between two charts, it splits one scan into two."""
    settings_of(inbox, data)
    outputs.write_separator(to)
    out.print(f"Written to {to}; print it on plain paper and lay it between two charts.", markup=False)
