"""Claims of signed encounters, in the formats in which they leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from pipeline.claims.edits import ClaimEdits
from pipeline.claims.files import ENDINGS, ONE_FILE, ClaimFormat, claim_file, claims_file
from pipeline.claims.office_files import OfficeFile, keep, load_rows, read_file
from pipeline.claims.preparing import ClaimDesk, Prepared
from pipeline.codebooks import CodeBooks
from pipeline.codebooks.edits import load_edits
from pipeline.codebooks.practice import load_practice
from pipeline.coding.check import CodeCheck
from pipeline.errors import ExportError
from pipeline.records import ConfirmedEncounter
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.store.audit_rows import Act
from pipeline.store.claim_steps import RELEASABLE, ClaimState
from pipeline.store.confirmed import confirmed
from pipeline.wiring.assembly import books
from pipeline.wiring.folders import prepare
from pipeline.wiring.machine import open_store, system_user
from pipeline.wiring.outputs import write_whole


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


def claim_desk(settings: Settings, store: Store, books: CodeBooks, *, once: bool = False) -> ClaimDesk:
    """What prepares claims and releases them; for one run, the office's data are read only once."""
    files, fees = (lambda: load_rows(settings.data_dir)), (lambda: load_practice(settings.data_dir))
    edits = load_edits(settings.data_dir)
    return ClaimDesk(
        store=store,
        files=cache(files) if once else files,
        services=cache(fees) if once else fees,
        books=books,
        edits=ClaimEdits(books, CodeCheck(books, settings.coding, edits), edits),
    )


def claims(desk: ClaimDesk, encounters: Sequence[ConfirmedEncounter]) -> tuple[Prepared, ...]:
    """The claims of signed encounters, released or not.

    Raises:
        ExportError: what keeps any of them from being one, with the file of its chart; no claim is made then.
    """
    made: list[Prepared] = []
    problems: list[str] = []
    for encounter in encounters:
        prepared = desk.prepared(encounter.id)
        assert prepared is not None  # a signed encounter has one, if only a draft
        made.append(prepared)
        if prepared.claim is None:
            assert prepared.draft is not None  # what was released has a claim
            named = f"{encounter.document_name}, {encounter.date_of_service}"
            problems.extend(f"{named}: {fault.sentence}" for fault in prepared.draft.faults)
    if problems:
        raise ExportError(*problems)
    return tuple(made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What an export wrote."""

    files: tuple[Path, ...]
    drafts: int
    """How many of the claims nobody released."""
    sent: int
    """How many went to the payer before."""


def write_claims(
    settings: Settings,
    format: ClaimFormat,
    to: Path,
    encounters: Sequence[str] = (),
    *,
    released: bool = False,
    preprinted: bool = False,
    test: bool = False,
) -> Written:
    """Write the claims of signed encounters; no file where any claim has a fault.

    Args:
        settings: of this machine.
        format: of the files.
        to: the file, or for a file a claim the folder.
        encounters: the only ones; all without.
        released: only claims that are released and were not sent; without, drafts too, which say that they are. An
            837P with any other claim than a released and unsent one is a test, so that nothing is billed twice.
        preprinted: for the red form of the CMS-1500 instead of plain paper.
        test: marks an 837P as a test in any case.

    Raises:
        ExportError: what keeps a claim from being written.
        UsageError: the files cannot be written.
    """
    store, now = open_store(settings), datetime.now(UTC)
    found = signed(store, encounters)
    if released:
        found = tuple(each for each in found if store.claims.of(each.id).state is ClaimState.RELEASED)
        if not found:
            raise ExportError("None of these claims is released and unsent; claims are released in the review app.")
    desk = claim_desk(settings, store, books(settings), once=True)
    made = claims(desk, found)
    drafts = sum(each.standing.state in RELEASABLE for each in made)
    sent = len(made) - drafts - sum(each.standing.state is ClaimState.RELEASED for each in made)
    if format in ONE_FILE:
        all_claims = tuple(each.claim for each in made if each.claim is not None)
        content = claims_file(format, all_claims, desk.office(), now, test=test or drafts + sent > 0)
        contents = {to: content}
    else:
        contents = _apart(made, to, format, now, preprinted=preprinted)
    store.audit.write(Act.EXPORT, who=system_user(), vouched=True, detail=f"{format} {len(made)}")
    write_whole(contents.items())
    return Written(files=tuple(contents), drafts=drafts, sent=sent)


def bring(settings: Settings, name: str, content: bytes) -> tuple[OfficeFile, Path]:
    """Take a file of the office, in place of the former one of its kind.

    Raises:
        UsageError: it is none, or a cell does not fit.
        SetupError: the data folder cannot be written.
    """
    prepare(settings)
    file = read_file(name, content)
    return file, keep(file, settings.data_dir)


def _apart(
    made: Sequence[Prepared], folder: Path, format: ClaimFormat, now: datetime, *, preprinted: bool
) -> dict[Path, bytes]:
    contents: dict[Path, bytes] = {}
    problems: list[str] = []
    for each in made:
        assert each.claim is not None  # `claims` gives no other
        draft, name = each.standing.state in RELEASABLE, f"{each.claim.number}{ENDINGS[format]}"
        try:
            contents[folder / name] = claim_file(format, each.claim, now, preprinted=preprinted, draft=draft)
        except ExportError as error:
            problems.extend(f"Claim {each.claim.number}: {problem}" for problem in error.problems)
    if problems:
        raise ExportError(*problems)
    return contents
