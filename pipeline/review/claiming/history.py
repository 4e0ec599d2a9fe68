"""What happened with a claim, as sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.store.claim_steps import ClaimStep, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One step."""

    at: datetime
    who: str
    what: str


def history(steps: Iterable[ClaimStep]) -> tuple[Happened, ...]:
    """Steps in words, the newest first."""
    return tuple(Happened(at=step.at, who=step.who, what=_sentence(step)) for step in reversed(tuple(steps)))


def _sentence(step: ClaimStep) -> str:
    number = f", payer's number {step.payer_number}" if step.payer_number else ""
    words = f": {step.text}" if step.text else ""
    match step.step:
        case Step.REASON:
            return f"gave a reason for a warning{words}"
        case Step.RELEASE:
            return "released it" if step.complete else "released it as the first of two"
        case Step.WITHDRAW:
            return f"took the release back{words}"
        case Step.SEND:
            return "marked it as sent"
        case Step.PAY:
            return f"wrote down that ${step.amount:,.2f} was paid{number}"
        case Step.DENY:
            return f"wrote down that it was denied, {step.reason_code}{number}{words}"
        case Step.PACKET:
            return f"let the specially protected note out as evidence{words}"
