"""The audit log for the command line."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.settings import Settings
from pipeline.store.audit_proof import Proof
from pipeline.store.audit_rows import Act, Entry, Wanted, as_csv_lines, as_json_lines
from pipeline.wiring.machine import open_store, system_user


def verify(settings: Settings, expect: str | None) -> Proof:
    """Prove the chain, or name its first broken link."""
    return open_store(settings).audit.verify(expect)


def newest(settings: Settings, wanted: Wanted, limit: int) -> tuple[Entry, ...]:
    """Entries, the newest first."""
    return open_store(settings).audit.newest(wanted, limit=limit)


def export(settings: Settings, wanted: Wanted, format: str) -> Iterator[str]:
    """Entries as text, the oldest first; that they were exported is an entry of its own, written before."""
    log = open_store(settings).audit
    count = log.count(wanted)
    log.write(Act.EXPORT, who=system_user(), vouched=True, detail=f"audit {format} {count}")
    entries = log.each(wanted, count)
    yield from as_csv_lines(entries) if format == "csv" else as_json_lines(entries)


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write a file, as it comes.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error
