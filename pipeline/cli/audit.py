"""`audit`: who did what, and the proof that nothing of it was changed."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from pipeline.cli.options import Data, Inbox, Json, day_of, settings_of
from pipeline.cli.screen import out, print_json
from pipeline.errors import ExitCode, UsageError
from pipeline.store.audit_proof import sentence
from pipeline.store.audit_rows import Act, Wanted
from pipeline.wiring import auditing

HASH = re.compile(r"[0-9a-f]{64}")

Who = Annotated[str | None, typer.Option("--who", help="Only what this account did.", metavar="NAME")]
What = Annotated[Act | None, typer.Option("--action", help="Only this.", case_sensitive=False)]
Since = Annotated[str | None, typer.Option("--from", help="From this day on, YYYY-MM-DD, in UTC.", metavar="D")]
Until = Annotated[str | None, typer.Option("--to", help="Up to the end of this day.", metavar="D")]
Encounter = Annotated[
    str | None, typer.Option("--encounter", help="Only what was done to this encounter or account.", metavar="ID")
]

commands = typer.Typer(help="Who did what: prove, show and export the audit log.", no_args_is_help=True)


class Format(StrEnum):
    """How entries are written."""

    CSV = "csv"
    JSON = "json"


def add_to(app: typer.Typer) -> None:
    """Give the commands to the app."""
    app.add_typer(commands, name="audit")


@commands.command()
def verify(
    expect: Annotated[
        str | None, typer.Option("--expect", help="A head written down earlier, which must be there.", metavar="HASH")
    ] = None,
    as_json: Json = False,
    inbox: Inbox = None,
    data: Data = None,
) -> None:
    """Prove the chain from its first entry on; name the first broken link and exit with 4 where there is one."""
    head = expect.strip().lower() if expect else None
    if head is not None and not HASH.fullmatch(head):
        raise UsageError("A head is 64 digits and letters from a to f, as `inkchart audit verify` prints it.")
    proof = auditing.verify(settings_of(inbox, data), head)
    whole = proof.fault is None
    if as_json:
        print_json(
            {
                "entries": proof.rows,
                "first": proof.first,
                "last": proof.last,
                "head": proof.head,
                "fault": None if proof.fault is None else proof.fault.value,
                "broken_at": proof.at,
                "missing": proof.missing,
            }
        )
    else:
        out.print(sentence(proof, head), style="green" if whole else "bold red", markup=False)
        span = f", from {proof.first} to {proof.last}" if proof.rows else ""
        entries = "1 entry is" if proof.rows == 1 else f"{proof.rows:,} entries are"
        out.print(f"{entries} proven{span}.", markup=False)
        out.print(f"{'Head' if whole else 'Hash of the last of them'}: {proof.head}", markup=False)
        if whole and proof.rows:
            out.print("Write the head down elsewhere; --expect proves later that it is still in the chain.")
    if not whole:
        raise typer.Exit(ExitCode.SOME_REJECTED)


@commands.command()
def show(
    who: Who = None,
    action: What = None,
    since: Since = None,
    until: Until = None,
    encounter: Encounter = None,
    limit: Annotated[int, typer.Option(min=1, help="Entries at most.")] = 50,
    inbox: Inbox = None,
    data: Data = None,
) -> None:
    """The newest entries, the last one at the bottom."""
    wanted = _wanted(who, action, since, until, encounter)
    table = Table("no.", "at (UTC)", "who", "action", "to", "detail", "request", box=None, pad_edge=False)
    for entry in reversed(auditing.newest(settings_of(inbox, data), wanted, limit)):
        cells = (entry.who, entry.action, entry.subject, entry.detail, entry.request and entry.request[:8])
        table.add_row(str(entry.id), f"{entry.at:%Y-%m-%d %H:%M:%S}", *(escape(cell or "") for cell in cells))
    out.print(table)


@commands.command()
def export(
    who: Who = None,
    action: What = None,
    since: Since = None,
    until: Until = None,
    encounter: Encounter = None,
    format: Annotated[Format, typer.Option("--format", help="How the entries are written.")] = Format.CSV,
    output: Annotated[
        Path | None, typer.Option("--output", help="File to write; standard output without it.", metavar="FILE")
    ] = None,
    inbox: Inbox = None,
    data: Data = None,
) -> None:
    """Write out entries, the oldest first, with all that is needed to prove them elsewhere."""
    lines = auditing.export(settings_of(inbox, data), _wanted(who, action, since, until, encounter), format.value)
    if output is None:
        for line in lines:
            typer.echo(line, nl=False)
        return
    auditing.write_lines(output, lines)
    out.print(f"Written to {output}.", markup=False)


def _wanted(who: str | None, act: Act | None, since: str | None, until: str | None, encounter: str | None) -> Wanted:
    return Wanted(who=who, act=act, subject=encounter, since=day_of(since), until=day_of(until))
