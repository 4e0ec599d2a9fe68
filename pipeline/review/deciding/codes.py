"""What the coder decides on codes, appended to the store with who, when and the ink that it is about."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from pipeline.errors import DecisionRefusedError
from pipeline.records import CLAIMED, DIAGNOSES, SYSTEM_NAMES, Anchor, Candidate, Code, CodeSystem, Reading
from pipeline.review.chart.screen import find
from pipeline.review.chart.view import day_of
from pipeline.review.deciding.outcome import outcome, reading_shown
from pipeline.review.desk import Desk, coder
from pipeline.review.forms import Number, Shown, Text
from pipeline.store.decided import Action, Decision
from pipeline.store.matching import anchors_of
from pipeline.store.review_state import Review, Verdict, fold

CHOSEN = frozenset({Action.ACCEPT, Action.REJECT, Action.REPLACE, Action.ADD, Action.CLEAR})
"""What the form of a code can do."""
DOING = {
    Action.ACCEPT: "accepting",
    Action.REJECT: "rejecting",
    Action.REPLACE: "putting another code in place by",
    Action.ADD: "adding",
    Action.CLEAR: "taking back",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a form of a code asks for."""

    who: str
    encounter: str
    action: Action
    system: CodeSystem
    code: str
    reading: int
    """Number of the reading that the coder saw."""
    seen: int | None
    """Id of the latest decision that the coder saw."""
    entity: str
    replaces: str


def routes(desk: Desk) -> APIRouter:
    """The form of a code."""
    router = APIRouter()

    @router.post("/encounters/{id}/codes")
    def on_code(
        request: Request,
        id: str,
        action: Annotated[Action, Form()],
        system: Annotated[CodeSystem, Form()],
        code: Text,
        reading: Number,
        decision: Shown = None,
        entity: Text = "",
        replaces: Text = "",
    ) -> Response:
        wish = Wish(
            who=coder(request) or "",
            encounter=id,
            action=action,
            system=system,
            code=code,
            reading=reading,
            seen=decision,
            entity=entity,
            replaces=replaces,
        )
        what = f"{DOING.get(action, 'deciding on')} {SYSTEM_NAMES.get(system, system)} {code}"
        return outcome(desk, request, id, lambda: decide(desk, wish), reading=reading, what=what, entity=entity)

    return router


def decide(desk: Desk, wish: Wish) -> str | None:
    """Append a decision on a code.

    Raises:
        DecisionRefusedError: the code is in no book, is not billable, was not proposed, somebody else came first, or
            the encounter's state forbids it.
    """
    encounter, understood = find(desk, wish.encounter)
    if wish.action not in CHOSEN:
        raise DecisionRefusedError("This is not a decision on a code.")
    review = fold(desk.store.decisions.of(wish.encounter))
    shown = understood if wish.reading == encounter.reading else reading_shown(desk, encounter, wish.reading)
    if wish.action is Action.CLEAR:
        return _take_back(desk, wish, review)
    day = review.date_of_service or day_of(encounter.proposal.date_of_service)
    known = _from_book(desk, wish.system, wish.code, day)
    candidate = _candidate(shown, known, wish.entity)
    if wish.action in {Action.ACCEPT, Action.REJECT} and candidate is None:
        raise DecisionRefusedError("That code is not among the candidates of this encounter; add it instead.")
    if wish.action is not Action.REJECT and not known.billable:
        raise DecisionRefusedError(
            f"{known.code} is a category that payers do not take; choose the code below it that the note bears out."
        )
    verdict = review.codes.get((wish.system, known.code))
    wanted = Verdict.REJECTED if wish.action is Action.REJECT else Verdict.ACCEPTED
    if verdict is not None and verdict.verdict is wanted and wish.action is not Action.REPLACE:
        return None  # a double click decides once
    if wish.action is Action.REPLACE and wish.replaces == known.code:
        raise DecisionRefusedError("A code cannot be replaced by itself.")
    billed = candidate if wish.action is Action.ACCEPT and wish.system not in DIAGNOSES else None
    desk.store.decisions.append(
        who=wish.who,
        encounter=wish.encounter,
        reading=wish.reading,
        action=wish.action,
        seen=wish.seen,
        system=wish.system,
        code=known.code,
        display=known.display,
        replaces=wish.replaces or None if wish.action is Action.REPLACE else None,
        anchors=_anchors(shown, wish.entity),
        units=billed.units if billed else None,
        modifiers=billed.modifiers if billed else (),
    )
    return None


def _take_back(desk: Desk, wish: Wish, review: Review) -> str | None:
    verdict = review.codes.get((wish.system, wish.code))
    if verdict is None:
        return None
    # A replacement decided on two codes, so taking it back frees both.
    desk.store.decisions.append_all(
        tuple(
            Decision(
                id=0,
                at=datetime.min.replace(tzinfo=UTC),
                who=wish.who,
                encounter=wish.encounter,
                reading=wish.reading,
                action=Action.CLEAR,
                system=wish.system,
                code=taken,
            )
            for taken in (wish.code, verdict.replaces)
            if taken is not None
        ),
        seen=wish.seen,
    )
    return f"{SYSTEM_NAMES[wish.system]} {wish.code} is open again."


def _from_book(desk: Desk, system: CodeSystem, code: str, on: date | None) -> Code:
    known = desk.codebooks.get(system, code, on) if system in CLAIMED else None
    if known is None:
        raise DecisionRefusedError("That code is in no loaded code book, so it cannot be used.")
    return known


def _candidate(reading: Reading, code: Code, entity: str) -> Candidate | None:
    """The candidate that was shown, of the finding that the coder was at where it has it."""
    # Ids of encounters are those of the reading, so on an older reading any of its candidates will do.
    found = [c for c in reading.candidates if c.system is code.system and c.code == code.code]
    return min(found, key=lambda c: c.entity != entity, default=None)


def _anchors(reading: Reading, entity: str) -> tuple[Anchor, ...]:
    return next((anchors_of(found.spans) for found in reading.entities if found.id == entity), ())
