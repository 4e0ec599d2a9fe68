"""What is written out: confirmed codes and separator sheets."""

import os
from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.export import as_csv, as_json
from pipeline.render.separator import separator_sheet
from pipeline.settings import Settings
from pipeline.store.audit_rows import Act
from pipeline.store.confirmed import confirmed
from pipeline.wiring.machine import open_store, system_user


def export_codes(settings: Settings, format: str) -> str:
    """The codes of every confirmed encounter, as CSV or JSON; written down in the audit log before they leave."""
    opened = open_store(settings)
    reviews = opened.decisions.reviews()
    signed = [
        record
        for encounter in opened.readings.encounters()
        if encounter.id in reviews and (record := confirmed(encounter, reviews[encounter.id])) is not None
    ]
    opened.audit.write(Act.EXPORT, who=system_user(), vouched=True, detail=f"{format} {len(signed)}")
    return as_csv(signed) if format == "csv" else as_json(signed)


def write_text(path: Path, text: str) -> None:
    """Write a file.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error


def write_whole(contents: Iterable[tuple[Path, bytes]]) -> tuple[Path, ...]:
    """Write all files or none: each is written beside its place as it comes, and all are put there in the end.

    Raises:
        UsageError: one cannot be written.
    """
    parts: dict[Path, Path] = {}
    try:
        for path, content in contents:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f".{path.name}.part")
            with part.open("wb") as file:
                parts[path] = part
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for path, part in parts.items():
            part.replace(path)
    except OSError as error:
        raise UsageError(f"The files cannot be written to {error.filename}: {error.strerror}.") from error
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return tuple(parts)


def write_separator(path: Path) -> None:
    """Write the sheet that splits a scan in two.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        separator_sheet().save(path, resolution=300)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be written; name a PDF or PNG file in a folder that is there.") from error
