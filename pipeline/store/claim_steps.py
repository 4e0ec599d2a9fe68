"""What people do with a claim after its encounter was signed off, and what that adds up to.

A claim is a draft, made anew at every look, until it is released: from then on it is the very record that was
released, whatever changes in the office. Steps are appended, never edited; where an encounter is reopened and signed
again, its claim is a draft again and what was sent before is kept beside it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pipeline.records import Claim

REASON_CODE = re.compile(r"(CO|OA|PI|PR)-[A-Z]?[0-9]{1,3}")
"""How a payer says why it does not pay: group and claim adjustment reason code, `CO-16`."""
LARGEST_AMOUNT = Decimal("9999999.99")


class Step(StrEnum):
    """What a person did with a claim."""

    REASON = "reason"
    """Said why a warning does not keep the claim."""
    RELEASE = "release"
    WITHDRAW = "withdraw"
    """Took a release back before it was sent."""
    SEND = "send"
    """It went to the payer."""
    PAY = "pay"
    DENY = "deny"
    PACKET = "packet"
    """Let a specially protected note go out as evidence."""


class ClaimState(StrEnum):
    """How far a claim is."""

    DRAFT = "draft"
    CHECKED = "checked"
    """One person released it; another one has to, too."""
    RELEASED = "released"
    SENT = "sent"
    PAID = "paid"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimStep:
    """One step that one person took at one time."""

    id: int
    at: datetime
    who: str
    encounter: str
    step: Step
    signed: int | None = None
    """Id of the decision that signed the encounter off; None of one that is open."""
    claim: Claim | None = None
    """Of RELEASE: what is released."""
    complete: bool = False
    """Of RELEASE: nobody else has to release it."""
    key: str | None = None
    """Of REASON: the edit that it answers."""
    text: str | None = None
    """A person's own words: a reason, or what the payer wrote."""
    amount: Decimal | None = None
    """Of PAY, in dollars."""
    reason_code: str | None = None
    """Of DENY, as `REASON_CODE` has it."""
    payer_number: str | None = None
    """Of PAY and DENY: the payer's own number of the claim, by which a later one replaces it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A claim that went to the payer, and what came of it."""

    claim: Claim
    at: datetime
    who: str
    answer: ClaimStep | None = None
    """PAY or DENY, the latest; None while there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the steps of an encounter's claim add up to."""

    state: ClaimState | None
    """None where the encounter is open and nothing was sent."""
    claim: Claim | None = None
    """As it was released; None while it is a draft."""
    released_by: tuple[str, ...] = ()
    reasons: Mapping[str, ClaimStep] = field(default_factory=dict)
    """The latest reason by the key of its edit."""
    sent: tuple[Sent, ...] = ()
    """Oldest first, those before a reopening too."""
    packet: ClaimStep | None = None
    """The lead's release of a specially protected note since it was signed."""


def standing(steps: Iterable[ClaimStep], signed: int | None) -> Standing:
    """What steps add up to.

    Args:
        steps: of one encounter, oldest first.
        signed: id of the decision that signed it off last; None while it is open.
    """
    found, current = Standing(state=None), signed is None
    for step in steps:
        if not current and step.signed == signed:
            found, current = _renewed(found), True
        found = _after(found, step)
    if not current:
        return _renewed(found)
    return found if signed is not None or found.state in ANSWERED | {ClaimState.SENT} else _renewed(found, state=None)


ANSWERED = frozenset({ClaimState.PAID, ClaimState.DENIED})
RELEASABLE = frozenset({ClaimState.DRAFT, ClaimState.CHECKED})


def _renewed(before: Standing, state: ClaimState | None = ClaimState.DRAFT) -> Standing:
    """The same as a new draft: what was released and not sent counts no more."""
    return Standing(state=state, reasons=before.reasons, sent=before.sent)


def _after(before: Standing, step: ClaimStep) -> Standing:
    match step.step:
        case Step.REASON:
            return replace(before, reasons={**before.reasons, step.key or "": step})
        case Step.PACKET:
            return replace(before, packet=step)
        case Step.RELEASE:
            # What was changed since somebody else looked is released by nobody yet.
            others = before.released_by if before.claim == step.claim else ()
            state = ClaimState.RELEASED if step.complete else ClaimState.CHECKED
            return replace(before, state=state, claim=step.claim, released_by=(*others, step.who))
        case Step.WITHDRAW:
            return replace(before, state=ClaimState.DRAFT, claim=None, released_by=())
        case Step.SEND:
            assert before.claim is not None  # the store takes nothing else
            gone = Sent(claim=before.claim, at=step.at, who=step.who)
            return replace(before, state=ClaimState.SENT, sent=(*before.sent, gone))
        case Step.PAY | Step.DENY:
            sent = (*before.sent[:-1], replace(before.sent[-1], answer=step))
            if before.state not in ANSWERED | {ClaimState.SENT}:  # about the one before the encounter was reopened
                return replace(before, sent=sent)
            return replace(before, state=ClaimState.PAID if step.step is Step.PAY else ClaimState.DENIED, sent=sent)


def refusal(now: Standing, step: ClaimStep) -> str | None:
    """Why a step may not follow; None where it may."""
    match step.step:
        case Step.REASON:
            return None if step.key and _said(step) else "Say why the warning does not keep the claim."
        case Step.RELEASE:
            return _of_release(now, step)
        case Step.WITHDRAW:
            if now.state not in {ClaimState.CHECKED, ClaimState.RELEASED}:
                return "This claim is not released, or it was sent already."
            return None if _said(step) else "Say why the release is taken back."
        case Step.SEND:
            return None if now.state is ClaimState.RELEASED else "Only a released claim is sent."
        case Step.PAY:
            return _of_answer(now) or _of_payment(step)
        case Step.DENY:
            known = REASON_CODE.fullmatch(step.reason_code or "")
            return _of_answer(now) or (
                None if known else "Write the reason as the payer does: group and code, such as CO-16."
            )
        case Step.PACKET:
            if now.state is None:
                return "Only the note of a signed encounter goes out as evidence."
            return None if _said(step) else "Say why the note may go out."


def _of_release(now: Standing, step: ClaimStep) -> str | None:
    if now.state not in RELEASABLE:
        return "Only a claim that waits for its release is released."
    assert step.claim is not None
    if step.who in now.released_by and now.claim == step.claim:
        return "You released this claim already; another person has to, too."
    return None


def _of_answer(now: Standing) -> str | None:
    if not now.sent:
        return "A payer answers only to what was sent to it."
    return "What the payer denied is answered by a new claim." if now.state is ClaimState.DENIED else None


def _of_payment(step: ClaimStep) -> str | None:
    if step.amount is None or not 0 <= step.amount <= LARGEST_AMOUNT:
        return "Say how much was paid."
    return None if step.amount == step.amount.quantize(Decimal("0.01")) else "An amount has two decimals."


def _said(step: ClaimStep) -> bool:
    return bool(step.text and step.text.strip())
