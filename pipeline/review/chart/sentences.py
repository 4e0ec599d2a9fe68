"""Decisions in words, for the history of a chart."""

from pipeline.records import SYSTEM_NAMES, Context
from pipeline.store.decided import Action, Decision, HoldKind

WAITS_FOR = {
    HoldKind.QUERY: "an answer of the provider",
    HoldKind.SIGNATURE: "the provider's signature",
    HoldKind.MISSING_PAGE: "a missing page",
    HoldKind.DATE: "the date of service",
    HoldKind.RESCAN: "a better scan",
    HoldKind.ADDENDUM: "an addendum",
    HoldKind.OTHER: "something else",
}
"""What a hold waits for, in words."""


def sentence_of(decision: Decision, about: Decision | None = None) -> str:
    """What a person did, to be read behind the name: `accepted ICD-9-CM 401.9`.

    Args:
        decision: what was done.
        about: the decision that it undoes, where it does.
    """
    code = f"{SYSTEM_NAMES[decision.system]} {decision.code}" if decision.system else ""
    text = decision.text or ""
    match decision.action:
        case Action.ACCEPT:
            return f"accepted {code}"
        case Action.REJECT:
            return f"rejected {code}"
        case Action.REPLACE:
            return f"replaced {decision.replaces} by {code}"
        case Action.ADD:
            return f"added {code}"
        case Action.CLEAR:
            return f"took back the decision on {code}"
        case Action.BILL:
            return f"set how {code} is billed: {_billed(decision)}"
        case Action.ORDER:
            return f"put the diagnoses in order: {', '.join(decision.order)}"
        case Action.WRITE_LINE:
            return _written(decision)
        case Action.SET_CONTEXT:
            return f"marked a finding as {_meant(decision.context)}"
        case Action.CONFIRM_PATIENT:
            return f"confirmed the patient: {decision.patient.name if decision.patient else ''}"
        case Action.CONFIRM_DATE:
            return f"confirmed the date of service: {decision.date_of_service}"
        case Action.ATTEST_SIGNATURE:
            return f"says who signed the note: {text}"
        case Action.SET_PAGES:
            return f"arranged the pages: {text or ', '.join(str(page.number) for page in decision.pages)}"
        case Action.MERGE:
            return f"arranged the pages: {text or 'all of them moved into another encounter'}"
        case Action.HOLD:
            waits = WAITS_FOR[decision.hold] if decision.hold else "something"
            return f"put it on hold, waiting for {waits}: {text}"
        case Action.RELEASE:
            return "released it from hold" + (f": {text}" if text else "")
        case Action.ASK:
            return (
                f"asked the provider{f' ({decision.owner})' if decision.owner else ''}: {' / '.join(text.splitlines())}"
            )
        case Action.ANSWER:
            return f"wrote down the provider's answer: {text}"
        case Action.CONFIRM_ENCOUNTER:
            return "confirmed the encounter"
        case Action.REOPEN:
            return "reopened the encounter" + (f": {text}" if text else "")
        case Action.UNDO:
            if about is None:
                return "undid a decision"
            return "took back an undoing" if about.action is Action.UNDO else f"undid: {sentence_of(about)}"


def _billed(decision: Decision) -> str:
    units = () if decision.units is None else (f"{decision.units} unit{'s' if decision.units != 1 else ''}",)
    pointers = (f"for {', '.join(decision.points_to)}",) if decision.points_to else ()
    return ", ".join((*units, *decision.modifiers, *pointers)) or "as usual"


def _written(decision: Decision) -> str:
    if decision.line is None:
        return "corrected a line"
    if not decision.line.text:
        return f"marked a line of page {decision.line.page} as saying nothing"
    verb = "wrote what stands in a box" if decision.line.drawn else "corrected a line"
    return f"{verb} on page {decision.line.page}: “{decision.line.text}”"


def _meant(context: Context | None) -> str:
    if context is None:
        return "meant otherwise"
    named = ("negated", "uncertain", "historical", "hypothetical", "family")
    return " and ".join(name for name in named if getattr(context, name)) or "present"
