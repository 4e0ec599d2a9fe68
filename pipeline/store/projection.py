"""The queue's row of an encounter: what its latest proposal and its journal add up to.

Every row can be made again from the truth; `Readings` and `Decisions` keep it up to date in their own transactions.
"""

import json
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from datetime import date

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, func, insert, select, update

from pipeline.records import CLAIMED, DIAGNOSES, ICD10_FROM, CodeSystem, Encounter, Reading
from pipeline.store import tables
from pipeline.store.claim_rows import standing_of
from pipeline.store.decided import FIRST_ROUND, Decision
from pipeline.store.review_state import fold
from pipeline.store.rows import EncounterState

READING = TypeAdapter(Reading)
DONE = frozenset({EncounterState.CONFIRMED, EncounterState.MERGED})

Proposed = dict[str, list[tuple[CodeSystem, float]]]
"""Of each encounter of a reading: its proposed codes' systems, with the probability that the code is right."""


def fold_text(text: str | None) -> str:
    """A text as it is searched and sorted: without case, accents and doubled spaces."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text or "") if not unicodedata.combining(char))
    return " ".join(plain.casefold().split())


def edition_of(day: date | None) -> CodeSystem | None:
    """The ICD edition that a date of service asks for; None while it is unknown, when both count."""
    return None if day is None else CodeSystem.ICD10CM if day >= ICD10_FROM else CodeSystem.ICD9CM


def proposed_codes(reading: Reading) -> Proposed:
    """The proposed codes of each encounter of a reading, each code once, with its best score."""
    best: dict[str, dict[tuple[CodeSystem, str], float]] = {}
    for candidate in reading.candidates:
        if candidate.proposed and candidate.encounter is not None and candidate.system in CLAIMED:
            codes, key = best.setdefault(candidate.encounter, {}), (candidate.system, candidate.code)
            codes[key] = max(candidate.score, codes.get(key, 0.0))
    return {id: [(system, score) for (system, _), score in codes.items()] for id, codes in best.items()}


def propose(
    connection: Connection,
    encounter: str,
    proposal: Encounter,
    codes: Sequence[tuple[CodeSystem, float]],
    decisions: tuple[Decision, ...],
) -> None:
    """Write the row of an encounter anew, after a reading proposed it.

    Args:
        connection: within the transaction.
        encounter: its id in the store.
        proposal: the latest.
        codes: of its reading, as `proposed_codes` tells them.
        decisions: its journal, of all rounds, oldest first.
    """
    review = fold(_rounds(decisions)[0])
    connection.execute(delete(tables.worklist).where(tables.worklist.c.encounter == encounter))
    document, arrived = tables.document, tables.reading.c.at
    facts = connection.execute(
        select(document.c.id, document.c.name, document.c.batch, func.min(arrived), func.max(tables.reading.c.number))
        .select_from(tables.proposal)
        .join(tables.reading, tables.reading.c.id == tables.proposal.c.reading)
        .join(document, document.c.id == tables.reading.c.document)
        .where(tables.proposal.c.encounter == encounter)
        .group_by(document.c.id, document.c.name, document.c.batch)
    ).one()
    newest = select(func.max(tables.reading.c.number)).where(tables.reading.c.document == facts.id)
    day = review.date_of_service or _day(proposal)
    connection.execute(
        insert(tables.worklist).values(
            encounter=encounter,
            document=facts.id,
            document_name=facts.name,
            batch=facts.batch,
            part=proposal.part,
            first_page=min(proposal.pages, default=0),
            waiting_since=facts[3],
            conflict=bool(proposal.conflicts),
            stale=connection.execute(newest).scalar_one() > facts[4],
            same_visit="[]",
            claim=standing_of(connection, encounter, decisions).state,
            **_counted(codes, edition_of(day)),
            **_reviewed(proposal, facts.name, decisions),
        )
    )


def refresh(connection: Connection, encounter: str, decisions: tuple[Decision, ...]) -> None:
    """Bring the row of an encounter up to its journal, within the transaction that appends to it."""
    table, proposal = tables.worklist, tables.proposal
    record, number = connection.execute(
        select(proposal.c.record, proposal.c.reading)
        .where(proposal.c.encounter == encounter)
        .order_by(proposal.c.reading.desc())
        .limit(1)
    ).one()
    row = connection.execute(
        select(table.c.document_name, table.c.edition).where(table.c.encounter == encounter)
    ).first()
    proposed = _encounter(record)
    if row is None:  # of a store that no program of this version opened yet
        propose(connection, encounter, proposed, _codes_of(connection, number, proposed.id), decisions)
        return
    review = fold(_rounds(decisions)[0])
    values = _reviewed(proposed, row.document_name, decisions)
    values["claim"] = standing_of(connection, encounter, decisions).state
    edition = edition_of(review.date_of_service or _day(proposed))
    if edition != row.edition:  # rare; only then is the whole reading looked at
        values |= _counted(_codes_of(connection, number, proposed.id), edition)
    connection.execute(update(table).where(table.c.encounter == encounter).values(**values))
    if values["done"]:  # nothing that was typed on it will be sent any more
        connection.execute(delete(tables.draft).where(tables.draft.c.encounter == encounter))


def mark_same_visits(connection: Connection, same: dict[str, tuple[str, ...]]) -> None:
    """Write down the other charts of the same visit, by encounter."""
    table = tables.worklist
    for encounter, others in same.items():
        connection.execute(
            update(table).where(table.c.encounter == encounter).values(same_visit=json.dumps(sorted(others)))
        )


def mark_stale(connection: Connection, document: str, current: Iterable[str]) -> None:
    """The latest reading of a document has only these encounters."""
    table = tables.worklist
    others = table.c.encounter.not_in(list(current))
    connection.execute(update(table).where(table.c.document == document, others).values(stale=True))


def _codes_of(connection: Connection, reading: int, encounter: str) -> Sequence[tuple[CodeSystem, float]]:
    record = connection.execute(select(tables.reading.c.record).where(tables.reading.c.id == reading)).scalar_one()
    return proposed_codes(READING.validate_json(zlib.decompress(record))).get(encounter, ())


def _encounter(record: str) -> Encounter:
    return TypeAdapter(Encounter).validate_json(record)


def _counted(codes: Sequence[tuple[CodeSystem, float]], edition: CodeSystem | None) -> dict[str, object]:
    """How many codes a coder is shown as proposed, and the mean probability that they are right."""
    shown = [score for system, score in codes if edition is None or system is edition or system not in DIAGNOSES]
    return {
        "edition": edition,
        "proposed": len(shown),
        "confidence": sum(shown) / len(shown) if shown else None,
    }


def _rounds(decisions: tuple[Decision, ...]) -> tuple[tuple[Decision, ...], tuple[Decision, ...]]:
    """The first coder's decisions and the second's, who does not see the first's."""
    first = tuple(decision for decision in decisions if decision.round == FIRST_ROUND)
    return first, tuple(decision for decision in decisions if decision.round != FIRST_ROUND)


def _reviewed(proposal: Encounter, document_name: str, decisions: tuple[Decision, ...]) -> dict[str, object]:
    first, second = _rounds(decisions)
    review = fold(first)
    hold = review.hold
    patient = review.patient.name if review.patient else _value(proposal.patient_name)
    number = review.patient.record_number if review.patient else _value(proposal.record_number)
    digits = "".join(char for char in number or "" if char.isalnum())
    provider = _value(proposal.provider)
    words = (patient, provider, document_name, number, digits if digits != number else None)
    return {
        "pages": len(proposal.pages if review.pages is None else review.pages),
        "state": review.state,
        "done": review.state in DONE,
        "patient": patient,
        "patient_confirmed": review.patient is not None,
        "patient_folded": fold_text(patient),
        "day": review.date_of_service or _day(proposal),
        "day_confirmed": review.date_of_service is not None,
        "provider": provider,
        "accepted": len(review.accepted()),
        "coder": first[-1].who if first else None,
        "hold_kind": hold.kind if hold else None,
        "hold_owner": hold.owner if hold else None,
        "hold_since": hold.since if hold else None,
        "hold_due": hold.due if hold else None,
        "second": fold(second).state if second else None,
        "search": "\n".join(folded for word in words if (folded := fold_text(word))),
    }


def _value(finding: object) -> str | None:
    value: str | None = getattr(finding, "value", None)
    return value


def _day(proposal: Encounter) -> date | None:
    try:
        return None if proposal.date_of_service is None else date.fromisoformat(proposal.date_of_service.value)
    except ValueError:
        return None
