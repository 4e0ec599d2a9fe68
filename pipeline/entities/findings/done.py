"""Whether a test or treatment was rendered at this visit, as the words beside it say."""

import re
from collections.abc import Sequence

from pipeline.lexicon import Done, DoneCue, Lexicon, Side

AHEAD, BEHIND = 32, 48
"""Code points before and behind a service that may tell."""
SHOWN = 14
"""What it showed begins within so many code points behind it."""
ENDS = re.compile(r"[,;]")
JOINS = re.compile(r"(?:[\s,/&+]|\band\b)*", re.IGNORECASE)
COLON = re.compile(r"\s?:\s?(?=\w)")
_NUMBER = r"(?:\d{1,4}(?:\.\d+)?|\.\d+)(?:\s?%)?(?!\s?(?:wks?|weeks?|mos?|months?|d|days?|y|yrs?|years?|h|hrs?|x)\b|\d)"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?(?:\s'?\d{2,4})?"
)
_DATE = rf"(?:(?:0?[1-9]|1[0-2])/\d{{1,4}}(?:/\d{{2,4}})?(?![\d/])|'\d{{2}}\b|(?:19|20)\d{{2}}\b|{_MONTH})"
_PLACES = {"<n>": _NUMBER, "<date>": _DATE}
RANK = tuple(Done)


class DoneReader:
    """Knows the wordings of the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._ahead = _pattern([cue for cue in lexicon.done if cue.side is not Side.AFTER])
        self._behind = _pattern([cue for cue in lexicon.done if cue.side is not Side.BEFORE])

    def __call__(self, gaps: Sequence[str], insides: Sequence[str]) -> tuple[str | None, ...]:
        """What is said of each finding of a sentence.

        Args:
            gaps: the text before the first finding, between each two, and behind the last.
            insides: the findings' own texts.
        """
        count = len(insides)
        joined = [JOINS.fullmatch(gap) is not None for gap in gaps[1:-1]]
        ahead = [self._told(self._ahead, _last_part(gap)) for gap in gaps[:-1]]
        behind = [self._told_behind(gap, last=place == count - 1) for place, gap in enumerate(gaps[1:])]
        for place in range(1, count):
            if joined[place - 1]:
                ahead[place] = ahead[place] or ahead[place - 1]
        for place in reversed(range(count - 1)):
            if joined[place]:
                behind[place] = behind[place] or [kind for kind in behind[place + 1] if kind is not Done.RESULT]
        within = [self._told(self._behind, f" {inside}") for inside in insides]
        said = ([*a, *b, *c] for a, b, c in zip(ahead, behind, within, strict=True))
        return tuple(min(each, key=RANK.index).value if each else None for each in said)

    def _told(self, patterns: "_Cues", text: str) -> list[Done]:
        return [kind for kind, pattern in patterns if kind is not Done.RESULT and pattern.search(text)]

    def _told_behind(self, gap: str, *, last: bool) -> list[Done]:
        """What stands behind a service; what comes after a result, or after `today`, speaks of something else."""
        text = gap[:BEHIND]
        found = []
        cut = len(text)
        for kind, pattern in self._behind:
            match = pattern.search(text)
            if match is None or (kind is Done.RESULT and match.start() > SHOWN):
                continue
            found.append((kind, match.start()))
            if kind in (Done.TODAY, Done.RESULT) and (end := ENDS.search(text, match.end())):
                cut = min(cut, end.start())
        if COLON.match(text) and not found:
            found.append((Done.RESULT, 0))
        if not last:
            # "CBC; order lipids": what leads on to the next service is its own
            lead = max((m.end() for m in ENDS.finditer(text)), default=len(text))
            cut = min(cut, lead)
        return [kind for kind, start in found if start < cut]


_Cues = list[tuple[Done, re.Pattern[str]]]


def _pattern(cues: Sequence[DoneCue]) -> _Cues:
    patterns = []
    for kind in Done:
        texts = sorted((cue.text for cue in cues if cue.done is kind), key=len, reverse=True)
        if texts:
            patterns.append((kind, re.compile(rf"(?<![\w/])(?:{'|'.join(map(_written, texts))})", re.IGNORECASE)))
    return patterns


def _written(text: str) -> str:
    words = [_PLACES.get(word) or re.escape(word) for word in text.split()]
    return r"\s".join(words) + (r"(?![\w/])" if text[-1].isalpha() else "")


def _last_part(gap: str) -> str:
    """What may lead on to a service: since the last comma that does not stand right before it."""
    text = gap[-AHEAD:]
    marks = [mark.end() for mark in ENDS.finditer(text) if text[mark.end() :].strip()]
    return text[max(marks, default=0) :]
