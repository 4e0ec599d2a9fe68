"""What an encounter's decisions add up to, and which decision may follow.

Everything here is computed from the journal; nothing of it is stored.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from pipeline.records import Anchor, Candidate, CodeSystem, ConfirmedCode, ConfirmedEncounter, LineSpan, Patient
from pipeline.store.rows import Action, Decision, EncounterState, ProposedEncounter


class Verdict(StrEnum):
    """How a code stands."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeVerdict:
    """The latest decision on one code of an encounter."""

    system: CodeSystem
    code: str
    display: str
    verdict: Verdict
    added: bool
    """The coder brought it; no candidate was accepted."""
    replaces: str | None
    who: str
    at: datetime
    reading: int
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Where review of an encounter stands."""

    state: EncounterState = EncounterState.OPEN
    patient: Patient | None = None
    """As confirmed; None until a person did."""
    date_of_service: date | None = None
    """As confirmed; None until a person did."""
    codes: dict[tuple[CodeSystem, str], CodeVerdict] = field(default_factory=dict)
    """In the order of the decisions; a code that was cleared is not in it."""
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    reading: int | None = None
    """Number of the reading that the latest decision saw."""

    def accepted(self) -> tuple[CodeVerdict, ...]:
        """The codes that stand, in the order in which they were decided."""
        return tuple(code for code in self.codes.values() if code.verdict is Verdict.ACCEPTED)


def fold(decisions: tuple[Decision, ...]) -> Review:
    """What decisions add up to, oldest first."""
    review = Review()
    for decision in decisions:
        review = _after(review, decision)
    return review


def _after(review: Review, decision: Decision) -> Review:
    codes = dict(review.codes)
    review = replace(review, reading=decision.reading)
    if review.state is EncounterState.OPEN:
        review = replace(review, state=EncounterState.STARTED)
    match decision.action:
        case Action.CONFIRM_PATIENT:
            return replace(review, patient=decision.patient)
        case Action.CONFIRM_DATE:
            return replace(review, date_of_service=decision.date_of_service)
        case Action.CONFIRM_ENCOUNTER:
            return replace(review, state=EncounterState.CONFIRMED, confirmed_by=decision.who, confirmed_at=decision.at)
        case Action.REOPEN:
            return replace(review, state=EncounterState.STARTED, confirmed_by=None, confirmed_at=None)
    assert decision.system is not None and decision.code is not None  # `refusal` sees to it
    codes.pop((decision.system, decision.code), None)
    if decision.action is Action.CLEAR:
        return replace(review, codes=codes)
    if decision.replaces is not None:
        old = codes.pop((decision.system, decision.replaces), None)
        gone = _verdict(decision, Verdict.REJECTED)
        display = old.display if old else ""
        codes[decision.system, decision.replaces] = replace(
            gone, code=decision.replaces, display=display, added=False, replaces=None
        )
    verdict = Verdict.REJECTED if decision.action is Action.REJECT else Verdict.ACCEPTED
    codes[decision.system, decision.code] = _verdict(decision, verdict)
    return replace(review, codes=codes)


def _verdict(decision: Decision, verdict: Verdict) -> CodeVerdict:
    assert decision.system is not None and decision.code is not None
    return CodeVerdict(
        system=decision.system,
        code=decision.code,
        display=decision.display or "",
        verdict=verdict,
        added=decision.action in {Action.ADD, Action.REPLACE},
        replaces=decision.replaces,
        who=decision.who,
        at=decision.at,
        reading=decision.reading,
        anchors=decision.anchors,
    )


def refusal(review: Review, decision: Decision) -> str | None:
    """Why a decision may not follow; None where it may."""
    confirmed = review.state is EncounterState.CONFIRMED
    match decision.action:
        case Action.REOPEN:
            return None if confirmed else "This encounter is not confirmed, so there is nothing to reopen."
        case _ if confirmed:
            return "This encounter is confirmed; reopen it before changing anything."
        case Action.CONFIRM_PATIENT:
            missing = decision.patient is None or not decision.patient.name.strip()
            return "Say who the patient is before confirming it." if missing else None
        case Action.CONFIRM_DATE:
            return "Say the date of service before confirming it." if decision.date_of_service is None else None
        case Action.CONFIRM_ENCOUNTER:
            return _unsigned(review)
    if decision.system is None or not decision.code:
        return "Say which code this is about."
    if decision.action is Action.REPLACE and decision.replaces is None:
        return "Say which code is replaced."
    return None


def _unsigned(review: Review) -> str | None:
    if review.patient is None:
        return "Confirm the patient first: a wrong patient is the worst error of all."
    if review.date_of_service is None:
        return "Confirm the date of service first: it decides which code book applies."
    return None


def anchors_of(spans: tuple[LineSpan, ...]) -> tuple[Anchor, ...]:
    """Where on the pages the words of an entity stand."""
    pages: dict[int, tuple[object, ...]] = {}
    for span in spans:
        pages[span.page] = (*pages.get(span.page, ()), *span.boxes)
    return tuple(Anchor(page=page, boxes=boxes) for page, boxes in pages.items())  # type: ignore[arg-type]


def unmatched(
    review: Review, candidates: tuple[Candidate, ...], spans: dict[str, tuple[LineSpan, ...]]
) -> tuple[CodeVerdict, ...]:
    """Decisions that a new reading no longer bears out: same code, but no ink that overlaps; for the coder to see.

    Args:
        review: what was decided.
        candidates: of the latest reading.
        spans: of each entity of the latest reading, by its id.
    """
    proposed: dict[tuple[CodeSystem, str], list[Anchor]] = {}
    for candidate in candidates:
        ink = anchors_of(spans.get(candidate.entity or "", ()))
        proposed.setdefault((candidate.system, candidate.code), []).extend(ink)
    return tuple(
        verdict
        for key, verdict in review.codes.items()
        if verdict.anchors and not any(_overlap(a, b) for a in verdict.anchors for b in proposed.get(key, ()))
    )


def _overlap(one: Anchor, other: Anchor) -> bool:
    return one.page == other.page and any(
        max(a.x0, b.x0) < min(a.x1, b.x1) and max(a.y0, b.y0) < min(a.y1, b.y1) for a in one.boxes for b in other.boxes
    )


def confirmed(encounter: ProposedEncounter, review: Review) -> ConfirmedEncounter | None:
    """The encounter as it may be billed; None until a coder has confirmed it."""
    if review.state is not EncounterState.CONFIRMED or review.patient is None or review.date_of_service is None:
        return None
    assert review.confirmed_by is not None and review.confirmed_at is not None and review.reading is not None
    provider = encounter.proposal.provider
    return ConfirmedEncounter(
        id=encounter.id,
        document=encounter.document,
        document_name=encounter.document_name,
        batch=encounter.batch,
        reading=review.reading,
        pages=encounter.proposal.pages,
        patient=review.patient,
        date_of_service=review.date_of_service,
        provider=None if provider is None else provider.value,
        confirmed_by=review.confirmed_by,
        confirmed_at=review.confirmed_at,
        codes=tuple(
            ConfirmedCode(
                system=code.system,
                code=code.code,
                display=code.display,
                who=code.who,
                at=code.at,
                anchors=code.anchors,
            )
            for code in review.accepted()
        ),
    )
