"""What an encounter waits for: a hold, and questions to the provider."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from pipeline.records import Anchor
from pipeline.store.decided import Action, Decision, HoldKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What an encounter waits for."""

    id: int
    """Of the decision."""
    kind: HoldKind
    reason: str
    owner: str
    since: datetime
    who: str
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question to the provider, and what became of it."""

    id: int
    """Of the decision that asked."""
    question: str
    anchors: tuple[Anchor, ...]
    """The ink that it quotes."""
    reading: int
    """Number of the reading that the person who asked saw."""
    provider: str
    """Who is asked; empty where nobody said."""
    who: str
    asked_at: datetime
    answer: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    """Whoever wrote the answer down."""


def hold_of(decision: Decision) -> Hold:
    """The hold that a decision puts."""
    assert decision.hold is not None  # `refusal` sees to it
    return Hold(
        id=decision.id,
        kind=decision.hold,
        reason=decision.text or "",
        owner=decision.owner or decision.who,
        since=decision.at,
        who=decision.who,
        due=decision.due,
    )


def queries_after(queries: tuple[Query, ...], decision: Decision) -> tuple[Query, ...]:
    """The questions once another was asked, or one was answered."""
    text = decision.text or ""
    if decision.action is Action.ASK:
        asked = Query(
            id=decision.id,
            question=text,
            anchors=decision.anchors,
            reading=decision.reading,
            provider=decision.owner or "",
            who=decision.who,
            asked_at=decision.at,
        )
        return (*queries, asked)
    return tuple(
        replace(query, answer=text, answered_at=decision.at, answered_by=decision.who)
        if query.id == decision.about
        else query
        for query in queries
    )
