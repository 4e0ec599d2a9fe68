"""Details of the findings of a page: side, site, grade, amounts, who gave it, and what caused an injury."""

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.entities.findings.advice import advised
from pipeline.entities.findings.amounts import Amounts, number
from pipeline.entities.findings.causes import CauseReader
from pipeline.entities.findings.done import DoneReader
from pipeline.entities.findings.supplied import SuppliedReader
from pipeline.entities.findings.terms import Match
from pipeline.entities.text.tokens import Token, Tokenizer
from pipeline.lexicon import Lexicon, ModifierKind
from pipeline.records import Attribute, Context, Label

WINDOW = 45
"""Code points beside a finding that may hold its dose, count or duration."""
LEVEL = re.compile(r"\b(?:level|lev|lvl)\.?\s?([1-5])\b", re.IGNORECASE)
VIEWS = re.compile(r"\b(\d|one|two|three|four|five)[\s-]views?\b", re.IGNORECASE)
SIDES = re.compile(
    r"(?<![\w/])(?:(?P<left>left|[Ll]t|(?<!\d\s)L(?=\s[a-z])|LLE|LUE|OS|AS)|(?P<right>right|[Rr]t|R(?=\s[a-z])|RLE|RUE|OD|AD)"
    r"|(?P<bilateral>bilat(?:eral(?:ly)?)?|both|OU|AU))(?![\w/])"
)
SIDES_AHEAD = re.compile(
    r"(?<![\w/])(?:(?P<left>[Ll]eft|[Ll]t|L)|(?P<right>[Rr]ight|[Rr]t|R)|(?P<bilateral>[Bb]ilat(?:eral)?|both))\.?\s+$"
)
"""The side where a drug or device went, a few words behind it or right before: `applied L ankle`, `R hearing aid`."""
DISPENSE = re.compile(r"#\s?\d")
"""The count of a prescription."""
NOT_DRAWN = re.compile(
    r"\b(?:drawn|drew)\s(?:last|yesterday|on\s\d|\d|at\s(?:the\s)?(?:lab|hosp|quest|labcorp)|earlier|elsewhere|\+ run)"
    r"|\b(?:to|will|can|should)\s(?:be|get|have)\s(?:\w+\s)?drawn",
    re.IGNORECASE,
)
"""Blood of another day or place."""
DRAWN = re.compile(r"\b(?:drawn|drew|venipuncture|phlebotomy|blood draw)\b", re.IGNORECASE)
HERE = frozenset({"intramuscular", "intravenous"})
"""By these ways a drug is given here, unless something else is said."""


class DetailReader:
    """Reads the attributes of findings from the words beside them."""

    def __init__(self, lexicon: Lexicon, tokenizer: Tokenizer) -> None:
        self._amounts = Amounts(lexicon)
        self._supplied = SuppliedReader(lexicon)
        self._done = DoneReader(lexicon)
        self._causes = CauseReader(lexicon, tokenizer)

    def __call__(
        self,
        text: str,
        tokens: Sequence[Token],
        words: Sequence[str],
        starts: Sequence[int],
        matches: Sequence[Match],
        places: Sequence[tuple[int, int]],
        contexts: Sequence[Context],
    ) -> tuple[tuple[Attribute, ...], ...]:
        """The attributes of each finding, each name once.

        Args:
            text: of the page.
            tokens: of the text.
            words: the tokens in lower case, repaired.
            starts: first token of each token's sentence.
            matches: the findings' terms with the modifiers right beside them, in order.
            places: first and last token of each.
            contexts: of each.
        """
        found = [_modifiers(match) for match in matches]
        diagnoses = [match.term.normalized if match.term.label is Label.DIAGNOSIS else None for match in matches]
        causes = self._causes(tokens, words, starts, places, diagnoses, contexts)
        for held, cause in zip(found, causes, strict=True):
            if cause is not None:
                held["cause"] = cause
        told = advised(text)
        for n, match in enumerate(matches):
            place = tokens[places[n][0]].start
            if match.term.label is not Label.DIAGNOSIS and any(a <= place < b for a, b in told):
                found[n]["counselled"] = "yes"
        for numbers in _by_sentence(starts, places):
            # a wording may be a finding of two labels: one place
            here = list(dict.fromkeys(places[n] for n in numbers))
            # "ketorolac 15 mg IV push": a way of giving is a service, and still a detail of what was given
            ways = {place for place in here if self._amounts.is_route(text[slice(*_span(tokens, place))])}
            here = [place for place in here if place not in ways]
            for n in numbers:
                if places[n] in ways:
                    rendered = self._of_way(text, tokens, starts, places[n])
                    found[n] |= {"done": rendered} if rendered else {}
            if not here:
                continue
            spans = [_span(tokens, place) for place in here]
            begin, end = _sentence(tokens, starts, here[0][0], here[-1][1])
            gaps = [text[begin : spans[0][0]]]
            gaps += [text[one[1] : other[0]] for one, other in pairwise(spans)]
            gaps.append(text[spans[-1][1] : end])
            joined = [self._amounts.only_joins(gap) for gap in gaps[1:-1]]
            given = any(diagnoses[n] is None for n in numbers if places[n] not in ways)
            said = self._supplied(gaps, joined) if given else (None,) * len(here)
            insides = [text[a:b] for a, b in spans]
            done = self._done(gaps, insides) if given else (None,) * len(here)
            for n in numbers:
                if places[n] in ways:
                    continue
                place = here.index(places[n])
                shared = place + 1 < len(here)
                self._add(found[n], matches[n], gaps[place], insides[place], gaps[place + 1], said[place], shared)
                if diagnoses[n] is None and (rendered := done[place]) is not None:
                    found[n]["done"] = rendered
                    if rendered == "sent" and DRAWN.search(text, begin, end) and not NOT_DRAWN.search(text, begin, end):
                        found[n]["drawn"] = "yes"
        return tuple(tuple(Attribute(name=name, value=value) for name, value in sorted(held.items())) for held in found)

    def _of_way(self, text: str, tokens: Sequence[Token], starts: Sequence[int], place: tuple[int, int]) -> str | None:
        """Whether something was given in a way that is a service: `neb here x1`."""
        begin, end = _sentence(tokens, starts, *place)
        start, stop = _span(tokens, place)
        return self._done((text[begin:start], text[stop:end]), (text[start:stop],))[0]

    def _add(
        self, held: dict[str, str], match: Match, before: str, inside: str, after: str, said: str | None, shared: bool
    ) -> None:
        """What stands in the gaps before and behind a finding."""
        near, far = after[:WINDOW], before[-WINDOW:]
        shared = shared and len(after) <= WINDOW
        amounts, label = self._amounts, match.term.label
        details: dict[str, str | None] = {"duration": amounts.duration(near)}
        if label is Label.DIAGNOSIS:
            details["size"] = amounts.size(far, near[:25])
        else:
            dose = amounts.dose(far, inside, near, shared=shared, bare=label is Label.SUPPLY)
            route = amounts.route(far, near, dosed=dose is not None)
            details |= {"dose": dose, "route": route, "quantity": amounts.quantity(far, near)}
            counted = "prescribed" if DISPENSE.search(near) and details["quantity"] else None
            details["supplied"] = said or ("given" if route in HERE else counted)
            if dose is None:
                details["size"] = amounts.size(far, near[:25])
            if "laterality" not in held and (side := SIDES_AHEAD.search(far) or SIDES.search(near)):
                details["laterality"] = side.lastgroup
        if label is Label.PROCEDURE:
            # "level 4 est" is a name of a visit too
            visit = inside + near if "visit" in match.term.normalized else inside
            if level := LEVEL.search(visit):
                details["level"] = level[1]
            if views := VIEWS.search(inside + near):
                details["views"] = number(views[1])
        held |= {name: value for name, value in details.items() if value is not None}


def _span(tokens: Sequence[Token], place: tuple[int, int]) -> tuple[int, int]:
    return tokens[place[0]].start, tokens[place[1]].end


def _modifiers(match: Match) -> dict[str, str]:
    """The side, site and grade that stand in a term or right beside it."""
    held: dict[str, str] = {}
    for modifier in (*(beside for beside, _ in match.details), *match.within):
        name, value = modifier.kind.value, modifier.value
        if modifier.kind is ModifierKind.SITE and match.term.label is Label.SUPPLY:
            continue
        if name not in held:
            held[name] = value
        elif value not in held[name]:
            held[name] = f"{held[name]} {value}"
    return held


def _by_sentence(starts: Sequence[int], places: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The findings of each sentence, in order."""
    sentences: list[list[int]] = []
    for n, (first, _) in enumerate(places):
        if sentences and starts[places[sentences[-1][-1]][1]] == starts[first]:
            sentences[-1].append(n)
        else:
            sentences.append([n])
    return sentences


def _sentence(tokens: Sequence[Token], starts: Sequence[int], first: int, last: int) -> tuple[int, int]:
    """First and one past the last code point of the sentence around findings."""
    stop = last
    while stop + 1 < len(starts) and starts[stop + 1] == starts[last]:
        stop += 1
    return tokens[starts[first]].start, tokens[stop].end
