"""What others decided while somebody looked at a chart, told to whose decision was refused for it."""

from dataclasses import dataclass
from datetime import datetime

from pipeline.review.chart.sentences import sentence_of
from pipeline.store.decided import Decision

WANTED = {
    "/encounters/{id}/codes": "decide on a code",
    "/encounters/{id}/billing": "set how a service is billed",
    "/encounters/{id}/pointers": "tie services to diagnoses",
    "/encounters/{id}/order": "put the diagnoses in order",
    "/encounters/{id}/undo": "undo a decision",
    "/encounters/{id}/identity": "confirm patient and date of service",
    "/encounters/{id}/lines": "correct a line",
    "/encounters/{id}/drawings": "add a line",
    "/encounters/{id}/contexts": "say how a finding is meant",
    "/encounters/{id}/corrections/undoing": "take back a correction",
    "/encounters/{id}/signature": "say who signed the note",
    "/encounters/{id}/confirmation": "sign the encounter off",
    "/encounters/{id}/reopening": "reopen the encounter",
    "/encounters/{id}/hold": "put the encounter on hold",
    "/encounters/{id}/release": "end the hold",
    "/encounters/{id}/arrangement": "arrange pages",
    "/encounters/{id}/taken-over": "take over an earlier decision",
    "/encounters/{id}/questions": "ask the provider",
    "/encounters/{id}/questions/{number}/answer": "write down an answer",
}
"""What the form of each address wants, to be read behind `You wanted to`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that somebody else decided."""

    who: str
    what: str
    """To be read behind the name: `accepted ICD-9-CM 401.9`."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What stands above the fresh panel."""

    changes: tuple[Change, ...]
    """Oldest first."""
    wanted: str | None
    """What the coder wanted to do, to be read behind `You wanted to`: `accept ICD-9-CM 401.9`."""


def difference(
    decisions: tuple[Decision, ...],
    *,
    who: str,
    seen: int | None = None,
    since: datetime | None = None,
    wanted: str | None = None,
) -> Difference | None:
    """What others did since somebody looked; None where nobody did anything and nothing was wanted.

    Args:
        decisions: of the encounter, oldest first.
        who: who looked; own decisions are no news.
        seen: id of the latest decision that was seen.
        since: or the time when the chart changed hands.
        wanted: what was refused.
    """
    changes = tuple(
        Change(who=decision.who, what=sentence_of(decision), at=decision.at)
        for decision in decisions
        if decision.who != who
        and (seen is None or decision.id > seen)
        and (since is None or decision.at >= since)
        and (seen is not None or since is not None)
    )
    return Difference(changes=changes, wanted=wanted) if changes or wanted else None
