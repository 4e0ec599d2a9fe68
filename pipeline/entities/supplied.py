"""Who gave it: from stock here, ordered, prescribed, or the patient's own."""

import re
from collections.abc import Sequence

from pipeline.lexicon import Lexicon, Side, Supplied

RANK = (Supplied.OWN, Supplied.ORDERED, Supplied.PRESCRIBED, Supplied.GIVEN, Supplied.DIRECTED)
"""Of several wordings beside one finding the first counts: `sling given, brought from home`."""
BREAKS = re.compile(r"[,;]")
PART = re.compile(r"[,;.]|\band\b|\bthen\b", re.IGNORECASE)

TOGETHER = re.compile(r"\s*(?::|w/|with\b|and\b|&|\+)", re.IGNORECASE)


class SuppliedReader:
    """Knows the wordings of the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._cues = {cue.text.casefold(): cue for cue in lexicon.supplied}
        words = sorted(self._cues, key=len, reverse=True)
        wordings = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words)
        self._wording = re.compile(rf"(?<![\w-])(?:{wordings})(?!\w)", re.IGNORECASE)

    def __call__(self, gaps: Sequence[str], joined: Sequence[bool]) -> tuple[str | None, ...]:
        """What is said of each finding of a sentence.

        Args:
            gaps: the text before the first finding, between each two, and behind the last.
            joined: of the inner gaps, whether the findings on both sides stand in one list.
        """
        count = len(gaps) - 1
        behind, before = [], []
        for place, gap in enumerate(gaps):
            back, forth = self._sides(gap, first=place == 0, last=place == count)
            behind.append(back)
            before.append(forth)
        said = [_strongest([*before[place], *behind[place + 1]]) for place in range(count)]
        for place in range(1, count):
            if said[place] is None and joined[place - 1]:
                said[place] = said[place - 1]
        for place in reversed(range(count - 1)):
            if said[place] is None and joined[place]:
                said[place] = said[place + 1]
        return tuple(_named(each) for each in said)

    def _sides(self, gap: str, *, first: bool, last: bool) -> tuple[list[Supplied], list[Supplied]]:
        """What a gap says of the finding before it, and of the one behind it."""
        back: list[Supplied] = []
        forth: list[Supplied] = []
        for found in self._wording.finditer(gap):
            cue = self._cues[" ".join(found[0].casefold().split())]
            lead, rest = gap[: found.start()], gap[found.end() :]
            if cue.side is Side.BEFORE or first:
                if cue.side is not Side.AFTER and not last:
                    forth.append(cue.supplied)
                continue
            if cue.side is Side.AFTER or last:
                back.append(cue.supplied)
                continue
            # "A given, B" speaks of A; "A, given B" of B; "A ordered: B" and "A given with B" of both
            leads_on = BREAKS.search(lead) is not None and not PART.search(rest)
            if not leads_on:
                back.append(cue.supplied)
            if leads_on or TOGETHER.match(rest):
                forth.append(cue.supplied)
        return back, forth


def _strongest(said: Sequence[Supplied]) -> Supplied | None:
    return min(said, key=RANK.index) if said else None


def _named(said: Supplied | None) -> str | None:
    """How an attribute says it: directions for taking it tell of a prescription."""
    if said is None:
        return None
    return (Supplied.PRESCRIBED if said is Supplied.DIRECTED else said).value
