"""Options that several commands share."""

import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import UsageError
from pipeline.settings import Settings, load

Inbox = Annotated[Path | None, typer.Option("--inbox", help="The inbox folder (or INKCHART_INBOX).", metavar="DIR")]
Data = Annotated[Path | None, typer.Option("--data", help="The data folder (or INKCHART_DATA).", metavar="DIR")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON Lines, one object per input, and nothing else.")]
Day = Annotated[str | None, typer.Option("--date-of-service", help="Day of the visit, YYYY-MM-DD.", metavar="D")]
From = Annotated[Path | None, typer.Option("--from", help="Take the inputs from this file (- for standard input).")]


def settings_of(inbox: Path | None, data: Path | None) -> Settings:
    """Settings for a command.

    Raises:
        UsageError: a setting is unknown or does not fit.
    """
    return load(inbox=inbox, data=data)


def day_of(text: str | None) -> date | None:
    """A date of service.

    Raises:
        UsageError: it is not written as YYYY-MM-DD.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is not a date written as YYYY-MM-DD.") from error


def paths_of(files: list[Path] | None, source: Path | None) -> list[Path]:
    """Files named on the command line, and those that a list names, one a line.

    Raises:
        UsageError: there are none, or the list cannot be read.
    """
    paths = list(files or [])
    if source is not None:
        paths += [Path(os.fsdecode(line)) for line in bytes_of(source).splitlines() if line]
    if not paths:
        raise UsageError("Name at least one file, or a list of files with --from.")
    return paths


def objects_of(source: Path) -> Iterator[dict[str, object] | str]:
    """Objects of a JSON Lines file; a line that is not one gives a sentence instead.

    Raises:
        UsageError: the file cannot be read.
    """
    for number, line in enumerate(bytes_of(source).split(b"\n"), 1):
        if line.strip():
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                value = None
            yield value if isinstance(value, dict) else f"Line {number} is not a JSON object."


def bytes_of(source: Path) -> bytes:
    """All of a file, or of standard input for `-`.

    Raises:
        UsageError: it cannot be read.
    """
    if str(source) == "-":
        return sys.stdin.buffer.read()
    try:
        return source.read_bytes()
    except OSError as error:
        raise UsageError(f"{source} cannot be read: {error.strerror}.") from error
