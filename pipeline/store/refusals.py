"""Which decision may follow on what was decided so far."""

from pipeline.records import CLAIMED, DIAGNOSES
from pipeline.store.decided import ON_CODES, SECOND_ROUND, Action, Decision
from pipeline.store.review_state import Review, Verdict, effective
from pipeline.store.rows import EncounterState

MAX_UNITS = 999
MAX_MODIFIERS = 4
MAX_POINTERS = 4
"""Of a service line, as the claim form has it."""
ALWAYS = frozenset({Action.ASK, Action.ANSWER, Action.HOLD, Action.RELEASE})
"""What is about the encounter's way through the office and may be said after sign-off, too."""
FIRST_ALONE = frozenset(
    {Action.SET_PAGES, Action.MERGE, Action.HOLD, Action.RELEASE, Action.ASK, Action.ANSWER, Action.REOPEN}
)
"""What a second coder does not do: it would show through to the first."""
LASTING = frozenset({Action.CONFIRM_ENCOUNTER, Action.REOPEN, Action.SET_PAGES, Action.MERGE, Action.ANSWER})
"""What is not undone by itself: it is answered by its counterpart."""


def refusal(review: Review, decision: Decision, before: tuple[Decision, ...] = ()) -> str | None:
    """Why a decision may not follow; None where it may.

    Args:
        review: what the decisions so far add up to.
        decision: the one that would follow.
        before: the decisions so far, oldest first; asked only where one is undone.
    """
    action = decision.action
    if decision.round == SECOND_ROUND and action in FIRST_ALONE:
        return "A second coder codes the chart as it stands; its pages, holds and questions are the first coder's."
    if review.state is EncounterState.MERGED and action is not Action.SET_PAGES:
        return "This encounter went into another one; work there."
    confirmed = review.state is EncounterState.CONFIRMED
    if action is Action.REOPEN:
        if not confirmed:
            return "This encounter is not confirmed, so there is nothing to reopen."
        return _words(decision, "Say why it is reopened.")
    if confirmed and action not in ALWAYS:
        return "This encounter is confirmed; reopen it before changing anything."
    if action in ON_CODES:
        return _of_code(review, decision)
    match action:
        case Action.CONFIRM_PATIENT:
            missing = decision.patient is None or not decision.patient.name.strip()
            return "Say who the patient is before confirming it." if missing else None
        case Action.CONFIRM_DATE:
            return "Say the date of service before confirming it." if decision.date_of_service is None else None
        case Action.CONFIRM_ENCOUNTER:
            return unsigned(review)
        case Action.UNDO:
            return _of_undo(decision, before)
        case Action.RELEASE:
            return None if review.hold else "This encounter is not on hold."
        case Action.ANSWER:
            known = any(query.id == decision.about for query in review.queries)
            return _words(decision, "Write down what the answer is.") if known else "There is no such question."
    return _of_content(decision)


def unsigned(review: Review) -> str | None:
    """Why the encounter cannot be signed off now, as far as the decisions tell; None where it can."""
    if review.hold is not None:
        return "This encounter is on hold; release it first."
    if review.patient is None and review.unsettled is not None:
        return "Its pages changed, so confirm the patient again: a wrong patient is the worst error of all."
    if review.patient is None:
        return "Confirm the patient first: a wrong patient is the worst error of all."
    if review.date_of_service is None:
        return "Confirm the date of service first: it decides which code book applies."
    return None


def _of_code(review: Review, decision: Decision) -> str | None:
    if decision.system not in CLAIMED or not decision.code:
        return "Say which code this is about."
    if decision.action is Action.REPLACE and decision.replaces is None:
        return "Say which code is replaced."
    if decision.action is not Action.BILL:
        return None
    standing = review.codes.get((decision.system, decision.code))
    if standing is None or standing.verdict is not Verdict.ACCEPTED:
        return "Accept the code before saying how it is billed."
    if decision.system in DIAGNOSES:
        return "Units, modifiers and pointers belong to procedures and supplies."
    if decision.units is not None and not 1 <= decision.units <= MAX_UNITS:
        return f"Units are a whole number from 1 to {MAX_UNITS}."
    if len(decision.modifiers) > MAX_MODIFIERS:
        return f"A line of the claim has room for {MAX_MODIFIERS} modifiers."
    if len(decision.points_to) > MAX_POINTERS:
        return f"A line of the claim points to {MAX_POINTERS} diagnoses at most."
    known = {code.code for code in review.diagnoses()}
    if not set(decision.points_to) <= known:
        return "A service can only point to diagnoses that were accepted."
    return None


def _of_undo(decision: Decision, before: tuple[Decision, ...]) -> str | None:
    undone = next((d for d in before if d.id == decision.about), None)
    if undone is None:
        return "There is no such decision to undo."
    if undone.action in LASTING:
        return "This is not undone by itself."
    standing = undone.action is Action.UNDO or undone in effective(before)
    return None if standing else "This was undone already."


def _of_content(decision: Decision) -> str | None:
    match decision.action:
        case Action.WRITE_LINE:
            return "Say which line it is." if decision.line is None else None
        case Action.SET_CONTEXT:
            given = decision.label is not None and decision.context is not None and decision.anchors
            return None if given else "Say which finding it is."
        case Action.ATTEST_SIGNATURE:
            return _words(decision, "Say who signed the note.")
        case Action.HOLD:
            return _words(decision, "Say why it is held.") if decision.hold else "Say what it waits for."
        case Action.ASK:
            return _words(decision, "Write the question.")
        case Action.ORDER:
            return (
                None if decision.order and decision.system in DIAGNOSES else "Say in which order the diagnoses stand."
            )
        case Action.SET_PAGES:
            return _of_pages(decision)
        case Action.MERGE:
            other = decision.other not in (None, decision.encounter)
            return None if other else "Say which other encounter its pages go into."
    return None


def _of_pages(decision: Decision) -> str | None:
    if not decision.pages:
        return "An encounter keeps at least one page."
    numbers = {page.number for page in decision.pages}
    sources = {(page.document, page.page) for page in decision.pages}
    once = len(numbers) == len(sources) == len(decision.pages)
    return None if once else "A page stands in an encounter only once."


def _words(decision: Decision, otherwise: str) -> str | None:
    return None if decision.text and decision.text.strip() else otherwise
