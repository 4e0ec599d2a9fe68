"""Proving the chain of the audit log, and naming its first broken link."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Text, select, type_coerce

from pipeline.store import tables
from pipeline.store.audit_rows import GENESIS, digest, text_of

ROWS_AT_ONCE = 5_000


class Fault(StrEnum):
    """What is wrong with a link."""

    ALTERED = "altered"
    """The entry no longer says what was hashed when it was written."""
    MISSING = "missing"
    """Entries were taken out before the next one."""
    FORKED = "forked"
    """The entry is whole and follows from another one than stands before it."""
    MISPLACED = "misplaced"
    """The entry stands before the first one."""
    CUT = "cut"
    """The head that was written down earlier is not in the chain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How far the chain is proven."""

    rows: int = 0
    """Entries that are proven, from the first on."""
    first: str | None = None
    """When the first of them was written: `2026-03-01T12:00:00.000000Z`."""
    last: str | None = None
    head: str = GENESIS
    """Hash of the last of them: what to write down elsewhere."""
    fault: Fault | None = None
    """What is wrong with the first broken link; None where there is none."""
    at: int | None = None
    """Id of the first broken link: of the altered entry, of the first that is missing, of the one that does not
    follow. None where nothing is broken, or where an expected head is not there."""
    missing: int = 0
    """How many entries are missing at the broken link."""


def prove(connection: Connection, expect: str | None = None) -> Proof:
    """Walk the whole chain from its first entry on.

    Args:
        connection: within one snapshot of the store.
        expect: hash of a head that was written down earlier, which must be in the chain.
    """
    table = tables.audit
    # A time that was written over by something that is none must not break the walk: SQLite lets anything in.
    at = type_coerce(table.c.at, Text) if connection.dialect.name == "sqlite" else table.c.at
    columns = (table.c.id, at.label("at"), *(column for column in table.c if column.name not in {"id", "at"}))
    proof, seen, after = Proof(), expect is None or expect == GENESIS, None
    while True:
        query = select(*columns).order_by(table.c.id).limit(ROWS_AT_ONCE)
        rows = connection.execute(query if after is None else query.where(table.c.id > after)).all()
        for id, when, who, action, subject, detail, request, previous, hash in rows:
            if id != proof.rows + 1:
                if id <= proof.rows:
                    return replace(proof, fault=Fault.MISPLACED, at=id)
                return replace(proof, fault=Fault.MISSING, at=proof.rows + 1, missing=id - proof.rows - 1)
            told = _text(when)
            if not _is_whole(id, told, who, action, subject, detail, request, previous, hash):
                return replace(proof, fault=Fault.ALTERED, at=id)
            if previous != proof.head:
                return replace(proof, fault=Fault.FORKED, at=id)
            proof = Proof(rows=id, first=proof.first or told, last=told, head=hash)
            seen = seen or hash == expect
        if len(rows) < ROWS_AT_ONCE:
            return proof if seen else replace(proof, fault=Fault.CUT)
        after = rows[-1].id


def sentence(proof: Proof, expect: str | None = None) -> str:
    """What is proven, or what is wrong at which link."""
    match proof.fault:
        case None:
            kept = " and the head that was written down is among them" if expect else ""
            return f"Every entry follows from the one before it{kept}."
        case Fault.ALTERED:
            return f"The chain is broken at entry {proof.at}: it was altered after it was written."
        case Fault.MISSING:
            gone = "it is missing" if proof.missing == 1 else f"{proof.missing} entries are missing from there on"
            return f"The chain is broken at entry {proof.at}: {gone}."
        case Fault.FORKED:
            return (
                f"The chain is broken at entry {proof.at}: it does not follow from the entry before it, "
                "which was replaced, or it came from another log."
            )
        case Fault.MISPLACED:
            return f"The chain is broken at entry {proof.at}: it stands before the first one."
        case Fault.CUT:
            return (
                "Every entry follows from the one before it, but the head that was written down is not among them: "
                "the log was cut off or replaced."
            )


def _text(when: object) -> str | None:
    if isinstance(when, datetime):
        return text_of(when)
    return f"{when.replace(' ', 'T')}Z" if isinstance(when, str) else None


def _is_whole(id: int, at: str | None, *rest: object) -> bool:
    who, action, subject, detail, request, previous, hash = rest
    if not all(value is None or isinstance(value, str) for value in rest) or at is None:
        return False
    computed = digest(
        id=id,
        at=at,
        who=who,  # type: ignore[arg-type]
        action=action,  # type: ignore[arg-type]
        subject=subject,  # type: ignore[arg-type]
        detail=detail,  # type: ignore[arg-type]
        request=request,  # type: ignore[arg-type]
        previous=previous,  # type: ignore[arg-type]
    )
    return computed == hash
