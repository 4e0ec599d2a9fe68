"""The best choice of each entity in each system is proposed, where it is likely enough."""

from dataclasses import replace

from pipeline.coding.choices import Coded, Visit
from pipeline.records import CLAIMED


def pick(visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
    """Propose the first choice that nothing speaks against."""
    return tuple(_picked(each, visit.propose_from) for each in coded)


def _picked(coded: Coded, propose_from: float) -> Coded:
    best = {}
    for system in CLAIMED:
        own = (choice for choice in coded.choices if choice.code.system is system and choice.withheld is None)
        best[system] = max(own, key=lambda choice: choice.score, default=None)
    return coded.change(
        lambda c: replace(c, proposed=True) if c is best[c.code.system] and c.score >= propose_from else c
    )
