"""Who gave it: from stock here, ordered, prescribed, or the patient's own."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from pipeline.lexicon import Lexicon, Side, Supplied, SuppliedCue

RANK = (Supplied.OWN, Supplied.ORDERED, Supplied.PRESCRIBED, Supplied.GIVEN, Supplied.DIRECTED)
"""Of several wordings beside one finding the first counts: `sling given, brought from home`."""
BREAKS = re.compile(r"[,;]")
WORD = re.compile(r"(?<![\w-])[a-z]+")
SPACE = re.compile(r"\s")
PART = re.compile(r"[,;.]|\band\b|\bthen\b", re.IGNORECASE)

TOGETHER = re.compile(r"\s*(?::|w/|with\b|and\b|&|\+)", re.IGNORECASE)


class SuppliedReader:
    """Knows the wordings of the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._cues: defaultdict[str, list[tuple[str, SuppliedCue]]] = defaultdict(list)
        for cue in sorted(lexicon.supplied, key=lambda cue: -len(cue.text)):
            wording = cue.text.casefold()
            self._cues[WORD.findall(wording)[0]].append((wording, cue))

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
        for start, end, cue in self._told(gap):
            lead, rest = gap[:start], gap[end:]
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

    def _told(self, gap: str) -> Iterator[tuple[int, int, SuppliedCue]]:
        """The wordings of a gap, the longest at each place."""
        lower = SPACE.sub(" ", gap.lower())
        free = 0
        for word in WORD.finditer(lower):
            if word.start() < free:
                continue
            for wording, cue in self._cues.get(word[0], ()):
                free = word.start() + len(wording)
                if lower.startswith(wording, word.start()) and not lower[free : free + 1].isalnum():
                    yield word.start(), free, cue
                    break
            else:
                free = word.start()


def _strongest(said: Sequence[Supplied]) -> Supplied | None:
    return min(said, key=RANK.index) if said else None


def _named(said: Supplied | None) -> str | None:
    """How an attribute says it: directions for taking it tell of a prescription."""
    if said is None:
        return None
    return (Supplied.PRESCRIBED if said is Supplied.DIRECTED else said).value
