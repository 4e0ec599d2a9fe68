"""Rules of the trade: what the context of a finding means for its codes.

What is negated has no code, nor has what no book is asked for: a vital sign, a lesion of no kind. What is
uncertain, past, someone else's or only spoken of keeps its candidates in sight, each with the reason why
it is not proposed, and at a lower chance. An illness that lasts is coded where the note lists it among the
past ones too: it is the patient's still. A personal or family history may have a code of its own.
"""

import re
from dataclasses import dataclass

from pipeline.records import Code, CodeSystem, Entity, Label

_MEDICARE = re.compile(r"G\d{4}|Q0091|Q203\d")
"""Services and vaccines that CMS numbers anew for its own beneficiaries."""
_NOT_DONE = ("uncertain", "historical", "hypothetical", "family")
_TOLD_DONE = {"family": ("today", "done", "result"), "historical": ("today",)}
"""What the words right beside a service say counts more than the heading that it stands under."""
_NOT_FROM_HERE = frozenset(("own", "ordered"))

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
    """The rule by which its own codes are not proposed, as `rules.tsv` names it."""
    chance: float = 1.0
    """What the chance of its own codes is multiplied by."""
    read: float = 1.0
    """What the chance of any code is multiplied by for how surely its words were read."""
    history: str | None = None
    """`personal` or `family`: codes of that kind are looked for too."""
    injected: str | None = None
    """The rule by which it is not proposed as a drug that was injected."""
    blocked: str | None = None
    """The rule by which nothing of it is proposed, history codes included."""


def standing(entity: Entity, *, report: bool = False) -> Standing:
    """Judge an entity by its context; `report` tells that it stands in a report of imaging or pathology.

    There "history of cough" is why the picture was asked for.
    """
    context = entity.context
    if context.negated or any(detail.name == "coded" and detail.value == "no" for detail in entity.attributes):
        return Standing(coded=False)
    read = 1.0 if entity.confidence is None else _UNREAD + (1 - _UNREAD) * entity.confidence
    blocked = "unreadable" if entity.unreadable else None
    reason, chance, history, injected = None, 1.0, None, None
    if entity.label is not Label.DIAGNOSIS:
        done = next((each.value for each in entity.attributes if each.name == "done"), None)
        for name in _NOT_DONE:
            if getattr(context, name) and done not in _TOLD_DONE.get(name, ()):
                reason, chance = name, _HARDLY
        supplied = next((each.value for each in entity.attributes if each.name == "supplied"), None)
        if reason is None and entity.label is Label.SUPPLY and supplied in _NOT_FROM_HERE:
            reason, chance = supplied, _SECONDARY
        injected = "prescribed" if supplied == "prescribed" else None
    elif context.family:
        reason, chance, history = "family", _HARDLY, "family"
    elif context.hypothetical:
        reason, chance = "hypothetical", _HARDLY
    elif context.uncertain:
        reason, chance = "uncertain", _SECONDARY
    elif context.historical and not report and not any(detail.name == "lasting" for detail in entity.attributes):
        reason, chance, history = "history", _SECONDARY, "personal"
    return Standing(
        withheld=reason, chance=chance * read, read=read, history=history, injected=injected, blocked=blocked
    )


def objection(code: Code, payer: str | None) -> str | None:
    """The rule by which a code is not proposed whatever the context."""
    if not code.billable:
        return "category"
    if code.system is CodeSystem.HCPCS and _MEDICARE.fullmatch(code.code) and payer != "medicare":
        return "medicare"
    return None
