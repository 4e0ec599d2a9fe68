"""Evidence packets of signed encounters: one PDF for each claim."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pipeline.claims.preparing import ClaimDesk
from pipeline.claims.protected import protected
from pipeline.errors import ExportError
from pipeline.export.evidence import (
    Packet,
    PacketAudit,
    PacketCode,
    PacketEntry,
    PacketFindings,
    PacketRelease,
    evidence,
)
from pipeline.layers.places import within
from pipeline.records import Anchor, Claim, ClaimDiagnosis, ConfirmedEncounter, Line, ServiceLine
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.store.audit_proof import sentence
from pipeline.store.audit_rows import Act, Wanted
from pipeline.wiring.assembly import books
from pipeline.wiring.claims import claim_desk, claims, signed
from pipeline.wiring.evidence_pages import Charts, charts, gather
from pipeline.wiring.machine import open_store, system_user
from pipeline.wiring.outputs import write_whole

IN_INK = 0.5
"""Share of a word's box in the ink of a code, from which the word is one of its words."""
Release = Callable[[str], PacketRelease | None]
"""The release of a lead that the store has for an encounter, by its id."""


def packet_of(
    known: Charts,
    claim: Claim,
    encounter: ConfirmedEncounter,
    *,
    by: str | None,
    at: datetime,
    release: PacketRelease | None = None,
) -> tuple[Packet, PacketFindings]:
    """The packet of a claim, and what a person must look at before it leaves.

    Args:
        known: what the store knows, by `charts`.
        claim: of the encounter.
        encounter: as it was signed.
        by: account that asks for it; None where it is unknown.
        at: when, aware.
        release: of a lead, for specially protected notes.

    Raises:
        ExportError: a page is missing, or a billed code is not among those that were signed.
    """
    billed: tuple[ClaimDiagnosis | ServiceLine, ...] = (*claim.diagnoses, *claim.lines)
    gathered = gather(known, encounter, [anchor for code in billed for anchor in code.anchors])
    audit = _audit(known, encounter.id)
    text = "\n".join(line.text for lines in gathered.lines.values() for line in lines)
    kinds = protected([(code.system, code.code) for code in encounter.codes], text)
    notes = gathered.notes if audit.whole else (*gathered.notes, audit.proof)
    packet = Packet(
        claim=claim.number,
        practice=_practice(claim),
        patient=encounter.patient.name,
        birth_date=claim.patient.birth_date,
        record_number=encounter.patient.record_number,
        date_of_service=encounter.date_of_service,
        provider=f"{claim.provider.name.last}, {claim.provider.name.first}",
        payer=claim.coverage.payer.name,
        member_id=claim.coverage.member_id,
        total=claim.total,
        services=len(claim.lines),
        signed_by=encounter.confirmed_by,
        signed_at=encounter.confirmed_at,
        codes=_codes(billed, encounter, gathered.lines),
        pages=gathered.pages,
        audit=audit,
        protected=tuple(kind.sentence for kind in kinds),
        notices=tuple(kind.notice for kind in kinds if kind.notice is not None),
        release=release,
        made_by=by or "unknown",
        made_at=at,
    )
    return packet, PacketFindings(claim=claim.number, doubtful=gathered.doubtful, notes=notes)


def packet_maker(
    settings: Settings, store: Store, desk: ClaimDesk
) -> Callable[[str, str | None], tuple[Packet, PacketFindings]]:
    """What makes the packet of an encounter's claim, asked for by an account; raises ExportError as `packet_of`."""

    def make(encounter: str, by: str | None) -> tuple[Packet, PacketFindings]:
        prepared = desk.prepared(encounter)
        if prepared is None or prepared.encounter is None:
            raise ExportError("The encounter is not signed off.")
        if prepared.claim is None:
            assert prepared.draft is not None  # it is signed
            raise ExportError(*(fault.sentence for fault in prepared.draft.faults))
        release = release_in(store)(encounter)
        known, now = charts(settings, store), datetime.now(UTC)
        return packet_of(known, prepared.claim, prepared.encounter, by=by, at=now, release=release)

    return make


def release_in(store: Store) -> Release:
    """The releases that leads gave."""

    def release_of(encounter: str) -> PacketRelease | None:
        given = store.claims.of(encounter).packet
        return None if given is None else PacketRelease(who=given.who, at=given.at, reason=given.text or "")

    return release_of


def write_evidence(
    settings: Settings, to: Path, encounters: Sequence[str] = ()
) -> tuple[tuple[Path, ...], tuple[PacketFindings, ...]]:
    """Write the packets of signed encounters; the files and what to look at in each, or no file at all.

    Args:
        settings: of this machine.
        to: the folder; each file is named by its claim's number.
        encounters: the only ones; all without.

    Raises:
        ExportError: what keeps a packet from being made, for all of them.
        UsageError: the files cannot be written.
    """
    store = open_store(settings)
    found = signed(store, encounters)
    desk = claim_desk(settings, store, books(settings), once=True)
    made = [
        (each.claim, encounter)
        for each, encounter in zip(claims(desk, found), found, strict=True)
        if each.claim is not None  # `claims` gives no other
    ]
    return write_packets(charts(settings, store), made, to, release_of=release_in(store))


def unreleased(encounter: str) -> PacketRelease | None:
    """No lead released anything."""
    return None


def write_packets(
    known: Charts,
    made: Sequence[tuple[Claim, ConfirmedEncounter]],
    to: Path,
    *,
    release_of: Release = unreleased,
) -> tuple[tuple[Path, ...], tuple[PacketFindings, ...]]:
    """The same for claims that are made already, each with its encounter.

    Args:
        known: what the store knows.
        made: claims with their encounters.
        to: the folder.
        release_of: the release that a lead gave for an encounter.

    Raises:
        ExportError, UsageError: as `write_evidence`.
    """
    now, who = datetime.now(UTC), system_user()
    findings: list[PacketFindings] = []

    def pdfs() -> Iterator[tuple[Path, bytes]]:
        problems: list[str] = []
        for claim, encounter in made:
            try:
                packet, found = packet_of(known, claim, encounter, by=who, at=now, release=release_of(encounter.id))
                content = evidence(packet)
            except ExportError as error:
                problems.extend(f"Claim {claim.number}: {problem}" for problem in error.problems)
                continue
            findings.append(found)
            yield to / f"{claim.number}.pdf", content
        if problems:
            raise ExportError(*problems)
        for claim, _ in made:
            known.store.audit.write(
                Act.EXPORT, who=who, vouched=True, subject=claim.encounter, detail="evidence packet"
            )

    return write_whole(pdfs()), tuple(findings)


def _practice(claim: Claim) -> tuple[str, ...]:
    practice = claim.practice
    address = practice.address
    street = ", ".join(part for part in (address.street, address.second) if part)
    return practice.name, f"{street}, {address.city} {address.state} {address.zip[:5]}", f"NPI {practice.npi}"


def _codes(
    billed: Iterable[ClaimDiagnosis | ServiceLine], encounter: ConfirmedEncounter, lines: Mapping[int, Sequence[Line]]
) -> tuple[PacketCode, ...]:
    confirmed = {(code.system, code.code): code for code in encounter.codes}
    made = []
    for number, code in enumerate(billed, start=1):
        signed_code = confirmed.get((code.system, code.code))
        if signed_code is None:
            raise ExportError(f"{code.code} is billed and not among the codes that were signed.")
        made.append(
            PacketCode(
                number=number,
                system=code.system,
                code=code.code,
                display=code.display,
                words=_words(code.anchors, lines),
                who=signed_code.who,
                at=signed_code.at,
                anchors=tuple(anchor for anchor in code.anchors if anchor.boxes),
            )
        )
    return tuple(made)


def _words(anchors: Iterable[Anchor], lines: Mapping[int, Sequence[Line]]) -> str:
    """What stands in the ink of a code, in reading order; three dots where it goes on elsewhere."""
    pieces = []
    for anchor in anchors:
        for line in lines.get(anchor.page, ()):
            words = [
                word.text
                for word in line.words
                if word.box is not None and any(within(word.box, box) >= IN_INK for box in anchor.boxes)
            ]
            if words:
                pieces.append(" ".join(words))
    return " … ".join(pieces)


def _audit(known: Charts, encounter: str) -> PacketAudit:
    log, proof = known.store.audit, known.proof
    wanted = Wanted(subject=encounter)
    entries = tuple(
        PacketEntry(id=e.id, at=e.at, who=e.who, act=e.action, detail=e.detail, hash=e.hash)
        for e in log.each(wanted, log.count(wanted))
        if e.id <= proof.rows or proof.fault is not None
    )
    return PacketAudit(
        entries=entries, rows=proof.rows, head=proof.head, proof=sentence(proof), whole=proof.fault is None
    )
