"""Rules of the trade: what the context of a finding means for its codes.

What is negated has no code, nor has what no book is asked for: a vital sign, a lesion of no kind. What is
uncertain, past, someone else's or only spoken of keeps its candidates in sight, each with the reason why
it is not proposed, and at a lower chance. An illness that lasts is coded where the note lists it among the
past ones too: it is the patient's still. A personal or family history may have a code of its own.
"""

import re
from dataclasses import dataclass

from pipeline.records import Code, CodeSystem, Entity, Label

_UNCERTAIN = "Uncertain diagnoses are not coded in an outpatient setting; code the sign or symptom."
_HISTORY = "Recorded as history: coded as current only if it is still present or treated."
_FAMILY = "A relative's condition, not the patient's."
_HYPOTHETICAL = "Spoken of as something that may happen, not as present."
_NOT_DONE = {
    "uncertain": "The note does not say for certain that this was done.",
    "historical": "Done earlier, not at this visit.",
    "hypothetical": "Planned or conditional; the note does not say that it was done.",
    "family": "Concerns a relative, not the patient.",
}
_NOT_FROM_HERE = {
    "own": "The patient's own; nothing was supplied here.",
    "ordered": "Ordered from a supplier, not given here.",
}
_PRESCRIBED = "Prescribed for the pharmacy to fill, not injected here."
_UNREADABLE = "One of its words could not be read: look at the image before coding it."
CATEGORY = "A category with subdivisions: it needs a more specific code."
_MEDICARE = re.compile(r"G\d{4}|Q0091|Q203\d")
"""Services and vaccines that CMS numbers anew for its own beneficiaries."""
_PAYER = "Billed to Medicare only, and the note does not name the payer."

_SECONDARY = 0.3
"""What is left of the chance where context speaks against a code."""
_HARDLY = 0.1
_UNREAD = 0.5
"""What is left of the chance where nothing at all of the words was read with confidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the context of an entity makes of its codes."""

    coded: bool = True
    """False: no candidate at all."""
    withheld: str | None = None
    """Why its own codes are not proposed."""
    chance: float = 1.0
    """What the chance of its own codes is multiplied by."""
    read: float = 1.0
    """What the chance of any code is multiplied by for how surely its words were read."""
    history: str | None = None
    """`personal` or `family`: codes of that kind are looked for too."""
    injected: str | None = None
    """Why it is not proposed as a drug that was injected."""
    blocked: str | None = None
    """Why nothing of it is proposed, history codes included."""


def standing(entity: Entity) -> Standing:
    """Judge an entity by its context."""
    context = entity.context
    if context.negated or any(detail.name == "coded" and detail.value == "no" for detail in entity.attributes):
        return Standing(coded=False)
    read = 1.0 if entity.confidence is None else _UNREAD + (1 - _UNREAD) * entity.confidence
    blocked = _UNREADABLE if entity.unreadable else None
    reason, chance, history, injected = None, 1.0, None, None
    if entity.label is not Label.DIAGNOSIS:
        for name, sentence in _NOT_DONE.items():
            if getattr(context, name):
                reason, chance = sentence, _HARDLY
        supplied = next((each.value for each in entity.attributes if each.name == "supplied"), None)
        if reason is None and entity.label is Label.SUPPLY and supplied in _NOT_FROM_HERE:
            reason, chance = _NOT_FROM_HERE[supplied], _SECONDARY
        injected = _PRESCRIBED if supplied == "prescribed" else None
    elif context.family:
        reason, chance, history = _FAMILY, _HARDLY, "family"
    elif context.hypothetical:
        reason, chance = _HYPOTHETICAL, _HARDLY
    elif context.uncertain:
        reason, chance = _UNCERTAIN, _SECONDARY
    elif context.historical and not any(detail.name == "lasting" for detail in entity.attributes):
        reason, chance, history = _HISTORY, _SECONDARY, "personal"
    return Standing(
        withheld=reason, chance=chance * read, read=read, history=history, injected=injected, blocked=blocked
    )


def objection(code: Code, text: str) -> str | None:
    """Why a code is not proposed whatever the context, in one sentence."""
    if not code.billable:
        return CATEGORY
    if code.system is CodeSystem.HCPCS and _MEDICARE.fullmatch(code.code) and "medicare" not in text.lower():
        return _PAYER
    return None
