"""The command line: the only place that prints, and that turns errors into exit codes."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline import __version__
from pipeline.cli import audit, books, charts, claims, measures, upkeep, work
from pipeline.cli.discreet import keep_logs_discreet, where
from pipeline.cli.screen import errors
from pipeline.errors import ExitCode, InkchartError

app = typer.Typer(
    name="inkchart",
    help="Reads scanned patient charts and proposes codes that a medical coder confirms.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
work.add_to(app)
charts.add_to(app)
books.add_to(app)
measures.add_to(app)
claims.add_to(app)
upkeep.add_to(app)
audit.add_to(app)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _everywhere(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    inbox: Annotated[Path | None, typer.Option(help="As after each command.")] = None,
    data: Annotated[Path | None, typer.Option(help="As after each command.")] = None,
) -> None:
    # Before the command or after it: both are how people type.
    if inbox is not None:
        os.environ["INKCHART_INBOX"] = str(inbox)
    if data is not None:
        os.environ["INKCHART_DATA"] = str(data)


def main() -> None:
    """Run a command; an error becomes a sentence and an exit code."""
    keep_logs_discreet()
    try:
        app()
    except InkchartError as error:
        errors.print(str(error), style="bold red", markup=False, highlight=False)
        sys.exit(error.exit_code)
    except Exception as error:
        # The message may quote a chart; where it happened may not.
        errors.print(where(error), markup=False, highlight=False)
        errors.print("This is a fault of Inkchart itself; nothing was lost.", style="bold red")
        sys.exit(ExitCode.BUG)
