"""`export` and `office`: what was confirmed leaves, as codes or as claims, and what the office knows comes in."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.claims.files import ClaimFormat
from pipeline.claims.office_files import COLUMNS
from pipeline.cli.options import Data, Inbox, settings_of
from pipeline.cli.screen import out
from pipeline.errors import UsageError
from pipeline.wiring import claims, evidence, outputs


class CodeFormat(StrEnum):
    """How confirmed codes are written."""

    CSV = "csv"
    JSON = "json"


EVIDENCE = "evidence"
_FORMATS = (*CodeFormat, *ClaimFormat, EVIDENCE)


def add_to(app: typer.Typer) -> None:
    """Give the commands to the app."""
    for command in (export, office):
        app.command()(command)


def export(
    format: Annotated[
        str, typer.Option("--format", help=f"One of {', '.join(_FORMATS)}.", metavar="FORMAT")
    ] = CodeFormat.CSV,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", help="File to write; a folder for cms1500, fhir and evidence. Codes go to standard output without."
        ),
    ] = None,
    encounter: Annotated[
        list[str] | None, typer.Option("--encounter", help="Only the claim of this encounter; may be repeated.")
    ] = None,
    released: Annotated[
        bool, typer.Option("--released", help="Only claims that are released and were not sent.")
    ] = False,
    preprinted: Annotated[
        bool, typer.Option("--preprinted", help="cms1500: for the red form, without boxes of our own.")
    ] = False,
    test: Annotated[bool, typer.Option("--test", help="837p: marked as a test, which nobody pays.")] = False,
    inbox: Inbox = None,
    data: Data = None,
) -> None:
    """Write out what was confirmed: its codes (csv, json) or the claims of all signed encounters."""
    if format not in _FORMATS:
        raise UsageError(f"There is no format {format}; there are {', '.join(_FORMATS)}.")
    settings = settings_of(inbox, data)
    if format in set(CodeFormat):
        text = outputs.export_codes(settings, format)
        if to is None:
            typer.echo(text, nl=False)
            return
        outputs.write_text(to, text)
        files: tuple[Path, ...] = (to,)
    elif to is None:
        raise UsageError("Say where the claims go: --to.")
    elif format == EVIDENCE:
        files, findings = evidence.write_evidence(settings, to, encounter or ())
        for sentence in (told for each in findings for told in each.sentences()):
            out.print(sentence, markup=False)
    else:
        written = claims.write_claims(
            settings,
            ClaimFormat(format),
            to,
            encounter or (),
            released=released,
            preprinted=preprinted,
            test=test,
        )
        files = written.files
        if written.drafts:
            out.print(f"Not released, and marked as drafts: {written.drafts}.", markup=False)
        if written.sent:
            out.print(f"Sent before, so that an 837P is marked as a test: {written.sent}.", markup=False)
    for path in files:
        out.print(f"Written to {path}.", markup=False)


def office(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="CSV files of practice, providers, payers, facilities, patients or visits."),
    ] = None,
    inbox: Inbox = None,
    data: Data = None,
) -> None:
    """Bring what claims need besides charts; without a file, show the columns of each."""
    settings = settings_of(inbox, data)
    if not files:
        for kind, columns in COLUMNS.items():
            out.print(f"{kind}.csv  {','.join(columns)}", markup=False)
        return
    for path in files:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
        file, kept = claims.bring(settings, path.name, content)
        out.print(f"{path}: {len(file.rows)} of {file.kind}, kept in {kept}.", markup=False)
