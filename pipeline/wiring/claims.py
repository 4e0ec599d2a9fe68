"""Claims of signed encounters, in the formats in which they leave."""

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from pipeline.claims.build import claim_of
from pipeline.claims.office import Office
from pipeline.claims.office_files import OfficeFile, keep, load_office, read_file
from pipeline.codebooks.practice import load_practice
from pipeline.errors import ExportError, UsageError
from pipeline.export.claim_tables import claims_csv, claims_json
from pipeline.records import Claim, ConfirmedEncounter
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.store.audit_rows import Act
from pipeline.store.confirmed import confirmed
from pipeline.wiring.assembly import books
from pipeline.wiring.folders import prepare
from pipeline.wiring.machine import open_store, system_user


class ClaimFormat(StrEnum):
    """How claims are written."""

    CMS1500 = "cms1500"
    X837P = "837p"
    FHIR = "fhir"
    CSV = "claims-csv"
    JSON = "claims-json"


ONE_FILE = frozenset({ClaimFormat.X837P, ClaimFormat.CSV, ClaimFormat.JSON})
"""Formats that hold all claims in one file; of the others each claim is a file of its own in a folder."""
ENDINGS = {ClaimFormat.CMS1500: ".pdf", ClaimFormat.FHIR: ".json"}


def signed(store: Store, encounters: Sequence[str] = ()) -> tuple[ConfirmedEncounter, ...]:
    """The encounters that are signed off, all or the named ones.

    Raises:
        ExportError: a named one is not, or there is none.
    """
    reviews = store.decisions.reviews()
    found = [
        record
        for encounter in store.readings.encounters()
        if encounter.id in reviews and (record := confirmed(encounter, reviews[encounter.id])) is not None
    ]
    if missing := [id for id in encounters if id not in {record.id for record in found}]:
        raise ExportError(*(f"Encounter {id} is not signed off." for id in missing))
    if not found:
        raise ExportError("No encounter is signed off yet.")
    return tuple(record for record in found if not encounters or record.id in encounters)


def claims(settings: Settings, store: Store, office: Office, encounters: Sequence[str] = ()) -> tuple[Claim, ...]:
    """The claims of signed encounters.

    Raises:
        ExportError: what keeps any of them from being one, with the file of its chart; no claim is made then.
    """
    services, loaded = load_practice(settings.data_dir), books(settings)
    made: list[Claim] = []
    problems: list[str] = []
    for encounter in signed(store, encounters):
        try:
            made.append(claim_of(encounter, office, services, loaded))
        except ExportError as error:
            named = f"{encounter.document_name}, {encounter.date_of_service}"
            problems.extend(f"{named}: {problem}" for problem in error.problems)
    if problems:
        raise ExportError(*problems)
    return tuple(made)


def write_claims(
    settings: Settings,
    format: ClaimFormat,
    to: Path,
    encounters: Sequence[str] = (),
    *,
    preprinted: bool = False,
    test: bool = False,
) -> tuple[Path, ...]:
    """Write the claims of signed encounters; the files, none of them where any claim has a fault.

    Args:
        settings: of this machine.
        format: of the files.
        to: the file, or for a file a claim the folder.
        encounters: the only ones; all without.
        preprinted: for the red form of the CMS-1500 instead of plain paper.
        test: marks an 837P as a test.

    Raises:
        ExportError: what keeps a claim from being written.
        UsageError: the files cannot be written.
    """
    store, office, now = open_store(settings), load_office(settings.data_dir), datetime.now(UTC)
    made = claims(settings, store, office, encounters)
    if format in ONE_FILE:
        contents = {to: _together(format, made, office, now, test=test)}
    else:
        each = _each(format, now, preprinted=preprinted)
        contents = _apart(made, to, ENDINGS[format], each)
    store.audit.write(Act.EXPORT, who=system_user(), vouched=True, detail=f"{format} {len(made)}")
    _write(contents)
    return tuple(contents)


def bring(settings: Settings, name: str, content: bytes) -> tuple[OfficeFile, Path]:
    """Take a file of the office, in place of the former one of its kind.

    Raises:
        UsageError: it is none, or a cell does not fit.
        SetupError: the data folder cannot be written.
    """
    prepare(settings)
    file = read_file(name, content)
    return file, keep(file, settings.data_dir)


def _together(format: ClaimFormat, made: Sequence[Claim], office: Office, now: datetime, *, test: bool) -> bytes:
    if format is ClaimFormat.CSV:
        return claims_csv(made).encode()
    if format is ClaimFormat.JSON:
        return claims_json(made).encode()
    if office.receiver is None:
        raise ExportError(
            "Nobody is named who takes the 837P: fill `receiver_id` and `receiver_name` in `practice.csv`."
        )
    from pipeline.export.x837p import x837p  # each format's library takes long to load

    # Nine digits that no other interchange of this practice has: seconds, of which it writes at most one file.
    number = int(now.timestamp()) % 1_000_000_000
    return x837p(made, control_number=number, at=now, receiver=office.receiver, test=test)


def _each(format: ClaimFormat, now: datetime, *, preprinted: bool) -> Callable[[Claim], bytes]:
    if format is ClaimFormat.CMS1500:
        from pipeline.export.cms1500 import cms1500

        return lambda claim: cms1500(claim, preprinted=preprinted)
    from pipeline.export.fhir import fhir_bundle

    return lambda claim: fhir_bundle(claim, at=now).encode()


def _apart(made: Sequence[Claim], folder: Path, ending: str, write: Callable[[Claim], bytes]) -> dict[Path, bytes]:
    contents: dict[Path, bytes] = {}
    problems: list[str] = []
    for claim in made:
        try:
            contents[folder / f"{claim.number}{ending}"] = write(claim)
        except ExportError as error:
            problems.extend(f"Claim {claim.number}: {problem}" for problem in error.problems)
    if problems:
        raise ExportError(*problems)
    return contents


def _write(contents: dict[Path, bytes]) -> None:
    """All files or none: each is first written beside its place."""
    parts = {path: path.with_name(f".{path.name}.part") for path in contents}
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with parts[path].open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for path, part in parts.items():
            part.replace(path)
    except OSError as error:
        for part in parts.values():
            part.unlink(missing_ok=True)
        raise UsageError(f"The claims cannot be written to {error.filename}: {error.strerror}.") from error
