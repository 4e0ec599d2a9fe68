"""What an encounter's decisions add up to. Everything here is computed from the journal; nothing of it is stored."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from pipeline.records import DIAGNOSES, Anchor, CodeSystem, ContextChange, Layer, PageSource, Patient, WrittenLine
from pipeline.store.decided import Action, Decision
from pipeline.store.rows import EncounterState
from pipeline.store.waits import Hold, Query, hold_of, queries_after


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
    units: int | None = None
    """None where nobody said."""
    modifiers: tuple[str, ...] = ()
    points_to: tuple[str, ...] = ()
    """Diagnosis codes that justify the service, the primary first."""


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
    order: tuple[str, ...] = ()
    """Diagnosis codes in the order that was set; later ones stand behind."""
    lines: tuple[WrittenLine, ...] = ()
    contexts: tuple[ContextChange, ...] = ()
    pages: tuple[PageSource, ...] | None = None
    """None while they are as proposed."""
    set_aside: dict[tuple[CodeSystem, str], CodeVerdict] = field(default_factory=dict)
    """Decisions on ink of pages that left: they count no more, and do again where the pages come back."""
    unsettled: str | None = None
    """How its pages changed, until patient and date were confirmed again; None where they stand."""
    merged_into: str | None = None
    signature: str | None = None
    """Who signed the note, where a person says that it is signed."""
    hold: Hold | None = None
    queries: tuple[Query, ...] = ()
    """Oldest first."""
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    reopened: str | None = None
    """Why it was reopened last; None where it never was."""
    reopened_for: str | None = None
    """The encounter whose arrival reopened it; None where a person did."""
    reading: int | None = None
    """Number of the reading that the latest decision saw."""

    def accepted(self) -> tuple[CodeVerdict, ...]:
        """The codes that stand, in the order in which they were decided."""
        return tuple(code for code in self.codes.values() if code.verdict is Verdict.ACCEPTED)

    def diagnoses(self) -> tuple[CodeVerdict, ...]:
        """The diagnoses that stand, in the order of the claim."""
        place = {code: n for n, code in enumerate(self.order)}
        found = [code for code in self.accepted() if code.system in DIAGNOSES]
        return tuple(sorted(found, key=lambda code: place.get(code.code, len(place))))

    def services(self) -> tuple[CodeVerdict, ...]:
        """The procedures and supplies that stand, in the order in which they were decided."""
        return tuple(code for code in self.accepted() if code.system not in DIAGNOSES)

    def layer(self) -> Layer:
        """What the reading is to be understood anew with."""
        return Layer(
            pages=self.pages,
            lines=self.lines,
            contexts=self.contexts,
            date_of_service=self.date_of_service,
            patient=self.patient,
        )


def effective(decisions: tuple[Decision, ...]) -> tuple[Decision, ...]:
    """The decisions that count: without those that were undone, and without the undoing itself."""
    undone: set[int | None] = set()
    counting = []
    for decision in reversed(decisions):
        if decision.id in undone:
            continue
        if decision.action is Action.UNDO:
            undone.add(decision.about)
        else:
            counting.append(decision)
    return tuple(reversed(counting))


def fold(decisions: tuple[Decision, ...]) -> Review:
    """What decisions of one encounter and round add up to, oldest first."""
    review = Review()
    for decision in effective(decisions):
        review = _after(review, decision)
    if review.merged_into is not None:
        return replace(review, state=EncounterState.MERGED)
    if review.hold is not None and review.state is not EncounterState.CONFIRMED:
        return replace(review, state=EncounterState.HELD)
    return review


def _after(review: Review, decision: Decision) -> Review:
    review = replace(review, reading=decision.reading)
    if review.state is EncounterState.OPEN:
        review = replace(review, state=EncounterState.STARTED)
    match decision.action:
        case Action.CONFIRM_PATIENT:
            return _settled(replace(review, patient=decision.patient))
        case Action.CONFIRM_DATE:
            return _settled(replace(review, date_of_service=decision.date_of_service))
        case Action.ATTEST_SIGNATURE:
            return replace(review, signature=decision.text)
        case Action.ORDER:
            return replace(review, order=decision.order)
        case Action.WRITE_LINE | Action.SET_CONTEXT | Action.SET_PAGES | Action.MERGE:
            return _on_reading(review, decision)
        case Action.HOLD | Action.RELEASE:
            return replace(review, hold=hold_of(decision) if decision.action is Action.HOLD else None)
        case Action.ASK | Action.ANSWER:
            return replace(review, queries=queries_after(review.queries, decision))
        case Action.CONFIRM_ENCOUNTER:
            return replace(review, state=EncounterState.CONFIRMED, confirmed_by=decision.who, confirmed_at=decision.at)
        case Action.REOPEN:
            return replace(
                review,
                state=EncounterState.STARTED,
                confirmed_by=None,
                confirmed_at=None,
                reopened=decision.text or "no reason was given",
                reopened_for=decision.other,
            )
    codes = _codes(review.codes, decision)
    # Whoever decides again on a code whose ink left knows of it.
    again = {(decision.system, decision.code), (decision.system, decision.replaces)}
    return replace(review, codes=codes, set_aside={k: v for k, v in review.set_aside.items() if k not in again})


def _settled(review: Review) -> Review:
    confirmed = review.patient is not None and review.date_of_service is not None
    return replace(review, unsettled=None) if confirmed else review


def _on_reading(review: Review, decision: Decision) -> Review:
    match decision.action:
        case Action.WRITE_LINE:
            assert decision.line is not None  # `refusal` sees to it
            return replace(review, lines=(*review.lines, decision.line))
        case Action.SET_CONTEXT:
            assert decision.label is not None and decision.context is not None
            change = ContextChange(anchors=decision.anchors, label=decision.label, context=decision.context)
            return replace(review, contexts=(*review.contexts, change))
        case Action.MERGE:
            return replace(review, merged_into=decision.other)
    return _with_pages(review, decision)


def _with_pages(review: Review, decision: Decision) -> Review:
    """With other pages nothing that was said of the whole stands: whose it is, of what day, and who signed it."""
    here = {page.number for page in decision.pages}
    known = {**review.codes, **review.set_aside}
    stays = {key: not v.anchors or any(a.page in here for a in v.anchors) for key, v in known.items()}
    return replace(
        review,
        pages=decision.pages,
        merged_into=None,  # pages that come back end a merge
        codes={key: verdict for key, verdict in known.items() if stays[key]},
        set_aside={key: verdict for key, verdict in known.items() if not stays[key]},
        patient=None,
        date_of_service=None,
        signature=None,
        unsettled=decision.text or "its pages were changed",
    )


def _codes(
    before: dict[tuple[CodeSystem, str], CodeVerdict], decision: Decision
) -> dict[tuple[CodeSystem, str], CodeVerdict]:
    assert decision.system is not None and decision.code is not None  # `refusal` sees to it
    key = (decision.system, decision.code)
    codes = dict(before)
    if decision.action is Action.BILL:
        if key in codes:  # its acceptance may have been undone
            codes[key] = replace(
                codes[key], units=decision.units, modifiers=decision.modifiers, points_to=decision.points_to
            )
        return codes
    codes.pop(key, None)
    if decision.action is Action.CLEAR:
        return codes
    if decision.replaces is not None:
        old = codes.pop((decision.system, decision.replaces), None)
        codes[decision.system, decision.replaces] = replace(
            _verdict(decision, Verdict.REJECTED),
            code=decision.replaces,
            display=old.display if old else "",
            added=False,
            replaces=None,
            units=None,
            modifiers=(),
        )
    verdict = Verdict.REJECTED if decision.action is Action.REJECT else Verdict.ACCEPTED
    codes[key] = _verdict(decision, verdict)
    return codes


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
        units=decision.units,
        modifiers=decision.modifiers,
        points_to=decision.points_to,
    )
