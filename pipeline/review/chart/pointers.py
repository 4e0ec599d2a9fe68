"""Which diagnoses a service is likely for: a suggestion that the coder sees, and takes or changes."""

import re

from pipeline.records import Anchor, CodeSystem
from pipeline.store.refusals import MAX_POINTERS
from pipeline.store.review_state import CodeVerdict

_VISIT = re.compile(r"99(?:20|21|22|23|24|28|30|34|38|39|40)\d|G0(?:402|438|439)")
"""Numbers of visits, which are for all that was dealt with."""
_VACCINE = re.compile(r"9047[1-4]|9046[01]|904(?:7[6-9]|[89]\d)|90[5-6]\d\d|907[0-4]\d|G000[89]|G0010|Q203\d|J3530")
_FOR_VACCINES = re.compile(r"Z23|V0[3-6]\.?\d*")
_CAUSE = {CodeSystem.ICD9CM: re.compile(r"E\d"), CodeSystem.ICD10CM: re.compile(r"[V-Y]\d")}
"""External causes say how it happened and justify nothing."""
_NEAR = 2.5
"""How many heights of its line a service may stand away from the diagnosis that it is for."""


def suggested_pointers(service: CodeVerdict, diagnoses: tuple[CodeVerdict, ...]) -> tuple[str, ...]:
    """Diagnosis codes for a service that has none, the primary first; empty where there is nothing to choose from.

    A visit is for the first four diagnoses, a vaccine for the need of it. Any other service is for the diagnosis whose
    ink stands within a line or two of its own, else for the first.

    Args:
        service: accepted, without pointers.
        diagnoses: accepted, in the order of the claim.
    """
    able = [d for d in diagnoses if not _CAUSE[d.system].match(d.code)]
    if not able:
        return ()
    if _VISIT.fullmatch(service.code):
        return tuple(d.code for d in able[:MAX_POINTERS])
    if _VACCINE.fullmatch(service.code):
        needs = [d.code for d in able if _FOR_VACCINES.fullmatch(d.code)]
        if needs:
            return tuple(needs[:MAX_POINTERS])
    distances = [(_distance(service.anchors, d.anchors), n) for n, d in enumerate(able)]
    near = min(((distance, n) for distance, n in distances if distance is not None and distance <= _NEAR), default=None)
    return (able[near[1] if near else 0].code,)


def _distance(one: tuple[Anchor, ...], other: tuple[Anchor, ...]) -> float | None:
    """How far apart two pieces of ink stand on a page, in heights of the first; None on different pages."""
    found = [
        max(0, b.y0 - a.y1, a.y0 - b.y1) / max(1, a.y1 - a.y0)
        for first in one
        for second in other
        if first.page == second.page
        for a in first.boxes
        for b in second.boxes
    ]
    return min(found, default=None)
