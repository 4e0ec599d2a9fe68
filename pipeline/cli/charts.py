"""`read`, `recognize`, `extract` and `suggest`: inputs to results, nothing stored."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pipeline.cli.options import Data, Day, From, Inbox, Json, bytes_of, day_of, objects_of, paths_of, settings_of
from pipeline.cli.screen import out, print_json
from pipeline.errors import ChartError, ExitCode, UsageError
from pipeline.export.results import error_result, extract_result, read_result, recognize_result, suggest_result
from pipeline.records import Candidate, Entity, Label, LineKind
from pipeline.wiring import inputs

Files = Annotated[list[Path] | None, typer.Argument(help="Files to read.")]


class Kind(StrEnum):
    """What a crop holds."""

    AUTO = "auto"
    PRINT = "print"
    HAND = "hand"


class LabelName(StrEnum):
    """What a text names."""

    DIAGNOSIS = "diagnosis"
    PROCEDURE = "procedure"
    SUPPLY = "supply"


def add_to(app: typer.Typer) -> None:
    """Give the commands to the app."""
    for command in (read, recognize, extract, suggest):
        app.command()(command)


def read(
    files: Files = None,
    source: From = None,
    date_of_service: Day = None,
    as_json: Json = False,
    inbox: Inbox = None,
    data: Data = None,
) -> None:
    """Read charts and print what they say and which codes that suggests."""
    day, paths = day_of(date_of_service), paths_of(files, source)
    read_chart = inputs.chart_reader(settings_of(inbox, data))
    failed = False
    for path in paths:
        try:
            reading = read_chart(path, day)
        except ChartError as error:
            failed = True
            _failure("file", str(path), str(error), as_json)
            continue
        if as_json:
            print_json(read_result(reading, str(path), path.name))
            continue
        out.print(f"[bold]{escape(str(path))}[/]")
        for page in reading.pages:
            out.print(f"[dim]page {page.number}, {page.role}[/]")
            if page.quality.advice:
                out.print(f"  [yellow]{escape(page.quality.advice)}[/]")
            for line in page.lines:
                out.print(f"  [dim]{line.kind:5}[/] {escape(line.text)}")
        _print_findings(reading.entities, reading.candidates)
    if failed:
        raise typer.Exit(ExitCode.SOME_REJECTED)


def recognize(
    images: Files = None,
    source: From = None,
    kind: Annotated[Kind, typer.Option(help="What the crops hold.")] = Kind.AUTO,
    as_json: Json = False,
    inbox: Inbox = None,
    data: Data = None,
) -> None:
    """Read crops of one line or word."""
    paths = paths_of(images, source)
    recognize_crop = inputs.crop_reader(settings_of(inbox, data))
    failed = False
    for path in paths:
        try:
            line = recognize_crop(path, None if kind is Kind.AUTO else LineKind(kind.value))
        except ChartError as error:
            failed = True
            _failure("file", str(path), str(error), as_json)
            continue
        if as_json:
            print_json(recognize_result(str(path), line))
        else:
            sure = "?" if line.confidence is None else f"{line.confidence:.2f}"
            out.print(f"{escape(str(path))}  [dim]{line.kind} {sure}[/]  {escape(line.text)}")
    if failed:
        raise typer.Exit(ExitCode.SOME_REJECTED)


def extract(
    file: Annotated[Path | None, typer.Argument(help="A typed note; - or nothing for standard input.")] = None,
    source: From = None,
    date_of_service: Day = None,
    as_json: Json = False,
    inbox: Inbox = None,
    data: Data = None,
) -> None:
    """Find diagnoses, procedures and supplies in typed notes, with their candidate codes."""
    day = day_of(date_of_service)
    if file is not None and source is not None:
        raise UsageError("Name one typed note, or a list of them with --from, not both.")
    notes = _notes(file, day) if source is None else _listed_notes(source, day)
    read_note = inputs.note_reader(settings_of(inbox, data))
    failed = False
    for id, text, on in notes:
        if on is not None and not isinstance(on, date):
            failed = True
            _failure("id", id, on, as_json)
            continue
        note = read_note(text, on)
        if as_json:
            print_json(extract_result(id, note.reading, note.offsets))
        else:
            out.print(f"[bold]{escape(str(id))}[/]")
            _print_findings(note.reading.entities, note.reading.candidates)
    if failed:
        raise typer.Exit(ExitCode.SOME_REJECTED)


def suggest(
    texts: Annotated[list[str] | None, typer.Argument(help="What a chart names.")] = None,
    label: Annotated[LabelName | None, typer.Option(help="What the texts are.")] = None,
    source: From = None,
    date_of_service: Day = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Candidates per code system.")] = None,
    as_json: Json = False,
    inbox: Inbox = None,
    data: Data = None,
) -> None:
    """Candidate codes for the name of a diagnosis, procedure or supply."""
    day = day_of(date_of_service)
    if texts and label is None:
        raise UsageError("Say what the text is: --label diagnosis, procedure or supply.")
    if not texts and source is None:
        raise UsageError("Name at least one text, or a list of them with --from.")
    suggest_codes = inputs.code_suggester(settings_of(inbox, data))
    failed = False
    asked: list[tuple[object, str, LabelName | None, date | str | None]]
    asked = [(text, text, label, day) for text in texts or []]
    asked += _listed_texts(source, label, day) if source is not None else []
    for id, text, named, on in asked:
        if named is None or isinstance(on, str):
            failed = True
            _failure(
                "id", id, on if isinstance(on, str) else "The label is not diagnosis, procedure or supply.", as_json
            )
            continue
        candidates = suggest_codes(text, Label[named.name], on, limit)
        if as_json:
            print_json(suggest_result(id, text, candidates))
        else:
            out.print(f"[bold]{escape(text)}[/]")
            _print_candidates(candidates)
    if failed:
        raise typer.Exit(ExitCode.SOME_REJECTED)


def _failure(key: str, value: object, sentence: str, as_json: bool) -> None:
    if as_json:
        print_json(error_result(key, value, sentence))
    else:
        out.print(f"[red]{escape(str(value))}[/]: {escape(sentence)}")


def _notes(file: Path | None, day: date | None) -> Iterator[tuple[object, str, date | str | None]]:
    path = file or Path("-")
    try:
        yield str(path), bytes_of(path).decode("utf-8"), day
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text.") from error


def _listed_notes(source: Path, day: date | None) -> Iterator[tuple[object, str, date | str | None]]:
    for value in objects_of(source):
        if isinstance(value, str):
            yield None, "", value
            continue
        id, text = value.get("id"), value.get("text")
        if not isinstance(text, str):
            yield id, "", "There is no text in it."
        else:
            yield id, text, _day_in(value, day)


def _listed_texts(
    source: Path, label: LabelName | None, day: date | None
) -> Iterator[tuple[object, str, LabelName | None, date | str | None]]:
    for value in objects_of(source):
        if isinstance(value, str):
            yield None, "", label, value
            continue
        id, text, given = value.get("id"), value.get("text"), value.get("label", label)
        if not isinstance(text, str):
            yield id, "", label, "There is no text in it."
        else:
            known = isinstance(given, str) and given.lower() in set(LabelName)
            yield id, text, LabelName(str(given).lower()) if known else None, _day_in(value, day)


def _day_in(value: dict[str, object], day: date | None) -> date | str | None:
    given = value.get("date_of_service")
    if given is None:
        return day
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        return "Its date_of_service is not a date written as YYYY-MM-DD."


def _print_findings(entities: tuple[Entity, ...], candidates: tuple[Candidate, ...]) -> None:
    for entity in entities:
        flags = ("negated", "uncertain", "historical", "hypothetical", "family")
        context = ", ".join(flag for flag in flags if getattr(entity.context, flag))
        out.print(f"  [cyan]{entity.label}[/] {escape(entity.text)} [yellow]{context}[/]")
        _print_candidates(tuple(c for c in candidates if c.entity == entity.id and (c.rank <= 3 or c.proposed)))


def _print_candidates(candidates: tuple[Candidate, ...]) -> None:
    for c in candidates:
        tick = "[green]✓[/]" if c.proposed else " "
        out.print(f"    {tick} {c.system:8} {c.code:8} {c.score:.2f} {escape(c.display)}")
